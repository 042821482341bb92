import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gunzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { seededRandom } from "../../base/index.ts";
import type { Norm } from "./attack.ts";
import { autoAttack } from "./presets.ts";
import { strike } from "./strike.ts";
import { openVictim } from "./victims/file.ts";

/** 1 for each picture that is answered rightly: as it is, after PyTorch's PGD-20, and after pyautoattack's "standard" (fixtures/attacks/robust). */
interface Verdicts {
  readonly norm: Norm;
  readonly eps: number;
  readonly clean: readonly number[];
  readonly pgd20: readonly number[];
  readonly standard: readonly number[];
}

const here = (path: string) => new URL(`../../../${path}`, import.meta.url);
const verdicts = JSON.parse(readFileSync(here("vectors/attacks/verdicts.json"), "utf8")) as Readonly<Record<string, Verdicts>>;
const bytes = (what: string) => gunzipSync(readFileSync(here(`examples/fashion/data/test-${what}-ubyte.gz`)));
const width = 784;

async function struckBy(name: string, { norm, eps, clean }: Verdicts) {
  const rows = clean.length;
  const values = Float32Array.from(bytes("images-idx3").subarray(16, 16 + rows * width), (each) => each / 255);
  const labels = Int32Array.from(bytes("labels-idx1").subarray(8, 8 + rows));
  const file = fileURLToPath(here(`vectors/attacks/${name}.onnx`));
  await using victim = await openVictim(file, { range: [0, 1] });
  await using judge = await openVictim(file, { range: [0, 1] });
  const goal = { norm, eps, queries: Number.POSITIVE_INFINITY, random: seededRandom(3, "peers") };
  return await strike(autoAttack("standard", "quick"), { victim, judge }, { rows, width, values }, labels, goal);
}

it.each(Object.entries(verdicts))(
  "on %s, adversarially trained, the quick ensemble fools what PGD-20 does, and agrees with the best known one",
  async (name, known) => {
    const { fooled, distances, invalid } = await struckBy(name, known);
    expect(invalid).toBe(0);
    expect(Array.from(distances, (each) => Number(each > 0))).toEqual(known.clean);
    const standing = Array.from(fooled, (each) => 1 - each);
    const rows = [...standing.keys()];
    expect(rows.filter((row) => known.pgd20[row] === 0 && standing[row] === 1)).toEqual([]);
    // The peer's whole ensemble asks ten times as much; a point just at the bound may fall to one of the two alone.
    expect(rows.filter((row) => known.standard[row] !== standing[row]).length).toBeLessThanOrEqual(1);
  },
);
