import { type Cell, catalogue, evaluate, type Facts } from "../catalogue/index.ts";
import type { Declaration } from "./schema.ts";

type Truth = boolean | null;

/** Whether a threat stands at a stage, and the declared facts that say so. */
export interface Threatened extends Pick<Cell, "threat" | "stage"> {
  readonly applies: boolean;
  readonly why: string;
}

/** Every cell of the catalogue, in its order. */
export function threatsOf(declaration: Declaration): readonly Threatened[] {
  const facts = factsOf(declaration);
  return catalogue.cells.map(({ threat, stage, when }) => {
    const { applies, why } = evaluate(when, facts);
    return { threat, stage, applies, why };
  });
}

/** The catalogue's facts as far as the declaration tells; null is unknown. No file is looked at. */
export function factsOf({ system, datasets, models, services }: Declaration): Facts {
  const whom = system.affects?.whom ?? null;
  return {
    "affects-people": whom === null ? null : whom === "people",
    "affects-anyone": whom === null ? null : whom !== "nobody",
    "personal-data": someOf(datasets, ({ personal }) => personal ?? null),
    "confidential-data": someOf(datasets, ({ confidential }) => confidential ?? null),
    "holds-training-data": holdsTrainingData(datasets),
    "others-data": someOf(datasets, ({ sources }) => someOf(sources, ({ by }) => (by === undefined ? null : by !== "ourselves"))),
    "others-base-model": someOf(models, ({ base }) => madeByOthers(base)),
    "has-service": services === undefined ? null : services.length > 0,
    "strangers-query": ofServices(services, ({ callers }) =>
      callers === undefined ? null : callers === "strangers" || callers === "customers",
    ),
    "answers-scores": ofServices(services, ({ answers }) => (answers === undefined ? null : answers === "scores")),
    "feedback-trains": ofServices(services, ({ feedback }) => feedback ?? null),
    "learns-in-operation": someOf(models, ({ learns }) => learns ?? null),
  };
}

type Listed<K extends keyof Declaration> = NonNullable<Declaration[K]> extends readonly (infer T)[] ? T : never;

/** Whether it holds for one of them. A list that is empty or left out tells nothing: what was used may not be listed. */
function someOf<T>(items: readonly T[] | undefined, holds: (item: T) => Truth): Truth {
  if (items === undefined || items.length === 0) return null;
  const truths = items.map(holds);
  return truths.includes(true) ? true : truths.includes(null) ? null : false;
}

/** The same, but an empty list, written out, says that no model is in use: then nothing is asked and nothing answers. */
const ofServices = (services: Declaration["services"], holds: (service: Listed<"services">) => Truth): Truth =>
  services?.length === 0 ? false : someOf(services, holds);

function holdsTrainingData(datasets: Declaration["datasets"]): Truth {
  if (datasets?.length === 0) return false;
  return datasets?.some(({ splits }) => splits.train !== undefined) ? true : null;
}

function madeByOthers(base: Listed<"models">["base"]): Truth {
  if (base === undefined) return null;
  if (base === "none") return false;
  return base.by === undefined ? null : base.by === "others";
}
