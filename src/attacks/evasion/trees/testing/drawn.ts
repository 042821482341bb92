import type { Random } from "../../../../base/index.ts";
import { constant, floats, int, ints, type Node, node, type Program, tensor, text, texts } from "../../../../onnx/index.ts";
import { modes } from "../ensemble.ts";

export interface Drawing {
  readonly trees: number;
  readonly depth: number;
  readonly features: number;
  /** Classes of a classifier; 1: a regression with one target. */
  readonly outputs: number;
  readonly modes: readonly string[];
  readonly transform: string;
  readonly weights: "positive" | "any";
  /** Of two classes, all weights are of this one. */
  readonly single?: 0 | 1;
  readonly bases?: readonly number[];
  readonly aggregate?: string;
}

interface Drawn {
  readonly tree: number;
  readonly id: number;
  readonly feature: number;
  readonly mode: string;
  readonly split: number;
  readonly yes: number;
  readonly no: number;
  readonly weights: readonly number[];
}

/** Trees drawn at random as a node of ai.onnx.ml 1 to 3; splits are coarse, so that rows drawn alike meet them exactly. */
export function drawnTrees(drawing: Drawing, random: Random): Node {
  const all: Drawn[] = [];
  for (let tree = 0; tree < drawing.trees; tree++) grow(all, tree, drawing, random);
  const leaves = all.filter(({ mode }) => mode === "LEAF");
  const entries = leaves.flatMap((leaf) => leaf.weights.map((weight, at) => ({ leaf, weight, target: drawing.single ?? at })));
  const isClassifier = drawing.outputs > 1;
  const part = isClassifier ? "class" : "target";
  return node(
    isClassifier ? "TreeEnsembleClassifier" : "TreeEnsembleRegressor",
    ["x"],
    isClassifier ? ["label", "scores"] : ["scores"],
    {
      nodes_treeids: ints(all.map(({ tree }) => tree)),
      nodes_nodeids: ints(all.map(({ id }) => id)),
      nodes_featureids: ints(all.map(({ feature }) => feature)),
      nodes_modes: texts(all.map(({ mode }) => mode)),
      nodes_values: floats(all.map(({ split }) => split)),
      nodes_truenodeids: ints(all.map(({ yes }) => yes)),
      nodes_falsenodeids: ints(all.map(({ no }) => no)),
      nodes_missing_value_tracks_true: ints(all.map(() => random.integer(2))),
      [`${part}_treeids`]: ints(entries.map(({ leaf }) => leaf.tree)),
      [`${part}_nodeids`]: ints(entries.map(({ leaf }) => leaf.id)),
      [`${part}_ids`]: ints(entries.map(({ target }) => target)),
      [`${part}_weights`]: floats(entries.map(({ weight }) => weight)),
      post_transform: text(drawing.transform),
      ...(drawing.bases === undefined ? {} : { base_values: floats(drawing.bases) }),
      ...(isClassifier
        ? { classlabels_int64s: ints(Array.from({ length: drawing.outputs }, (_, at) => at)) }
        : { n_targets: int(1), aggregate_function: text(drawing.aggregate ?? "SUM") }),
    },
    { name: "trees", domain: "ai.onnx.ml" },
  );
}

/** Numbers of nodes of one tree, in depth-first order. */
function grow(all: Drawn[], tree: number, drawing: Drawing, random: Random, depth = 0, next = { id: 0 }): number {
  const id = next.id++;
  const place = all.length;
  const blank = { tree, id, feature: 0, mode: "LEAF", split: 0, yes: 0, no: 0, weights: [] as readonly number[] };
  all.push(blank);
  if (depth === drawing.depth || (depth > 0 && random.uniform() < 0.15)) {
    const count = drawing.single === undefined ? drawing.outputs : 1;
    const weights = Array.from({ length: count }, () =>
      Math.fround(drawing.weights === "positive" ? random.uniform() / drawing.trees : random.normal()),
    );
    all[place] = { ...blank, weights };
    return id;
  }
  const mode = drawing.modes[random.integer(drawing.modes.length)]!;
  const [feature, split] = [random.integer(drawing.features), drawnValue(random)];
  const yes = grow(all, tree, drawing, random, depth + 1, next);
  const no = grow(all, tree, drawing, random, depth + 1, next);
  all[place] = { ...blank, feature, mode, split, yes, no };
  return id;
}

/** One of 21 values from 0 to 1, as float32 has them. */
export const drawnValue = (random: Random) => Math.fround(random.integer(21) / 20);

/** The same trees as a node of ai.onnx.ml 5: a regression with several targets where it was a classifier. */
export function asNewest(random: Random, trees: number, features: number): Node {
  const [featureIds, kinds, splits, yes, no, yesLeaf, noLeaf, targets, weights, roots, members]: number[][] = Array.from(
    { length: 11 },
    () => [],
  );
  const leaf = () => {
    targets!.push(random.integer(2));
    return weights!.push(Math.fround(random.normal())) - 1;
  };
  const branch = (depth: number): number => {
    const at = featureIds!.push(random.integer(features)) - 1;
    const mode = random.integer(modes.length);
    kinds!.push(mode);
    splits!.push(drawnValue(random));
    yes![at] = no![at] = yesLeaf![at] = noLeaf![at] = 0;
    if (modes[mode] === "BRANCH_MEMBER") members!.push(drawnValue(random), drawnValue(random), Number.NaN);
    for (const [children, isLeaf] of [
      [yes!, yesLeaf!],
      [no!, noLeaf!],
    ] as const) {
      const ends = depth === 0 || random.uniform() < 0.2;
      isLeaf[at] = Number(ends);
      children[at] = ends ? leaf() : branch(depth - 1);
    }
    return at;
  };
  for (let tree = 0; tree < trees; tree++) roots!.push(branch(3));
  const count = kinds!.length;
  return node(
    "TreeEnsemble",
    ["x"],
    ["scores"],
    {
      nodes_featureids: ints(featureIds!),
      nodes_modes: tensor(constant("uint8", [count], Uint8Array.from(kinds!))),
      nodes_splits: tensor(constant("float32", [count], Float32Array.from(splits!))),
      nodes_truenodeids: ints(yes!),
      nodes_falsenodeids: ints(no!),
      nodes_trueleafs: ints(yesLeaf!),
      nodes_falseleafs: ints(noLeaf!),
      nodes_missing_value_tracks_true: ints(kinds!.map(() => random.integer(2))),
      leaf_targetids: ints(targets!),
      leaf_weights: tensor(constant("float32", [weights!.length], Float32Array.from(weights!))),
      tree_roots: ints(roots!),
      n_targets: int(2),
      aggregate_function: int(1),
      post_transform: int(0),
      ...(members!.length === 0 ? {} : { membership_values: tensor(constant("float32", [members!.length], Float32Array.from(members!))) }),
    },
    { name: "trees", domain: "ai.onnx.ml" },
  );
}

export function programOf(made: Node, features: number): Program {
  const port = (name: string, element: "float32" | "int64", dims: readonly (number | null)[]) => ({
    name,
    element,
    dims,
    proto: undefined,
  });
  return {
    file: "drawn.onnx",
    irVersion: 10,
    opsets: new Map([
      ["", 21],
      ["ai.onnx.ml", made.op === "TreeEnsemble" ? 5 : 3],
    ]),
    graph: {
      name: "drawn",
      nodes: [made],
      constants: new Map(),
      inputs: [port("x", "float32", [null, features])],
      outputs: made.outputs.map((name) => (name === "label" ? port(name, "int64", [null]) : port(name, "float32", [null, null]))),
    },
  };
}
