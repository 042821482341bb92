import type { Assessment, CellState, ClaimState, RequirementState, Result } from "../../assess/index.ts";
import { claimWords, type Head, marks, matrixOf, measuredOf, plural, requirementWords, roleOf, stagesOf } from "../words.ts";
import { cellAnchor, claimAnchor, type Homes, requirementAnchor, stageAnchor } from "./homes.ts";
import { anchor, html, type Markup, prose, trusted } from "./markup.ts";
import { badge, type Context, resultPart } from "./result.ts";

/** More results of one claim than these are folded away, the worst of them first. */
const mostResults = 6;
const urgency = Object.keys(marks);

interface Page extends Context {
  readonly homes: Homes;
}

/** Stage by stage: its requirements, then its cells with their claims. */
export function stagesPart({ cells, requirements }: Assessment, page: Page): Markup {
  const stages = stagesOf([...cells, ...requirements]);
  return html`${stages.map((stage, at) => stagePart(stage, `${at + 1} of ${stages.length}`, cells, requirements, page))}`;
}

function stagePart(
  stage: Head,
  number: string,
  cells: readonly CellState[],
  requirements: readonly RequirementState[],
  page: Page,
): Markup {
  const id = stageAnchor(stage.id);
  const matrix = matrixOf(cells);
  const own = matrix.threats.flatMap((threat) => {
    const cell = matrix.cell(threat.id, stage.id);
    return cell === undefined ? [] : [cellPart(cell, threat, page)];
  });
  const lines = requirements.filter((each) => each.stage === stage.id);
  return html`<section class="stage" id="${id}" aria-labelledby="${id}-title"><header><p class="over">Stage ${number}<a class="up" href="#matrix">Up to the matrix</a></p><h2 id="${id}-title">${stage.title}</h2><p class="says">${stage.says}</p></header>
${lines.length === 0 ? "" : html`<h3 class="small">Requirements</h3><ul class="requirements">${lines.map((line) => requirementPart(line, page))}</ul>${lines.map((line) => claimsAtHome(line.claims, requirementAnchor(line.id), page))}`}
${own.length === 0 ? html`<p class="fine">No threat of the catalogue stands at this stage; its requirements are above.</p>` : own}</section>`;
}

function requirementPart(line: RequirementState, { homes }: Page): Markup {
  const { id, level, stakeholder, status, claims, applies, why } = line;
  const { measured, of } = measuredOf(claims);
  const { says } = requirementWords(id);
  return html`<li data-role="${stakeholder}" data-status="${status}"><details class="requirement ${status}" id="${requirementAnchor(id)}"><summary><span class="badge">${badge(status)}</span><span class="id">${id}</span><span class="what">${says}</span><span class="who">${roleOf(stakeholder)}${level === "recommended" ? html` <em>recommended</em>` : ""}</span><span class="share">${applies ? html`${measured}/${of} measured` : ""}</span></summary>
${applies ? "" : html`<p class="fine">${why}</p>`}${claimLinks(claims, homes)}</details></li>`;
}

const claimLinks = (claims: readonly ClaimState[], homes: Homes): Markup =>
  html`<ul class="claim-list">${claims.map((claim) => {
    const { title, says } = claimWords(claim);
    const drawn = homes.results(claim.id).length > 0;
    return html`<li class="${claim.verdict}"><b aria-hidden="true">${marks[claim.verdict].glyph}</b> ${drawn ? html`<a href="#${claimAnchor(claim.id)}">${title}</a>` : html`<span>${title}</span>`} <span class="fine">${marks[claim.verdict].word}${drawn ? "" : html`. ${says}`}</span></li>`;
  })}</ul>`;

function cellPart(cell: CellState, threat: Head, page: Page): Markup {
  const id = cellAnchor(cell);
  const { measured, of } = measuredOf(cell.claims);
  const head = html`<header><h3 id="${id}-title">${threat.title}</h3><span class="badge">${badge(cell.status)}</span>${cell.applies ? html`<span class="share">${measured} of ${of} claims measured</span>` : ""}${cell.level === "recommended" ? html`<span class="share">recommended only</span>` : ""}</header>`;
  const lowered =
    cell.levelBecause === undefined ? "" : html`<p class="fine">Lowered from required by policy: ${prose(cell.levelBecause)}</p>`;
  const attributes = html`class="place ${cell.status}" id="${id}" aria-labelledby="${id}-title ${stageAnchor(cell.stage)}-title" tabindex="-1"`;
  if (!cell.applies) {
    const measuredAnyway = claimsAtHome(cell.claims, id, page);
    return html`<section ${attributes}>${head}<p class="why">Does not apply. ${prose(cell.why)}</p>${lowered}${measuredAnyway.markup === "" ? "" : html`<details class="more"><summary>Measured all the same</summary>${measuredAnyway}</details>`}</section>`;
  }
  return html`<section ${attributes}>${head}<p class="why">${threat.says} <span class="fine">${prose(cell.why)}</span></p>${lowered}
${claimsAtHome(cell.claims, id, page)}${drawnElsewhere(cell.claims, id, page)}${unmeasured(cell.claims, id, page)}</section>`;
}

