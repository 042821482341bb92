import { readFile } from "node:fs/promises";
import { Command, Option } from "commander";
import { nearest, Problem, printable, problemCodes } from "../../base/index.ts";
import { type Claim, cellId, cellsOfClaim, requirementsOfClaim } from "../../catalogue/index.ts";
import { controls, type Policy } from "../../controls/index.ts";
import type { Context } from "../main.ts";
import { type Known, knownIn } from "../own.ts";
import type { Done } from "./index.ts";

export const explainCommand = (context: Context, done: Done) =>
  new Command("explain")
    .description("a control, threat, cell, stage, requirement or problem code in words")
    .argument("<id>", "for example algorithm-bias/equal-opportunity, DP-4 or CHILD_DIED")
    .argument("[dir]", "the folder of sextant.yaml, or the file itself: its own controls too")
    .addOption(new Option("--format <format>", "what stdout gets").choices(["text", "json"]).default("text"))
    .action(async (id: string, dir: string | undefined) => {
      const { terminal, json } = context;
      const known = await knownIn(dir, context);
      const text = await explanationOf(id, known);
      if (text === null) throw unknown(id, known);
      terminal.document(json ? JSON.stringify({ schema: "sextant/explanation@1", id, text }, null, 2) : text);
      done(0);
    });

async function explanationOf(id: string, known: Known): Promise<string | null> {
  const { catalogue } = known;
  const claim = catalogue.claims.find((each) => each.id === id);
  if (claim !== undefined) return explainClaim(claim, known);
  const threat = catalogue.threats.find((each) => each.id === id);
  if (threat !== undefined)
    return [
      threat.title,
      threat.says,
      "",
      ...catalogue.cells.filter((cell) => cell.threat === id).map((cell) => `  ${cellId(cell)}: ${cell.claims.join(", ")}`),
    ].join("\n");
  const cell = catalogue.cells.find((each) => cellId(each) === id);
  if (cell !== undefined) return [`${id}`, "", ...cell.claims.map((each) => `  ${each}`)].join("\n");
  const requirement = catalogue.requirements.find((each) => each.id === id);
  if (requirement !== undefined) {
    const { says, level, stakeholder, claims } = requirement;
    return [`${id} (${level}, ${stakeholder})`, says, "", ...claims.map((each) => `  ${each}`)].join("\n");
  }
  const stage = catalogue.stages.find((each) => each.id === id);
  if (stage !== undefined) {
    const cells = catalogue.cells.filter((each) => each.stage === id).map((each) => `  ${cellId(each)}: ${each.claims.join(", ")}`);
    const lines = catalogue.requirements.filter((each) => each.stage === id).map((each) => `  ${each.id} (${each.level}): ${each.says}`);
    return [stage.title, stage.says, "", "Cells", ...orNone(cells), "", "Requirements", ...orNone(lines)].join("\n");
  }
  return Object.entries(problemCodes).find(([code]) => code === id)?.[1] ?? null;
}

const orNone = (lines: readonly string[]) => (lines.length === 0 ? ["  none"] : lines);

async function explainClaim({ id, title, says, wants }: Claim, { catalogue, own }: Known): Promise<string> {
  const found = controls.find(({ control }) => control.claim === id);
  const serves = [...cellsOfClaim(id, catalogue).map(cellId), ...requirementsOfClaim(id, catalogue).map((requirement) => requirement.id)];
  const head = [printable(title), printable(says), "", `Serves ${serves.join(", ")}.`];
  const theirs = own.find(({ claim }) => claim === id);
  if (theirs !== undefined) {
    const measuredBy = `Measured by a control of the project's own: ${printable(theirs.file)}. It needs ${printable(wants)}.`;
    return [...head, measuredBy, "", policyHead, ...policyLines(theirs.policy)].join("\n");
  }
  if (found === undefined) return [...head, `Needs ${wants}. No control measures it yet.`].join("\n");
  const document = await readFile(new URL("./control.md", found.module), "utf8");
  return [...head, "", policyHead, ...policyLines(found.control.policy), "", document.trim()].join("\n");
}

const policyHead = "Policy (change it in sextant.yaml, with a reason):";

const policyLines = (policy: Policy) =>
  Object.entries(policy).map(([name, entry]) =>
    entry.kind === "number" ? `  ${name} = ${entry.value}  (${printable(entry.source)})` : `  ${name}: declared as ${entry.from}`,
  );

function unknown(id: string, { catalogue }: Known): Problem {
  const names = [...catalogue.claims, ...catalogue.threats, ...catalogue.requirements, ...catalogue.stages].map((each) => each.id);
  const near = nearest(id, [...names, ...Object.keys(problemCodes)]);
  return new Problem("COMMAND_UNKNOWN", `there is nothing called ${id}`, {
    remedy: near === null ? "`sextant controls --all` lists the claims." : `Did you mean ${near}?`,
  });
}
