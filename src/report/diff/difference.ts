import type { Assessment, Level, Outcome, Result, Status } from "../../assess/index.ts";
import { type Change, changesOf, findingsTurned, isWorse } from "./changes.ts";

type Measure = Result["measures"][number];

interface Side<T> {
  readonly before: T | null;
  readonly after: T | null;
}

export interface Verdicts extends Side<Outcome> {
  readonly claim: string;
  readonly subject: string | null;
  readonly level: Level | null;
  readonly worse: boolean;
  readonly reason: string | null;
}

export interface Moved {
  readonly claim: string;
  readonly subject: string;
  readonly before: Measure;
  readonly after: Measure;
  /** Whether the intervals have no number in common; null where one of the two has none. */
  readonly apart: boolean | null;
}

/** What differs between two assessments: the JSON of `sextant diff`. */
export interface Difference {
  readonly schema: "sextant/diff@1";
  readonly systems: Side<string>;
  readonly finishedAt: Side<string>;
  /** Catalogue, tool, budget and seed, where they differ. */
  readonly conditions: readonly ({ readonly name: string } & Side<string>)[];
  readonly exit: Side<number>;
  readonly verdicts: readonly Verdicts[];
  readonly findings: readonly {
    readonly claim: string;
    readonly subject: string | null;
    readonly added: number;
    readonly removed: number;
  }[];
  readonly cells: readonly ({ readonly id: string } & Side<Status>)[];
  readonly requirements: readonly ({ readonly id: string } & Side<Status>)[];
  readonly measures: readonly Moved[];
  readonly artefacts: readonly ({ readonly id: string } & Side<string>)[];
  /** Limits and levels. */
  readonly policy: readonly ({ readonly id: string } & Side<string>)[];
  readonly worsened: boolean;
}

export function differenceOf(before: Assessment, after: Assessment): Difference {
  const changes = changesOf(before, after);
  const verdicts = changes.filter((change) => change.before?.verdict !== change.after?.verdict).map(verdictsOf);
  const both = <T>(read: (assessment: Assessment) => T): Side<T> => ({ before: read(before), after: read(after) });
  const turned = (read: (assessment: Assessment) => readonly (readonly [string, string])[]) => turnedIn(read(before), read(after));
  return {
    schema: "sextant/diff@1",
    systems: both(({ system }) => system.name),
    finishedAt: both(({ finishedAt }) => finishedAt),
    conditions: turned(conditionsOf).map(({ id, ...sides }) => ({ name: id, ...sides })),
    exit: both(({ exit }) => exit.code),
    verdicts,
    findings: changes.flatMap((change) => {
      const { added, removed } = findingsTurned(change, before, after) ?? { added: 0, removed: 0 };
      return added + removed === 0 ? [] : [{ claim: change.claim, subject: change.subject, added, removed }];
    }),
    cells: turned(({ cells }) => cells.map(({ threat, stage, status }) => [`${threat}/${stage}`, status])) as Difference["cells"],
    requirements: turned(({ requirements }) => requirements.map(({ id, status }) => [id, status])) as Difference["requirements"],
    measures: changes.flatMap(movedIn),
    artefacts: turned(({ artefacts }) => artefacts.map(({ id, digest }) => [id, digest])),
    policy: turned(policyOf),
    worsened: changes.some(isWorse),
  };
}

const verdictsOf = (change: Change): Verdicts => ({
  claim: change.claim,
  subject: change.subject,
  level: (change.after ?? change.before)?.level ?? null,
  before: change.before?.verdict ?? null,
  after: change.after?.verdict ?? null,
  worse: isWorse(change),
  reason: change.after?.reason ?? null,
});

const conditionsOf = ({ catalogue, tool, budget, seed }: Assessment): [string, string][] => [
  ["catalogue", `${catalogue.id} ${catalogue.version}`],
  ["tool", `${tool.name} ${tool.version}`],
  ["budget", budget],
  ["seed", String(seed)],
];

function policyOf({ results, cells }: Assessment): [string, string][] {
  const limits = results.flatMap(({ claim, subject, policy }) =>
    policy.map(({ name, value }): [string, string] => [`${claim} ${name} (${subject})`, String(value)]),
  );
  return [...limits, ...cells.map(({ threat, stage, level }): [string, string] => [`${threat}/${stage} level`, level])];
}

/** What has another value than before, came or went, by id. */
function turnedIn(before: readonly (readonly [string, string])[], after: readonly (readonly [string, string])[]) {
  const [old, now] = [new Map(before), new Map(after)];
  return [...new Set([...now.keys(), ...old.keys()])]
    .map((id) => ({ id, before: old.get(id) ?? null, after: now.get(id) ?? null }))
    .filter((each) => each.before !== each.after);
}

/** The measures of one claim on one subject that moved; those that stand on one side alone are no movement. */
function movedIn({ claim, before, after }: Change): Moved[] {
  if (!before?.result || !after?.result) return [];
  const old = keyed(before.result.measures);
  const subject = after.result.subject;
  return [...keyed(after.result.measures)].flatMap(([key, now]) => {
    const then = old.get(key);
    const same = then === undefined || (then.value === now.value && then.low === now.low && then.high === now.high);
    return same ? [] : [{ claim, subject, before: then, after: now, apart: apart(then, now) }];
  });
}

/** By what a measure is of; the second of the same kind is met with the second. */
function keyed(measures: readonly Measure[]): ReadonlyMap<string, Measure> {
  const seen = new Map<string, number>();
  return new Map(
    measures.map((measure) => {
      const key = JSON.stringify([measure.name, measure.unit, Object.entries(measure.of ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))]);
      const count = (seen.get(key) ?? 0) + 1;
      seen.set(key, count);
      return [`${key} ${count}`, measure];
    }),
  );
}

/** An open end reaches as far as there are numbers. */
function apart(a: Measure, b: Measure): boolean | null {
  if ([a, b].some(({ low, high }) => low === undefined && high === undefined)) return null;
  const [low, high] = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];
  return (a.high ?? high) < (b.low ?? low) || (b.high ?? high) < (a.low ?? low);
}
