import {
  type Digest,
  digestOf,
  Problem,
  type ProblemCode,
  type ProblemData,
  problemData,
  problemsOf,
  seededRandom,
} from "../../base/index.ts";
import { selectRows, type Table } from "../../data/index.ts";
import type { DeclaredBinding } from "../bind.ts";
import { type Asking, openAsking, openCredit, outputsOf, parsed } from "./ask.ts";
import { bindEndpointClasses, bindEndpointInputs } from "./bind.ts";
import { type Access, type Address, type EndpointBinding, scopeOf } from "./binding.ts";
import { type Http, openHttp, secretsFor } from "./http.ts";
import { rawOf } from "./interpret.ts";
import { type Ledger, openLedger } from "./ledger.ts";
import { chooseOutputs, type OutputFacts, outputFacts } from "./outputs.ts";
import { openPace } from "./pace.ts";
import { generationOf, isAlike, type Probe, pickProbes, probeSchema } from "./probe.ts";
import { protocols } from "./protocols/all.ts";
import type { Described, Outputs } from "./protocols/protocol.ts";
import { joined } from "./protocols/protocol.ts";
import { ask } from "./retry.ts";
import { keyOf, rowWriter } from "./rows.ts";
import { takeTurn } from "./turn.ts";

/** What looking at an endpoint needs to know. Plain data. */
export interface Contacting {
  readonly declared: DeclaredBinding;
  readonly address: Address;
  readonly access: Access;
  /** Whether anything may be sent; else what is known already must do. */
  readonly maySend: boolean;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** How the looker reads the rows that will be asked. */
export interface Reading {
  /** The first rows of the split that probes are taken from; null where there is none. */
  probes(columns: readonly string[]): Promise<Table | null>;
  /** Every split that may be asked, by name, in pieces. */
  readonly splits: { readonly [split: string]: { readonly digest: Digest; rows(columns: readonly string[]): AsyncIterable<Table> } };
}

/** What was found. */
export interface Contact {
  readonly binding: EndpointBinding;
  /** What does not fit, each at a path inside the model's declaration. */
  readonly mismatches: readonly Mismatch[];
  readonly spent: number;
  /** Different rows of each split that are not answered yet. */
  readonly unanswered: { readonly [split: string]: number };
}

export interface Mismatch {
  readonly code: ProblemCode;
  readonly path: readonly (string | number)[];
  readonly what: string;
  readonly remedy: string;
}

/**
 * Finds out which columns an endpoint takes, which outputs it answers and which model stands behind it: from what it says of itself, and from a few rows
 * that it is asked (each alone, and together), which count as queries. What is younger than `recheckMs` is not asked again.
 * `waiting` is told who keeps it from asking for longer than a second.
 */
export async function contactEndpoint(
  contacting: Contacting,
  reading: Reading,
  environment: NodeJS.ProcessEnv = process.env,
  waiting?: (what: string) => void,
): Promise<Contact> {
  using ledger = openLedger(contacting.access.ledger);
  using _turn = await takeTurn(contacting.access.ledger, { waiting });
  ledger.refresh();
  const mismatches: Mismatch[] = [];
  const note = (code: ProblemCode, path: readonly (string | number)[], what: string, remedy: string) =>
    mismatches.push({ code, path, what, remedy });
  const looking: Looking = { ...contacting, ledger, reading, note, mismatches, http: () => open(contacting.access, environment) };
  const found = await look(looking).catch((error: unknown) => unreached(looking, troubleOf(error)));
  return { binding: found, mismatches, spent: ledger.spent, unanswered: await unansweredIn(found, looking) };
}

interface Looking extends Contacting {
  readonly ledger: Ledger;
  readonly reading: Reading;
  readonly mismatches: readonly Mismatch[];
  note(code: ProblemCode, path: readonly (string | number)[], what: string, remedy: string): void;
  http(): Promise<Http>;
}

const open = (access: Access, environment: NodeJS.ProcessEnv) => openHttp(access, secretsFor(access.credentials, environment), environment);

function troubleOf(error: unknown): ProblemData {
  const [problem] = problemsOf(error);
  if (problem === undefined) throw error;
  return problemData(problem);
}

const unknown = { classes: [], answers: [], scoreOutput: null, labelOutput: null, scores: "probabilities", generation: null } as const;

async function look(looking: Looking): Promise<EndpointBinding> {
  const { declared, address, access, note, maySend } = looking;
  const described = await descriptionFor(looking);
  if (described === null) return unreached(looking, null);
  const inputs = bindEndpointInputs(declared, address, described, note);
  const bare: EndpointBinding = { kind: "endpoint", address, access, ...inputs, ...unknown };
  if (looking.mismatches.length > 0) return unreached(looking, null);
  const probe = await probeFor(bare, described, looking);
  if (probe === null) {
    if (!maySend) return { ...unreached(looking, null), ...inputs };
    throw new Problem("TABLE_EMPTY", "there is no row to ask the endpoint about", { remedy: "Declare a split that has rows." });
  }
  const chosen = chooseOutputs(probe.outputs, declared.output ?? {});
  if ("what" in chosen) {
    note("MODEL_OUTPUT_MISMATCH", ["output"], chosen.what, chosen.remedy);
    return unreached(looking, null);
  }
  const classes = bindEndpointClasses(declared, chosen, probe, note);
  const binding: EndpointBinding = { ...bare, ...chosen, ...classes, generation: probe.generation };
  await keepProbes(binding, probe, looking);
  return binding;
}

/** Without an answer: enough to plan with, and nothing that could be asked. */
function unreached({ declared, address, access }: Looking, trouble: ProblemData | null): EndpointBinding {
  const inputs = bindEndpointInputs(declared, { ...address, protocol: "mlflow" }, { inputs: [], outputs: [] }, () => undefined);
  const texts = declared.columns.find(({ name }) => name === declared.label)?.values?.map(({ value }) => value) ?? [];
  const classes = declared.classes ?? texts.toSorted();
  return { kind: "endpoint", address, ...inputs, ...unknown, classes, answers: classes, access: { ...access, trouble } };
}

/** What the server says of its model; null where that is not known and may not be asked. */
async function descriptionFor(looking: Looking): Promise<Described | null> {
  const { address, access, ledger, maySend, now } = looking;
  const protocol = protocols[address.protocol];
  const where = protocol.describedAt(address);
  if (where === null) return { inputs: [], outputs: [] };
  const known = ledger.fact("description") as { place: string; at: number; answer: unknown } | null;
  if (known !== null && known.place === placeOf(access) && (isFresh(known.at, looking) || !maySend))
    return protocol.described(known.answer, address);
  if (!maySend) return null;
  await using http = await looking.http();
  const question = { path: joined(access.url, where), body: null, mostBytes: 4 * 2 ** 20 };
  const free = { book: () => undefined, unbook: () => undefined };
  const random = seededRandom(access.seed, "description");
  const answer = parsed(await ask(question, { http, pace: openPace(access.ratePerSecond), retries: access.retries, random, ...free }));
  const described = protocol.described(answer, address);
  ledger.setFact("description", { place: placeOf(access), at: now, answer });
  return described;
}

/** An address from the environment may be a secret: it is not written down. */
const placeOf = ({ url }: Access): Digest => digestOf(url);

const isFresh = (at: number, { now, access }: Pick<Contacting, "now" | "access">) => at <= now && now - at < access.recheckMs;

/** The answers to a few rows, and what they tell; null where they are not known and may not be asked, or there is no row. */
async function probeFor(bare: EndpointBinding, described: Described, looking: Looking): Promise<Probe | null> {
  const { ledger, access, maySend, now } = looking;
  const name = `probe ${scopeOf(bare)}`;
  const read = probeSchema.safeParse(ledger.fact(name));
  const known = read.success ? read.data : null;
  if (known !== null && ((known.place === placeOf(access) && isFresh(known.at, looking)) || !maySend)) return known;
  if (!maySend) return null;
  const columns = [...new Set(bare.inputs.flatMap((input) => input.columns))];
  const table = await looking.reading.probes(columns);
  if (table === null || table.rows === 0) return null;
  const rows = pickProbes(table.rows);
  await using http = await looking.http();
  const sample = await sampled(selectRows(table, rows), openAsking(bare, http, ledger));
  const isSame = known !== null && isAlike(known.sample, sample);
  const generation = isSame ? known.generation : generationOf(sample, now);
  const outputs: OutputFacts[] = outputFacts(sample, described.outputs);
  const probe: Probe = { place: placeOf(access), at: now, generation, outputs, sample: sample as Probe["sample"] };
  ledger.setFact(name, probe);
  return probe;
}

/** Each row alone, then all of them in one request, the last one first: an endpoint that mixes up rows, or answers at random, is found out here. */
async function sampled(table: Table, asking: Asking): Promise<Outputs> {
  const { binding } = asking;
  const write = rowWriter(table, binding, protocols[binding.address.protocol].blanks);
  const rows = Array.from({ length: table.rows }, (_, row) => write(row));
  const credit = openCredit(asking, 1);
  try {
    const alone: Outputs[] = [];
    for (const row of rows) alone.push(await outputsOf([row], asking, credit));
    const sample = Object.fromEntries(Object.keys(alone[0] ?? {}).map((name) => [name, alone.map((each) => each[name]?.[0])]));
    if (binding.access.batch === 1 || rows.length === 1) return sample;
    const together = await outputsOf(rows.toReversed(), asking, credit);
    const reversed = Object.fromEntries(Object.entries(together).map(([name, values]) => [name, values.toReversed()]));
    if (isAlike(sample, reversed)) return sample;
    throw new Problem("ENDPOINT_UNSTABLE", "the endpoint answers rows that come together otherwise than each alone", {
      remedy:
        "If it does not keep the order of rows, or looks at a request as a whole, say `batch: 1`; if it answers at random, it cannot be assessed.",
    });
  } finally {
    credit.giveBack();
  }
}

/** The probes' rows are answered: they are not asked again. */
async function keepProbes(binding: EndpointBinding, { sample, generation }: Probe, { ledger, reading }: Looking): Promise<void> {
  const table = await reading.probes([...new Set(binding.inputs.flatMap((input) => input.columns))]);
  if (table === null) return;
  const rows = pickProbes(table.rows);
  const write = rowWriter(selectRows(table, rows), binding, protocols[binding.address.protocol].blanks);
  const raws = rawOf(sample, rows.length, binding);
  const keys = Array.from(rows, (_, at) => keyOf(`${scopeOf(binding)} ${generation}`, write(at)));
  for (const [at, key] of keys.entries()) {
    const raw = raws[at];
    if (raw !== undefined && ledger.find(key) === null) ledger.keep([key], [raw]);
  }
  ledger.flush();
}

async function unansweredIn(binding: EndpointBinding, { reading, ledger }: Looking): Promise<Contact["unanswered"]> {
  const scope = `${scopeOf(binding)} ${binding.generation}`;
  const columns = [...new Set(binding.inputs.flatMap((input) => input.columns))];
  const counts: [string, number][] = [];
  for (const [split, { digest, rows }] of Object.entries(reading.splits)) {
    const about = `${scope} ${digest} ${ledger.answered}`;
    const known = ledger.fact(`unanswered ${split}`) as { about: string; count: number } | null;
    const count = known?.about === about ? known.count : await countOpen(rows(columns), binding, scope, ledger);
    if (known?.about !== about) ledger.setFact(`unanswered ${split}`, { about, count });
    counts.push([split, count]);
  }
  return Object.fromEntries(counts);
}

async function countOpen(tables: AsyncIterable<Table>, binding: EndpointBinding, scope: string, ledger: Ledger): Promise<number> {
  const open = new Set<string>();
  for await (const table of tables) {
    const write = rowWriter(table, binding, countingBlanks);
    for (let row = 0; row < table.rows; row++) {
      const key = keyOf(scope, write(row));
      if (ledger.find(key) === null) open.add(key);
    }
  }
  return open.size;
}

/** Rows that cannot be asked are told when they are. */
const countingBlanks = { number: (value: number) => String(value), text: '""' };
