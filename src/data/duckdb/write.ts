import type { DuckDBDataChunk, DuckDBVector } from "@duckdb/node-api";
import type { Batch, Batches, BatchField, BatchValues } from "../batch.ts";
import type { Piece } from "./part.ts";
import type { Session } from "./session.ts";
import { list, literal } from "./sql.ts";

const chunkRows = 2048;

/** Native: loaded when it is needed. */
type DuckDb = typeof import("@duckdb/node-api");

/** Lays batches down as Parquet files of some rows each, in their order; in memory there is one file's rows. */
export async function writeBatches(session: Session, { fields, batches }: Batches, most: number, file: string): Promise<Piece[]> {
  const duckdb = await import("@duckdb/node-api");
  const pieces: Piece[] = [];
  const columns = fields.map(({ type }, at) => `c${at} ${type}`);
  await session.connected(file, async (steps) => {
    let rows = 0;
    const begin = () => steps.run(`CREATE OR REPLACE TEMP TABLE piece (${list(columns)})`);
    const finish = async () => {
      if (rows === 0) return;
      pieces.push({ path: session.place("parquet"), rows });
      await steps.run(`COPY piece TO ${literal(pieces.at(-1)?.path ?? "")} (FORMAT parquet, COMPRESSION lz4)`);
      rows = 0;
      await begin();
    };
    await begin();
    for await (const batch of batches) {
      for (let from = 0; from < batch.rows; ) {
        const to = Math.min(batch.rows, from + most - rows);
        await steps.append("piece", chunksOf(duckdb, fields, batch, from, to));
        rows += to - from;
        from = to;
        if (rows >= most) await finish();
      }
    }
    await finish();
    await steps.run("DROP TABLE piece");
  });
  return pieces;
}

function* chunksOf(
  duckdb: DuckDb,
  fields: readonly BatchField[],
  { columns }: Batch,
  from: number,
  to: number,
): Generator<DuckDBDataChunk, void> {
  const types = fields.map(({ type }) => duckdb[type]);
  for (let start = from; start < to; start += chunkRows) {
    const rows = Math.min(chunkRows, to - start);
    const chunk = duckdb.DuckDBDataChunk.create(types, rows);
    for (const [at, values] of columns.entries()) fill(chunk.getColumnVector(at), values, start, rows);
    yield chunk;
  }
}

function fill(vector: DuckDBVector, values: BatchValues, start: number, rows: number): void {
  for (let row = 0; row < rows; row++) vector.setItem(row, values[start + row] as never);
  vector.flush();
}
