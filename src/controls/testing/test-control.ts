import { describe, expect, it } from "vitest";
import { measuredSchema } from "../../assess/measurement.ts";
import { type Random, seededRandom } from "../../base/index.ts";
import { clopperPearson } from "../../tensor/index.ts";
import type { Control, Needs, Policy, PolicyEntry, PolicyNumbers, Seen } from "../define.ts";
import type { Measured, Verdict } from "../measured.ts";

/** What a control sees in one case, beside what the reason or the policy must be. */
type Case<N extends Needs, P extends Policy> = Seen<N> & {
  readonly reason?: RegExp;
  readonly remedy?: RegExp;
  readonly policy?: Partial<PolicyNumbers<P>>;
  readonly called?: string;
};

interface Cases<N extends Needs, P extends Policy> {
  readonly met?: readonly Case<N, P>[];
  readonly unmet?: readonly Case<N, P>[];
  readonly undecided?: readonly Case<N, P>[];
  readonly inapplicable?: readonly Case<N, P>[];
  /** Both ways, over 200 seeds: an effect of the stated size is found (unmet) at least this often, and a null is called unmet no more often than `falseAlarms`. */
  readonly planted?: {
    readonly effect: (random: Random) => Seen<N>;
    readonly null: (random: Random) => Seen<N>;
    readonly found: number;
    readonly falseAlarms: number;
    readonly policy?: Partial<PolicyNumbers<P>>;
  };
  /** Numbers for what only a declaration can give. */
  readonly policy?: Partial<PolicyNumbers<P>>;
}

const now = new Date("2026-01-01T00:00:00Z");
const seeds = 200;

/** Runs a control's cases as a table; each is measured and judged exactly as the engine does it. */
export function testControl<N extends Needs, P extends Policy>(control: Control<N, P>, cases: Cases<N, P>): void {
  const judged = async (needs: Seen<N>, policy: Partial<PolicyNumbers<P>> = {}) => {
    const measured = await control.measure(needs);
    return { measured, verdict: control.judge(asStored(measured), { ...defaultsOf(control), ...cases.policy, ...policy }, now) };
  };

  describe(control.claim, () => {
    for (const verdict of ["met", "unmet", "undecided", "inapplicable"] as const) {
      for (const [at, { reason, remedy, policy, called, ...needs }] of (cases[verdict] ?? []).entries()) {
        it(`is ${verdict}: ${called ?? `case ${at + 1}`}`, async () => {
          const { verdict: given } = await judged(needs as unknown as Seen<N>, policy);
          expect(given.verdict, given.reason).toBe(verdict);
          if (reason !== undefined) expect(given.reason).toMatch(reason);
          if (remedy !== undefined) expect(given.remedy).toMatch(remedy);
          if (verdict === "undecided") expect(given.remedy, "an undecided verdict says what would decide").toBeTruthy();
        });
      }
    }
    if (cases.planted === undefined) return;
    const { effect, null: none, found, falseAlarms, policy } = cases.planted;
    it(`finds a planted effect, and not a null, over ${seeds} seeds`, async () => {
      const unmet = async (make: (random: Random) => Seen<N>, label: string) => {
        const verdicts: Verdict[] = [];
        for (let seed = 0; seed < seeds; seed++) verdicts.push((await judged(make(seededRandom(seed, label)), policy)).verdict);
        return clopperPearson(verdicts.filter(({ verdict }) => verdict === "unmet").length, seeds, 0.99);
      };
      expect((await unmet(effect, "effect"))?.high, "share of planted effects found").toBeGreaterThanOrEqual(found);
      expect((await unmet(none, "null"))?.low, "share of nulls called unmet").toBeLessThanOrEqual(falseAlarms);
    });
  });
}

/** Evidence is JSON of a strict shape: what does not survive it cannot be judged. */
const asStored = (measured: Measured): Measured => measuredSchema.parse(JSON.parse(JSON.stringify(measured)));

function defaultsOf<N extends Needs, P extends Policy>({ policy }: Control<N, P>): PolicyNumbers<P> {
  const numbers = Object.entries<PolicyEntry>(policy).flatMap(([name, entry]) =>
    entry.kind === "number" ? [[name, entry.value] as const] : [],
  );
  return Object.fromEntries(numbers) as PolicyNumbers<P>;
}
