/** Robust accuracy of nets on three tables under constraints, ours against a CAA of the published protocol: L2 0.5 on features between 0 and 1, every example valid by both sides' checks. Takes the folder of adult.csv.gz and german-credit.csv.gz. */
import { type Bench, type Case, type Outcome, outcome } from "./lib/outcome.ts";
import { startPeer } from "./lib/peer.ts";
import { attack, type Given } from "./tabular-evasion/ours.ts";

const tables = ["adult", "german", "breast"];

export async function bench({ python, args, note }: Bench): Promise<Outcome> {
  const [folder, rows = "60"] = args;
  if (python === null || folder === undefined) throw new Error("npm run bench -- tabular-evasion FOLDER_OF_TABLES [ROWS]");
  await using peer = startPeer(python, new URL("./tabular-evasion/peer.py", import.meta.url), []);
  const cases: Case[] = [];
  let isSound = true;
  for (const table of tables) {
    const given = await peer.ask<Given & { readonly accuracy: number }>({ do: "make", table, folder, rows: Number(rows) });
    const started = performance.now();
    const found = await attack(given);
    const ourSeconds = (performance.now() - started) / 1000;
    const checked = await peer.ask<{ agrees: boolean; valid: number }>({ do: "check", table, values: found.values, fooled: found.fooled });
    const again = performance.now();
    const theirs = await peer.ask<{ robust: readonly boolean[]; byGradient: number }>({ do: "caa", table });
    const theirSeconds = (performance.now() - again) / 1000;
    const count = given.labels.length;
    const fell = found.fooled.filter(Boolean).length;
    isSound &&= found.agree && found.invalid === 0 && checked.agrees && checked.valid === fell;
    const [ours, other] = [(count - fell) / count, theirs.robust.filter(Boolean).length / count];
    note(
      `${table}: net right on ${(100 * given.accuracy).toFixed(1)} %; of ${count} rows stand ${count - fell} against ours (${count - found.byGradient} against its gradients alone, ${ourSeconds.toFixed(1)} s), ${theirs.robust.filter(Boolean).length} against theirs (${count - theirs.byGradient}, ${theirSeconds.toFixed(1)} s); of our ${fell} examples the peer finds ${checked.valid} valid`,
    );
    // Of robust accuracies that may be 0 the ratio is of what fell.
    cases.push({
      name: table,
      ours,
      peer: other,
      ratio: other === 1 && ours === 1 ? 1 : (1 - ours) / Math.max(1 - other, 1 / (2 * count)),
      unit: "robust accuracy",
    });
  }
  const settled = {
    bench: "tabular-evasion",
    bar: 1,
    better: "higher",
    unit: "rows fooled, ours over the peer's",
    peer: "CAA as published, by pymoo",
  } as const;
  return outcome(settled, cases, isSound);
}
