import { type Encoded, encodedRows, fitEncoder } from "./encoder.ts";
import { type Fitted, labelledRows, mostLikely, type TrainingSet } from "./training.ts";
import { type Grown, grow, type Node } from "./tree-grow.ts";

export interface TreeOptions {
  /** Questions from the root to a leaf, at most; 6 unless said. */
  readonly maxDepth?: number;
  /** Training rows in a leaf, at least; 20 unless said. */
  readonly minLeaf?: number;
}

export type TreeParameters = { readonly maxDepth: number; readonly minLeaf: number; readonly leaves: number };

/**
 * A classification tree (CART: Breiman and others 1984) on the encoded features: each split is the one that lowers the Gini impurity most, at the middle between two numbers or
 * "is this category"; of equal ones the first feature's lowest. A leaf answers with its classes' shares.
 */
export function fitTree(training: TrainingSet, { maxDepth = 6, minLeaf = 20 }: TreeOptions = {}): Fitted<TreeParameters> {
  const { rows } = labelledRows(training);
  const encoder = fitEncoder(training.table, training.features, rows);
  const encoded = encodedRows(encoder.transform(training.table), rows);
  const labels = Int32Array.from(rows, (row) => training.labels[row]!);
  const classes = training.classes.length;
  const { root, leaves }: Grown = grow(encoded, labels, classes, { maxDepth, minLeaf });
  return {
    name: "tree",
    parameters: { maxDepth, minLeaf, leaves },
    predict(table) {
      const asked = encoder.transform(table);
      const probabilities = new Float64Array(table.rows * classes);
      for (let row = 0; row < table.rows; row++) probabilities.set(leafOf(root, asked, row), row * classes);
      return { labels: mostLikely(probabilities, classes), probabilities };
    },
  };
}

function leafOf(root: Node, { numbers, numberWidth, codes, codeWidth }: Encoded, row: number): Float64Array {
  let node = root;
  while (node.kind !== "leaf") {
    const yes =
      node.kind === "number" ? numbers[row * numberWidth + node.at]! > node.limit : codes[row * codeWidth + node.at] === node.code;
    node = yes ? node.yes : node.no;
  }
  return node.shares;
}
