import { Problem, problemsOf, type Random, seededRandom } from "../../base/index.ts";
import type { Table } from "../../data/index.ts";
import { type EndpointBinding, scopeOf } from "./binding.ts";
import { answerInvalid } from "./failures.ts";
import type { Http } from "./http.ts";
import { type Interpreter, rawOf } from "./interpret.ts";
import type { Ledger, Raw } from "./ledger.ts";
import { type Clock, openPace, type Pace, realClock } from "./pace.ts";
import { protocols } from "./protocols/all.ts";
import { joined } from "./protocols/protocol.ts";
import { ask } from "./retry.ts";
import { keyOf, type RowTexts, rowWriter } from "./rows.ts";

/** Rows to be answered: where they stand in the whole, and where their answers go. */
export interface Piece {
  readonly table: Table;
  /** The row of the whole that the piece begins with: for messages. */
  readonly start: number;
  readonly into: Interpreter;
  /** Place in `into` of the piece's first row. */
  readonly at: number;
  /** Called once, when every row has its answer. */
  done?(): void;
}

/** What the asking of one endpoint shares. */
export interface Asking {
  readonly binding: EndpointBinding;
  readonly http: Http;
  readonly ledger: Ledger;
  readonly pace: Pace;
  readonly random: Random;
  readonly clock: Clock;
  readonly path: string;
  bodyOf(rows: readonly RowTexts[]): string;
}

export function openAsking(binding: EndpointBinding, http: Http, ledger: Ledger, clock: Clock = realClock): Asking {
  const { address, access } = binding;
  const protocol = protocols[address.protocol];
  return {
    binding,
    http,
    ledger,
    clock,
    pace: openPace(access.ratePerSecond, clock),
    random: seededRandom(access.seed, "retry"),
    path: joined(access.url, protocol.path(address, access.url)),
    bodyOf: protocol.bodies(binding),
  };
}

interface OpenPiece extends Piece {
  open: number;
}

/** A row that waits for an answer. */
interface Place {
  readonly piece: OpenPiece;
  readonly row: number;
}

/** One request: its rows, where each goes, and who else waits for the same. */
interface Batch {
  readonly keys: string[];
  readonly rows: RowTexts[];
  readonly pieces: OpenPiece[];
  readonly places: number[];
  readonly others: Map<string, Place[]>;
}

const emptyBatch = (): Batch => ({ keys: [], rows: [], pieces: [], places: [], others: new Map() });

/** No text of an answer is longer: a request's share, and one for each row. */
export const mostBytes = (rows: number, classes: number) => 2 ** 20 + rows * (4096 + 256 * classes);

/**
 * Answers every row: from the ledger where the same was asked before, else by asking, each different row once. `inFlight` requests are under way at a
 * time, and what is read ahead is bounded by them. The first problem ends it, after what is under way has come back and been kept.
 */
export async function askAll(pieces: AsyncIterable<Piece> | Iterable<Piece>, asking: Asking): Promise<void> {
  const { binding, ledger } = asking;
  const { batch: most, inFlight } = binding.access;
  const scope = `${scopeOf(binding)} ${binding.generation}`;
  const { blanks } = protocols[binding.address.protocol];
  const underWay = new Map<string, Batch>();
  const slots = openSlots(inFlight);
  const credit = openCredit(asking, Math.max(inFlight * most, Math.min(mostAhead, binding.access.queries / 50)));
  let failed: { readonly error: unknown } | undefined;
  let batch = emptyBatch();

  const send = async (full: Batch) => {
    try {
      const raws = await answersTo(full.rows, asking, credit);
      for (let at = 0; at < raws.length; at++) {
        settle(full.pieces[at]!, full.places[at]!, raws[at]!);
        for (const { piece, row } of full.others.get(full.keys[at]!) ?? []) settle(piece, row, raws[at]!);
      }
      ledger.keep(full.keys, raws);
    } catch (error) {
      failed ??= { error: located(error, (full.pieces[0]?.start ?? 0) + (full.places[0] ?? 0)) };
    } finally {
      for (const key of full.keys) underWay.delete(key);
    }
  };
  const dispatch = (): Promise<void> | null => {
    const full = batch;
    batch = emptyBatch();
    slots.taken(send(full));
    return slots.free();
  };
  const join = (piece: OpenPiece, row: number, key: string, texts: RowTexts) => {
    underWay.set(key, batch);
    batch.keys.push(key);
    batch.rows.push(texts);
    batch.pieces.push(piece);
    batch.places.push(row);
  };

  try {
    for await (const given of pieces) {
      const piece: OpenPiece = { ...given, open: given.table.rows };
      const write = rowWriter(piece.table, binding, blanks, piece.start);
      if (piece.open === 0) piece.done?.();
      for (let row = 0; row < piece.table.rows && failed === undefined; row++) {
        const texts = write(row);
        const key = keyOf(scope, texts);
        const asked = underWay.get(key);
        if (asked !== undefined) {
          asked.others.set(key, [...(asked.others.get(key) ?? []), { piece, row }]);
          continue;
        }
        const known = ledger.find(key);
        if (known !== null) {
          settle(piece, row, known);
          continue;
        }
        join(piece, row, key, texts);
        const full = batch.keys.length >= most ? dispatch() : null;
        if (full !== null) await full;
      }
      if (failed !== undefined) break;
    }
    if (failed === undefined && batch.keys.length > 0) void dispatch();
  } catch (error) {
    failed ??= { error };
  }
  await slots.empty();
  credit.giveBack();
  ledger.flush();
  if (failed !== undefined) throw failed.error;
}

