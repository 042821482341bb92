/**
 * A server that follows the published interface of each protocol (Open Inference v2 REST, MLflow's scoring server, TensorFlow Serving's REST) over a model
 * small enough to know by heart, and misbehaves as it is told. It stands in for the real servers: nothing else has been tried against.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { gzipSync } from "node:zlib";
import type { ProtocolName } from "../binding.ts";

/** P(granted) = sigmoid(1.5 income - debt); a missing number counts as 0. */
export const score = (income: number | null, debt: number | null) => 1 / (1 + Math.exp(-(1.5 * (income ?? 0) - (debt ?? 0))));

/** What it does with one request instead of answering it; null answers. `requests` counts from 1. */
export type Quirk = (about: {
  readonly requests: number;
  readonly rows: number;
  response: ServerResponse;
  request: IncomingMessage;
}) => boolean;

export interface Fake extends AsyncDisposable {
  readonly url: string;
  /** Rows that came in, whatever became of them. */
  readonly rows: number;
  readonly requests: number;
  /** Each row that came in, as text. */
  readonly seen: readonly string[];
  /** What headers came with the last request. */
  readonly headers: IncomingMessage["headers"];
  readonly mostAtOnce: number;
}

export interface FakeOptions {
  readonly protocol?: ProtocolName;
  readonly quirk?: Quirk;
  /** Changes what it would answer, as parsed JSON. */
  readonly twist?: (answer: never) => unknown;
  /** How the model answers: its second weight, so that another model can take its place. */
  readonly score?: typeof score;
  readonly tls?: { readonly key: string; readonly cert: string };
  readonly gzip?: boolean;
  /** Changes what it says of its model. */
  readonly describe?: (described: never) => unknown;
}

type Row = readonly [number | null, number | null];

