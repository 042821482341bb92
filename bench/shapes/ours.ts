/** One node test, in a child of its own: native code that dies takes only itself along. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Held } from "../../src/onnx/shapes/testing/against.ts";
import { type Baked, holdNodeTest } from "../../src/onnx/shapes/testing/backend.ts";

/** `folder` holds model.onnx and test_data_set_0 with input_N.pb and output_N.pb. */
export function held({ folder, baked }: { readonly folder: string; readonly baked: Baked }): Promise<Held> {
  const data = join(folder, "test_data_set_0");
  const files = (kind: string) => numbered(readdirSync(data), kind).map((name) => bytesOf(join(data, name)));
  return holdNodeTest({ model: bytesOf(join(folder, "model.onnx")), inputs: files("input"), outputs: files("output") }, baked);
}

const bytesOf = (path: string) => new Uint8Array(readFileSync(path));

function numbered(names: readonly string[], kind: string): readonly string[] {
  const place = (name: string) => Number(/_(\d+)\.pb$/.exec(name)?.[1]);
  return names.filter((name) => name.startsWith(`${kind}_`)).sort((a, b) => place(a) - place(b));
}
