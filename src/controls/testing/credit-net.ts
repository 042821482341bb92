import { openEngine } from "../../data/index.ts";
import { bindModel, describeModel, type ModelBinding } from "../../models/index.ts";
import { creditSplit, making } from "./contamination-vector.ts";

/** The credit example's net, bound to its columns. */
export async function creditNet(): Promise<ModelBinding> {
  const root = new URL("../../../examples/credit/", import.meta.url).pathname;
  await using engine = await openEngine({ memoryBytes: 2 ** 28, spillFolder: making().spillFolder });
  const { columns } = await engine.describe(creditSplit("test"));
  const path = `${root}models/net.onnx`;
  const facts = await describeModel(path, root);
  return bindModel({ path, root, facts }, { model: "net", dataset: "applicants", columns, label: "income-per-year" });
}