/** The claims drawn here, worst first. */
function claimsAtHome(claims: readonly ClaimState[], place: string, page: Page): Markup {
  const here = claims.filter(({ id }) => page.homes.results(id).length > 0 && page.homes.isHome(id, place));
  return html`${here.toSorted((a, b) => urgency.indexOf(a.verdict) - urgency.indexOf(b.verdict)).map((claim) => claimPart(claim, page))}`;
}

function claimPart(claim: ClaimState, page: Page): Markup {
  const { id, verdict } = claim;
  const { title, says } = claimWords(claim);
  const results = page.homes.results(id);
  const place = claimAnchor(id);
  const parts = resultParts(id, results, page);
  const rest = parts.slice(mostResults);
  const several = results.length > 1 ? html` several` : "";
  return html`<article class="claim ${verdict}${several}" id="${place}" tabindex="-1" aria-labelledby="${place}-title"${filterable(claim, page.homes)}><header><span class="badge">${badge(verdict)}</span><h4 id="${place}-title">${says || title}</h4><span class="ref"><a class="id" href="#${place}" data-copy="${id}"><code>${id}</code></a></span></header><div class="results">${parts.slice(0, mostResults)}</div>${rest.length === 0 ? "" : html`<details class="more"><summary>${plural(rest.length, "more result")}</summary><div class="results">${rest}</div></details>`}</article>`;
}

/** In the order of the declaration; where there are many, the worst first. Each has a place of its own, that stays when others come and go. */
function resultParts(claim: string, results: readonly Result[], page: Page): readonly Markup[] {
  const byUrgency = (a: Result, b: Result) => urgency.indexOf(a.verdict) - urgency.indexOf(b.verdict);
  const seen = new Map<string, number>();
  return (results.length > mostResults ? results.toSorted(byUrgency) : results).map((result) => {
    const own = anchor("result", `${claim}/${result.subject}`);
    const nth = (seen.get(own) ?? 0) + 1;
    seen.set(own, nth);
    return resultPart(result, nth === 1 ? own : `${own}.${nth}`, results, page);
  });
}

/** What the filters ask of a claim. */
const filterable = (claim: ClaimState, homes: Homes): Markup =>
  html` data-claim="${claim.id}" data-threats="${trusted(homes.threats(claim.id).join(" "))}" data-role="${claimWords(claim).owner ?? ""}"`;

function drawnElsewhere(claims: readonly ClaimState[], place: string, { homes }: Page): Markup {
  const others = claims.filter(({ id }) => homes.results(id).length > 0 && !homes.isHome(id, place));
  return others.length === 0 ? html`` : html`<p class="elsewhere">Shown elsewhere, counts here too</p>${claimLinks(others, homes)}`;
}

/** Many, and not to drown what was measured: collapsed, with their number. */
function unmeasured(claims: readonly ClaimState[], place: string, { homes }: Page): Markup {
  const open = claims.filter(({ id }) => homes.results(id).length === 0);
  if (open.length === 0) return html``;
  const item = (claim: ClaimState) => {
    const { id, reason } = claim;
    const { title, says, wants } = claimWords(claim);
    const home = homes.isHome(id, place) ? html` id="${claimAnchor(id)}"` : "";
    return html`<li class="unassessed"${home}${filterable(claim, homes)}><b aria-hidden="true">${marks.unassessed.glyph}</b> <span>${title}.</span> <span class="fine">${says}${wants === null ? "" : html` Needs ${wants}.`}${reason === noControl ? "" : html` ${prose(reason)}`}</span></li>`;
  };
  const controlled = open.every(({ control }) => control === null) ? "that no control measures yet" : "not measured";
  return html`<details class="more"><summary>${plural(open.length, "claim")} ${controlled}</summary><ul class="claim-list">${open.map(item)}</ul></details>`;
}

const noControl = "no control measures this yet";
