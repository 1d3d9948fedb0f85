export const help: string;
export const OPTIONS: Readonly<Record<string, { type: 'string' | 'boolean' }>>;
