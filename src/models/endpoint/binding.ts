import { type Digest, digestOfJson, type Json, type ProblemData } from "../../base/index.ts";
import type { OnnxBinding } from "../model.ts";

export const protocolNames = ["open-inference", "mlflow", "tf-serving", "mapping"] as const;
export type ProtocolName = (typeof protocolNames)[number];

/** A value that stands in an environment variable of this name. */
export interface FromEnvironment {
  readonly env: string;
}

/** A header whose value is a credential: `scheme` and what the variable holds, or that alone. */
export interface Credential extends FromEnvironment {
  readonly header: string;
  readonly scheme: "Bearer" | "Basic" | null;
}

/** A request and an answer that are no published protocol. */
export interface Mapping {
  /** The body, in which the text "$rows" stands for the list of rows, or "$row" for the one row that it takes. */
  readonly request: Json;
  /** A row is an object of columns, or a list of values. */
  readonly rows: "records" | "arrays";
  /** The name under which each record says its place in the request; null: it does not. */
  readonly id: string | null;
  /** JSON pointers (RFC 6901). `rows` and `classes` go from the whole answer, the others from one row's. */
  readonly response: {
    readonly rows: string;
    readonly label: string | null;
    readonly scores: string | null;
    readonly classes: string | null;
    readonly id: string | null;
  };
}

/** What an endpoint is, whatever it costs to reach it: part of its identity. */
export interface Address {
  readonly protocol: ProtocolName;
  /** As declared: an address, or `env:NAME`. */
  readonly url: string;
  readonly model: string | null;
  readonly version: string | null;
  /** tf-serving alone: rows (`instances`) or columns (`inputs`), and the signature. */
  readonly format: "instances" | "inputs";
  readonly signature: string | null;
  readonly mapping: Mapping | null;
}

/** How an endpoint is reached and what that may cost. No part of its identity. */
export interface Access {
  /** The address itself. */
  readonly url: string;
  readonly credentials: readonly Credential[];
  /** A file of certificates that are trusted beside none: absolute. Null: those that Node trusts. */
  readonly ca: string | null;
  /** For one attempt, from sending to the answer's last byte. */
  readonly timeoutMs: number;
  /** Attempts after the first. */
  readonly retries: number;
  readonly ratePerSecond: number | null;
  readonly inFlight: number;
  /** Rows a request, at most. */
  readonly batch: number;
  /** Rows that may be sent, over all runs. */
  readonly queries: number;
  /** For how long a probe's answer stands for the endpoint. */
  readonly recheckMs: number;
  readonly seed: number;
  /** The file of what was asked and answered: absolute. */
  readonly ledger: string;
  /** Why it could not be reached when it was looked at: then nothing more is asked. */
  readonly trouble: ProblemData | null;
}

/** One part of a request: a tensor, or a column. */
export interface EndpointInput {
  readonly input: string;
  readonly columns: readonly string[];
  /** As the protocol calls it: FP32, BYTES ...; empty where it has no types. */
  readonly datatype: string;
  readonly holds: "numbers" | "wholes" | "booleans" | "texts";
  /** A row fills it with a list of values, not with a single one. */
  readonly isList: boolean;
}

/** How a table's rows are put to an endpoint, and how its answers are read. */
export interface EndpointBinding
  extends Pick<OnnxBinding, "encode" | "oneHot" | "classes" | "answers" | "scoreOutput" | "labelOutput" | "scores"> {
  readonly kind: "endpoint";
  readonly address: Address;
  readonly inputs: readonly EndpointInput[];
  /** Which model answers behind the address, as its probe told; null before the first. */
  readonly generation: string | null;
  readonly access: Access;
}

/** What a question is put to, and which part of the answer is kept: the same question to the same is never asked twice. */
export const scopeOf = ({ address, inputs, scoreOutput, labelOutput }: Questioned): Digest =>
  digestOfJson(plain({ address, inputs, scoreOutput, labelOutput }));

export type Questioned = Pick<EndpointBinding, "address" | "inputs" | "encode" | "oneHot" | "scoreOutput" | "labelOutput" | "access">;

/** Whose queries are counted together. */
export const accountOf = ({ protocol, url, model, version }: Address): string =>
  digestOfJson({ protocol, url, model, version }).slice(7, 39);

const plain = (value: object): Json => JSON.parse(JSON.stringify(value)) as Json;

/** For people: without credentials, query or path. */
export function hostOf(url: string): string {
  try {
    return new URL(url).host;
  } catch {
    return "an address that cannot be read";
  }
}
