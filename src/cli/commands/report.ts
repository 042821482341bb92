import { realpath } from "node:fs/promises";
import { join, relative, resolve, sep } from "node:path";
import { Command, Option } from "commander";
import { attachmentsIn, lastAssessment } from "../../assess/index.ts";
import { Problem } from "../../base/index.ts";
import { readDeclaration } from "../../declaration/index.ts";
import { type ReportFormat, reportFormats } from "../../report/index.ts";
import { readBaseline } from "../baseline.ts";
import type { Context } from "../main.ts";
import { checkOutput, writeOutput } from "../output.ts";
import type { Done } from "./index.ts";

interface Options {
  readonly format: ReportFormat;
  readonly output?: string;
  readonly baseline?: string;
  readonly relativeTo?: string;
  readonly all?: boolean;
}

export const reportCommand = (context: Context, done: Done) =>
  new Command("report")
    .description("the last assessment as a document; nothing is run again")
    .argument("[dir]", "the folder of sextant.yaml", ".")
    .addOption(new Option("--format <format>", "of the document").choices(Object.keys(reportFormats)).default("text"))
    .option("-o, --output <file>", "write it there instead of to stdout")
    .option("--baseline <file>", "Markdown: tell what is new against this assessment (its JSON)")
    .option(
      "--relative-to <dir>",
      "SARIF: paths start from this folder, such as the repository's; without it from the folder of sextant.yaml",
    )
    .option("--all", "SARIF: also what is met or does not apply; GitHub would show it as alerts")
    .addHelpText("after", formatsHelp)
    .action(async (dir: string, options: Options) => {
      await report(dir, options, context);
      done(0);
    });

const formatsHelp = `
Formats: text and html for people; json is the whole assessment; sarif (2.1.0) for code scanning, a result for each
claim that is open; junit for CI, where undecided, unassessed and inapplicable are skipped; oscal for assessment results
(1.1.3); csv is the table of findings, rows counted from 0; markdown is a summary for a pull request.`;

async function report(dir: string, { format, output, baseline, relativeTo, all }: Options, { terminal }: Context): Promise<void> {
  const read = await readDeclaration(dir);
  const { root, file } = read;
  if (output !== undefined) await checkOutput(output, read);
  const prefix = relativeTo === undefined ? "" : await prefixOf(relativeTo, root);
  const before = baseline === undefined ? undefined : await readBaseline(baseline, read);
  const assessment = await lastAssessment(root);
  if (assessment === null) {
    throw new Problem("ASSESSMENT_MISSING", "this system has not been assessed yet", { file, remedy: "Run `sextant assess` first." });
  }
  const shape = output === undefined ? terminal : { colour: false, steps: Number.POSITIVE_INFINITY };
  const text = await reportFormats[format](assessment, {
    colour: shape.colour,
    ...("columns" in shape ? { columns: shape.columns } : { steps: shape.steps }),
    baseline: before,
    prefix,
    all: all === true,
    attached: attachmentsIn(root),
  });
  if (output === undefined) terminal.document(text);
  else await writeOutput(resolve(output), text);
}

/** The way down from a folder to the project: `examples/credit`. */
async function prefixOf(folder: string, root: string): Promise<string> {
  const from = await realpath(folder).catch(() => null);
  const way = from === null ? ".." : relative(from, root);
  if (way === ".." || way.startsWith(`..${sep}`) || way === join(sep, way)) {
    throw new Problem("COMMAND_UNKNOWN", "--relative-to names no folder that holds the project", {
      file: folder,
      at: "--relative-to",
      remedy: "Name the project's folder or one above it, such as the repository's.",
    });
  }
  return way.split(sep).join("/");
}
