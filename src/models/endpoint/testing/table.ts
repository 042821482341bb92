import type { Random } from "../../../base/index.ts";
import type { Table } from "../../../data/index.ts";

/** Applicants with an income and a debt. */
export function tableOf(rows: number, random: Random): Table {
  const numbers = () => ({
    kind: "number" as const,
    values: Float64Array.from({ length: rows }, () => Math.round(1e6 * random.normal()) / 1e6),
  });
  return { rows, columns: Object.assign(Object.create(null), { income: numbers(), debt: numbers() }) };
}
