import { existsSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command, Option } from "commander";
import { inspectAlone, limitsFrom } from "../../assess/index.ts";
import { Problem, printable, writeDurably } from "../../base/index.ts";
import { exportLines, proposeDeclaration } from "../../declaration/index.ts";
import type { Context } from "../main.ts";
import type { Done } from "./index.ts";

export const initCommand = ({ terminal, json, signal, environment }: Context, done: Done) =>
  new Command("init")
    .description("write a commented sextant.yaml from what lies in a folder")
    .argument("[dir]", "the folder to read", ".")
    .addOption(new Option("--format <format>", "what stdout gets").choices(["text", "json"]).default("text"))
    .action(async (dir: string) => {
      const file = join(dir, "sextant.yaml");
      if (existsSync(file)) {
        throw new Problem("DECLARATION_EXISTS", "there is a declaration already, and init never overwrites one", {
          file,
          remedy: "Edit it, or move it away first.",
        });
      }
      const scratch = await mkdtemp(join(tmpdir(), "sextant-init-"));
      try {
        const { text, notes, foreign } = await inspectAlone(scratch, { limits: limitsFrom(environment, "quick"), signal }, (inspect) =>
          proposeDeclaration(dir, inspect),
        );
        await writeDurably(file, text);
        if (json) terminal.document(JSON.stringify({ schema: "sextant/init@1", file, notes, foreign }, null, 2));
        else {
          terminal.document(`Wrote ${printable(file)}.`);
          for (const note of notes) terminal.note(`  ${printable(note)}`);
          for (const model of foreign) terminal.document(["", ...exportLines(model).map(printable), ""].join("\n"));
          terminal.note("Next: read it, then `sextant assess`.");
        }
        done(0);
      } finally {
        await rm(scratch, { recursive: true, force: true });
      }
    });
