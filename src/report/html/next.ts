import type { NextStep } from "../../assess/index.ts";
import { claimWords, marks, plural, requirementWords, roleOf } from "../words.ts";
import { claimAnchor, requirementAnchor } from "./homes.ts";
import { html, type Markup, prose } from "./markup.ts";

const mostSteps = 6;

/** What to do next, grouped by who does it; owners of the worst first. */
export function nextPart(next: readonly NextStep[]): Markup {
  if (next.length === 0) return html`<p class="says">Nothing that was measured is open.</p>`;
  const owners = Map.groupBy(next, ({ stakeholder }) => stakeholder);
  return html`<div class="owners">${[...owners].map(([owner, steps]) => ownerPart(owner, steps))}</div>`;
}

function ownerPart(owner: string, steps: readonly NextStep[]): Markup {
  const people = [...new Set(steps.map(({ person }) => person))].filter((person) => person !== null);
  const rest = steps.slice(mostSteps);
  return html`<section class="owner"><h3>${roleOf(owner)}${people.length === 0 ? "" : html`<span>${people.join(", ")}</span>`}</h3><div>
<ol class="steps">${steps.slice(0, mostSteps).map(stepPart)}</ol>
${rest.length === 0 ? "" : html`<details class="more"><summary>${plural(rest.length, "more step")}</summary><ol class="steps">${rest.map(stepPart)}</ol></details>`}</div></section>`;
}

function stepPart(step: NextStep): Markup {
  const { id, outcome, what, remedy } = step;
  const isClaim = id.includes("/");
  const { title } = isClaim ? claimWords(step) : requirementWords(id);
  const place = isClaim ? claimAnchor(id) : requirementAnchor(id);
  return html`<li class="${outcome}"><p class="step-head"><b aria-hidden="true">${marks[outcome].glyph}</b><a href="#${place}">${title}</a><span class="word">${marks[outcome].word}</span><code>${id}</code></p><p>${prose(what)}</p>${remedy === null ? "" : html`<p class="remedy">${prose(remedy)}</p>`}</li>`;
}
