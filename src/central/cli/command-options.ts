import { z } from 'zod';
import type { AdminCall } from './client.ts';
import { CommandProblem } from './terminal.ts';

// What every command is made of.
/** Options of a command by name, all text; `true` where an option is a switch. */
export type Options = Record<string, string | boolean | undefined>;

export interface Command {
  /** As the help shows it, with what is required and [what is not]. */
  usage: string;
  about: string;
  options: Record<string, 'text' | 'switch'>;
  run: (call: AdminCall, options: Options, rest: string[]) => Promise<string>;
}

export function need(options: Options, name: string): string {
  const value = options[name];
  if (typeof value !== 'string' || value === '') throw new CommandProblem(`--${name} is missing`);
  return value;
}
export function maybe(options: Options, name: string): string | null {
  const value = options[name];
  return typeof value === 'string' ? value : null;
}
export const labelOf = (options: Options) => ({ ko: need(options, 'ko'), en: need(options, 'en') });
export const orderOf = (options: Options) => Number(maybe(options, 'order') ?? 0);

export async function put(call: AdminCall, thing: string, body: object, name: string): Promise<string> {
  const { created } = z.object({ created: z.boolean() }).parse(await call('PUT', `/v1/admin/${thing}`, body));
  return `${name}: ${created ? 'created' : 'saved'}`;
}
