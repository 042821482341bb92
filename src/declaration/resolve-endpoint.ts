import { digestOfJson, type Json, Problem, type Problem as ProblemType } from "../base/index.ts";
import { type Access, type Address, accountOf, type Contact, type EndpointBinding, hostOf } from "../models/index.ts";
import { credentialsOf } from "./credentials.ts";
import type { EndpointDeclaration } from "./endpoint-schema.ts";
import { isExposed } from "./exposed.ts";
import type { Looked } from "./found.ts";
import type { Resolving } from "./inspect.ts";
import { locate } from "./paths.ts";
import type { FoundModel } from "./resolve-model.ts";
import type { ModelDeclaration } from "./schema.ts";
import type { EndpointState, Split } from "./system.ts";
import type { Path } from "./yaml.ts";

/** What is declared of the columns that an endpoint takes and of what it answers. */
export type Taking = Pick<ModelDeclaration, "id" | "inputs" | "features" | "encode" | "classes" | "output">;

/** An endpoint as it was found, with each dataset that it is asked about. */
export interface FoundEndpoint {
  readonly digest: FoundModel["digest"];
  readonly state: EndpointState;
  readonly bindings: { readonly [dataset: string]: EndpointBinding };
}

/** A model behind an HTTP endpoint. */
export async function resolveEndpoint(
  declared: ModelDeclaration & { readonly endpoint: EndpointDeclaration },
  path: Path,
  datasets: readonly Looked[],
  resolving: Resolving,
): Promise<FoundModel | null> {
  const measured = datasets.filter(({ dataset }) => (declared.testedOn ?? declared.trainedOn ?? []).includes(dataset.id));
  const found = await findEndpoint(declared.endpoint, declared, { at: [...path, "endpoint"], taking: path }, measured, resolving);
  if (found === null) return null;
  const { digest, state, bindings } = found;
  return {
    kind: "endpoint",
    file: null,
    digest,
    about: aboutEndpoint(state),
    endpoint: state,
    bind: ({ dataset }) => bindings[dataset.id] ?? null,
  };
}

/** `open-inference at models.example, 1,200 of 20,000 queries used`. */
export const aboutEndpoint = ({ protocol, host, spent, queries, isExposed }: EndpointState) =>
  `${protocol} at ${host}, ${spent.toLocaleString("en-GB")} of ${queries.toLocaleString("en-GB")} queries used${isExposed === true ? "; its credentials are sent over http://, where others can read them" : ""}`;

/** Looks at an endpoint once for each dataset. Null after problems, which are noted. */
export async function findEndpoint(
  declared: EndpointDeclaration,
  taking: Taking,
  paths: { readonly at: Path; readonly taking: Path },
  datasets: readonly Looked[],
  resolving: Resolving,
): Promise<FoundEndpoint | null> {
  const { read, problems } = resolving;
  const inspect = endpointsOf(resolving);
  const address = addressOf(declared);
  const access = await accessTo(declared, address, paths.at, resolving);
  if (access === null) return null;
  const account = accountOf(address);
  const contacts: [string, Contact][] = [];
  for (const looked of datasets) {
    const contact = await inspect.contact({ declared: bindingDeclared(taking, looked), address, access, splits: splitsOf(looked) });
    problems.push(
      ...contact.mismatches.map(
        ({ code, path, what, remedy }) => new Problem(code, what, { ...read.place([...paths.taking, ...path]), remedy }),
      ),
    );
    contacts.push([looked.dataset.id, contact]);
  }
  const last = contacts.at(-1)?.[1];
  const state: EndpointState = {
    protocol: declared.protocol,
    host: hostOf(access.url),
    account,
    ledger: access.ledger,
    queries: declared.queries,
    spent: last?.spent ?? 0,
    unanswered: Object.fromEntries(contacts.map(([dataset, { unanswered }]) => [dataset, unanswered])),
    isExposed: isExposed(access),
  };
  const fitting = contacts.filter(([, { mismatches }]) => mismatches.length === 0);
  const bindings = Object.fromEntries(fitting.map(([dataset, { binding }]) => [dataset, binding]));
  const generations = contacts.map(([dataset, { binding }]) => [dataset, binding.generation]);
  return { digest: digestOfJson({ endpoint: plain(address), generations }), state, bindings };
}

