import type { Foreign, ForeignKind } from "./kinds.ts";
import { python, type Rows, rowsOf, tail, text } from "./script.ts";

/** How a model comes to ONNX. */
export interface Export {
  /** What to install: the versions that it was tried with. */
  readonly install: string | null;
  /** A command line that exports it, and compares both on the rows; null where there is no way, or none that is known to work. */
  readonly command: string | null;
  readonly remark: string;
}

type Make = (model: Foreign, out: string, rows: Rows) => Export;

const onnx = "onnx==1.23.2 onnxruntime==1.32.0";
const compares = "It exports the model, then compares the answers of both.";

const sklearn: Make = ({ path }, out, rows) => ({
  install: `scikit-learn==1.9.1 skl2onnx==1.20.0 joblib==1.6.0 pandas==3.1.1 ${onnx}`,
  command: python([
    "import joblib, numpy, onnxruntime, pandas",
    "from skl2onnx import to_onnx",
    "from sklearn.compose import ColumnTransformer",
    `model = joblib.load(${text(path)})`,
    ...rowsOf(rows, { names: 'getattr(model, "feature_names_in_", None)' }),
    'given = given.astype({name: "float32" if pandas.api.types.is_numeric_dtype(kind) else object for name, kind in given.dtypes.items()})',
    'named = object in set(given.dtypes) or any(isinstance(step, ColumnTransformer) for _, step in getattr(model, "steps", []))',
    'sample = given if named else given.to_numpy("float32")',
    `open(${text(out)}, "wb").write(to_onnx(model, sample[:1], options={"zipmap": False}).SerializeToString())`,
    `session = onnxruntime.InferenceSession(${text(out)})`,
    "inputs = [each.name for each in session.get_inputs()]",
    "feeds = {name: given[[column]].to_numpy() for name, column in zip(inputs, given)} if named else {inputs[0]: sample}",
    "labels, scores = session.run(None, feeds)",
    ...tail("model.predict_proba(sample)", "scores"),
  ]),
  remark: `The versions must be those that the model was trained with. ${compares}`,
});

const xgboost: Make = ({ path }, out, rows) => ({
  install: `xgboost==3.2.0 onnxmltools==1.16.0 skl2onnx==1.20.0 scikit-learn==1.9.1 pandas==3.1.1 ${onnx}`,
  command: python([
    "import numpy, onnxruntime, pandas, xgboost",
    "from onnxmltools import convert_xgboost",
    "from onnxmltools.convert.common.data_types import FloatTensorType",
    "model = xgboost.XGBClassifier()",
    `model.load_model(${text(path)})`,
    ...rowsOf(rows, { names: "model.get_booster().feature_names" }),
    "model.get_booster().feature_names = None",
    'sample = given.to_numpy("float32")',
    `open(${text(out)}, "wb").write(convert_xgboost(model, initial_types=[("x", FloatTensorType([None, sample.shape[1]]))]).SerializeToString())`,
    `scores = onnxruntime.InferenceSession(${text(out)}).run(None, {"x": sample})[1]`,
    ...tail("model.predict_proba(sample)", "scores"),
  ]),
  remark: compares,
});

const lightgbm: Make = ({ path }, out, rows) => ({
  install: `lightgbm==4.7.0 onnxmltools==1.16.0 skl2onnx==1.20.0 pandas==3.1.1 ${onnx}`,
  command: python([
    "import lightgbm, numpy, onnxruntime, pandas",
    "from onnxmltools import convert_lightgbm",
    "from onnxmltools.convert.common.data_types import FloatTensorType",
    `model = lightgbm.Booster(model_file=${text(path)})`,
    ...rowsOf(rows, { names: "[name.replace('_', ' ') if name.replace('_', ' ') in rows else name for name in model.feature_name()]" }),
    'sample = given.to_numpy("float32")',
    `open(${text(out)}, "wb").write(convert_lightgbm(model, initial_types=[("x", FloatTensorType([None, sample.shape[1]]))], zipmap=False).SerializeToString())`,
    `scores = onnxruntime.InferenceSession(${text(out)}).run(None, {"x": sample})[1]`,
    "origin = model.predict(sample)",
    ...tail("origin if origin.ndim == 2 else numpy.stack([1 - origin, origin], 1)", "scores"),
  ]),
  remark: compares,
});

