import type { Missing, Node, Scope } from "../../define.ts";
import { ofDataset, value } from "../splits.ts";

/** How large a change is at most: in this norm, on a scale from 0 to 1. */
export interface Size {
  readonly norm: "linf" | "l2" | "l1" | "l0";
  readonly eps: number;
}

/** What others declare, with where they do. */
const usual = {
  pictures:
    "usual are `{ norm: linf, eps: 0.031 }` (8 of 255) and `{ norm: l2, eps: 0.5 }` for colours of 32x32, `{ norm: linf, eps: 0.016 }` (4 of 255) for 224x224 (RobustBench, Croce et al. 2021), `{ norm: linf, eps: 0.3 }` for digits and 0.1 for clothes of 28x28 in grey (Madry et al. 2018; Wong and Kolter 2018)",
  tables: "usual is `{ norm: l2, eps: 0.5 }` (TabularBench, Simonetto et al. 2024); better is what somebody could really change",
};

export const hasPictures = ({ dataset }: Scope): boolean => dataset?.columns.some(({ kind }) => kind === "image") ?? false;

/** The declared size of change; what to write where there is none. */
export const sizeNode = (scope: Scope): Node | Missing =>
  ofDataset(scope.dataset, ({ id, declared: { changes } }) => {
    const { norm, eps } = changes?.size ?? {};
    if (norm !== undefined && eps !== undefined) return value({ norm, eps });
    return {
      missing: `dataset ${id} declares no size of change`,
      remedy: `Say how large a change the model should withstand, as \`changes: { size: { norm: ..., eps: ... } }\` under the dataset: ${usual[hasPictures(scope) ? "pictures" : "tables"]}.`,
    };
  });

/** Columns that worst-case changes leave alone: those that nobody can change, as declared, and texts, between which there is no distance. */
export const frozenNode = (scope: Scope): Node | Missing =>
  ofDataset(scope.dataset, ({ columns, declared: { changes } }) => {
    const immutable = Object.entries(changes?.columns ?? {}).flatMap(([name, change]) => (change.immutable === true ? [name] : []));
    const texts = columns.filter(({ kind }) => kind === "text" || kind === "boolean").map(({ name }) => name);
    return value([...new Set([...immutable, ...texts])].sort());
  });

/** Columns that fill inputs of whole numbers: a fraction there is no row that the model takes. */
export function wholeNode({ model, dataset }: Scope): Node {
  const binding = dataset === undefined ? undefined : model?.bindings[dataset.id];
  if (binding === undefined || binding.kind === "predictions") return value([]);
  const ports = new Map(model?.file?.facts.inputs.map(({ name, type }) => [name, type]));
  const isWhole = (each: { readonly input: string; readonly holds?: string }) =>
    each.holds === undefined ? /int|bool/.test(ports.get(each.input) ?? "") : each.holds === "wholes" || each.holds === "booleans";
  const inputs: readonly { readonly input: string; readonly columns: readonly string[]; readonly holds?: string }[] = binding.inputs;
  return value([...new Set(inputs.filter(isWhole).flatMap(({ columns }) => columns))]);
}
