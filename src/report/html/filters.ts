import type { Assessment } from "../../assess/index.ts";
import { claimWords, marks, matrixOf, roleOf, statuses } from "../words.ts";
import { threatKey } from "./homes.ts";
import { html, type Markup } from "./markup.ts";

/** A form that the page's script shows and answers: which claims to see. Its state stands in the address, so that it can be passed on. */
export function filtersPart({ results, cells, requirements }: Assessment): Markup {
  const used = statuses.filter((status) => [...results.map(({ verdict }) => verdict), "unassessed"].includes(status));
  const claims = cells.flatMap((cell) => cell.claims);
  const roles = new Set([...claims.map((claim) => claimWords(claim).owner), ...requirements.map(({ stakeholder }) => stakeholder)]);
  const verdicts = used.map((status) => ({ id: status, title: `${marks[status].glyph} ${marks[status].word}` }));
  const threats = matrixOf(cells).threats.map(({ id, title }) => ({ id: threatKey(id), title }));
  const owners = [...roles].filter((role) => role !== null).map((id) => ({ id, title: roleOf(id) }));
  return html`<form class="filters" id="filters" role="search" aria-label="Which claims to show" hidden>
<label class="find">Find<input type="search" name="q" autocomplete="off" spellcheck="false" placeholder="a claim, a model, a group"></label>
${choice("status", "Verdict", verdicts)}${choice("threat", "Threat", threats)}${choice("role", "Owner", owners)}
<button type="reset">Show all</button><p class="fine" role="status"></p></form>`;
}

const choice = (name: string, title: string, options: readonly { readonly id: string; readonly title: string }[]): Markup =>
  html`<label>${title}<select name="${name}"><option value="">any</option>${options.map((option) => html`<option value="${option.id}">${option.title}</option>`)}</select></label>`;
