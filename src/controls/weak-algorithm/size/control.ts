import { declared, defineControl } from "../../define.ts";
import { modelBytes } from "../../needs/model-file.ts";
import { amount, mebibytes } from "../../shared/amounts.ts";
import { met, unmet } from "../../verdicts.ts";

/** Claims that the model's file, with the files that hold its tensors, is no larger than the declared limit. */
export const size = defineControl({
  claim: "weak-algorithm/size",
  needs: { bytes: modelBytes() },
  policy: {
    limitMiB: declared(
      "system.limits.sizeMiB",
      "Declare the largest that a model's file may be: `limits: { sizeMiB: 50 }` under `system`.",
      ({ system }) => system.declaration.system.limits?.sizeMiB ?? null,
    ),
  },

  measure: ({ bytes }) => ({ measures: [{ name: "size", value: bytes, unit: "bytes" }] }),

  judge({ measures }, { limitMiB }) {
    const limit = limitMiB * 2 ** 20;
    const decisive = measures.map((measure) => ({ measure, limit, better: "low" as const }));
    const bytes = measures[0]?.value ?? 0;
    const reason = `the model takes ${amount(bytes, mebibytes, limit)} (limit ${amount(limit, mebibytes)})`;
    if (bytes <= limit) return met(reason, { decisive });
    const remedy =
      "Make the model smaller: fewer or shallower trees, fewer units, or numbers of fewer bits; or declare a larger `limits.sizeMiB`.";
    return unmet(reason, { remedy, decisive });
  },
});
