import { quoted } from "../../../base/index.ts";
import { classIndex, labelKey } from "../../../models/index.ts";
import { type Guess, phraseOf, said } from "../columns.ts";

/** Labels that people wish for wherever they stand. "Yes" is none: it may be the answer to "fraud?". */
const wished =
  /^(good|approved?|granted?|accept(ed)?|admit(ted)?|hired?|offer(ed)?|eligible|qualified|pass(ed)?|(re)?paid|fully paid|selected|invited|promoted)$/i;

/** Columns of yes and no whose yes is wished for. */
const wishedFor =
  /\b(approved|approval|granted|accepted|admitted|hired|eligible|qualified|passed|repaid|selected|invited|promoted|survived)\b/;

/** The label that people wish for, where the words tell beyond doubt; else null: fairness turns round with a wrong one. */
export function favourableOf(label: string, values: readonly string[] | null, given: string | undefined): Guess | null {
  if (given !== undefined) {
    const at = values === null ? undefined : classIndex(values)(given);
    return { name: at === undefined ? given : (values?.[at] ?? given), why: said };
  }
  if (values?.length !== 2) return null;
  const named = values.filter((value) => wished.test(value.trim()));
  if (named.length === 1 && named[0] !== undefined) return { name: named[0], why: `${quoted(named[0], 40)} is what people wish for` };
  const yes = values.find((value) => labelKey(value) === "1" || /^(yes|y)$/i.test(value.trim()));
  if (yes === undefined || !wishedFor.test(phraseOf(label))) return null;
  return { name: yes, why: `the label is called ${quoted(label, 40)}` };
}
