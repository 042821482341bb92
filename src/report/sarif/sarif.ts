import type { Assessment, Level, Outcome, OwnWords, Result } from "../../assess/index.ts";
import { digestOfJson } from "../../base/index.ts";
import { isOpen, levelsOf } from "../standing.ts";
import { claimWords, marks } from "../words.ts";
import { placesOf } from "./places.ts";
import { said } from "./text.ts";

export interface SarifOptions {
  /** Also what is met or does not apply. Readers that know no kinds (GitHub) would show it as alerts. */
  readonly all?: boolean;
  /** The way from where paths shall start to the folder of sextant.yaml: `examples/credit`. */
  readonly prefix?: string;
}

/** SARIF 2.1.0: one run, a rule for each claim, a result for each control and subject that is open, with its place in sextant.yaml. */
export function renderSarif(assessment: Assessment, { all = false, prefix = "" }: SarifOptions = {}): string {
  const { tool, system, results, artefacts: _, ...run } = assessment;
  const shown = results.filter(({ verdict }) => all || isOpen(verdict));
  const rules = [
    ...new Map(shown.map(({ claim, words }) => [said(claim), ruleOf({ id: claim, ...(words === undefined ? {} : { words }) })])).values(),
  ];
  const ruleIndices = new Map(rules.map(({ id }, at) => [id, at]));
  const places = placesOf(assessment, prefix);
  const levelOf = levelsOf(assessment);
  const document = {
    $schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: tool.name, version: said(tool.version), rules } },
        automationDetails: { id: `sextant/${said(system.name).replaceAll("/", "-")}/` },
        originalUriBaseIds: { "%SRCROOT%": { description: { text: "The folder that paths start from." } } },
        invocations: [invocationOf(assessment)],
        artifacts: places.artifacts,
        columnKind: "utf16CodeUnits",
        results: shown.map((result) => ({
          ...resultOf(result, levelOf(result.claim)),
          ruleIndex: ruleIndices.get(said(result.claim)),
          locations: [places.location(result.declared)],
          ...(result.findings.length === 0 ? {} : { relatedLocations: places.related(result.findings) }),
        })),
        properties: { catalogue: said(`${run.catalogue.id} ${run.catalogue.version}`), seed: run.seed, budget: run.budget },
      },
    ],
  };
  return `${JSON.stringify(document, null, 2)}\n`;
}

/** The reader may be offline, and no page about a claim is published: help is in the file, and there is no helpUri. */
function ruleOf(claim: { readonly id: string } & OwnWords) {
  const { id } = claim;
  const { title, says, wants } = claimWords(claim);
  const needs = wants === null ? "" : ` Needs ${wants}.`;
  return {
    id: said(id),
    shortDescription: { text: said(title) },
    fullDescription: { text: said(says || title) },
    help: { text: said(`${says || title}${needs} \`sextant explain ${id}\` says how it is measured and judged.`) },
    properties: { tags: [said(id.split("/")[0] ?? id)] },
  };
}

function resultOf(result: Result, level: Level | null) {
  const { claim, subject, verdict, reason, remedy, findings, findingsTotal, evidence, cells, requirements } = result;
  const more = findingsTotal > findings.length ? ` ${findingsTotal} findings in all.` : "";
  const next = remedy === null ? "" : ` ${remedy}`;
  return {
    ruleId: said(claim),
    ...gradeOf(verdict, level),
    message: { text: said(`${marks[verdict].word}: ${subject}: ${reason}.${more}${next}`) },
    partialFingerprints: fingerprintsOf(result),
    properties: {
      outcome: verdict,
      level: level ?? "inapplicable",
      subject: said(subject),
      cells: cells.map(({ threat, stage }) => said(`${threat}/${stage}`)),
      requirements: requirements.map(said),
      ...(evidence === null ? {} : { evidence }),
    },
  };
}

/** Only `fail` may have a level (3.27.10). What is open fails its rule, which is that the claim be shown; its own outcome stands in the properties. */
function gradeOf(verdict: Outcome, level: Level | null): { readonly kind: string; readonly level: string } {
  if (verdict === "met") return { kind: "pass", level: "none" };
  if (verdict === "inapplicable") return { kind: "notApplicable", level: "none" };
  if (verdict === "unassessed") return { kind: "fail", level: "note" };
  return { kind: "fail", level: level === "required" && verdict !== "undecided" ? "error" : "warning" };
}

/** The same for the same claim on the same subject, whatever run or line. GitHub follows alerts by the second key alone. */
function fingerprintsOf({ claim, subject, model, dataset }: Result) {
  const print = digestOfJson({ claim, subject, model, dataset }).slice("sha256:".length);
  return { "sextantClaimAndSubject/v1": print, primaryLocationLineHash: `${print.slice(0, 16)}:1` };
}

function invocationOf({ exit, startedAt, finishedAt, results }: Assessment) {
  const errored = results.filter(({ verdict }) => verdict === "errored");
  return {
    executionSuccessful: errored.length === 0,
    exitCode: exit.code,
    exitCodeDescription: said(exit.why),
    startTimeUtc: startedAt,
    endTimeUtc: finishedAt,
    ...(errored.length === 0 ? {} : { toolExecutionNotifications: errored.map(notificationOf) }),
  };
}

const notificationOf = ({ claim, subject, reason }: Result) => ({
  level: "error",
  message: { text: said(`${claim}: ${subject}: ${reason}`) },
  descriptor: { id: "CONTROL_ERRORED" },
});
