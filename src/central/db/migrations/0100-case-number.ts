/** Cases that agents open get their number here; those that came with data keep theirs, below the first one. */
export const caseNumber0100 = {
  name: '0100-case-number',
  statements: [`CREATE SEQUENCE case_number START 100001`],
} as const;
