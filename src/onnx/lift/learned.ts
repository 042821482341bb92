/** ai.onnx.ml: LabelEncoder is the one operator of it that was written otherwise. */
import { int, intOf, ints, text, textOf, texts, textsOf } from "../attributes.ts";
import type { Attribute } from "../program.ts";
import type { Change, Row } from "./change.ts";
import { withAttributes } from "./making.ts";

/** A list of classes stood for both ways between texts and their places. */
const labelEncoder: Change = (of, site) => {
  const classes = textsOf(of, "classes_strings");
  if (classes === undefined) return [of];
  const { element } = site.factOf(of.inputs[0] ?? "");
  if (element !== "string" && element !== "int64")
    throw site.impossible(of, "whether its input is texts or numbers is not written in the file");
  const places = ints(classes.map((_, at) => at));
  const tables: Readonly<Record<string, Attribute>> =
    element === "string"
      ? { keys_strings: texts(classes), values_int64s: places, default_int64: int(intOf(of, "default_int64", -1)) }
      : { keys_int64s: places, values_strings: texts(classes), default_string: text(textOf(of, "default_string", "_Unused")) };
  return [withAttributes(of, { classes_strings: null, default_int64: null, default_string: null, ...tables })];
};

export const learned: readonly Row[] = [["LabelEncoder", 2, labelEncoder]];
