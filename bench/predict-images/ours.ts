/** Our side, in the isolated child that models run in when the product runs them. */
import { type Engine, openEngine, type Table, type TableSource } from "../../src/data/index.ts";
import { bindModel, type DeclaredBinding, describeModel, type Model, openModel } from "../../src/models/index.ts";
import { secondsOf, writeAnswers } from "../lib/predicting.ts";

export interface Subject {
  readonly name: string;
  readonly about: string;
  readonly root: string;
  readonly model: string;
  readonly source: TableSource;
  readonly image: NonNullable<DeclaredBinding["image"]>;
  readonly classes: number;
}

let opened: { readonly engine: Engine; readonly model: Model; readonly table: Table } | undefined;

const current = () => {
  if (opened === undefined) throw new Error("nothing is open");
  return opened;
};

export async function open({
  subject,
  scratch,
  threads,
}: {
  subject: Subject;
  scratch: string;
  threads: number;
}): Promise<{ rows: number }> {
  const { name, root, model: path, source, image, classes } = subject;
  const engine = await openEngine({ memoryBytes: 2 ** 30, threads, spillFolder: scratch });
  const { columns } = await engine.describe(source);
  const facts = await describeModel(path, root);
  const named = Array.from({ length: classes }, (_, at) => String(at));
  const binding = bindModel(
    { path, root, facts },
    { model: name, dataset: name, columns, label: "", unused: ["label"], image, classes: named },
  );
  const table = await engine.read(source, ["image"]);
  opened = { engine, model: await openModel(binding, { threads }), table };
  return { rows: table.rows };
}

/** Seconds of one prediction of all pictures, read anew. */
export const round = (_: null): Promise<number> => secondsOf(current());

/** Writes the probabilities as float64, row by row. */
export const answers = ({ file }: { file: string }): Promise<void> => writeAnswers(current(), file);
