/** What runs in the isolated child: reading artefacts, making derived ones, measuring. Nothing here holds a key or judges. */
import { type ChildContext, type Digest, type Random, seededRandom } from "../base/index.ts";
import { controls, type Measured, type Need, recipes } from "../controls/index.ts";
import { openEngine, type TableFacts, type TableSource } from "../data/index.ts";
import { type Contact, type Contacting, contactEndpoint, describeModel, type ModelFacts } from "../models/index.ts";
import { openCache } from "./cache.ts";

/** A plan's vertex as it crosses into the child. */
export type Wire =
  | { readonly kind: "value"; readonly value: unknown }
  | { readonly kind: "random"; readonly seed: number; readonly label: string }
  | { readonly kind: "derived"; readonly key: Digest };

export interface Workplace {
  readonly cacheFolder: string;
  readonly spillFolder: string;
  readonly memoryBytes: number;
}

interface WireInputs {
  readonly [name: string]: Wire;
}

export async function describeTable({ source, place }: { source: TableSource; place: Workplace }): Promise<TableFacts> {
  await using engine = await openEngine({ memoryBytes: Math.floor(place.memoryBytes / 3), spillFolder: place.spillFolder });
  return await engine.describe(source);
}

export async function describeModelFile({ path, root }: { path: string; root: string }): Promise<ModelFacts> {
  return describeModel(path, root);
}

/** Rows that probes are picked from. */
const probedRows = 1024;

/** Asks an endpoint a few rows where that is due, and counts those that were never asked. */
export async function lookAtEndpoint(
  {
    contacting,
    splits,
    place,
  }: {
    contacting: Contacting;
    splits: { readonly [split: string]: { readonly source: TableSource; readonly digest: Digest } };
    place: Workplace;
  },
  { progress }: ChildContext,
): Promise<Contact> {
  await using engine = await openEngine({ memoryBytes: Math.floor(place.memoryBytes / 3), spillFolder: place.spillFolder });
  const probed = splits.test ?? Object.values(splits)[0];
  const streams = Object.entries(splits).map(([split, { source, digest }]) => {
    const rows = (columns: readonly string[]) => engine.stream(source, columns, { batch: 8192 });
    return [split, { digest, rows }] as const;
  });
  const reading = {
    probes: async (columns: readonly string[]) =>
      probed === undefined ? null : await engine.read(probed.source, columns, { limit: probedRows }),
    splits: Object.fromEntries(streams),
  };
  return await contactEndpoint(contacting, reading, process.env, (what) => progress(0, 0, what));
}

/** Makes one derived artefact and keeps it in the cache under its key. */
export async function make(
  input: { recipe: string; key: Digest; inputs: WireInputs; place: Workplace },
  { progress }: ChildContext,
): Promise<void> {
  const recipe = recipes[input.recipe];
  if (recipe === undefined) throw new Error(`no recipe ${input.recipe}`);
  const { spillFolder, memoryBytes } = input.place;
  const made = await recipe.make((await valuesOf(input.inputs, input.place)) as never, { progress, spillFolder, memoryBytes });
  await openCache(input.place.cacheFolder).put(input.key, made);
  remember(input.key, made);
}

/** Measures one control on what it needs. */
export async function measure(input: { control: string; needs: WireInputs; place: Workplace }): Promise<Measured> {
  const found = controls.find(({ control }) => control.claim === input.control);
  if (found === undefined) throw new Error(`no control ${input.control}`);
  const values = await valuesOf(input.needs, input.place);
  const needs = found.control.needs as { readonly [name: string]: Need<unknown> };
  const seen = Object.fromEntries(Object.entries(needs).map(([name, need]) => [name, need.view(values[name])]));
  return found.control.measure(seen);
}

async function valuesOf(inputs: WireInputs, place: Workplace): Promise<Record<string, unknown>> {
  const entries = Object.entries(inputs).map(async ([name, wire]) => [name, await seenOf(wire, place)] as const);
  return Object.fromEntries(await Promise.all(entries));
}

async function seenOf(wire: Wire, { cacheFolder }: Workplace): Promise<unknown> {
  if (wire.kind === "value") return wire.value;
  if (wire.kind === "random") return seededRandom(wire.seed, wire.label) satisfies Random;
  const known = recent.get(wire.key);
  if (known !== undefined) return known;
  const made = await openCache(cacheFolder).get(wire.key);
  if (made === null) throw new Error(`derived artefact ${wire.key} is not in the cache`);
  remember(wire.key, made);
  return made;
}

/** The last few derived artefacts, so that controls in a row do not read them again. */
const recent = new Map<Digest, unknown>();
const mostRecent = 12;

function remember(key: Digest, made: unknown): void {
  recent.set(key, made);
  for (const oldest of recent.keys()) {
    if (recent.size <= mostRecent) return;
    recent.delete(oldest);
  }
}
