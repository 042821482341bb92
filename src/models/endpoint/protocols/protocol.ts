import type { Port } from "../../model.ts";
import type { Address, EndpointBinding } from "../binding.ts";
import type { Blanks, RowTexts } from "../rows.ts";

/** What a server says of its model before it is asked anything. */
export interface Described {
  readonly inputs: readonly TypedPort[];
  /** Empty where it does not say. */
  readonly outputs: readonly TypedPort[];
}

export interface TypedPort extends Port {
  /** As the protocol calls its type. */
  readonly datatype: string;
}

/** What was answered: for each output a value a row, in the order of the rows. */
export interface Outputs {
  readonly [output: string]: readonly unknown[];
}

export type Asked = Pick<EndpointBinding, "address" | "inputs" | "oneHot" | "scoreOutput" | "labelOutput">;

/** How rows become a request and an answer becomes outputs. Written from the published description of each protocol. */
export interface Protocol {
  readonly blanks: Blanks;
  /** Behind the declared address, whose own path is given: where rows are sent. */
  path(address: Address, base: string): string;
  /** The same, where the model is described; null where the protocol has no such place, and columns go by their names. */
  describedAt(address: Address): string | null;
  /** Throws ENDPOINT_ANSWER_INVALID. */
  described(answer: unknown, address: Address): Described;
  /** Makes bodies from rows: what is the same in all of them is written once. */
  bodies(asked: Asked): (rows: readonly RowTexts[]) => string;
  /** Throws ENDPOINT_ANSWER_INVALID. */
  read(answer: unknown, rows: number, asked: Asked): Outputs;
}

/** The declared address's own path, and what the protocol puts behind it. */
export function joined(base: string, path: string): string {
  const { pathname, search } = new URL(base);
  return `${pathname.replace(/\/+$/, "")}${path}${search}`;
}

export const versioned = ({ model, version }: Address, root: string) =>
  `${root}/${encodeURIComponent(model ?? "")}${version === null ? "" : `/versions/${encodeURIComponent(version)}`}`;
