import { nearest, type Place, Problem, Problems, quoted } from "../base/index.ts";
import type { Catalogue } from "../catalogue/index.ts";
import { type AnyControl, type Budget, budgets, type PolicyEntry, type Scope } from "../controls/index.ts";
import type { Read } from "../declaration/index.ts";
import type { PolicyValue } from "./assessment.ts";
import { builtIn, type Registry } from "./registry.ts";

/** The numbers a judgement uses, each with its source; or what must be declared first. */
export type Resolved =
  | {
      readonly kind: "policy";
      readonly numbers: Readonly<Record<string, number>>;
      readonly metFrom: Budget;
      readonly values: readonly PolicyValue[];
    }
  | { readonly kind: "missing"; readonly reason: string; readonly remedy: string };

const entriesOf = (control: AnyControl) => Object.entries(control.policy as Record<string, PolicyEntry>);

/** The control's own numbers, those that the declaration gives, and those that its policy changed with a reason. */
export function policyOf(control: AnyControl, scope: Scope): Resolved {
  const { because, ...changed } = scope.system.declaration.policy?.claims?.[control.claim] ?? { because: "" };
  const values: PolicyValue[] = [];
  for (const [name, entry] of entriesOf(control)) {
    const before = entry.kind === "number" ? entry.value : entry.read(scope);
    const value = changed[name] ?? before;
    if (value === null)
      return {
        kind: "missing",
        reason: `the declaration gives no ${entry.kind === "declared" ? entry.from : name}`,
        remedy: remedyOf(entry),
      };
    const source = entry.kind === "number" ? entry.source : `declared: ${entry.from}`;
    const given = changed[name] === undefined ? { name, value, source } : changedValue(name, value, String(because), before, source);
    values.push(entry.unit === undefined ? given : { ...given, unit: entry.unit });
  }
  const numbers = Object.fromEntries(values.map(({ name, value }) => [name, Number(value)]));
  const metFrom = changed.metFrom as Budget | undefined;
  if (metFrom !== undefined) values.push(changedValue("metFrom", metFrom, String(because), control.metFrom ?? "quick", smallest));
  return { kind: "policy", numbers, metFrom: metFrom ?? control.metFrom ?? "quick", values };
}

const smallest = "the smallest budget at which it may say met";

const changedValue = (
  name: string,
  value: number | string,
  because: string,
  before: number | string | null,
  source: string,
): PolicyValue => ({
  name,
  value,
  source: "declared: policy",
  because,
  ...(before === null ? {} : { own: { value: before, source } }),
});

const remedyOf = (entry: PolicyEntry) => (entry.kind === "declared" ? entry.remedy : "Give it under `policy`.");

/** Whether each changed number exists in its control and is of its kind: a misspelt threshold would silently change nothing. */
export function checkPolicy(read: Read, { catalogue, entries }: Registry = builtIn): void {
  const changed = Object.entries(read.declaration.policy?.claims ?? {});
  const problems = changed.flatMap(([claim, { because: _, ...numbers }]) => {
    const found = entries.find(({ control }) => control.claim === claim);
    const names = found === undefined ? [] : [...entriesOf(found.control).map(([name]) => name), "metFrom"];
    if (!catalogue.claims.some(({ id }) => id === claim)) return [noClaim(claim, read.place(["policy", "claims", claim]), catalogue)];
    return Object.entries(numbers).flatMap(([name, value]) => {
      const place = read.place(["policy", "claims", claim, name]);
      if (found === undefined) {
        return [
          new Problem("POLICY_UNKNOWN", `no control measures ${claim} yet, so it has no ${name}`, {
            ...place,
            remedy: "Delete the line; `sextant controls` lists what is measured.",
          }),
        ];
      }
      if (!names.includes(name)) {
        const near = nearest(name, names);
        return [
          new Problem("POLICY_UNKNOWN", `${claim} has no policy value ${name}`, {
            ...place,
            remedy: near === null ? `It has ${names.join(", ")}.` : `Did you mean ${near}?`,
          }),
        ];
      }
      const right = name === "metFrom" ? budgets.includes(value as Budget) : typeof value === "number";
      return right
        ? []
        : [
            new Problem("POLICY_UNKNOWN", `${name} must be ${name === "metFrom" ? budgets.join(", ") : "a number"}`, {
              ...place,
              remedy: "Correct the value.",
            }),
          ];
    });
  });
  if (problems.length > 0) throw new Problems(problems);
}

/** Only where the project brings controls of its own does such a name come this far. */
function noClaim(claim: string, place: Place, { claims }: Catalogue): Problem {
  const near = nearest(
    claim,
    claims.map(({ id }) => id),
  );
  return new Problem("DECLARATION_REFERENCE", `there is no claim ${quoted(claim)}`, {
    ...place,
    remedy: near === null ? "`sextant controls --all` lists them." : `Did you mean ${quoted(near)}?`,
  });
}
