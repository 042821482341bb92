import type { Digest } from "../base/index.ts";
import type { Budget, Finding, Measure, Series, Unit, Verdict, VerdictName } from "../controls/index.ts";

/** Of a result: a verdict, or why there is none. */
export type Outcome = VerdictName | "errored" | "unassessed";
/** Of a cell or a requirement. */
export type Status = Outcome;
/** Whether policy asks for it or recommends it. */
export type Level = "required" | "recommended";

/** Where something stands in the declaration, both from 1. */
export interface Declared {
  readonly line: number;
  readonly column: number;
}

/** A file or an answering model that was assessed. */
export interface Artefact {
  readonly id: string;
  readonly kind: string;
  readonly digest: Digest;
  readonly about: string;
  /** From the folder of sextant.yaml, where it is one file and `digest` that file's own. */
  readonly path?: string;
  /** Of a CSV in which each row is a line: row r stands r lines below this one. */
  readonly firstRowLine?: number;
  /** Of a table of several files: their rows, in the order in which they follow each other. */
  readonly files?: readonly { readonly name: string; readonly rows: number }[];
  /** Where the declaration names it. */
  readonly declared?: Declared;
}

/** The words of a claim that is the project's own; the catalogue has those of all others. */
export interface OwnWords {
  readonly words?: { readonly title: string; readonly says: string; readonly wants: string; readonly owner: string };
}

/** One control on one subject (a model with a dataset, a dataset, or the system). */
export interface Result extends OwnWords {
  readonly control: string;
  readonly claim: string;
  /** What it speaks of, in words: `boosted on applicants`. */
  readonly subject: string;
  readonly model?: string;
  readonly dataset?: string;
  readonly artefacts: readonly string[];
  readonly cells: readonly { readonly threat: string; readonly stage: string }[];
  readonly requirements: readonly string[];
  readonly verdict: Outcome;
  readonly reason: string;
  readonly remedy: string | null;
  readonly measures: readonly Measure[];
  readonly findings: readonly Finding[];
  readonly findingsTotal: number;
  readonly series: readonly Series[];
  /** Files beside the evidence, by their content: all of them. */
  readonly attachments: readonly Digest[];
  /** Those of them that are PNG pictures, each with what it shows. */
  readonly pictures: readonly { readonly says: string; readonly digest: Digest }[];
  readonly decisive: NonNullable<Verdict["decisive"]>;
  /** Each number the judgement used, and where it comes from; `because` when the declaration changed it. */
  readonly policy: readonly PolicyValue[];
  /** When it was measured: earlier than the assessment when it was kept. Null when it was not. */
  readonly measuredAt: string | null;
  /** The content-addressed evidence file. */
  readonly evidence: Digest | null;
  readonly seed: number | null;
  /** What was spent on it, where the effort counts; null where it does not. */
  readonly budget: Budget | null;
  readonly cached: boolean;
  readonly milliseconds: number;
  /** Where the declaration says what this is about: its limit, its model, its dataset, or the system. */
  readonly declared?: Declared;
}

/** A number that a verdict used. */
export interface PolicyValue {
  readonly name: string;
  readonly value: number | string;
  /** Of `value`, and of its own before; absent where it has none, or not always the same. */
  readonly unit?: Unit;
  readonly source: string;
  /** Why the declaration changed it. */
  readonly because?: string;
  /** What it was before the declaration changed it; absent where there was nothing. */
  readonly own?: { readonly value: number | string; readonly source: string };
}

/** A claim of a cell or requirement: the worst of its results. */
export interface ClaimState extends OwnWords {
  readonly id: string;
  /** The control that implements it; null while there is none. */
  readonly control: string | null;
  readonly verdict: Outcome;
  readonly reason: string;
}

/** A threat at a stage: whether it stands, why, and how its claims stand. */
export interface CellState {
  readonly threat: string;
  readonly stage: string;
  readonly applies: boolean;
  readonly why: string;
  readonly level: Level;
  /** Why policy lowered the level. */
  readonly levelBecause?: string;
  readonly status: Status;
  readonly claims: readonly ClaimState[];
}

/** A requirement of the catalogue: whether it applies, why, and how its claims stand. */
export interface RequirementState {
  readonly id: string;
  readonly level: Level;
  readonly stakeholder: string;
  readonly stage: string;
  readonly applies: boolean;
  readonly why: string;
  readonly status: Status;
  readonly claims: readonly ClaimState[];
}

/** What to do next, worst first: one line for a person in a role. */
export interface NextStep extends OwnWords {
  readonly stakeholder: string;
  /** The declared person in that role, when there is one. */
  readonly person: string | null;
  /** A claim or requirement id. */
  readonly id: string;
  readonly outcome: Outcome;
  readonly what: string;
  readonly remedy: string | null;
}

/** The JSON of an assessment: the contract with scripts. Extend it, don't break it. */
export interface Assessment {
  readonly schema: "sextant/assessment@1";
  readonly catalogue: { readonly id: string; readonly version: string; readonly name: string };
  readonly tool: { readonly name: string; readonly version: string };
  readonly system: { readonly name: string; readonly purpose: string | null };
  readonly seed: number;
  readonly budget: Budget;
  readonly startedAt: string;
  readonly finishedAt: string;
  /** The declaration's file name, in the folder that every path starts from. */
  readonly declaration?: string;
  readonly artefacts: readonly Artefact[];
  readonly results: readonly Result[];
  /** All 27, whatever ran. */
  readonly cells: readonly CellState[];
  /** All 19. */
  readonly requirements: readonly RequirementState[];
  readonly next: readonly NextStep[];
  /** Filled by the risk register, which has its own release. */
  readonly risks: readonly never[];
  readonly exit: { readonly code: 0 | 1 | 3 | 4; readonly why: string };
}
