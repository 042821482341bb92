import type { Comparison, Expression, Relation, Rule } from "./rule.ts";

/** Where a row's columns stand in it, and the number that stands for a text there. */
export interface RowShape {
  indexOf(column: string): number;
  /** -1 for a text that never stands there. */
  codeOf(column: string, text: string): number;
}

/** A rule made ready for rows of one shape: numbers as they are, texts as their codes. */
export interface ReadyRule {
  readonly rule: Rule;
  /** 0 where the rule holds; else by how much it is broken, relative to the size of what is compared: at most 1. A row that gives no number (division by zero) breaks it by 1. */
  broken(row: ArrayLike<number>): number;
}

/** What binary fractions may differ by, relative to the size of what is summed: points are float32, so that equal sums need not be equal to the last bit. */
export const tolerance = 1e-6;

export function readyRule(rule: Rule, shape: RowShape): ReadyRule {
  const parts = rule.any.map((each) => readyComparison(each, shape));
  return {
    rule,
    broken(row) {
      let least = 1;
      for (const part of parts) least = Math.min(least, part(row));
      return least;
    },
  };
}

type Of<T> = (row: ArrayLike<number>) => T;

function readyComparison(comparison: Comparison, shape: RowShape): Of<number> {
  if (comparison.kind === "text") {
    const index = shape.indexOf(comparison.column);
    const code = shape.codeOf(comparison.column, comparison.text);
    const wanted = comparison.relation === "==";
    return (row) => Number((row[index] === code) !== wanted);
  }
  const left = evaluator(comparison.left, shape);
  const right = evaluator(comparison.right, shape);
  const sizes = [sizer(comparison.left, shape), sizer(comparison.right, shape)] as const;
  const excess = excesses[comparison.relation];
  const isStrict = comparison.relation === "<" || comparison.relation === ">" || comparison.relation === "!=";
  return (row) => {
    const difference = left(row) - right(row);
    if (!Number.isFinite(difference)) return 1;
    const size = Math.max(sizes[0](row), sizes[1](row), Number.MIN_VALUE);
    const over = excess(difference);
    if (over === null || (!isStrict && over <= tolerance * size)) return 0;
    return Math.min(1, Math.max(tolerance, over / size));
  };
}

/** By how much left - right is wrong; null where the relation holds exactly. */
const excesses: Record<Relation, (difference: number) => number | null> = {
  "<=": (difference) => (difference <= 0 ? null : difference),
  ">=": (difference) => (difference >= 0 ? null : -difference),
  "==": (difference) => (difference === 0 ? null : Math.abs(difference)),
  "!=": (difference) => (difference !== 0 ? null : 0),
  "<": (difference) => (difference < 0 ? null : difference),
  ">": (difference) => (difference > 0 ? null : -difference),
};

/** The value of an expression in a row. */
export function evaluator(expression: Expression, shape: Pick<RowShape, "indexOf">): Of<number> {
  switch (expression.kind) {
    case "number":
      return () => expression.value;
    case "column": {
      const index = shape.indexOf(expression.name);
      return (row) => row[index]!;
    }
    case "negated": {
      const of = evaluator(expression.of, shape);
      return (row) => -of(row);
    }
    case "binary": {
      const operate = operations[expression.operator];
      const left = evaluator(expression.left, shape);
      const right = evaluator(expression.right, shape);
      return (row) => operate(left(row), right(row));
    }
  }
}

const operations = {
  "+": (a: number, b: number) => a + b,
  "-": (a: number, b: number) => a - b,
  "*": (a: number, b: number) => a * b,
  "/": (a: number, b: number) => a / b,
  "^": (a: number, b: number) => a ** b,
};

/** How large the parts of a sum are, whatever their signs: what rounding is relative to. */
function sizer(expression: Expression, shape: RowShape): Of<number> {
  const own = evaluator(expression, shape);
  if (expression.kind === "negated") return sizer(expression.of, shape);
  if (expression.kind !== "binary" || expression.operator === "^") return (row) => Math.abs(own(row));
  const left = sizer(expression.left, shape);
  const right = sizer(expression.right, shape);
  if (expression.operator === "*") return (row) => left(row) * right(row);
  if (expression.operator !== "/") return (row) => left(row) + right(row);
  const divisor = evaluator(expression.right, shape);
  return (row) => left(row) / Math.abs(divisor(row));
}
