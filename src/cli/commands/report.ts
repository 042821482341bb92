import { resolve } from "node:path";
import { Command, Option } from "commander";
import { lastAssessment } from "../../assess/index.ts";
import { Problem } from "../../base/index.ts";
import { readDeclaration } from "../../declaration/index.ts";
import { type ReportFormat, reportFormats } from "../../report/index.ts";
import type { Context } from "../main.ts";
import { checkOutput, writeOutput } from "../output.ts";
import type { Done } from "./index.ts";

export const reportCommand = ({ terminal }: Context, done: Done) =>
  new Command("report")
    .description("the last assessment as a document; nothing is run again")
    .argument("[dir]", "the folder of sextant.yaml", ".")
    .addOption(new Option("--format <format>", "of the document").choices(Object.keys(reportFormats)).default("text"))
    .option("-o, --output <file>", "write it there instead of to stdout")
    .action(async (dir: string, { format, output }: { format: ReportFormat; output?: string }) => {
      const read = await readDeclaration(dir);
      const { root, file } = read;
      if (output !== undefined) await checkOutput(output, read);
      const assessment = await lastAssessment(root);
      if (assessment === null) {
        throw new Problem("ASSESSMENT_MISSING", "this system has not been assessed yet", { file, remedy: "Run `sextant assess` first." });
      }
      const whole = { colour: false, steps: Number.POSITIVE_INFINITY };
      const text = await reportFormats[format](assessment, output === undefined ? terminal : whole);
      if (output === undefined) terminal.document(text);
      else await writeOutput(resolve(output), text);
      done(0);
    });
