export interface ElectronBinary {
  path: string;
  folder: string;
  version: string;
  kind: 'installed' | 'test-aid';
}
export function findElectron(options?: { forTests?: boolean; fetch?: boolean }): Promise<ElectronBinary | null>;
export function runsTheHost(binary: { version: string }): boolean;
