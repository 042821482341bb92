import type { Assessment, Ended, Planned, Progress } from "../assess/index.ts";
import * as spine from "../assess/index.ts";
import type { Budget } from "../controls/index.ts";
import { readDeclaration } from "../declaration/index.ts";
import { type ReportFormat, reportFormats } from "../report/index.ts";
import { checkArguments } from "./arguments.ts";

/** What happens while an assessment runs: `progress` often, `ended` once for each control on each subject. */
export type AssessEvent = ({ readonly kind: "progress" } & Progress) | ({ readonly kind: "ended" } & Ended);

/** What to assess, with how much effort, and who is told. */
export interface AssessOptions {
  /** How much to spend; `quick` unless said. */
  readonly budget?: Budget;
  /** Where random numbers start; left out, the declaration's seed, or 0. */
  readonly seed?: number;
  /** Measure these claims, threats, cells (`threat/stage`) or requirements alone. */
  readonly only?: readonly string[];
  /** Measure what serves these stages alone. */
  readonly stages?: readonly string[];
  /** Measure again even what is known. */
  readonly fresh?: boolean;
  /** Stops the assessment: what was measured stays, and the next run goes on from there. `assess` then rejects with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Told what happens, while it happens. What it throws ends the assessment. */
  readonly on?: (event: AssessEvent) => void;
}

/**
 * Assesses the system that `sextant.yaml` in `folder` (or that file itself) declares, as `sextant assess` does: evidence is kept in `.sextant/` beside it,
 * and what was measured before on the same artefacts is not measured again. Data and models are read in a child process, whose limits the environment
 * variables SEXTANT_MEMORY_MIB and SEXTANT_TIMEOUT_S change.
 *
 * @throws {@link Problem} or {@link Problems} where the declaration or what it names is wrong; the signal's reason once it is aborted; what `on` throws. A control
 * that fails is no throw: its result is `errored`.
 */
export async function assess(folder: string, options: AssessOptions = {}): Promise<Assessment> {
  checkArguments({ folder, options });
  const heard = hearing(options);
  const assessment = await spine.assess(await readDeclaration(folder), settingsOf(heard.options));
  heard.throwIfFailed();
  return assessment;
}

/** What {@link assess} would measure, take as known, or miss; nothing runs. */
export async function plan(folder: string, options: AssessOptions = {}): Promise<readonly Planned[]> {
  checkArguments({ folder, options });
  return spine.planOf(await readDeclaration(folder), settingsOf(options));
}

/** The last assessment of the system in `folder`; null before the first. */
export async function lastAssessment(folder: string): Promise<Assessment | null> {
  checkArguments({ folder });
  return spine.lastAssessment((await readDeclaration(folder)).root);
}

/** An assessment as a document: the same as `sextant report --format`, without colours. */
export async function report(assessment: Assessment, format: ReportFormat): Promise<string> {
  checkArguments({ assessment, format });
  return reportFormats[format](assessment, { colour: false, steps: Number.POSITIVE_INFINITY });
}

/** What the listener throws stops the assessment, wherever it was called from, and is what `assess` rejects with. */
function hearing({ on = () => undefined, signal, ...options }: AssessOptions): { readonly options: AssessOptions; throwIfFailed(): void } {
  const failure = new AbortController();
  const heard = (event: AssessEvent) => {
    try {
      on(event);
    } catch (error) {
      failure.abort(error);
    }
  };
  const stopping = AbortSignal.any([failure.signal, ...(signal === undefined ? [] : [signal])]);
  return { options: { ...options, on: heard, signal: stopping }, throwIfFailed: () => failure.signal.throwIfAborted() };
}

function settingsOf({
  budget = "quick",
  seed,
  only = [],
  stages = [],
  fresh = false,
  signal,
  on = () => undefined,
}: AssessOptions): spine.AssessOptions {
  return {
    budget,
    seed,
    fresh,
    signal,
    selection: { only, stages },
    limits: spine.limitsFrom(process.env, budget),
    now: () => new Date(),
    progress: (event) => on({ kind: "progress", ...event }),
    ended: (event) => on({ kind: "ended", ...event }),
  };
}
