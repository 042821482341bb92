import { Command, Option } from "commander";
import { printable } from "../../base/index.ts";
import { cellId, cellsOfClaim, requirementsOfClaim } from "../../catalogue/index.ts";
import { controls } from "../../controls/index.ts";
import type { Context } from "../main.ts";
import { type Known, knownIn } from "../own.ts";
import type { Done } from "./index.ts";

export const controlsCommand = (context: Context, done: Done) =>
  new Command("controls")
    .description("every claim of the catalogue, and whether a control measures it")
    .argument("[dir]", "the folder of sextant.yaml, or the file itself: its own controls too")
    .option("--all", "also the claims that no control measures yet")
    .addOption(new Option("--format <format>", "what stdout gets").choices(["text", "json"]).default("text"))
    .action(async (dir: string | undefined, { all }: { all?: boolean }) => {
      const { terminal, json } = context;
      const claims = listed(await knownIn(dir, context));
      const shown = all === true || json ? claims : claims.filter(({ measured }) => measured);
      if (json) terminal.document(JSON.stringify({ schema: "sextant/controls@1", claims: shown }, null, 2));
      else {
        terminal.document(shown.map(lineOf).join("\n"));
        terminal.document(
          `\n${claims.filter(({ measured }) => measured).length} of ${claims.length} claims are measured. \`sextant explain ID\` says more.`,
        );
      }
      done(0);
    });

interface Listed {
  readonly id: string;
  readonly title: string;
  readonly says: string;
  readonly measured: boolean;
  readonly serves: readonly string[];
  /** The file of the project's own control. */
  readonly file?: string;
}

function listed({ catalogue, own }: Known): Listed[] {
  return catalogue.claims.map(({ id, title, says }) => {
    const file = own.find(({ claim }) => claim === id)?.file;
    return {
      id,
      title,
      says,
      measured: file !== undefined || controls.some(({ control }) => control.claim === id),
      serves: [...cellsOfClaim(id, catalogue).map(cellId), ...requirementsOfClaim(id, catalogue).map((requirement) => requirement.id)],
      ...(file === undefined ? {} : { file }),
    };
  });
}

const lineOf = ({ id, says, serves, measured, file }: Listed) =>
  [
    `${measured ? "●" : "○"} ${id}${file === undefined ? "" : `  (${printable(file)})`}`,
    `    ${printable(says)}`,
    `    ${serves.join(" · ")}`,
  ].join("\n");
