import { join, relative } from "node:path";
import { Command, Option } from "commander";
import { type Assessment, assess, type Planned, planOf, limitsFrom } from "../../assess/index.ts";
import { Problem, printable, writeDurably } from "../../base/index.ts";
import { catalogue } from "../../catalogue/index.ts";
import { type Budget, budgets } from "../../controls/index.ts";
import { readDeclaration } from "../../declaration/index.ts";
import { extentOf, renderHtml, renderJson, renderText } from "../../report/index.ts";
import type { Context } from "../main.ts";
import type { Done } from "./index.ts";

interface Options {
  readonly only: readonly string[];
  readonly stage: readonly string[];
  readonly budget: Budget;
  readonly seed?: number;
  readonly fresh?: boolean;
  readonly plan?: boolean;
  readonly failOn: "unmet" | "open";
}

const several = (value: string, before: readonly string[]) => [...before, value];

export const assessCommand = (context: Context, done: Done) =>
  new Command("assess")
    .description("measure the declared system and judge it; leaves a report and evidence in .sextant/")
    .argument("[dir]", "the folder of sextant.yaml, or the file itself", ".")
    .option("--only <id>", "measure only this claim, threat, cell or requirement; repeatable", several, [])
    .option(
      "--stage <stage>",
      `measure only what serves this stage (${catalogue.stages.map(({ id }) => id).join(", ")}); repeatable`,
      several,
      [],
    )
    .addOption(new Option("--budget <budget>", "how much to spend").choices(budgets).default("quick"))
    .option("--seed <number>", "for everything random", seedOf)
    .option("--fresh", "measure again even what is known")
    .option("--plan", "show what would run, and run nothing")
    .addOption(
      new Option("--fail-on <what>", "unmet: exit 0 where something is only undecided or unassessed")
        .choices(["unmet", "open"])
        .default("open"),
    )
    .addOption(new Option("--format <format>", "what stdout gets").choices(["text", "json"]).default("text"))
    .action(async (dir: string, options: Options) => done(await run(dir, options, context)));

function seedOf(text: string): number {
  const seed = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(seed)) return seed;
  throw new Problem("COMMAND_UNKNOWN", `--seed ${text}: a whole number from 0 was expected`, {
    at: "--seed",
    remedy: "Give one, such as --seed 7.",
  });
}

async function run(dir: string, options: Options, { terminal, json, signal, environment }: Context): Promise<number> {
  const read = await readDeclaration(dir);
  const started = performance.now();
  const settings = {
    seed: options.seed,
    budget: options.budget,
    selection: { only: options.only, stages: options.stage },
    fresh: options.fresh === true,
    limits: limitsFrom(environment, options.budget),
    now: () => new Date(),
    signal,
    progress: ({ done, total, what, part }: { done: number; total: number; what: string; part?: number }) =>
      terminal.live(`  ${done}/${total}  ${what}${part === undefined ? "" : `  ${Math.round(part * 100)} %`}`),
  };
  if (options.plan === true) {
    const planned = await planOf(read, settings);
    terminal.document(json ? JSON.stringify({ schema: "sextant/plan@1", tasks: planned }, null, 2) : planText(planned));
    return 0;
  }
  const assessment = await assess(read, settings);
  const place = join(read.root, ".sextant", "report.html");
  await writeDurably(place, await renderHtml(assessment));
  terminal.live("");
  terminal.document(json ? renderJson(assessment) : renderText(assessment, terminal));
  const code = options.failOn === "unmet" && assessment.exit.code === 4 ? 0 : assessment.exit.code;
  if (!json) terminal.document(lastLine(assessment, code, relative(process.cwd(), place) || place, performance.now() - started));
  return code;
}

function lastLine(assessment: Assessment, code: number, place: string, milliseconds: number): string {
  const { measured, kept } = extentOf(assessment);
  const seconds = (milliseconds / 1000).toFixed(1);
  return `Report  ${printable(place)}\n        ${assessment.exit.why}: exit ${code}     ${seconds} s, ${measured - kept} measured, ${kept} kept\n`;
}

const words = { measure: "measure", reuse: "known", missing: "can't run" } as const;

function planText(planned: readonly Planned[]): string {
  const lines = planned.map(({ claim, subject, does, why, makes }) => {
    const reason = why ?? (makes.length > 0 ? `makes ${makes.join(", ")}` : "");
    return `${words[does].padEnd(10)} ${claim.padEnd(42)} ${printable(subject)}${reason === "" ? "" : `\n           ${printable(reason)}`}`;
  });
  return `${lines.join("\n")}\n`;
}
