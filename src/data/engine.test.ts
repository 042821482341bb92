import { openDuckDb } from "./duckdb/index.ts";
import { engineContract } from "./testing/engine-contract.ts";
import { csvWriter, parquetWriter, plainStyle } from "./testing/tables.ts";

engineContract("DuckDB over CSV", openDuckDb, csvWriter(), { ending: "csv" });
engineContract(
  "DuckDB over CSV with semicolons, CR LF and all fields quoted",
  openDuckDb,
  csvWriter({ ...plainStyle, delimiter: ";", lineEnd: "\r\n", quoteAll: true }),
  {
    ending: "csv",
  },
);
engineContract("DuckDB over Parquet", openDuckDb, parquetWriter, { ending: "parquet" });