const catboost: Make = ({ path }, out, rows) => ({
  install: `catboost==1.2.10 pandas==3.1.1 ${onnx}`,
  command: python([
    "import catboost, numpy, onnxruntime, pandas",
    `model = catboost.CatBoostClassifier().load_model(${text(path)})`,
    `model.save_model(${text(out)}, format="onnx")`,
    ...rowsOf(rows, { names: "model.feature_names_ if set(model.feature_names_) <= set(rows) else None" }),
    'sample = given.to_numpy("float32")',
    `scores = onnxruntime.InferenceSession(${text(out)}).run(["probabilities"], {"features": sample})[0]`,
    "scores = numpy.array([[row[name] for name in model.classes_] for row in scores])",
    ...tail("model.predict_proba(sample)", "scores"),
  ]),
  remark: `CatBoost exports models of numbers alone. ${compares}`,
});

const keras: Make = ({ path }, out, rows) => ({
  install: `keras==3.15.1 tensorflow-cpu==2.21.0 tf2onnx==1.17.0 pandas==3.1.1 ${onnx}`,
  command: python([
    "import keras, numpy, onnxruntime, pandas",
    `model = keras.saving.load_model(${text(path)})`,
    ...rowsOf(rows, { names: "None" }),
    'sample = given.to_numpy("float32").reshape((-1,) + model.input_shape[1:])',
    "origin = model.predict(sample, verbose=0)",
    `model.export(${text(out)}, format="onnx")`,
    `session = onnxruntime.InferenceSession(${text(out)})`,
    "scores = session.run(None, {session.get_inputs()[0].name: sample})[0]",
    ...tail(null, "scores"),
  ]),
  remark: `It fits a model of one input. ${compares}`,
});

const torchWith =
  (load: string, check: readonly string[], exported: string, remark: string): Make =>
  ({ path }, out, rows) => ({
    install: `torch==2.15.0 onnxscript==0.7.2 pandas==3.1.1 ${onnx}`,
    command: python([
      "import numpy, onnxruntime, pandas, torch",
      `model = ${load.replace("PATH", text(path))}`,
      ...check,
      "model.eval()",
      ...rowsOf(rows, { names: "None" }),
      'sample = torch.from_numpy(given.to_numpy("float32"))',
      exported.replace("OUT", text(out)),
      `scores = onnxruntime.InferenceSession(${text(out)}).run(None, {"x": sample.numpy()})[0]`,
      ...tail("model(sample).detach().numpy()", "scores"),
    ]),
    remark: `${remark} ${compares} If the network ends in logits, declare \`output: { kind: logits }\`.`,
  });

const torch = torchWith(
  "torch.load(PATH, weights_only=False)",
  [
    'if isinstance(model, dict): raise SystemExit("These are weights alone: make the network in this script, then load_state_dict() them.")',
  ],
  'torch.onnx.export(model, (sample[:2],), OUT, input_names=["x"], output_names=["scores"], dynamic_shapes=({0: torch.export.Dim("rows")},), external_data=False)',
  "The module that defines the network must be importable: run it where it lies.",
);

const torchscript = torchWith(
  "torch.jit.load(PATH)",
  [],
  'torch.onnx.export(model, (sample[:2],), OUT, input_names=["x"], output_names=["scores"], dynamic_axes={"x": {0: "rows"}, "scores": {0: "rows"}}, dynamo=False)',
  "PyTorch calls this exporter the old one.",
);

