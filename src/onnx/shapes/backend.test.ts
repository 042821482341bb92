import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { attempted } from "./testing/against.ts";
import { type Baked, holdNodeTest } from "./testing/backend.ts";

interface Packed {
  readonly name: string;
  readonly model: string;
  readonly sets: readonly { readonly input: readonly string[]; readonly output: readonly string[] }[];
}

const file = join(import.meta.dirname, "../../../vectors/onnx/backend/cases.json");
const cases = JSON.parse(readFileSync(file, "utf8")) as readonly Packed[];

const bytesOf = (text: string) => Uint8Array.from(Buffer.from(text, "base64"));

async function heldCase({ model, sets }: Packed, baked: Baked) {
  const [first] = sets;
  const [inputs, outputs] = [first?.input ?? [], first?.output ?? []].map((list) => list.map(bytesOf));
  return attempted(() => holdNodeTest({ model: bytesOf(model), inputs: inputs ?? [], outputs: outputs ?? [] }, baked));
}

/** The names of those of a kind, and how many values of the others were compared with onnxruntime's. */
async function heldAll(baked: Baked) {
  const kinds: Record<string, string[]> = {};
  let [seen, folded] = [0, 0];
  for (const each of cases) {
    const held = await heldCase(each, baked);
    const kind = typeof held === "string" ? "unread" : held.kind;
    kinds[kind] = [...(kinds[kind] ?? []), each.name];
    if (typeof held !== "string" && held.kind === "right") {
      seen += held.seen;
      folded += held.folded;
    }
  }
  return { kinds, seen, folded };
}

/** Sequences and optional values, and shapes that only a run gives. */
const open = [
  "test_identity_opt",
  "test_nonmaxsuppression_single_box",
  "test_sequence_insert_at_back",
  "test_sequence_map_add_2_sequences",
  "test_string_split_empty_tensor",
  "test_unique_length_1",
];
const ofFirstInput = [
  "test_blackmanwindow",
  "test_constantofshape_int_shape_zero",
  "test_hammingwindow",
  "test_hannwindow",
  "test_nonzero_example",
];

test("with all but the first input constant, the standard's node tests have the inferred shapes in the standard and in onnxruntime", async () => {
  const { kinds, seen } = await heldAll("rest");
  expect(kinds.wrong).toBeUndefined();
  expect(kinds.unknown?.sort()).toEqual([...open, ...ofFirstInput].sort());
  expect(kinds.right?.length).toBeGreaterThanOrEqual(150);
  expect(seen).toBeGreaterThan(150);
}, 60_000);

test("with every input constant, the standard's node tests have the folded values in onnxruntime", async () => {
  const { kinds, folded } = await heldAll("all");
  expect(kinds.wrong).toBeUndefined();
  expect(kinds.unknown?.sort()).toEqual(open);
  expect(kinds.right?.length).toBeGreaterThanOrEqual(161);
  expect(folded).toBeGreaterThanOrEqual(66);
}, 60_000);
