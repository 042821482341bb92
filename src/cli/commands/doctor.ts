import { Command, Option } from "commander";
import { rebuildProject } from "../../assess/index.ts";
import { Problem } from "../../base/index.ts";
import { readDeclaration } from "../../declaration/index.ts";
import type { Context } from "../main.ts";
import type { Done } from "./index.ts";

export const doctorCommand = ({ terminal, json }: Context, done: Done) =>
  new Command("doctor")
    .description("mend a project's state")
    .argument("[dir]", "the folder of sextant.yaml", ".")
    .option(
      "--rebuild",
      "make the index again from the evidence files; what is damaged is named and left out, and that is no failure (exit 0)",
    )
    .addOption(new Option("--format <format>", "what stdout gets").choices(["text", "json"]).default("text"))
    .action(async (dir: string, { rebuild }: { rebuild?: boolean }) => {
      if (rebuild !== true)
        throw new Problem("COMMAND_UNKNOWN", "doctor needs to be told what to do", {
          remedy: "`sextant doctor --rebuild` makes the index again from the evidence.",
        });
      const { root } = await readDeclaration(dir);
      const { measurements, assessments, unusable } = await rebuildProject(root);
      if (json) terminal.document(JSON.stringify({ schema: "sextant/rebuild@1", measurements, assessments, unusable }, null, 2));
      else {
        terminal.document(`Indexed ${counted(measurements, "measurement")} and ${counted(assessments, "assessment")} from the evidence.`);
        if (unusable.length > 0) {
          terminal.document(
            `Left out ${counted(unusable.length, "file")}: damaged or of another kind. \`sextant assess\` measures again what is missing.`,
          );
        }
        for (const digest of unusable) terminal.note(`  left out: ${digest}`);
      }
      done(0);
    });

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`;
