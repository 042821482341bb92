import { type Place, quoted } from "../../base/index.ts";
import { type Arithmetic, type Comparison, type Expression, type Relation, type Rule, relations } from "./rule.ts";
import { invalid, type Token, tokensOf } from "./tokens.ts";

/** Parentheses, signs and powers in each other: deeper than any rule that a person reads. */
const mostDepth = 24;

/**
 * Reads a rule between columns: `instalment <= 0.5 * income`, `a + b == total`, `job == "none" or years > 0`. There are + - * / ^ and parentheses over
 * numbers and columns; ^ binds strongest and to the right. A name with other characters than letters, digits, _ and . stands in backticks. Throws RULE_INVALID
 * at `place`, with the character where it stops making sense.
 */
export function parseRule(text: string, place: Place = {}): Rule {
  return new Parser(text, place).rule();
}

class Parser {
  readonly #text: string;
  readonly #place: Place;
  readonly #tokens: readonly Token[];
  #next = 0;
  #depth = 0;

  constructor(text: string, place: Place) {
    this.#text = text;
    this.#place = place;
    this.#tokens = tokensOf(text, place);
  }

  rule(): Rule {
    const any = [this.#comparison()];
    while (this.#takes("name", "or")) any.push(this.#comparison());
    const { kind, value } = this.#token;
    if (kind === "end") return { text: this.#text, any };
    if (value === "and" || isRelation(value)) throw this.#wrong("the end of the rule", "Write two rules: each of them must hold.");
    throw this.#wrong("the end of the rule");
  }

  #comparison(): Comparison {
    const column = this.#token;
    const [sign, text] = this.#tokens.slice(this.#next + 1);
    if (column.kind === "name" && (sign?.value === "==" || sign?.value === "!=") && text?.kind === "text") {
      this.#next += 3;
      return { kind: "text", column: column.value, relation: sign.value, text: text.value };
    }
    const left = this.#sum();
    const { kind, value } = this.#token;
    if (kind === "sign" && value === "=") throw this.#wrong("a comparison", "Write `==` for what must be equal.");
    if (kind !== "sign" || !isRelation(value)) throw this.#wrong(`a comparison (${relations.join(" ")})`);
    this.#next++;
    return { kind: "numbers", left, relation: value, right: this.#sum() };
  }

  #sum(): Expression {
    return this.#chain(["+", "-"], () => this.#product());
  }

  #product(): Expression {
    return this.#chain(["*", "/"], () => this.#signed());
  }

  #chain(operators: readonly Arithmetic[], inner: () => Expression): Expression {
    let made = inner();
    for (;;) {
      const operator = operators.find((each) => this.#takes("sign", each));
      if (operator === undefined) return made;
      made = { kind: "binary", operator, left: made, right: inner() };
    }
  }

  #signed(): Expression {
    return this.#deeper(() => (this.#takes("sign", "-") ? { kind: "negated", of: this.#signed() } : this.#power()));
  }

  #power(): Expression {
    const base = this.#atom();
    return this.#takes("sign", "^") ? { kind: "binary", operator: "^", left: base, right: this.#signed() } : base;
  }

  #atom(): Expression {
    const { kind, value } = this.#token;
    if (this.#takes("sign", "(")) {
      const inner = this.#deeper(() => this.#sum());
      if (!this.#takes("sign", ")")) throw this.#wrong("`)`");
      return inner;
    }
    if (kind === "number" && Number.isFinite(Number(value))) {
      this.#next++;
      return { kind: "number", value: Number(value) };
    }
    if (kind === "name" && !this.#isWord()) {
      this.#next++;
      return { kind: "column", name: value };
    }
    if (kind === "text")
      throw this.#wrong("a number or a column", 'A text is compared with a column alone, and stands after it: `job == "none"`.');
    throw this.#wrong("a number or a column");
  }

  /** `or` and `and` written without backticks. */
  #isWord(): boolean {
    const { value, at } = this.#token;
    return (value === "or" || value === "and") && this.#text[at - 1] !== "`";
  }

  #deeper(inner: () => Expression): Expression {
    if (++this.#depth > mostDepth) throw invalid(`rule ${quoted(this.#text, 80)} is nested more than ${mostDepth} deep`, this.#place);
    const made = inner();
    this.#depth--;
    return made;
  }

  get #token(): Token {
    return this.#tokens[this.#next] ?? { kind: "end", value: "the end", at: this.#text.length + 1 };
  }

  #takes(kind: Token["kind"], value: string): boolean {
    const token = this.#token;
    const isSo = token.kind === kind && token.value === value && (kind !== "name" || this.#isWord());
    if (isSo) this.#next++;
    return isSo;
  }

  #wrong(expected: string, remedy?: string) {
    const { kind, value, at } = this.#token;
    const found = kind === "end" ? "the end" : quoted(value, 40);
    return invalid(`rule ${quoted(this.#text, 80)}: expected ${expected} at character ${at}, and there is ${found}`, this.#place, remedy);
  }
}

const isRelation = (value: string): value is Relation => (relations as readonly string[]).includes(value);
