export function buildElectron(options?: { outFolder?: string; hostEntry?: string }): Promise<void>;
