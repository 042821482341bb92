/** A small model server: Open Inference over HTTP in front of the two models of this example, with onnxruntime behind it and nothing of Sextant. */
import { createServer } from "node:http";
import { InferenceSession, Tensor } from "onnxruntime-node";

const models = ["boosted", "net"];
const toDatatype = { string: "BYTES", float32: "FP32" };

/** What onnxruntime says of an input or an output, as the protocol has it. */
const port = ({ name, type, shape }) => ({
  name,
  datatype: toDatatype[type],
  shape: shape.map((size) => (typeof size === "number" ? size : -1)),
});

async function load(name) {
  const file = new URL(`models/${name}.onnx`, import.meta.url).pathname;
  const session = await InferenceSession.create(file, { intraOpNumThreads: 1, logSeverityLevel: 4 });
  return { session, inputs: session.inputMetadata.map(port), outputs: session.outputMetadata.map(port) };
}

async function answer({ session, outputs }, { inputs, outputs: wanted = outputs }) {
  const tensors = inputs.map(({ name, datatype, shape, data }) => {
    const values = data.flat();
    return [name, datatype === "BYTES" ? new Tensor("string", values, shape) : new Tensor("float32", Float32Array.from(values), shape)];
  });
  const names = wanted.map(({ name }) => name);
  const found = await session.run(Object.fromEntries(tensors), names);
  return names.map((name) => {
    const { dims, data } = found[name];
    return { name, datatype: outputs.find((each) => each.name === name).datatype, shape: [...dims], data: Array.from(data) };
  });
}

async function bodyOf(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

/**
 * Listens on `port` of this machine alone, or on any free one where that is taken. `trouble(request)` may say a status to answer with instead, and
 * `undefined` to answer. Gives back the address, how many rows came in, and a way to end it.
 */
export async function startServer({ port: wanted = 0, trouble = () => undefined } = {}) {
  const loaded = new Map(await Promise.all(models.map(async (name) => [name, await load(name)])));
  const seen = { rows: 0, requests: 0 };
  const server = createServer(async (request, response) => {
    const say = (status, answer) => {
      const text = JSON.stringify(answer);
      response.writeHead(status, { "content-type": "application/json", "content-length": Buffer.byteLength(text) }).end(text);
    };
    try {
      const [, name, verb] = /^\/v2\/models\/([^/]+)(\/infer)?$/.exec(request.url) ?? [];
      const model = loaded.get(name);
      if (model === undefined) return say(404, { error: `there is no model ${name}` });
      if (request.method === "GET" && verb === undefined)
        return say(200, { name, platform: "onnx_onnxv1", inputs: model.inputs, outputs: model.outputs });
      const asked = JSON.parse(await bodyOf(request));
      seen.requests++;
      seen.rows += asked.inputs[0].shape[0];
      const status = trouble(seen);
      if (status !== undefined) return say(status, { error: "this happens now and then" });
      say(200, { model_name: name, outputs: await answer(model, asked) });
    } catch (error) {
      say(400, { error: String(error.message) });
    }
  });
  const listening = (at) =>
    new Promise((resolve, reject) => server.once("error", reject).listen(at, "127.0.0.1", () => resolve(server.off("error", reject))));
  await listening(wanted).catch(() => listening(0));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    seen,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      for (const { session } of loaded.values()) await session.release();
    },
  };
}