export async function startFake({
  protocol = "open-inference",
  quirk,
  twist,
  score: model = score,
  tls,
  gzip,
  describe,
}: FakeOptions = {}): Promise<Fake> {
  const state = { rows: 0, requests: 0, seen: [] as string[], headers: {} as IncomingMessage["headers"], now: 0, mostAtOnce: 0 };
  const listener = async (request: IncomingMessage, response: ServerResponse) => {
    state.headers = request.headers;
    const body = await textOf(request);
    const spoken = interfaces[protocol];
    if (request.method === "GET")
      return reply(response, describe === undefined ? spoken.described : describe(spoken.described as never), false);
    if (!spoken.path.test((request.url ?? "").replace(/\?.*/, "")))
      return reply(response, { error: `no such path: ${request.url}` }, false, 404);
    const rows = spoken.rows(JSON.parse(body));
    state.requests++;
    state.rows += rows.length;
    state.seen.push(...rows.map((row) => JSON.stringify(row)));
    state.mostAtOnce = Math.max(state.mostAtOnce, ++state.now);
    await new Promise(setImmediate);
    state.now--;
    if (quirk?.({ requests: state.requests, rows: rows.length, response, request })) return;
    const answer = spoken.answer(
      rows.map(([income, debt]) => model(income, debt)),
      JSON.parse(body),
    );
    reply(response, twist === undefined ? answer : twist(answer as never), gzip === true);
  };
  const safely = (request: IncomingMessage, response: ServerResponse) => void listener(request, response).catch(() => response.destroy());
  const server: Server = tls === undefined ? createServer(safely) : createTlsServer(tls, safely);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    get rows() {
      return state.rows;
    },
    get requests() {
      return state.requests;
    },
    get seen() {
      return state.seen;
    },
    get headers() {
      return state.headers;
    },
    get mostAtOnce() {
      return state.mostAtOnce;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += chunk;
  return text;
}

export function reply(response: ServerResponse, answer: unknown, gzip: boolean, status = 200): void {
  const text = typeof answer === "string" ? answer : JSON.stringify(answer);
  response.writeHead(status, { "content-type": "application/json", ...(gzip ? { "content-encoding": "gzip" } : {}) });
  response.end(gzip ? gzipSync(text) : text);
}

interface Interface {
  readonly path: RegExp;
  readonly described: unknown;
  // biome-ignore lint/suspicious/noExplicitAny: what a stranger sends, taken apart as the protocol has it
  rows(body: any): readonly Row[];
  // biome-ignore lint/suspicious/noExplicitAny: the same
  answer(scores: readonly number[], body: any): unknown;
}

const label = (p: number) => (p > 0.5 ? "granted" : "refused");
const both = (p: number) => [1 - p, p];

const interfaces: Readonly<Record<ProtocolName, Interface>> = {
  "open-inference": {
    path: /^\/v2\/models\/credit(\/versions\/1)?\/infer$/,
    described: {
      name: "credit",
      platform: "onnx_onnxv1",
      inputs: [{ name: "x", datatype: "FP32", shape: [-1, 2] }],
      outputs: [
        { name: "label", datatype: "BYTES", shape: [-1] },
        { name: "probabilities", datatype: "FP32", shape: [-1, 2] },
      ],
    },
    rows({ inputs: [{ data, shape }] }) {
      const flat = data.flat(9) as number[];
      return Array.from({ length: shape[0] }, (_, row) => [flat[2 * row] ?? null, flat[2 * row + 1] ?? null] as const);
    },
    answer(scores, { outputs: wanted }) {
      const all = [
        { name: "label", datatype: "BYTES", shape: [scores.length], data: scores.map(label) },
        { name: "probabilities", datatype: "FP32", shape: [scores.length, 2], data: scores.flatMap(both) },
      ];
      const names = (wanted as { name: string }[] | undefined)?.map(({ name }) => name);
      return { model_name: "credit", outputs: all.filter(({ name }) => names === undefined || names.includes(name)) };
    },
  },
  mlflow: {
    path: /^\/invocations$/,
    described: {},
    rows({ dataframe_split: { columns, data } }) {
      const [income, debt] = ["income", "debt"].map((name) => columns.indexOf(name));
      return data.map((row: (number | null)[]) => [row[income ?? 0], row[debt ?? 1]]);
    },
    answer: (scores) => ({ predictions: scores.map((p) => ({ label: label(p), probabilities: both(p) })) }),
  },
  "tf-serving": {
    path: /^\/v1\/models\/credit(\/versions\/1)?:predict$/,
    described: {
      model_spec: { name: "credit", signature_name: "", version: "1" },
      metadata: {
        signature_def: {
          signature_def: {
            serving_default: {
              inputs: {
                x: {
                  dtype: "DT_FLOAT",
                  tensor_shape: {
                    dim: [
                      { size: "-1", name: "" },
                      { size: "2", name: "" },
                    ],
                    unknown_rank: false,
                  },
                  name: "x:0",
                },
              },
              outputs: {
                p: {
                  dtype: "DT_FLOAT",
                  tensor_shape: {
                    dim: [
                      { size: "-1", name: "" },
                      { size: "2", name: "" },
                    ],
                    unknown_rank: false,
                  },
                  name: "p:0",
                },
              },
              method_name: "tensorflow/serving/predict",
            },
          },
        },
      },
    },
    rows: ({ instances, inputs }) => (instances ?? inputs.x ?? inputs) as Row[],
    answer: (scores, { instances }) => (instances === undefined ? { outputs: scores.map(both) } : { predictions: scores.map(both) }),
  },
  mapping: {
    path: /^\/score(\?.*)?$/,
    described: {},
    rows: ({ applicants }) => applicants.map(({ income, debt }: { income: number; debt: number }) => [income, debt]),
    answer: (scores, { applicants }) => ({
      results: scores.map((p, at) => ({ row: applicants[at].row ?? at, decision: label(p), scores: { granted: p, refused: 1 - p } })),
    }),
  },
};