/** More than these are not booked ahead for speed alone: a process that is killed loses them. */
const mostAhead = 1024;

/** Counts what is under way. */
function openSlots(most: number) {
  let running = 0;
  let wake: (() => void) | null = null;
  const below = (limit: number): Promise<void> | null =>
    running < limit
      ? null
      : new Promise((resolve) => {
          wake = () => {
            if (running >= limit) return;
            wake = null;
            resolve();
          };
        });
  const ended = () => {
    running--;
    wake?.();
  };
  return {
    /** The work never rejects. */
    taken(work: Promise<void>) {
      running++;
      void work.then(ended);
    },
    /** Null where there is room already. */
    free: () => below(most),
    empty: async () => void (await below(1)),
  };
}

function settle(piece: OpenPiece, row: number, raw: Raw): void {
  piece.into.put(piece.at + row, raw, piece.start + row);
  piece.open--;
  if (piece.open === 0) piece.done?.();
}

/** Booked questions that are not asked yet: booked many at a time, since each booking waits for the disk. */
export interface Credit {
  take(questions: number): void;
  putBack(questions: number): void;
  giveBack(): void;
}

export function openCredit({ ledger, binding }: Pick<Asking, "ledger" | "binding">, ahead: number): Credit {
  const { queries } = binding.access;
  let left = 0;
  return {
    take(questions) {
      if (left < questions) left += ledger.book(Math.max(questions - left, ahead), queries);
      if (left < questions) throw budgetSpent(ledger.spent - left, queries);
      left -= questions;
    },
    putBack(questions) {
      left += questions;
    },
    giveBack() {
      ledger.unbook(left);
      left = 0;
    },
  };
}

const budgetSpent = (spent: number, queries: number) =>
  new Problem("QUERY_BUDGET_SPENT", `the endpoint's budget of ${queries} queries has no room for the next request (${spent} are spent)`, {
    remedy:
      "Raise `queries` under `endpoint`, if its owner agrees; then run it again: what was answered is kept, and only the rest is asked.",
  });

/** Asks rows in one request. */
export async function answersTo(rows: readonly RowTexts[], asking: Asking, credit: Credit): Promise<Raw[]> {
  const { binding } = asking;
  return rawOf(await outputsOf(rows, asking, credit), rows.length, binding);
}

export async function outputsOf(rows: readonly RowTexts[], { binding, http, pace, random, clock, path, bodyOf }: Asking, credit: Credit) {
  const { address, access, classes } = binding;
  const book = () => credit.take(rows.length);
  const unbook = () => credit.putBack(rows.length);
  const question = { path, body: bodyOf(rows), mostBytes: mostBytes(rows.length, classes.length) };
  const text = await ask(question, { http, pace, retries: access.retries, random, clock, book, unbook });
  return protocols[address.protocol].read(parsed(text), rows.length, binding);
}

/** JSON and nothing else. Throws ENDPOINT_ANSWER_INVALID, saying what it seems to be instead. */
export function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    const start = text.trimStart();
    if (/^<(!doctype|html|\?xml)/i.test(start)) throw answerInvalid("the endpoint answers with a page (HTML), not with JSON");
    if (start === "") throw answerInvalid("the endpoint's answer is empty");
    if (/[[:,]\s*-?(NaN|Infinity)\b/.test(text))
      throw answerInvalid(
        "the endpoint answers NaN or Infinity, which is no score",
        "Look at how the model treats the rows that it was sent: a model that cannot take empty values must be given them filled in, as in training.",
      );
    throw answerInvalid("the endpoint's answer is no JSON, or something stands behind it");
  }
}

/** A problem of a request names its first row, unless it names one itself. */
function located(error: unknown, first: number): unknown {
  const [problem, ...others] = problemsOf(error);
  if (problem === undefined || others.length > 0) return error;
  if (problem.code !== "MODEL_ANSWERS_INVALID" && problem.code !== "ENDPOINT_ANSWER_INVALID") return error;
  if (problem.code === "MODEL_ANSWERS_INVALID" && problem.place.at !== "row 0") return error;
  return new Problem(problem.code, problem.message, { ...problem.place, at: `row ${first}`, remedy: problem.remedy });
}
