import { type TextOptions, terminal, wrapped } from "./terminal.ts";
import { textMatrix } from "./text-matrix.ts";
import { matrixOf, plural } from "./words.ts";

/** Whether a threat stands at a stage, and why. */
export interface Standing {
  readonly threat: string;
  readonly stage: string;
  readonly applies: boolean;
  readonly why: string;
}

const yes = "●";
const no = "–";

/** Which threats stand at which stage, then the reasons, those for not applying first. Ends with a newline. */
export function renderThreats(standings: readonly Standing[], options: TextOptions): string {
  const screen = terminal(options);
  const matrix = matrixOf(standings);
  const applying = standings.filter(({ applies }) => applies).length;
  const reasons = (applies: boolean) => reasonsOf(standings.filter((each) => each.applies === applies));
  const section = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : ["", screen.paint("bold", title), ...lines]);

  function reasonsOf(these: readonly Standing[]): string[] {
    const whys = [...new Set(these.map(({ why }) => why))];
    return whys.flatMap((why) => {
      const places = these.filter((each) => each.why === why).map(({ threat, stage }) => `${threat}/${stage}`);
      const indented = (text: string, by: number) => wrapped(text, screen.columns - by).map((line) => " ".repeat(by) + line);
      return [...indented(why, 2), ...indented(places.join(", "), 4).map((line) => screen.paint("dim", line))];
    });
  }

  const mark = ({ applies }: Standing) =>
    applies
      ? { text: yes, paint: (text: string) => screen.paint("yellow", text) }
      : { text: no, paint: (text: string) => screen.paint("dim", text) };
  return [
    ...textMatrix(matrix, mark, screen),
    "",
    ...wrapped(
      `${yes} applies ${applying} · ${no} does not apply ${standings.length - applying} · of ${plural(standings.length, "place")}`,
      screen.columns,
    ),
    ...section("Does not apply", reasons(false)),
    ...section("Applies", reasons(true)),
    "",
  ].join("\n");
}
