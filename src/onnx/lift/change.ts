import type { Problem } from "../../base/index.ts";
import type { Constant, Element, Node } from "../program.ts";

/** What is known of a value while its graph is lifted, whatever the shapes of the inputs; undefined where it is not. */
export interface Fact {
  readonly element?: Element | undefined;
  readonly rank?: number | undefined;
}

/** The place where a node stands: what may be asked and made there. */
export interface Site {
  readonly factOf: (name: string) => Fact;
  readonly constantOf: (name: string) => Constant | undefined;
  /** Whether anything reads this output of a node. */
  readonly isUsed: (name: string | undefined) => boolean;
  /** A name for a value that is added. */
  readonly fresh: (hint: string) => string;
  /** Adds a constant to the graph; gives its name. */
  readonly store: (constant: Constant, hint: string) => string;
  /** That this node cannot be written in the canonical opset, and why. */
  readonly impossible: (node: Node, why: string) => Problem;
}

/** A node as its operator was before some opset, by nodes that mean the same in the form it has since then. */
export type Change = (node: Node, site: Site) => readonly Node[];

/** Operator, the opset that gave it another form or meaning, and how a node of before is changed. */
export type Row = readonly [op: string, since: number, change: Change];

export const rows = (ops: readonly string[], since: number, change: Change): readonly Row[] => ops.map((op) => [op, since, change]);
