import type { Comparison, Expression, Relation, Rule } from "./rule.ts";

/** Where a row's columns stand in it, and the number that stands for a text there. */
export interface RowShape {
  indexOf(column: string): number;
  /** -1 for a text that never stands there. */
  codeOf(column: string, text: string): number;
  /** What the column's numbers are uncertain by where they were rounded to float32; 0 where they stand as they are. */
  grainOf(column: string): number;
}

/** A rule made ready for rows of one shape: numbers as they are, texts as their codes. */
export interface ReadyRule {
  readonly rule: Rule;
  /** 0 where the rule holds; else by how much it is broken, relative to the size of what is compared: at most 1. A row that gives no number (division by zero) breaks it by 1. */
  broken(row: ArrayLike<number>): number;
}

/** What sums of decimal fractions differ by in float64, relative to the size of what is summed, and more. */
const rounding = 1e-9;

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
  const slacks = [slacker(comparison.left, shape), slacker(comparison.right, shape)] as const;
  const excess = excesses[comparison.relation];
  const isStrict = comparison.relation === "<" || comparison.relation === ">" || comparison.relation === "!=";
  return (row) => {
    const difference = left(row) - right(row);
    if (!Number.isFinite(difference)) return 1;
    const over = excess(difference);
    if (over === null || (!isStrict && over <= slacks[0](row) + slacks[1](row))) return 0;
    const size = Math.max(sizes[0](row), sizes[1](row), Number.MIN_VALUE);
    return Math.min(1, Math.max(rounding, over / size));
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

/** How large the parts of a sum are, whatever their signs. */
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

/** How uncertain an expression is, to first order: what its columns are uncertain by, and the rounding of its sums. */
function slacker(expression: Expression, shape: RowShape): Of<number> {
  const own = evaluator(expression, shape);
  if (expression.kind === "negated") return slacker(expression.of, shape);
  if (expression.kind !== "binary") {
    const grain = expression.kind === "column" ? shape.grainOf(expression.name) : 0;
    return (row) => rounding * Math.abs(own(row)) + grain;
  }
  const [left, right] = [evaluator(expression.left, shape), evaluator(expression.right, shape)];
  const [ofLeft, ofRight] = [slacker(expression.left, shape), slacker(expression.right, shape)];
  switch (expression.operator) {
    case "+":
    case "-":
      return (row) => ofLeft(row) + ofRight(row);
    case "*":
      return (row) => ofLeft(row) * Math.abs(right(row)) + ofRight(row) * Math.abs(left(row));
    case "/":
      return (row) => (ofLeft(row) + ofRight(row) * Math.abs(own(row))) / Math.abs(right(row));
    case "^":
      return (row) => Math.abs(own(row) * right(row)) * (ofLeft(row) / Math.max(Math.abs(left(row)), Number.MIN_VALUE) + rounding);
  }
}
