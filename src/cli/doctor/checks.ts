import { type Check, ok } from "./check.ts";
import { type Lives, lives } from "./end-of-life.ts";
import { environmentChecks, folderCheck, isolationChecks, memoryCheck, packageCheck, terminalCheck } from "./machine-checks.ts";
import { projectChecks } from "./project-checks.ts";
import type { Surroundings } from "./surroundings.ts";
import { endings, nodeCheck, tableCheck } from "./version-checks.ts";

/** Judges what was found: the same surroundings always get the same lines. */
export function checksOf(around: Surroundings, table: Lives = lives): readonly Check[] {
  return [
    nodeCheck(around, table),
    ...endings(around, table),
    tableCheck(around, table),
    ...around.packages.map(packageCheck),
    memoryCheck(around),
    ok("cores", `${around.cores} ${around.cores === 1 ? "core" : "cores"}`),
    ...around.folders.map(folderCheck),
    ...isolationChecks(around),
    ...environmentChecks(around),
    terminalCheck(around),
    ...projectChecks(around.project),
  ];
}
