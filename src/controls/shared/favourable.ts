import { Problem, quoted } from "../../base/index.ts";
import { classIndex } from "../../models/index.ts";

/** The class that the declared favourable label names, as the label column's values are matched: `1` is `1.0`, and `true` is `1`. Throws MODEL_CLASSES_MISMATCH when there is none. */
export function favourableIndex(classes: readonly string[], favourable: string): number {
  const index = classIndex(classes)(favourable);
  if (index !== undefined) return index;
  throw new Problem("MODEL_CLASSES_MISMATCH", `the favourable label ${quoted(favourable)} is none of the model's classes`, {
    remedy: `Declare one of them as \`favourable\`: ${classes
      .slice(0, 8)
      .map((name) => quoted(name, 40))
      .join(", ")}.`,
  });
}
