/** Reads a table as an assessment does, and prints what it holds: `node ours.ts FILE FOLDER ENGINE-BYTES`. */
import { openEngine } from "../../src/data/index.ts";

const [path = "", spillFolder = "", bytes = ""] = process.argv.slice(2);
await using engine = await openEngine({ memoryBytes: Number(bytes), spillFolder });
const source = { path, format: "csv" } as const;
const { rows, columns } = await engine.describe(source);
const second = columns[1]?.name ?? "";
let sum = 0;
for await (const table of engine.stream(source, "all", { batch: 65_536 })) {
  const column = table.columns[second];
  if (column?.kind !== "number") throw new Error(`${second} is not read as numbers`);
  for (const value of column.values) sum += value;
}
console.log(JSON.stringify({ rows, sum, kinds: columns.map(({ kind }) => kind) }));
