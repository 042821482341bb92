import { main } from "../main.ts";

/** What one command line gave. */
export interface Ran {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line in this process, as on no terminal. */
export const sextant = (...args: readonly string[]): Promise<Ran> => sextantWith({}, ...args);

/** The same, with these variables in its environment. */
export async function sextantWith(environment: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Ran> {
  const out: string[] = [];
  const err: string[] = [];
  const into = (list: string[]) => ({ write: (text: string | Uint8Array) => list.push(String(text)) > 0 });
  const code = await main(args, { stdout: into(out), stderr: into(err), environment });
  return { code, out: out.join(""), err: err.join("") };
}