const tf2onnx =
  (option: string, ask: (path: string) => readonly string[]): Make =>
  ({ path }, out, rows) => ({
    install: `tf2onnx==1.17.0 tensorflow-cpu==2.21.0 pandas==3.1.1 ${onnx}`,
    command: [
      `python -m tf2onnx.convert ${option} ${shell(path)} --output ${shell(out)} &&`,
      python([
        "import numpy, onnxruntime, pandas, tensorflow",
        ...rowsOf(rows, { names: "None" }),
        'sample = given.to_numpy("float32")',
        ...ask(text(path)),
        `session = onnxruntime.InferenceSession(${text(out)})`,
        "scores = session.run(None, {session.get_inputs()[0].name: sample})[0]",
        ...tail(null, "scores"),
      ]),
    ].join("\n"),
    remark: `It fits a model of one input. ${compares}`,
  });

const savedModel = tf2onnx("--saved-model", (path) => [
  `model = tensorflow.saved_model.load(${path}).signatures["serving_default"]`,
  "name = list(model.structured_input_signature[1])[0]",
  "origin = list(model(**{name: tensorflow.constant(sample)}).values())[0].numpy()",
]);

const tflite = tf2onnx("--tflite", (path) => [
  `model = tensorflow.lite.Interpreter(${path})`,
  'model.resize_tensor_input(model.get_input_details()[0]["index"], sample.shape)',
  "model.allocate_tensors()",
  'model.set_tensor(model.get_input_details()[0]["index"], sample)',
  "model.invoke()",
  'origin = model.get_tensor(model.get_output_details()[0]["index"])',
]);

const none =
  (remark: string): Make =>
  () => ({ install: null, command: null, remark });

const instead = "Write its answers to the test rows to a table, and assess that: `sextant assess predictions.csv`.";
const noWay = none(`There is no way to ONNX that we know to work. ${instead}`);

const exporters: Readonly<Record<ForeignKind, Make>> = {
  pickle: sklearn,
  joblib: sklearn,
  skops: none(`Load it with \`skops.io.load\`, naming the types that you trust, then export it as scikit-learn's models are. ${instead}`),
  torch,
  torchscript,
  keras,
  hdf5: keras,
  "saved-model": savedModel,
  xgboost,
  "xgboost-binary": none(`XGBoost dropped this format in 3.1: load it with an older one, and \`save_model("model.ubj")\`. ${instead}`),
  lightgbm,
  catboost,
  mlflow: none(instead),
  safetensors: none(`Make the network, load the weights, and export it with \`torch.onnx.export\`. ${instead}`),
  tflite,
  "frozen-graph": none(`\`python -m tf2onnx.convert --graphdef\` exports it once its inputs and outputs are named. ${instead}`),
  coreml: noWay,
  pmml: noWay,
  r: noWay,
  "h2o-mojo": noWay,
  "packed-onnx": none("Unpack it."),
};

/** Libraries that MLflow names, and the kind of model that they keep in its folder. */
const flavours: readonly (readonly [flavour: string, kind: ForeignKind, file: string])[] = [
  ["sklearn", "pickle", "model.pkl"],
  ["xgboost", "xgboost", "model.ubj"],
  ["lightgbm", "lightgbm", "model.lgb"],
  ["catboost", "catboost", "model.cb"],
  ["keras", "keras", "data/model.keras"],
  ["tensorflow", "keras", "data/model.keras"],
  ["pytorch", "torch", "data/model.pth"],
];

/** The command that exports a model, and what there is to say of it. Nothing is run here. */
export function exportOf(model: Foreign, rows: Rows): Export {
  const out = `${(model.path.split("/").at(-1) ?? "model").replace(/(?<=.)\.[A-Za-z0-9]{1,12}$/, "")}.onnx`;
  const flavour = model.kind === "mlflow" ? flavours.find(([name]) => model.flavours.includes(name)) : undefined;
  if (flavour === undefined) return exporters[model.kind](model, out, rows);
  const [, kind, file] = flavour;
  const made = exporters[kind]({ ...model, kind, path: `${model.path}/${file}` }, out, rows);
  return { ...made, remark: `MLflow keeps it as ${file}, unless its MLmodel says otherwise. ${made.remark}` };
}

const shell = (value: string) => `'${value.replaceAll("'", `'\\''`)}'`;
