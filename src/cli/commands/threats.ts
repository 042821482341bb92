import { Command, Option } from "commander";
import { exposedCredentials, readDeclaration, threatsOf } from "../../declaration/index.ts";
import { renderThreats } from "../../report/index.ts";
import type { Context } from "../main.ts";
import type { Done } from "./index.ts";

export const threatsCommand = ({ terminal, json, environment }: Context, done: Done) =>
  new Command("threats")
    .description("which threats stand at which stage, and why")
    .argument("[dir]", "the folder of sextant.yaml", ".")
    .addOption(new Option("--format <format>", "what stdout gets").choices(["text", "json"]).default("text"))
    .action(async (dir: string) => {
      const read = await readDeclaration(dir);
      const { declaration } = read;
      for (const warning of exposedCredentials(read, (name) => environment[name])) terminal.problem(warning);
      const cells = threatsOf(declaration);
      const system = { name: declaration.system.name };
      terminal.document(json ? JSON.stringify({ schema: "sextant/threats@1", system, cells }, null, 2) : renderThreats(cells, terminal));
      done(0);
    });
