import { join, relative, resolve } from "node:path";
import { Command, Option } from "commander";
import { type Artefact, type Assessment, assess, attachmentsIn, keeperIn, limitsFrom, type Planned, planOf } from "../../assess/index.ts";
import { Problem, printable, writeDurably } from "../../base/index.ts";
import { catalogue } from "../../catalogue/index.ts";
import { type Budget, budgets } from "../../controls/index.ts";
import { exposedCredentials } from "../../declaration/index.ts";
import { baselineText, exitAgainst, extentOf, renderHtml, renderJson, renderMarkdown, renderText } from "../../report/index.ts";
import { readBaseline } from "../baseline.ts";
import type { Context } from "../main.ts";
import { checkOutput, writeOutput } from "../output.ts";
import { declarationFor, type TableOptions } from "../table.ts";
import type { Done } from "./index.ts";

interface Options extends TableOptions {
  readonly only: readonly string[];
  readonly stage: readonly string[];
  readonly budget: Budget;
  readonly seed?: number;
  readonly fresh?: boolean;
  readonly plan?: boolean;
  readonly failOn: "unmet" | "open";
  readonly baseline?: string;
  readonly summary?: string;
}

const several = (value: string, before: readonly string[]) => [...before, value];

export const assessCommand = (context: Context, done: Done) =>
  new Command("assess")
    .description("measure the declared system and judge it; leaves a report and evidence in .sextant/")
    .argument("[dir]", "the folder of sextant.yaml, or the file itself; or a table of predictions, whose declaration is then written", ".")
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
    .option("--baseline <file>", "an earlier assessment's JSON: fail only for what is new against it")
    .option("--summary <file>", "write a Markdown summary there, such as for a pull request")
    .addOption(new Option("--format <format>", "what stdout gets").choices(["text", "json"]).default("text"))
    .option("--label <column>", "of a table: the column that holds the truth")
    .option("--prediction <column>", "of a table: the column that holds the answers")
    .option("--scores <column>", "of a table: the column of scores, or CLASS=COLUMN for each class; repeatable", several, [])
    .option("--class <name>", "of a table: a class, in the order that answers count or scores stand in; repeatable", several, [])
    .option("--favourable <label>", "of a table: the label that people wish for")
    .option("--sensitive <column>", "of a table: a column of groups that people belong to; repeatable", several, [])
    .addHelpText("after", exitHelp)
    .action(async (dir: string, options: Options) => done(await run(dir, options, context)));

const exitHelp = `
Exit, the first that holds: 70 our own fault; 2 the input is wrong; 3 a control errored; 1 something required is unmet;
4 something required is undecided or unassessed (not with --fail-on unmet); 0.
With --baseline, 1 and 4 count only what is new: a required claim on a subject that was not unmet there, or that was
good or not there and is now undecided or unassessed. 3 stays: what could not be measured is excused by nothing.`;

function seedOf(text: string): number {
  const seed = Number(text);
  if (/^\d+$/.test(text) && Number.isSafeInteger(seed)) return seed;
  throw new Problem("COMMAND_UNKNOWN", `--seed ${text}: a whole number from 0 was expected`, {
    at: "--seed",
    remedy: "Give one, such as --seed 7.",
  });
}

async function run(dir: string, options: Options, context: Context): Promise<number> {
  const { terminal, json, signal, environment } = context;
  const read = await declarationFor(dir, options, context, { dry: options.plan === true });
  for (const warning of exposedCredentials(read, (name) => environment[name])) terminal.problem(warning);
  const baseline = options.baseline === undefined ? undefined : await readBaseline(options.baseline, read);
  if (options.summary !== undefined) await checkOutput(options.summary, read);
  const started = performance.now();
  const settings = {
    seed: options.seed,
    budget: options.budget,
    selection: { only: options.only, stages: options.stage },
    fresh: options.fresh === true,
    limits: limitsFrom(environment, options.budget),
    now: () => new Date(),
    signal,
    environment,
    progress: ({ done, total, what, part }: { done: number; total: number; what: string; part?: number }) =>
      terminal.live(`  ${total === 0 ? "" : `${done}/${total}  `}${what}${part === undefined ? "" : `  ${Math.round(part * 100)} %`}`),
  };
  if (options.plan === true) {
    const artefacts: Artefact[] = [];
    const planned = await planOf(read, { ...settings, looked: (found) => artefacts.push(...found) });
    terminal.document(
      json ? JSON.stringify({ schema: "sextant/plan@1", tasks: planned, artefacts }, null, 2) : planText(planned, artefacts),
    );
    return 0;
  }
  const assessment = await assess(read, settings);
  const place = join(read.root, ".sextant", "report.html");
  await writeDurably(place, await renderHtml(assessment, { keeper: keeperIn(read.root), attached: attachmentsIn(read.root) }));
  if (options.summary !== undefined) await writeOutput(resolve(options.summary), renderMarkdown(assessment, { baseline }));
  terminal.live("");
  const exit = baseline === undefined ? assessment.exit : exitAgainst(baseline, assessment);
  const code = options.failOn === "unmet" && exit.code === 4 ? 0 : exit.code;
  if (json) {
    const against = baseline === undefined ? {} : { baseline: { finishedAt: baseline.finishedAt, exit } };
    terminal.document(renderJson({ ...assessment, ...against }));
    return code;
  }
  terminal.document(renderText(assessment, terminal));
  if (baseline !== undefined) terminal.document(baselineText(baseline, assessment, terminal.columns));
  const shown = relative(process.cwd(), place) || place;
  terminal.document(lastLine(assessment, { code, why: exit.why }, shown, performance.now() - started));
  return code;
}

function lastLine(
  assessment: Assessment,
  { code, why }: { readonly code: number; readonly why: string },
  place: string,
  milliseconds: number,
): string {
  const { measured, kept } = extentOf(assessment);
  const seconds = (milliseconds / 1000).toFixed(1);
  return `Report  ${printable(place)}\n        ${why}: exit ${code}     ${seconds} s, ${measured - kept} measured, ${kept} kept\n`;
}

const words = { measure: "measure", reuse: "known", missing: "can't run" } as const;

function planText(planned: readonly Planned[], artefacts: readonly Artefact[]): string {
  const lines = planned.map(({ claim, subject, does, why, makes, asks }) => {
    const queries = asks.map((each) => `asks ${each.endpoint} up to ${count(each.queries)} queries`);
    const reason = why ?? [makes.length > 0 ? `makes ${makes.join(", ")}` : "", ...queries].filter(Boolean).join("; ");
    return `${words[does].padEnd(10)} ${claim.padEnd(42)} ${printable(subject)}${reason === "" ? "" : `\n           ${printable(reason)}`}`;
  });
  const found = artefacts.map(({ id, about }) => `${"found".padEnd(10)} ${printable(id).padEnd(42)} ${printable(about)}`);
  return `${[...found, ...lines, ...queryLines(planned)].join("\n")}\n`;
}

/** What all of it would ask of each endpoint, beside what its budget has left. */
function queryLines(planned: readonly Planned[]): string[] {
  const byEndpoint = Map.groupBy(
    planned.flatMap(({ asks }) => asks),
    ({ endpoint }) => endpoint,
  );
  return [...byEndpoint].map(([endpoint, asks]) => {
    const queries = asks.reduce((sum, each) => sum + each.queries, 0);
    return `\n${printable(endpoint)}: up to ${count(queries)} queries in all, of ${count(asks[0]?.left ?? 0)} that are left`;
  });
}

const count = (value: number) => value.toLocaleString("en-GB");
