import type { Assessment, Level, Outcome, Result } from "../../assess/index.ts";
import { levelsOf } from "../standing.ts";

/** What is compared: a claim on a subject. Its subject is null for a claim that nothing measured at all. */
export interface Line {
  readonly claim: string;
  readonly subject: string | null;
  readonly verdict: Outcome;
  readonly reason: string;
  /** Null where nothing that applies needs the claim. */
  readonly level: Level | null;
  readonly result: Result | null;
}

/** One line in both assessments; null where it stands in one alone. */
export interface Change {
  readonly claim: string;
  readonly subject: string | null;
  readonly before: Line | null;
  readonly after: Line | null;
}

/** Every claim on every subject of two assessments, in the order of the later one; lines that went come last. */
export function changesOf(before: Assessment, after: Assessment): readonly Change[] {
  const [old, now] = [linesOf(before), linesOf(after)];
  const met = new Set<string>();
  const changes = [...now].map(([key, line]): Change => {
    // What was measured of nothing then stands for every subject that it is measured of now.
    const found = old.has(key) ? key : keyOf(line.claim, null);
    met.add(found);
    return { claim: line.claim, subject: line.subject, before: old.get(found) ?? null, after: line };
  });
  const gone = [...old].filter(([key]) => !met.has(key)).map(([, line]) => line);
  return [...changes, ...gone.map((line): Change => ({ claim: line.claim, subject: line.subject, before: line, after: null }))];
}

const keyOf = (claim: string, subject: string | null) => JSON.stringify([claim, subject]);

function linesOf(assessment: Assessment): ReadonlyMap<string, Line> {
  const levelOf = levelsOf(assessment);
  const { results, cells, requirements } = assessment;
  const measured = new Set(results.map(({ claim }) => claim));
  const lines = results.map((result): Line => {
    const { claim, subject, verdict, reason } = result;
    return { claim, subject, verdict, reason, level: levelOf(claim), result };
  });
  const others = [...cells, ...requirements].flatMap(({ claims }) => claims.filter(({ id }) => !measured.has(id)));
  const without = others.map(
    ({ id, verdict, reason }): Line => ({ claim: id, subject: null, verdict, reason, level: levelOf(id), result: null }),
  );
  const found = new Map<string, Line>();
  for (const line of [...lines, ...without]) {
    const key = keyOf(line.claim, line.subject);
    const known = found.get(key);
    // A file from elsewhere may hold a line twice: the worse one counts.
    if (known === undefined || rank[line.verdict] > rank[known.verdict]) found.set(key, line);
  }
  return found;
}

const isRequired = (line: Line | null) => line?.level === "required";
const isUnmet = (line: Line | null) => line?.verdict === "unmet";
const isUndecided = (line: Line | null) => line?.verdict === "undecided" || line?.verdict === "unassessed";

/** Unmet now, and not before: or counting as required only now. */
export const isNewlyUnmet = ({ before, after }: Change): boolean =>
  isUnmet(after) && !(isUnmet(before) && (isRequired(before) || !isRequired(after)));

/** Neither decided nor excused by what stood there before: it was good, was not there, or was not required. */
export const isNewlyOpen = ({ before, after }: Change): boolean =>
  isUndecided(after) && (before === null || isGood(before.verdict) || (isRequired(after) && !isRequired(before)));

const isGood = (verdict: Outcome) => verdict === "met" || verdict === "inapplicable";

export const isFixed = ({ before, after }: Change): boolean => isUnmet(before) && after?.verdict === "met";
export const isStillUnmet = (change: Change): boolean => isUnmet(change.after) && !isNewlyUnmet(change);
/** Was unmet, and is now neither met nor unmet, or not there: no proof that anything was mended. */
export const isUnshown = ({ before, after }: Change): boolean => isUnmet(before) && !isUnmet(after) && after?.verdict !== "met";

/** The exit code against a baseline, the first that holds: a control errored (3), something required is newly unmet (1), or newly undecided or unassessed (4). */
export function exitAgainst(before: Assessment, after: Assessment): Assessment["exit"] {
  if (after.exit.code === 3) return after.exit;
  const required = changesOf(before, after).filter((change) => isRequired(change.after));
  const unmet = required.filter(isNewlyUnmet).length;
  if (unmet > 0) return { code: 1, why: `required and newly unmet: ${counted(unmet)}` };
  const open = required.filter(isNewlyOpen).length;
  if (open > 0) return { code: 4, why: `required and newly undecided or unassessed: ${counted(open)}` };
  return { code: 0, why: "nothing required is newly open" };
}

const counted = (count: number) => `${count} ${count === 1 ? "result" : "results"}`;

/** From good to bad: what is not shown is worse than what is met, what is proved wrong the worst. */
const rank: Readonly<Record<Outcome, number>> = { met: 0, inapplicable: 0, undecided: 1, unassessed: 1, errored: 2, unmet: 3 };

/** Whether a line got worse, or came and is bad; a claim that nothing needs counts as well. */
export const isWorse = ({ before, after }: Change): boolean =>
  after !== null && rank[after.verdict] > (before === null ? 0 : rank[before.verdict]);

/** How many findings came and went; null where they cannot be told apart: another artefact, or not all of them kept. */
export function findingsTurned(
  change: Change,
  before: Assessment,
  after: Assessment,
): { readonly added: number; readonly removed: number } | null {
  const [a, b] = [change.before?.result, change.after?.result];
  if (a === undefined || a === null || b === undefined || b === null) return null;
  if ([a, b].some(({ findings, findingsTotal }) => findings.length < findingsTotal)) return null;
  const digests = (of: Assessment) => new Map(of.artefacts.map(({ id, digest }) => [id, digest]));
  const [old, now] = [digests(before), digests(after)];
  if ([...a.findings, ...b.findings].some(({ artefact }) => old.get(artefact) !== now.get(artefact))) return null;
  const keys = ({ findings }: Result) => findings.map(({ artefact, row, reason }) => JSON.stringify([artefact, row, reason]));
  return { added: missingIn(keys(a), keys(b)), removed: missingIn(keys(b), keys(a)) };
}

/** How many of the second list the first has not. */
function missingIn(list: readonly string[], of: readonly string[]): number {
  const known = new Set(list);
  return new Set(of.filter((key) => !known.has(key))).size;
}
