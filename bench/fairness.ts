/** The gaps between groups that our controls measure, against fairlearn on the same answers of both example models. */
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { controls, type Measured } from "../src/controls/index.ts";
import { openEngine, type Table } from "../src/data/index.ts";
import { bindModel, describeModel, labelIndices, openModel } from "../src/models/index.ts";
import { type Bench, type Case, type Outcome, outcome } from "./lib/outcome.ts";
import { startPeer } from "./lib/peer.ts";

const example = fileURLToPath(new URL("../examples/credit", import.meta.url));
const data = join(example, "data", "test.parquet");
const label = "income-per-year";
const favourable = ">50K";
const columns = ["sex", "race"];
const limit = 1e-9;
/** A difference of nothing counts as the smallest that a number near one can show. */
const least = Number.EPSILON;

/** A figure of fairlearn's: the claim whose control measures it, and how the worst of all pairs is picked. */
const figures = {
  "demographic parity difference": { claim: "algorithm-bias/demographic-parity", worst: Math.max, ends: "-gap" },
  "equal opportunity difference": { claim: "algorithm-bias/equal-opportunity", worst: Math.max, ends: "-gap" },
  "equalised odds difference": { claim: "algorithm-bias/equalised-odds", worst: Math.max, ends: "-gap" },
  "disparate impact ratio": { claim: "algorithm-bias/disparate-impact", worst: Math.min, ends: "-ratio" },
} as const;
type Figure = keyof typeof figures;

export async function bench({ python, scratch, note }: Bench): Promise<Outcome> {
  if (python === null) throw new Error("this bench has a peer");
  await using peer = startPeer(python, new URL("./fairness/peer.py", import.meta.url), []);
  const cases: Case[] = [];
  for (const model of ["boosted", "net"]) {
    const needs = await seen(model, scratch);
    const answers = Array.from(needs.answers.answers, (index) => needs.answers.classes[index]);
    const theirs = await peer.ask<Record<string, Record<Figure, number>>>({ data, label, favourable, columns, answers });
    for (const figure of Object.keys(figures) as Figure[]) {
      const measured = await measure(figure, needs);
      for (const column of columns)
        cases.push(compared(`${model}, ${column}: ${figure}`, worst(figure, measured, column), theirs[column]?.[figure]));
    }
  }
  for (const { name, ours, peer: other } of cases)
    note(`${name}: ours ${ours}, fairlearn ${other}, apart ${Math.abs(ours - other).toExponential(1)}`);
  const settled = {
    bench: "fairness",
    bar: 1,
    better: "lower",
    unit: `difference allowed (${limit}) / difference seen`,
    peer: "fairlearn",
  } as const;
  return outcome(settled, cases, true);
}

function compared(name: string, ours: number, peer = Number.NaN): Case {
  return { name, ours, peer, ratio: limit / Math.max(Math.abs(ours - peer), least) };
}

/** What the controls need: the model's answers beside the truth, and who belongs to which group. */
async function seen(name: string, spillFolder: string) {
  await using engine = await openEngine({ memoryBytes: 2 ** 29, spillFolder });
  const source = { path: data, format: "parquet" } as const;
  const path = join(example, "models", `${name}.onnx`);
  const facts = await describeModel(path, example);
  const described = await engine.describe(source);
  const binding = bindModel({ path, root: example, facts }, { model: name, dataset: "applicants", columns: described.columns, label });
  const table = await engine.read(source, "all");
  await using model = await openModel(binding);
  const { labels, classes, rows, probabilities } = await model.predict(table);
  const answers = { rows, classes, truth: labelIndices(table, label, classes), answers: labels, probabilities };
  return { answers, groups: columns.map((column) => grouping(table, column)), favourable };
}

function grouping({ columns: all }: Table, column: string) {
  const values = all[column];
  if (values?.kind !== "text") throw new Error(`${column} is no text column of ${data}`);
  return { column, groups: values.categories, members: values.codes };
}

function measure(figure: Figure, needs: Awaited<ReturnType<typeof seen>>): Measured | Promise<Measured> {
  const found = controls.find(({ control }) => control.claim === figures[figure].claim);
  if (found === undefined) throw new Error(`no control measures ${figures[figure].claim}`);
  return found.control.measure(needs);
}

function worst(figure: Figure, { measures }: Measured, column: string): number {
  const { ends, worst: pick } = figures[figure];
  return pick(...measures.filter(({ name, of }) => name.endsWith(ends) && of?.column === column).map(({ value }) => value));
}
