/** One client in a process of its own: `client.ts ours|bare URL ROWS BATCH FOLDER`. Prints what it took as JSON. */
import { join } from "node:path";
import { Pool } from "undici";
import { askAll, openAsking, type Piece } from "../../src/models/endpoint/ask.ts";
import type { EndpointBinding } from "../../src/models/endpoint/binding.ts";
import { openHttp } from "../../src/models/endpoint/http.ts";
import { openInterpreter } from "../../src/models/endpoint/interpret.ts";
import { openLedger } from "../../src/models/endpoint/ledger.ts";
import { openInference } from "../../src/models/endpoint/protocols/open-inference.ts";
import { inputs, tableOf } from "./model.ts";

const [who = "", url = "", rowsText = "0", batchText = "1", folder = ""] = process.argv.slice(2);
const [rows, batch] = [Number(rowsText), Number(batchText)];
const inFlight = 64;
const pieceRows = 4096;

const binding: EndpointBinding = {
  kind: "endpoint",
  address: { protocol: "open-inference", url, model: "boosted", version: null, format: "instances", signature: null, mapping: null },
  inputs,
  encode: {},
  oneHot: {},
  classes: ["<=50K", ">50K"],
  answers: ["<=50K", ">50K"],
  scoreOutput: "probabilities",
  labelOutput: "label",
  scores: "probabilities",
  generation: "bench",
  access: {
    url,
    credentials: [],
    ca: null,
    timeoutMs: 60_000,
    retries: 0,
    ratePerSecond: null,
    inFlight,
    batch,
    queries: 1e9,
    recheckMs: 1e9,
    seed: 0,
    ledger: join(folder, `${process.pid}.db`),
    trouble: null,
  },
};

/** Seconds of processor that the asking took. */
let cpuBefore = process.cpuUsage();
const startCpu = () => {
  cpuBefore = process.cpuUsage();
};
const cpu = () => {
  const { user, system } = process.cpuUsage(cpuBefore);
  return (user + system) / 1e6;
};

const resident = () => process.memoryUsage().rss / 2 ** 20;

/** Asks every row once, piece after piece; says how much memory was resident after each tenth. */
async function ours() {
  const marks: number[] = [];
  let positive = 0;
  function* pieces(): Generator<Piece> {
    for (let start = 0; start < rows; start += pieceRows) {
      const table = tableOf(start, Math.min(pieceRows, rows - start));
      const into = openInterpreter(table.rows, binding);
      const done = () => {
        for (const label of into.answers.labels) positive += label;
      };
      yield { table, start, into, at: 0, done };
      if (Math.floor((10 * start) / rows) >= marks.length) marks.push(resident());
    }
  }
  using ledger = openLedger(binding.access.ledger);
  await using http = await openHttp(binding.access, {});
  startCpu();
  const before = performance.now();
  await askAll(pieces(), openAsking(binding, http, ledger));
  const seconds = (performance.now() - before) / 1000;
  return { seconds, cpu: cpu(), positive, marks: [...marks, resident()], spent: ledger.spent };
}

/** What one writes by hand: the same bodies from the same rows with JSON.stringify, over as many connections; answers are parsed, and nothing is kept. */
async function bare() {
  const pool = new Pool(new URL(url).origin, { connections: inFlight, pipelining: 1, allowH2: false });
  const path = openInference.path(binding.address, url);
  const headers = { "content-type": "application/json", accept: "application/json" };
  const bodies = bodiesByHand();
  let answered = 0;
  let positive = 0;
  startCpu();
  const before = performance.now();
  const worker = async () => {
    for (const body of bodies) {
      const { body: stream } = await pool.request({ path, method: "POST", headers, body });
      const { outputs } = (await stream.json()) as { outputs: [{ data: readonly string[] }, unknown] };
      for (const label of outputs[0].data) positive += Number(label === ">50K");
      answered += outputs[0].data.length;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  const seconds = (performance.now() - before) / 1000;
  const used = cpu();
  await pool.close();
  return { seconds, cpu: used, answered, positive };
}

function* bodiesByHand(): Generator<string> {
  for (let start = 0; start < rows; start += pieceRows) {
    const table = tableOf(start, Math.min(pieceRows, rows - start));
    for (let from = 0; from < table.rows; from += batch) {
      const count = Math.min(batch, table.rows - from);
      const tensors = inputs.map(({ input, datatype }) => {
        const column = table.columns[input];
        const value = (row: number) => (column?.kind === "text" ? column.categories[column.codes[row] ?? 0] : column?.values[row]);
        return { name: input, datatype, shape: [count, 1], data: Array.from({ length: count }, (_, at) => [value(from + at)]) };
      });
      yield JSON.stringify({ inputs: tensors, outputs: [{ name: "label" }, { name: "probabilities" }] });
    }
  }
}

console.log(JSON.stringify(who === "ours" ? await ours() : await bare()));
