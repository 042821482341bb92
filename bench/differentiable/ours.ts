/** One node test, in a child of its own: native code that dies takes only itself along. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { differentiateNodeTest, type Verdict } from "../../src/autodiff/testing/node-test.ts";

/** The test of a folder that holds model.onnx and test_data_set_0, with input_N.pb. */
export function differentiated({ folder }: { readonly folder: string }): Promise<Verdict> {
  const data = join(folder, "test_data_set_0");
  const numberOf = (name: string) => Number(/_(\d+)\.pb$/.exec(name)?.[1]);
  const names = readdirSync(data).filter((name) => name.startsWith("input_"));
  const inputs = names.sort((a, b) => numberOf(a) - numberOf(b)).map((name) => new Uint8Array(readFileSync(join(data, name))));
  return differentiateNodeTest({ model: new Uint8Array(readFileSync(join(folder, "model.onnx"))), inputs });
}
