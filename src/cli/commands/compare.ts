import { resolve } from "node:path";
import { Command, Option } from "commander";
import { type Assessment, assess, limitsFrom } from "../../assess/index.ts";
import { Problem } from "../../base/index.ts";
import { type Budget, budgets, metrics } from "../../controls/index.ts";
import { exposedCredentials, type Read, readDeclaration } from "../../declaration/index.ts";
import {
  type Comparison,
  comparisonOf,
  type Limits,
  renderComparison,
  renderComparisonHtml,
  renderComparisonMarkdown,
} from "../../report/index.ts";
import type { Context } from "../main.ts";
import { checkOutput, writeOutput } from "../output.ts";
import type { Done } from "./index.ts";

const claims = ["weak-algorithm/candidates-compared", "algorithm-bias/candidates-worst-group"] as const;
const formats = ["text", "json", "markdown", "html"] as const;

interface Options {
  readonly budget: Budget;
  readonly format: (typeof formats)[number];
  readonly output?: string;
}

export const compareCommand = (context: Context, done: Done) =>
  new Command("compare")
    .description(
      "the candidate models of each dataset side by side, with simple ones trained here: what differs, and which choice the declared limits leave",
    )
    .argument("[dir]", "the folder of sextant.yaml, or the file itself", ".")
    .addOption(new Option("--budget <budget>", "how much to spend").choices(budgets).default("quick"))
    .addOption(new Option("--format <format>", "of the comparison").choices(formats).default("text"))
    .option("-o, --output <file>", "write it there instead of to stdout")
    .action(async (dir: string, options: Options) => done(await run(dir, options, context)));

async function run(dir: string, { budget, format, output }: Options, { terminal, signal, environment }: Context): Promise<number> {
  const read = await readDeclaration(dir);
  for (const warning of exposedCredentials(read, (name) => environment[name])) terminal.problem(warning);
  if (output !== undefined) await checkOutput(output, read);
  const assessment = await assess(read, {
    budget,
    selection: { only: claims, stages: [] },
    limits: limitsFrom(environment, budget),
    now: () => new Date(),
    signal,
    progress: ({ what, part }) => terminal.live(`  ${what}${part === undefined ? "" : `  ${Math.round(part * 100)} %`}`),
  });
  terminal.live("");
  const comparisons = comparisonsOf(assessment, limitsOf(read));
  if (comparisons.length === 0) throw nothingToCompare(assessment, read);
  const shown = output === undefined ? terminal : { colour: false };
  const text = await render[format](comparisons, assessment, shown);
  if (output === undefined) terminal.document(text);
  else await writeOutput(resolve(output), text);
  return assessment.results.some(({ claim, verdict }) => isOurs(claim) && verdict === "errored") ? 3 : 0;
}

const isOurs = (claim: string) => claims.some((each) => each === claim);

const render: Readonly<
  Record<
    Options["format"],
    (comparisons: readonly Comparison[], assessment: Assessment, shown: { colour: boolean; columns?: number }) => string | Promise<string>
  >
> = {
  text: (comparisons, _, shown) => comparisons.map((each) => renderComparison(each, shown)).join("\n"),
  json: (comparisons, { system }) => `${JSON.stringify({ schema: "sextant/comparison@1", system, comparisons }, null, 2)}\n`,
  markdown: (comparisons) => comparisons.map(renderComparisonMarkdown).join("\n"),
  html: renderComparisonHtml,
};

function comparisonsOf({ results }: Assessment, limits: Limits): Comparison[] {
  const [main, groups] = claims;
  return results
    .filter(({ claim, measures }) => claim === main && measures.length > 0)
    .flatMap((result) => {
      const worst = results.find(({ claim, dataset, measures }) => claim === groups && dataset === result.dataset && measures.length > 0);
      return comparisonOf(result, worst, limits) ?? [];
    });
}

function limitsOf({ declaration: { system } }: Read): Limits {
  const { success, limits = {}, machine } = system;
  return {
    success:
      success?.target === undefined ? null : { metric: success.metric, target: success.target, better: metrics[success.metric].better },
    latencyMs: limits.latencyMs ?? null,
    sizeBytes: limits.sizeMiB === undefined ? null : limits.sizeMiB * 2 ** 20,
    costPerMillion: limits.costPerMillion ?? null,
    costPerHour: machine?.costPerHour ?? null,
  };
}

function nothingToCompare({ results }: Assessment, { file }: Read): Problem {
  const why = results.find(({ claim }) => claim === claims[0]);
  return new Problem("COMPARISON_IMPOSSIBLE", why === undefined ? "no dataset is declared" : `${why.subject}: ${why.reason}`, {
    file,
    remedy: why?.remedy ?? "Declare a dataset and two models or more that answer it.",
  });
}
