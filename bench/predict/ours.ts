/** Our side, in the isolated child that models run in when the product runs them. */
import { type Column, openEngine, type Table } from "../../src/data/index.ts";
import { bindModel, describeModel, type Model, openModel } from "../../src/models/index.ts";
import { secondsOf, writeAnswers } from "../lib/predicting.ts";

export interface Subject {
  readonly name: string;
  readonly root: string;
  readonly model: string;
  readonly data: string;
  readonly label: string;
  readonly classes?: readonly string[];
}

let opened: { readonly model: Model; readonly table: Table } | undefined;

const current = () => {
  if (opened === undefined) throw new Error("nothing is open");
  return opened;
};

/** Loads a model and at least so many rows; tells how often its rows were repeated for that. */
export async function open({
  subject: { name, root, model: path, data, label, classes },
  ...given
}: {
  subject: Subject;
  scratch: string;
  threads: number;
  leastRows: number;
}): Promise<{ rows: number; repeats: number }> {
  await using engine = await openEngine({ memoryBytes: 2 ** 30, threads: given.threads, spillFolder: given.scratch });
  const source = { path: data, format: "parquet" } as const;
  const { columns } = await engine.describe(source);
  const facts = await describeModel(path, root);
  const binding = bindModel({ path, root, facts }, { model: name, dataset: name, columns, label, ...(classes ? { classes } : {}) });
  const read = await engine.read(source, [...new Set(binding.inputs.flatMap((input) => input.columns))]);
  const repeats = Math.ceil(given.leastRows / read.rows);
  await opened?.model[Symbol.asyncDispose]();
  opened = { model: await openModel(binding, { threads: given.threads }), table: repeated(read, repeats) };
  return { rows: opened.table.rows, repeats };
}

/** Seconds of one prediction of all rows. */
export const round = (_: null): Promise<number> => secondsOf(current());

/** Writes the probabilities as float64, row by row. */
export const answers = ({ file }: { file: string }): Promise<void> => writeAnswers(current(), file);

function repeated({ rows, columns }: Table, times: number): Table {
  const again = <T extends Float64Array | Int32Array>(values: T, into: T): T => {
    for (let at = 0; at < into.length; at += rows) into.set(values, at);
    return into;
  };
  const longer = (column: Column): Column =>
    column.kind === "number"
      ? { kind: "number", values: again(column.values, new Float64Array(rows * times)) }
      : { ...column, codes: again(column.codes, new Int32Array(rows * times)) };
  return { rows: rows * times, columns: Object.fromEntries(Object.entries(columns).map(([name, column]) => [name, longer(column)])) };
}
