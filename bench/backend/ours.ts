/** One node test, in a child of its own: native code that dies takes only itself along. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { lifted, runCase, type Tolerance, type Verdict } from "../../src/models/backend.fixture.ts";

interface Case {
  /** Holds model.onnx and test_data_set_N, each with input_N.pb and output_N.pb. */
  readonly folder: string;
  readonly tolerance: Tolerance;
}

const given = ({ folder, tolerance }: Case) => ({
  ...tolerance,
  model: bytesOf(join(folder, "model.onnx")),
  sets: numbered(folder, "test_data_set").map(setOf),
});

export const run = (of: Case): Promise<Verdict> => runCase(given(of));

/** In the canonical opset. */
export const runLifted = (of: Case): Promise<Verdict> => runCase(given(of), lifted);

const setOf = (folder: string) => ({ input: numbered(folder, "input").map(bytesOf), output: numbered(folder, "output").map(bytesOf) });

const bytesOf = (path: string) => new Uint8Array(readFileSync(path));

function numbered(folder: string, kind: string): string[] {
  const names = readdirSync(folder).filter((name) => name.startsWith(`${kind}_`));
  const place = (name: string) => Number(/_(\d+)(?:\.pb)?$/.exec(name)?.[1]);
  return names.sort((a, b) => place(a) - place(b)).map((name) => join(folder, name));
}
