import { Command, Option } from "commander";
import { rebuildProject, tool } from "../../assess/index.ts";
import { readDeclaration } from "../../declaration/index.ts";
import { checksOf } from "../doctor/checks.ts";
import { gather } from "../doctor/gather.ts";
import { checksText } from "../doctor/render.ts";
import type { Context } from "../main.ts";
import type { Done } from "./index.ts";

export function doctorCommand(context: Context, done: Done) {
  const { terminal, json } = context;
  return new Command("doctor")
    .description("what works on this machine and in this project, what does not, and how to mend it; asks no network")
    .argument("[dir]", "the folder of sextant.yaml, where there is one", ".")
    .option(
      "--rebuild",
      "make the index again from the evidence files; what is damaged is named and left out, and that is no failure (exit 0)",
    )
    .addOption(new Option("--format <format>", "what stdout gets").choices(["text", "json"]).default("text"))
    .action(async (dir: string, { rebuild }: { rebuild?: boolean }) => {
      if (rebuild !== true) return done(await lookAround(dir, context));
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
}

/** Exit 2 where something cannot work at all, else 0. */
async function lookAround(dir: string, context: Context): Promise<number> {
  const { terminal, json } = context;
  const around = await gather(dir, context);
  const checks = checksOf(around);
  if (json) terminal.document(JSON.stringify({ schema: "sextant/doctor@1", tool, at: around.now, checks }, null, 2));
  else terminal.document(checksText(checks, terminal));
  return checks.some(({ state }) => state === "cannot") ? 2 : 0;
}

const counted = (count: number, what: string) => `${count} ${what}${count === 1 ? "" : "s"}`;
