import { type MetricName, metrics } from "../../tensor/index.ts";
import type { Missing, Need, Scope } from "../define.ts";
import { lackOf } from "./model.ts";
import { value } from "./splits.ts";

/** What counts as success. */
export interface Success {
  readonly metric: MetricName;
  /** The class that measures of one class speak of: the favourable label, where one is declared. */
  readonly favourable: string | null;
}

const planned = (scope: Scope, metric: MetricName) => {
  const lack = metrics[metric].needsScores ? lackOf(scope, ["scores"]) : null;
  if (lack !== null) return { ...lack, missing: `${lack.missing}, and ${metric} needs them` };
  const { favourable } = scope.dataset?.declared ?? {};
  return value({ metric, favourable: favourable === undefined ? null : String(favourable) });
};

const undeclared: Missing = {
  missing: "the declaration names no measure of success",
  remedy: "Declare it with its target under `system`: `success: { metric: balanced-accuracy, target: 0.75 }`.",
};

/** The declared measure of success. */
export const success = (): Need<Success> => ({
  per: "model",
  plan: (scope) => {
    const metric = scope.system.declaration.system.success?.metric;
    return metric === undefined ? undeclared : planned(scope, metric);
  },
  view: (seen) => seen as Success,
});

/** The declared measure of success, or balanced accuracy, which no rare class is lost in. `without` names a measure that cannot serve: balanced accuracy stands in. */
export const successOrBalance = ({ without }: { without?: MetricName } = {}): Need<Success> => ({
  per: "model",
  plan: (scope) => {
    const metric = scope.system.declaration.system.success?.metric ?? "balanced-accuracy";
    return planned(scope, metric === without ? "balanced-accuracy" : metric);
  },
  view: (seen) => seen as Success,
});
