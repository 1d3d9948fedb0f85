import type { ChildProcess } from 'node:child_process';

type Opened = { child: ChildProcess; reason?: undefined } | { child: null; reason: string };

export function whyNoElectron(): Promise<string | null>;
export function openElectron(deskArguments: readonly string[]): Promise<Opened>;
export function openWindow(executable: string, args: readonly string[], silentMs?: number): Promise<Opened>;
