import type { Protocol } from "./protocol.ts";
import { byName, isObject, objectOf, rowsOf } from "./shapes.ts";

/** MLflow's scoring server from 2.0 on (mlflow.org, "Deploy MLflow Model as a Local Inference Server"; mlflow/pyfunc/scoring_server). */
export const mlflow: Protocol = {
  blanks: { number: () => "null", text: "null" },
  path: (_address, base) => (/\/invocations\/?$/.test(base) ? "" : "/invocations"),
  describedAt: () => null,
  described: () => ({ inputs: [], outputs: [] }),
  bodies({ inputs }) {
    const head = `{"dataframe_split":{"columns":${JSON.stringify(inputs.map(({ input }) => input))},"data":[`;
    return (rows) => `${head}${rows.map((row) => `[${row.join(",")}]`).join(",")}]}}`;
  },
  read(answer, rows) {
    const list = rowsOf(objectOf(answer, "the answer").predictions, rows, "`predictions`");
    // A data frame comes as one object a row, anything else as one value a row.
    return isObject(list[0]) ? byName(list, "`predictions`") : { predictions: list };
  },
};
