import type { Command } from "commander";
import type { Context } from "../main.ts";
import { assessCommand } from "./assess.ts";
import { compareCommand } from "./compare.ts";
import { controlsCommand } from "./controls.ts";
import { diffCommand } from "./diff.ts";
import { doctorCommand } from "./doctor.ts";
import { explainCommand } from "./explain.ts";
import { initCommand } from "./init.ts";
import { reportCommand } from "./report.ts";
import { threatsCommand } from "./threats.ts";

/** Hands the exit code of a finished command back. */
export type Done = (code: number) => void;

export const commands = (context: Context, done: Done): Command[] =>
  [
    initCommand,
    threatsCommand,
    assessCommand,
    reportCommand,
    diffCommand,
    compareCommand,
    controlsCommand,
    explainCommand,
    doctorCommand,
  ].map((make) => make(context, done));
