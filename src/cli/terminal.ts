import { stripVTControlCharacters } from "node:util";
import { type Place, type Problem, placeText, printable } from "../base/index.ts";

/** What a command may say, and how. The only place that writes to the process's streams. */
export interface Terminal {
  /** A document on stdout, as it is. */
  document(text: string): void;
  /** A note on stderr; silent with --quiet. */
  note(text: string): void;
  problem(problem: Problem): void;
  /** A live line on a terminal, nothing elsewhere; an empty text clears it. */
  live(text: string): void;
  readonly colour: boolean;
  readonly columns: number;
}

type Out = Pick<NodeJS.WriteStream, "write"> & { readonly isTTY?: boolean; readonly columns?: number };

export interface Streams {
  readonly stdout: Out;
  readonly stderr: Out;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

export function openTerminal({ stdout, stderr, environment }: Streams, { quiet }: { quiet: boolean }): Terminal {
  const allowed = !environment.NO_COLOR && environment.TERM !== "dumb";
  const lively = allowed && stderr.isTTY === true && !quiet;
  const columns = Math.max(40, Math.min(100, stdout.columns ?? 100));
  const live = (text: string) => {
    if (lively) stderr.write(`\r\u001b[2K${stripVTControlCharacters(text).slice(0, (stderr.columns ?? 80) - 1)}`);
  };
  return {
    document: (text) => stdout.write(text.endsWith("\n") ? text : `${text}\n`),
    note(text) {
      live("");
      if (!quiet) stderr.write(`${text}\n`);
    },
    problem(problem) {
      live("");
      stderr.write(`${problemText(problem)}\n`);
    },
    live,
    colour: allowed && stdout.isTTY === true,
    columns,
  };
}

/** Place and code, what is wrong, what to do. */
function problemText({ code, message, place, remedy }: { code: string; message: string; place: Place; remedy: string }): string {
  const lines = [...message.split("\n"), ...remedy.split("\n")].map((line) => `  ${printable(line)}`);
  return [`${printable(placeText(place))}  ${code}`.trimStart(), ...lines].join("\n");
}
