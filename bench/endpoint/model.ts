import type { Column, Table } from "../../src/data/index.ts";
import type { EndpointInput } from "../../src/models/endpoint/binding.ts";

const numbers = { age: 73, education_num: 16, capital_gain: 99_989, capital_loss: 4311, hours_per_week: 99 } as const;
const texts = {
  workclass: ["Private", "Self-emp-not-inc", "State-gov"],
  education: ["Bachelors", "HS-grad", "Masters", "11th"],
  marital_status: ["Divorced", "Married-civ-spouse", "Never-married"],
  occupation: ["Adm-clerical", "Craft-repair", "Exec-managerial", "Sales", "Tech-support"],
  relationship: ["Husband", "Not-in-family", "Own-child", "Wife"],
  native_country: ["Germany", "Mexico", "United-States"],
} as const;

/** What the example's model takes: a tensor for each column. */
export const inputs: readonly EndpointInput[] = [
  ...Object.keys(numbers).map((input) => ({ input, columns: [input], datatype: "FP32", holds: "numbers" as const, isList: true })),
  ...Object.keys(texts).map((input) => ({ input, columns: [input], datatype: "BYTES", holds: "texts" as const, isList: true })),
];

/** Applicants [start, start + rows) of an endless table in which no two are alike, the same each time and quickly made. */
export function tableOf(start: number, rows: number): Table {
  const each = <T>(make: (row: number) => T) => ({ length: rows, make: (_: unknown, at: number) => make(start + at) });
  const number = (below: number, at: number): Column => {
    const { length, make } = each((row) => (Math.floor(row / (at === 2 ? 1 : 7)) * (2 * at + 1)) % below);
    return { kind: "number", values: Float64Array.from({ length }, make) };
  };
  const text = (categories: readonly string[], at: number): Column => {
    const { length, make } = each((row) => Math.floor(row / (at + 1)) % categories.length);
    return { kind: "text", codes: Int32Array.from({ length }, make), categories };
  };
  const columns = [
    ...Object.entries(numbers).map(([name, below], at) => [name, number(below, at)] as const),
    ...Object.entries(texts).map(([name, categories], at) => [name, text(categories, at)] as const),
    // What makes them different: a wage in cents that no other applicant has.
    ["hours_per_week", { kind: "number", values: Float64Array.from({ length: rows }, (_, at) => 1 + (start + at) / 16_384) }] as const,
  ];
  return { rows, columns: Object.assign(Object.create(null), Object.fromEntries(columns)) };
}
