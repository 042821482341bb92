import type { Node } from "../../onnx/index.ts";
import type { Builder, Value } from "../pullback.ts";

/** What makes each output of a node out of ordinary operators: null for an output that stays as it is; null as a whole where this node has no such form. */
export type Lowering = (given: { readonly node: Node; readonly build: Builder }) => readonly (Value | null)[] | null;
