import { sliceRows, type Table } from "../../data/index.ts";

/** Height and width of pictures that simple models look at: 64 numbers for each channel tell shapes and shades apart, and keep training short. */
const side = 8;
const batch = 512;

/** A table whose pictures became columns of numbers, the means of their parts; `features` names those in the place of the pictures. Rows are read in batches. */
export async function withPixels(
  table: Table,
  features: readonly string[],
): Promise<{ readonly table: Table; readonly features: string[] }> {
  const columns: Record<string, Table["columns"][string]> = Object.assign(Object.create(null), table.columns);
  const named: string[] = [];
  for (const feature of features) {
    const image = table.images?.[feature];
    if (image === undefined) {
      named.push(feature);
      continue;
    }
    const each = side * side * image.channels;
    const values = Array.from({ length: each }, () => new Float64Array(table.rows));
    for (let start = 0; start < table.rows; start += batch) {
      const count = Math.min(batch, table.rows - start);
      const small = sliceRows(table, start, count).images?.[feature]?.resized({ height: side, width: side, fit: "stretch", filter: "box" });
      const read = (await small?.read(Int32Array.from({ length: count }, (_, at) => at))) ?? [];
      for (let row = 0; row < count; row++) for (let at = 0; at < each; at++) values[at]![start + row] = read[row * each + at]!;
    }
    for (const [at, column] of values.entries()) {
      const name = `${feature} ${at}`;
      columns[name] = { kind: "number", values: column };
      named.push(name);
    }
  }
  return { table: { rows: table.rows, columns }, features: named };
}
