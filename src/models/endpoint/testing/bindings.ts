import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { onTestFinished } from "vitest";
import { type Random, seededRandom } from "../../../base/index.ts";
import type { Table } from "../../../data/index.ts";
import type { Access, Address, EndpointBinding, Mapping, ProtocolName } from "../binding.ts";
import { type Contact, contactEndpoint } from "../contact.ts";
import { tableOf } from "./table.ts";

/** A folder of its own, gone when the test ends. */
export function scratch(): string {
  const folder = mkdtempSync(join(tmpdir(), "sextant-endpoint-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const mappingOf = (changes: Partial<Mapping> = {}): Mapping => ({
  request: { applicants: "$rows" },
  rows: "records",
  id: "row",
  response: { rows: "/results", label: "/decision", scores: "/scores", classes: null, id: "/row" },
  ...changes,
});

export const addressOf = (url: string, protocol: ProtocolName, changes: Partial<Address> = {}): Address => ({
  protocol,
  url,
  model: "credit",
  version: null,
  format: "instances",
  signature: null,
  mapping: protocol === "mapping" ? mappingOf() : null,
  ...changes,
});

export const accessOf = (url: string, folder: string, changes: Partial<Access> = {}): Access => ({
  url,
  credentials: [],
  ca: null,
  timeoutMs: 5000,
  retries: 3,
  ratePerSecond: null,
  inFlight: 8,
  batch: 16,
  queries: 100_000,
  recheckMs: 3_600_000,
  seed: 1,
  ledger: join(folder, "queries", "endpoint.db"),
  trouble: null,
  ...changes,
});

/** Applicants whose every answer is known. */
export const applicants = (rows: number, random: Random = seededRandom(3, "applicants")): Table => tableOf(rows, random);

const number = (name: string) => ({ name, kind: "number", missing: 0, distinct: 900 }) as const;
export const columns = [
  number("income"),
  number("debt"),
  {
    name: "decision",
    kind: "text",
    missing: 0,
    distinct: 2,
    values: [
      { value: "granted", rows: 5 },
      { value: "refused", rows: 5 },
    ],
  },
] as const;

export interface Reaching {
  readonly address: Address;
  readonly access: Access;
  readonly table?: Table;
  readonly now?: number;
  readonly maySend?: boolean;
  readonly environment?: NodeJS.ProcessEnv;
}

/** Looks at an endpoint as `sextant assess` does. */
export const contact = ({
  address,
  access,
  table = applicants(40),
  now = 1e12,
  maySend = true,
  environment = {},
}: Reaching): Promise<Contact> =>
  contactEndpoint(
    {
      declared: { model: "credit", dataset: "applicants", columns, label: "decision", classes: ["refused", "granted"] },
      address,
      access,
      maySend,
      now,
    },
    {
      probes: async () => table,
      splits: {
        test: {
          digest: `sha256:${"0".repeat(64)}`,
          async *rows() {
            yield table;
          },
        },
      },
    },
    environment,
  );

/** The same, for those that only want to ask. */
export async function bound(reaching: Reaching): Promise<EndpointBinding> {
  const { binding, mismatches } = await contact(reaching);
  if (mismatches.length > 0) throw new Error(mismatches.map(({ what }) => what).join("; "));
  return binding;
}
