import { writeFileSync } from "node:fs";
import type { Table } from "../../src/data/index.ts";
import type { Model } from "../../src/models/index.ts";

/** Seconds of one prediction of all rows. */
export async function secondsOf({ model, table }: { readonly model: Model; readonly table: Table }): Promise<number> {
  const before = performance.now();
  await model.predict(table);
  return (performance.now() - before) / 1000;
}

/** Writes the probabilities as float64, row by row. */
export async function writeAnswers({ model, table }: { readonly model: Model; readonly table: Table }, file: string): Promise<void> {
  const { probabilities } = await model.predict(table);
  if (probabilities === null) throw new Error("the model gives no probabilities");
  writeFileSync(file, probabilities);
}
