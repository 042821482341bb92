import { centred, fitted, padded, type Terminal, widthOf } from "./terminal.ts";
import type { Head, Matrix } from "./words.ts";

/** What stands in one cell: plain text, and how to paint it once it is padded. */
export interface Mark {
  readonly text: string;
  paint(text: string): string;
}

const longestTitle = 26;
const indent = 2;
const gap = 3;

/** Threats by stages. Stages that don't fit side by side follow in a block below. */
export function textMatrix<C>(matrix: Matrix<C>, markOf: (cell: C) => Mark, { columns, paint }: Terminal): string[] {
  const titles = Math.min(longestTitle, Math.floor(columns / 2) - indent, Math.max(...matrix.threats.map(({ title }) => widthOf(title))));
  const widths = matrix.stages.map(({ short }) => Math.max(5, Math.min(16, widthOf(short))));
  const fitting = blocks(widths, columns - titles);
  return fitting.flatMap((block, at) => {
    const heads = block.map((stage) => `${" ".repeat(gap)}${centred(fitted(title(matrix.stages[stage]), widths[stage]!), widths[stage]!)}`);
    const standing = ({ id }: Head) => block.some((stage) => matrix.cell(id, matrix.stages[stage]!.id) !== undefined);
    const threats = fitting.length === 1 ? matrix.threats : matrix.threats.filter(standing);
    const rows = threats.map((threat) => {
      const marks = block.map((stage) => markText(matrix.cell(threat.id, matrix.stages[stage]!.id), markOf, widths[stage]!));
      return (padded(fitted(threat.title, titles), titles) + marks.join("")).trimEnd();
    });
    return [...(at === 0 ? [] : [""]), paint("dim", (" ".repeat(titles) + heads.join("")).trimEnd()), ...rows];
  });
}

const title = (stage: Head | undefined) => stage?.short ?? "";

function markText<C>(cell: C | undefined, markOf: (cell: C) => Mark, width: number): string {
  const { text, paint } = cell === undefined ? { text: "", paint: (same: string) => same } : markOf(cell);
  const before = Math.max(0, Math.floor((width - widthOf(text)) / 2));
  return " ".repeat(gap + before) + paint(text) + " ".repeat(Math.max(0, width - before - widthOf(text)));
}

/** Indices of the columns that fit side by side, block by block. */
function blocks(widths: readonly number[], room: number): number[][] {
  const made: number[][] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const [at, width] of widths.entries()) {
    if (used + gap + width > room) {
      made.push([]);
      used = 0;
    }
    made.at(-1)?.push(at);
    used += gap + width;
  }
  return made;
}
