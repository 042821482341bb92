import type { DescField, DescMessage } from "@bufbuild/protobuf";
import { ModelProtoSchema } from "onnx-buf";
import { eachField, Malformed, wire } from "./wire.ts";

/** Past what any model needs: refused before anything is built in memory. */
export class TooComplex extends Error {
  override readonly name = "TooComplex";
}

/** Below protobuf's own limit of 100; a subgraph costs three. */
const mostDepth = 90;
const mostItems = 3_000_000;

interface Rule {
  readonly message: DescMessage | undefined;
  readonly wires: readonly number[];
  /** Counted against the limit: what is built in memory, messages and names of a list. Lists of values, texts among them, stay in the file. */
  readonly item: boolean;
  /** The bit that a second occurrence would set again; members of a oneof share one. Undefined for lists. */
  readonly once: number | undefined;
}

/**
 * Walks the whole file once by ONNX's own schema: every nested message is well-formed, no single-valued field is written twice (readers differ
 * in what they make of that), nesting and counts are bounded. Throws Malformed or TooComplex. Keeps nothing.
 */
export function survey(bytes: Uint8Array): void {
  let items = 0;
  const message = (schema: DescMessage, start: number, end: number, depth: number) => {
    if (depth > mostDepth) throw new TooComplex(`it nests more than ${mostDepth} levels`);
    const rules = rulesOf(schema);
    let seen = 0;
    eachField(bytes, start, end, (number, wireType, from, to) => {
      const rule = rules.get(number);
      if (rule === undefined) return;
      if (!rule.wires.includes(wireType)) throw new Malformed(`field ${number} of ${schema.name} has the wrong type`);
      if (rule.item && ++items > mostItems) throw new TooComplex(`it has more than ${mostItems.toLocaleString("en")} parts`);
      if (rule.once !== undefined) {
        if (seen & rule.once) throw new Malformed(`field ${number} of ${schema.name} is written twice`);
        seen |= rule.once;
      }
      if (rule.message !== undefined) message(rule.message, from, to, depth + 1);
    });
  };
  message(ModelProtoSchema, 0, bytes.length, 0);
}

const known = new Map<string, ReadonlyMap<number, Rule>>();

function rulesOf(schema: DescMessage): ReadonlyMap<number, Rule> {
  const made = known.get(schema.typeName);
  if (made !== undefined) return made;
  const rules = new Map<number, Rule>();
  const oneofs = new Map<string, number>();
  let next = 1;
  for (const field of schema.fields) {
    let once: number | undefined;
    if (field.fieldKind !== "list") {
      once = (field.oneof && oneofs.get(field.oneof.name)) ?? next;
      if (once === next) next *= 2;
      if (field.oneof) oneofs.set(field.oneof.name, once);
    }
    rules.set(field.number, { message: field.message, wires: wiresOf(field), item: isItem(field), once });
  }
  known.set(schema.typeName, rules);
  return rules;
}

// Scalar types by their number in protobuf's descriptors: 1 double, 2 float, 9 string, 12 bytes, the rest varints here.

const isItem = (field: DescField) => field.message !== undefined || (field.fieldKind === "list" && field.scalar === 9);

const isNumber = (field: DescField) => field.message === undefined && field.scalar !== 9 && field.scalar !== 12;

function wiresOf(field: DescField): readonly number[] {
  if (!isNumber(field)) return [wire.bytes];
  const own = field.scalar === 1 ? wire.fixed64 : field.scalar === 2 ? wire.fixed32 : wire.varint;
  return field.fieldKind === "list" ? [own, wire.bytes] : [own];
}
