import type { Health } from "../../assess/index.ts";
import { placeText, quoted } from "../../base/index.ts";
import { type Check, cannot, ok, warning } from "./check.ts";
import type { ProjectState } from "./surroundings.ts";

/** How the project stands, where there is one. */
export function projectChecks(project: ProjectState): readonly Check[] {
  if (project.kind === "none") return [ok("project", `no sextant.yaml in ${project.folder}: only the machine was looked at`)];
  if (project.kind === "wrong")
    return project.problems.map(({ code, message, remedy, ...place }) =>
      cannot("project", `${placeText(place)} ${code}: ${message}`.trim(), "This project cannot be assessed.", remedy),
    );
  const { name, health, warnings } = project;
  const warned = warnings.map(({ code, message, remedy, ...place }) =>
    warning("endpoint", `${placeText(place)} ${code}: ${message}`.trim(), "Whoever reads them can ask in your name.", remedy),
  );
  return [ok("project", `${quoted(name)} is declared`), ...warned, ...stateChecks(health)];
}

const counted = (count: number, noun: string) => `${count.toLocaleString("en-GB")} ${noun}${count === 1 ? "" : "s"}`;

function stateChecks({ state }: Health): Check[] {
  if (state === null) return [ok("state", "never assessed: there is no state yet")];
  const { canWrite, othersWrite, cacheFiles, cacheBytes, running, left } = state;
  return [
    canWrite
      ? ok("state", "its state may be written")
      : cannot(
          "state",
          "its state may not be written",
          "`assess` cannot keep what it measures.",
          "Give yourself the right to write `.sextant`.",
        ),
    ...(othersWrite
      ? [warning("rights", "other people may write `.sextant`", "They can replace evidence and cache.", "Run `chmod -R go-w .sextant`.")]
      : []),
    indexCheck(state),
    ok("cache", `${counted(cacheFiles, "cached file")}, ${(cacheBytes / 2 ** 20).toFixed(1)} MiB; deleting them costs time alone`),
    ...(running.length > 0
      ? [warning("runs", `a run is going on (process ${running.join(", ")})`, "It may hold the index.", "Wait for its end.")]
      : []),
    ...(left > 0 ? [ok("spills", `${counted(left, "folder")} of dead runs: the next run removes them`)] : []),
  ];
}

function indexCheck({ index, evidenceFiles }: NonNullable<Health["state"]>): Check {
  const files = counted(evidenceFiles, "evidence file");
  const fix = "Run `sextant doctor --rebuild`; the next run does it by itself, too.";
  if (index === null) return warning("index", `${files}, and no index that can be used`, "The next command takes longer to begin.", fix);
  const { unknown, gone } = index;
  if (unknown === 0 && gone === 0) return ok("index", `${files}, and the index knows them all`);
  const parts = [unknown > 0 ? `does not know ${unknown} of them` : "", gone > 0 ? `knows ${gone} that are gone` : ""].filter(Boolean);
  return warning("index", `${files}; the index ${parts.join(" and ")}`, "Files came or went by another way, or are damaged.", fix);
}
