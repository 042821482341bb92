/** A sum of columns and numbers, as a rule writes it. */
export type Expression =
  | { readonly kind: "number"; readonly value: number }
  | { readonly kind: "column"; readonly name: string }
  | { readonly kind: "negated"; readonly of: Expression }
  | { readonly kind: "binary"; readonly operator: Arithmetic; readonly left: Expression; readonly right: Expression };

export type Arithmetic = "+" | "-" | "*" | "/" | "^";

export const relations = ["<=", ">=", "==", "!=", "<", ">"] as const;
export type Relation = (typeof relations)[number];

/** Numbers compared, or a column with a text. */
export type Comparison =
  | { readonly kind: "numbers"; readonly left: Expression; readonly relation: Relation; readonly right: Expression }
  | { readonly kind: "text"; readonly column: string; readonly relation: "==" | "!="; readonly text: string };

/** What holds in each row that makes sense: at least one of these comparisons. */
export interface Rule {
  readonly text: string;
  readonly any: readonly Comparison[];
}

/** The columns of which a rule takes the numbers, and those of which it takes the text; each once, as they first come. */
export function columnsOfRule({ any }: Rule): { readonly numbers: readonly string[]; readonly texts: readonly string[] } {
  const numbers = any.flatMap((each) => (each.kind === "numbers" ? [...columnsOf(each.left), ...columnsOf(each.right)] : []));
  const texts = any.flatMap((each) => (each.kind === "text" ? [each.column] : []));
  return { numbers: [...new Set(numbers)], texts: [...new Set(texts)] };
}

export function columnsOf(expression: Expression): string[] {
  switch (expression.kind) {
    case "number":
      return [];
    case "column":
      return [expression.name];
    case "negated":
      return columnsOf(expression.of);
    case "binary":
      return [...columnsOf(expression.left), ...columnsOf(expression.right)];
  }
}
