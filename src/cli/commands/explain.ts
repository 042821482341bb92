import { readFile } from "node:fs/promises";
import { Command, Option } from "commander";
import { nearest, Problem, problemCodes } from "../../base/index.ts";
import { catalogue, cellId, cellsOfClaim, requirementsOfClaim } from "../../catalogue/index.ts";
import { controls, type PolicyEntry } from "../../controls/index.ts";
import type { Context } from "../main.ts";
import type { Done } from "./index.ts";

export const explainCommand = ({ terminal, json }: Context, done: Done) =>
  new Command("explain")
    .description("a control, threat, cell, stage, requirement or problem code in words")
    .argument("<id>", "for example algorithm-bias/equal-opportunity, DP-4 or CHILD_DIED")
    .addOption(new Option("--format <format>", "what stdout gets").choices(["text", "json"]).default("text"))
    .action(async (id: string) => {
      const text = await explanationOf(id);
      if (text === null) throw unknown(id);
      terminal.document(json ? JSON.stringify({ schema: "sextant/explanation@1", id, text }, null, 2) : text);
      done(0);
    });

async function explanationOf(id: string): Promise<string | null> {
  const claim = catalogue.claims.find((each) => each.id === id);
  if (claim !== undefined) return explainClaim(id, claim.title, claim.says, claim.wants);
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

async function explainClaim(id: string, title: string, says: string, wants: string): Promise<string> {
  const found = controls.find(({ control }) => control.claim === id);
  const serves = [...cellsOfClaim(id).map(cellId), ...requirementsOfClaim(id).map((requirement) => requirement.id)];
  const head = [title, says, "", `Serves ${serves.join(", ")}.`];
  if (found === undefined) return [...head, `Needs ${wants}. No control measures it yet.`].join("\n");
  const policy = Object.entries(found.control.policy as Record<string, PolicyEntry>).map(([name, entry]) =>
    entry.kind === "number" ? `  ${name} = ${entry.value}  (${entry.source})` : `  ${name}: declared as ${entry.from}`,
  );
  const document = await readFile(new URL("./control.md", found.module), "utf8");
  return [...head, "", "Policy (change it in sextant.yaml, with a reason):", ...policy, "", document.trim()].join("\n");
}

function unknown(id: string): Problem {
  const names = [...catalogue.claims, ...catalogue.threats, ...catalogue.requirements, ...catalogue.stages].map((each) => each.id);
  const near = nearest(id, [...names, ...Object.keys(problemCodes)]);
  return new Problem("COMMAND_UNKNOWN", `there is nothing called ${id}`, {
    remedy: near === null ? "`sextant controls --all` lists the claims." : `Did you mean ${near}?`,
  });
}
