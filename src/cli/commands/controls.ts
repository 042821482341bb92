import { Command, Option } from "commander";
import { catalogue, cellId, cellsOfClaim, requirementsOfClaim } from "../../catalogue/index.ts";
import { controls } from "../../controls/index.ts";
import type { Context } from "../main.ts";
import type { Done } from "./index.ts";

export const controlsCommand = ({ terminal, json }: Context, done: Done) =>
  new Command("controls")
    .description("every claim of the catalogue, and whether a control measures it")
    .option("--all", "also the claims that no control measures yet")
    .addOption(new Option("--format <format>", "what stdout gets").choices(["text", "json"]).default("text"))
    .action(({ all }: { all?: boolean }) => {
      const claims = listed();
      const shown = all === true || json ? claims : claims.filter(({ measured }) => measured);
      if (json) terminal.document(JSON.stringify({ schema: "sextant/controls@1", claims: shown }, null, 2));
      else {
        terminal.document(
          shown.map(({ id, says, serves, measured }) => `${measured ? "●" : "○"} ${id}\n    ${says}\n    ${serves.join(" · ")}`).join("\n"),
        );
        terminal.document(
          `\n${claims.filter(({ measured }) => measured).length} of ${claims.length} claims are measured. \`sextant explain ID\` says more.`,
        );
      }
      done(0);
    });

function listed() {
  return catalogue.claims.map(({ id, title, says }) => ({
    id,
    title,
    says,
    measured: controls.some(({ control }) => control.claim === id),
    serves: [...cellsOfClaim(id).map(cellId), ...requirementsOfClaim(id).map((requirement) => requirement.id)],
  }));
}
