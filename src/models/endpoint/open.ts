import { problemFrom } from "../../base/index.ts";
import { sliceRows, type Table } from "../../data/index.ts";
import type { Model, PredictOptions } from "../model.ts";
import { askAll, openAsking, type Piece } from "./ask.ts";
import type { EndpointBinding } from "./binding.ts";
import { openHttp, secretsFor } from "./http.ts";
import { openInterpreter } from "./interpret.ts";
import { openLedger } from "./ledger.ts";
import { takeTurn } from "./turn.ts";

/** Rows that are read ahead at once. */
const pieceRows = 4096;

/**
 * An endpoint as a model: rows are answered from the ledger or asked within the budget. Throws what kept it from being reached when it was looked at, and
 * ENDPOINT_CREDENTIAL_MISSING.
 */
export async function openEndpoint(binding: EndpointBinding, environment: NodeJS.ProcessEnv = process.env): Promise<Model> {
  const { access } = binding;
  if (access.trouble !== null) throw problemFrom(access.trouble);
  const http = await openHttp(access, secretsFor(access.credentials, environment), environment);
  const ledger = openLedger(access.ledger);
  return {
    async predict(table, options = {}) {
      const waiting = (what: string) => options.progress?.(0, table.rows, what);
      using _turn = await takeTurn(access.ledger, { waiting });
      ledger.refresh();
      const into = openInterpreter(table.rows, binding);
      const asking = openAsking(withBatch(binding, options), http, ledger);
      await askAll(piecesOf(table, into, options), asking);
      return into.answers;
    },
    async [Symbol.asyncDispose]() {
      await http[Symbol.asyncDispose]();
      ledger[Symbol.dispose]();
    },
  };
}

const withBatch = (binding: EndpointBinding, { batch }: PredictOptions): EndpointBinding =>
  batch === undefined ? binding : { ...binding, access: { ...binding.access, batch: Math.min(batch, binding.access.batch) } };

function* piecesOf(table: Table, into: Piece["into"], { progress }: PredictOptions): Generator<Piece> {
  let answered = 0;
  for (let start = 0; start < table.rows; start += pieceRows) {
    const rows = Math.min(pieceRows, table.rows - start);
    const done = () => {
      answered += rows;
      progress?.(answered, table.rows, "rows answered");
    };
    yield { table: sliceRows(table, start, rows), start, into, at: start, done };
  }
}
