import { Command, Option } from "commander";
import { readAssessment } from "../../assess/index.ts";
import { differenceOf, renderDifference, renderDifferenceMarkdown } from "../../report/index.ts";
import type { Context } from "../main.ts";
import type { Done } from "./index.ts";

interface Options {
  readonly format: "text" | "json" | "markdown";
  readonly exitCode?: boolean;
}

export const diffCommand = ({ terminal }: Context, done: Done) =>
  new Command("diff")
    .description("what differs between two assessments: verdicts, cells, requirements, measures, artefacts, policy")
    .argument("<before>", "an assessment's JSON (`sextant report --format json -o FILE`)")
    .argument("<after>", "a later one's")
    .addOption(new Option("--format <format>", "what stdout gets").choices(["text", "json", "markdown"]).default("text"))
    .option("--exit-code", "exit 1 where something got worse, required or not; without it always 0")
    .action(async (before: string, after: string, { format, exitCode }: Options) => {
      const difference = differenceOf(await readAssessment(before), await readAssessment(after));
      if (format === "json") terminal.document(JSON.stringify(difference, null, 2));
      else terminal.document(format === "markdown" ? renderDifferenceMarkdown(difference) : renderDifference(difference, terminal));
      done(exitCode === true && difference.worsened ? 1 : 0);
    });
