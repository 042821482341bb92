import type { ColumnFacts } from "../../data/index.ts";
import type { Binding } from "../bind.ts";
import type { OnnxBinding, Port } from "../model.ts";
import { own } from "../own.ts";
import { preparationOf } from "./preparation.ts";

/** The input as pictures fill it: where it is declared so, or is of a picture's shape and the dataset has one column of pictures. Null where it is none; undefined after a problem. */
export function bindPicture(binding: Binding, port: Port): OnnxBinding["inputs"][number] | null | undefined {
  const column = columnFor(binding, port);
  if (column === undefined) return null;
  const image = preparationOf(binding, port, column);
  return image === null ? undefined : { input: port.name, columns: [column.name], image };
}

function columnFor({ declared, facts }: Binding, port: Port): ColumnFacts | undefined {
  const pictures = declared.columns.filter(({ kind }) => kind === "image");
  const named = own(declared.inputs ?? {}, port.name);
  if (named !== undefined)
    return pictures.find(({ name }) => name === (typeof named === "string" ? named : named.length === 1 ? named[0] : ""));
  const isAlone = facts.inputs.length === 1 && (declared.features === undefined || declared.features.length === 1);
  return pictures.length === 1 && (port.shape.length > 2 || isAlone) && port.type !== "string" ? pictures[0] : undefined;
}