const plain = (value: object): Json => JSON.parse(JSON.stringify(value)) as Json;

const urlText = ({ url }: EndpointDeclaration) => (typeof url === "string" ? url : `env:${url.env}`);

function addressOf(declared: EndpointDeclaration): Address {
  const { protocol, model, version, format, signature, request, rows, id, response } = declared;
  const mapping =
    protocol !== "mapping"
      ? null
      : {
          request: plain({ request }) as { request: Json },
          rows: rows ?? "records",
          id: id ?? null,
          response: {
            rows: response?.rows ?? "",
            label: response?.label ?? null,
            scores: response?.scores ?? null,
            classes: response?.classes ?? null,
            id: response?.id ?? null,
          },
        };
  return {
    protocol,
    url: urlText(declared),
    model: model ?? null,
    version: version === undefined ? null : String(version),
    format: format ?? "instances",
    signature: signature ?? null,
    mapping: mapping === null ? null : { ...mapping, request: mapping.request.request },
  };
}

const defaults = { timeoutMs: 30_000, retries: 4, inFlight: 8, batch: 64, recheckHours: 24 } as const;

/** Null after a problem: the address stands in a variable that is not set, or the authority's file is not there. */
function endpointsOf({ inspect: { endpoints } }: Resolving) {
  if (endpoints === undefined) throw new Error("endpoints cannot be looked at here");
  return endpoints;
}

async function accessTo(declared: EndpointDeclaration, address: Address, path: Path, resolving: Resolving): Promise<Access | null> {
  const { read, problems } = resolving;
  const inspect = endpointsOf(resolving);
  const url = typeof declared.url === "string" ? declared.url : (inspect.variable(declared.url.env) ?? "");
  const { protocol = "" } = URL.canParse(url) ? new URL(url) : {};
  if (protocol !== "http:" && protocol !== "https:") {
    problems.push(noAddress(declared, read.place([...path, "url"])));
    return null;
  }
  const ca = declared.ca === undefined ? null : await locate(read.root, declared.ca, "file", read.place([...path, "ca"]));
  const takesOne = JSON.stringify(address.mapping?.request ?? null).includes('"$row"');
  return {
    url,
    credentials: credentialsOf(declared),
    ca,
    timeoutMs: declared.timeoutMs ?? defaults.timeoutMs,
    retries: declared.retries ?? defaults.retries,
    ratePerSecond: declared.ratePerSecond ?? null,
    inFlight: declared.inFlight ?? defaults.inFlight,
    batch: takesOne ? 1 : (declared.batch ?? defaults.batch),
    queries: declared.queries,
    recheckMs: (declared.recheckHours ?? defaults.recheckHours) * 3_600_000,
    seed: read.declaration.seed ?? 0,
    ledger: inspect.ledger(accountOf(address)),
    trouble: null,
  };
}

function noAddress({ url }: EndpointDeclaration, place: ReturnType<Resolving["read"]["place"]>): ProblemType {
  const name = typeof url === "string" ? url : url.env;
  return new Problem("ENDPOINT_CREDENTIAL_MISSING", `the environment variable ${name}, which holds the endpoint's address, holds none`, {
    ...place,
    remedy: `Set it in the shell that runs sextant: \`export ${name}=https://...\`.`,
  });
}

const bindingDeclared = ({ id, inputs, features, encode, classes, output }: Taking, { dataset }: Looked) => ({
  model: id,
  dataset: dataset.id,
  columns: dataset.columns,
  label: dataset.declared.label ?? "",
  unused: [...(dataset.declared.unused ?? []), ...(dataset.declared.identifying ?? [])],
  features,
  inputs,
  encode,
  classes: classes?.map(String),
  output,
});

const splitsOf = ({ dataset }: Looked) =>
  Object.fromEntries(
    Object.entries(dataset.splits).map(([name, split]: [string, Split]) => [name, { source: split.source, digest: split.digest }]),
  );
