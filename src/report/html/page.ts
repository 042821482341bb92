import { createHash } from "node:crypto";
import type { Assessment, Keeper, Status } from "../../assess/index.ts";
import type { Digest } from "../../base/index.ts";
import { count, dayOf, duration, momentOf } from "../numbers.ts";
import { conditionsOf, countsOf, extentOf, isMeasured, marks, plural } from "../words.ts";
import { drawing } from "./chart.ts";
import { filtersPart } from "./filters.ts";
import { homesOf } from "./homes.ts";
import { imagesOf } from "./images.ts";
import { html, type Markup, prose, shown, trusted } from "./markup.ts";
import { countsPart, matrixPart } from "./matrix.ts";
import { nextPart } from "./next.ts";
import { script } from "./script.ts";
import { favicon, mark } from "./sextant.ts";
import { stagesPart } from "./stage.ts";
import { style } from "./style.ts";

export interface HtmlOptions {
  /** Where pictures are kept, so that the next page need not draw them again. */
  readonly keeper?: Keeper | undefined;
  /** Files beside the evidence, by their digests; without it, the page names pictures and shows none. */
  readonly attached?: ((digest: Digest) => Promise<Buffer | null>) | undefined;
}

/** One self-contained page: it loads nothing, works without its script, and its policy forbids everything but its own style and script. */
export async function renderHtml(assessment: Assessment, { keeper, attached }: HtmlOptions = {}): Promise<string> {
  const series = assessment.results.flatMap((result) => result.series);
  const draw = await drawing(series, keeper);
  const images = await imagesOf(assessment.results, attached);
  const page = { draw, images, finishedAt: assessment.finishedAt, homes: homesOf(assessment) };
  const body = html`<a class="skip" href="#next">Skip to what to do next</a>
<main>${heading(assessment)}
<section aria-label="Threats by stage">${countsPart(assessment.cells)}${matrixPart(assessment.cells)}${standing(assessment)}</section>
<section id="next" tabindex="-1" aria-labelledby="next-title"><h2 id="next-title">What to do next</h2>${nextPart(assessment.next)}</section>
${filtersPart(assessment)}<div id="stages">${stagesPart(assessment, page)}</div>
${artefactsPart(assessment)}${footer(assessment)}</main>`;
  return `<!doctype html>\n${documentOf(assessment, body).markup}\n`;
}

const hashOf = (text: string) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** The page's own style and script, by hash; pictures only as data; no form, no base, no network. */
const policy = `default-src 'none'; style-src ${hashOf(style)}; script-src ${hashOf(script)}; img-src data:; base-uri 'none'; form-action 'none'`;

export const documentOf = ({ system }: Pick<Assessment, "system">, body: Markup): Markup => html`<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<title>${shown(system.name, 80)} · Sextant</title>
<link rel="icon" href="${trusted(favicon)}">
<style>${trusted(style)}</style>
</head>
<body>
${body}
<script>${trusted(script)}</script>
</body>
</html>`;

function heading(assessment: Assessment): Markup {
  const { system, finishedAt, exit } = assessment;
  return html`<header class="top"><p class="over">${mark}<span>Assessment of <time datetime="${finishedAt}">${dayOf(finishedAt)}</time> · ${conditionsOf(assessment)}</span></p>
<h1>${shown(system.name, 200)}</h1>${system.purpose === null ? "" : html`<p class="lead">${system.purpose}</p>`}<p class="exit exit-${exit.code}">${exit.why}</p>
<p class="fine">${extent(assessment)} · exit code ${exit.code}</p></header>`;
}

/** What was looked at, in numbers. */
function extent(assessment: Assessment): string {
  const { artefacts, startedAt, finishedAt } = assessment;
  const models = artefacts.filter(({ kind }) => kind === "model").length;
  const files = artefacts.filter(({ kind }) => kind === "dataset").length;
  const { measured, kept } = extentOf(assessment);
  const took = Date.parse(finishedAt) - Date.parse(startedAt);
  const time = Number.isFinite(took) && took >= 0 ? ` · ${duration(took)}` : "";
  return `${plural(models, "model")} · ${plural(files, "file")} of data · ${plural(measured, "measurement")}, ${count(kept)} of them kept from before${time}`;
}

/** How requirements and single measurements stand: a cell is met only when all of its claims are, so these say more. */
function standing({ requirements, results }: Assessment): Markup {
  const answered = results.filter(isMeasured).map(({ verdict }) => ({ status: verdict }));
  return html`${countsLine("requirement", requirements)}${countsLine("measurement", answered)}`;
}

function countsLine(noun: string, lines: readonly { readonly status: Status }[]): Markup {
  const counts = countsOf(lines).filter((each) => each.count > 0);
  if (counts.length === 0) return html``;
  return html`<p class="of-requirements">Of ${plural(lines.length, noun)}: ${counts.map(({ status, count: many }, at) => html`${at === 0 ? "" : html`, `}<span class="${status}"><b>${marks[status].glyph} ${many}</b> ${marks[status].word}</span>`)}.</p>`;
}

function artefactsPart({ artefacts }: Assessment): Markup {
  if (artefacts.length === 0) return html``;
  const row = ({ id, kind, about, digest }: Assessment["artefacts"][number]) =>
    html`<tr><th scope="row">${id}</th><td class="words">${kind}</td><td class="words">${about}</td><td class="words"><code class="digest">${digest}</code></td></tr>`;
  return html`<section aria-labelledby="artefacts-title"><h2 id="artefacts-title">What was assessed</h2><div class="scroll" tabindex="0" role="region" aria-label="Artefacts"><table class="data"><thead><tr><th scope="col">Artefact</th><th scope="col" class="words">Kind</th><th scope="col" class="words">Holds</th><th scope="col" class="words">Digest</th></tr></thead><tbody>${artefacts.map(row)}</tbody></table></div></section>`;
}

const footer = ({ tool, catalogue, finishedAt }: Assessment): Markup => html`<footer>
<p><b>“Met” means: not broken by these measurements, at this budget, on this data.</b> It never means secure. What was not measured is never a pass.</p>
<p>${prose("Each result names its evidence: a file under `.sextant/evidence/` whose name is the SHA-256 of its bytes. The evidence is not signed.")}</p>
<p>${tool.name} ${tool.version} · catalogue ${catalogue.id} ${catalogue.version} · finished ${momentOf(finishedAt)}</p></footer>`;
