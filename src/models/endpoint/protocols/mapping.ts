import type { Json } from "../../../base/index.ts";
import type { Mapping } from "../binding.ts";
import { answerInvalid } from "../failures.ts";
import { pointed } from "./pointer.ts";
import type { Asked, Outputs, Protocol } from "./protocol.ts";
import { described, listOf, rowsOf } from "./shapes.ts";

/** Where rows go in a request: both are texts of the declared body. */
const manyMark = "$rows";
const oneMark = "$row";

export const takesOneRow = ({ request }: Mapping) => countOf(request, oneMark) > 0;

/** How many places for rows a body has: one is right. */
export const marksIn = (request: Json) => [manyMark, oneMark].reduce((sum, mark) => sum + countOf(request, mark), 0);

const countOf = (request: Json, mark: string) => JSON.stringify(request).split(JSON.stringify(mark)).length - 1;

/** A request and an answer as the declaration describes them: data with marks, no code. */
export const mapping: Protocol = {
  blanks: { number: () => "null", text: "null" },
  path: () => "",
  describedAt: () => null,
  described: () => ({ inputs: [], outputs: [] }),
  bodies(asked) {
    const declared = mappingOf(asked);
    const isOne = takesOneRow(declared);
    const [before = "", after = ""] = JSON.stringify(declared.request).split(JSON.stringify(isOne ? oneMark : manyMark));
    return (rows) => {
      const texts = rows.map((row, at) => rowText(row, at, declared.id, asked));
      return `${before}${isOne ? texts[0] : `[${texts.join(",")}]`}${after}`;
    };
  },
  read(answer, rows, asked) {
    const declared = mappingOf(asked);
    const { response } = declared;
    const found = pointed(answer, response.rows);
    const list = takesOneRow(declared) ? [found] : rowsOf(found, rows, response.rows === "" ? "the answer" : response.rows);
    const ordered = response.id === null ? list : inOrder(list, response.id);
    const names = response.classes === null ? null : listOf(pointed(answer, response.classes), response.classes).map(String);
    const outputs: { [name: string]: readonly unknown[] } = {};
    if (response.label !== null) outputs.label = ordered.map((each) => pointed(each, response.label ?? ""));
    if (response.scores !== null)
      outputs.scores = ordered.map((each) => named(pointed(each, response.scores ?? ""), names, response.scores ?? ""));
    return outputs satisfies Outputs;
  },
};

function mappingOf({ address }: Pick<Asked, "address">): Mapping {
  if (address.mapping === null) throw new Error("a mapping is declared for this protocol");
  return address.mapping;
}

function rowText(row: readonly string[], at: number, id: string | null, { inputs, address }: Asked): string {
  if (address.mapping?.rows === "arrays") return row[0] ?? "[]";
  const own = inputs.map(({ input }, index) => `${JSON.stringify(input)}:${row[index]}`);
  return `{${[...(id === null ? [] : [`${JSON.stringify(id)}:${at}`]), ...own].join(",")}}`;
}

/** Answers that say which row they are to, in the rows' order. */
function inOrder(list: readonly unknown[], id: string): readonly unknown[] {
  const ordered: unknown[] = new Array(list.length);
  for (const each of list) {
    const place = Number(pointed(each, id));
    if (!Number.isInteger(place) || place < 0 || place >= list.length || place in ordered)
      throw answerInvalid(
        `an answer says that it is to row ${described(pointed(each, id))}, and ${list.length} rows were asked, each once`,
      );
    ordered[place] = each;
  }
  return ordered;
}

/** Scores that go by place, under the names that the answer gives them. */
function named(scores: unknown, names: readonly string[] | null, what: string): unknown {
  if (names === null) return scores;
  const list = rowsOf(scores, names.length, what);
  return Object.fromEntries(names.map((name, at) => [name, list[at]]));
}
