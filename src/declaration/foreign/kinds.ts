/** Formats of models other than ONNX that are recognised, and never opened. */
export interface ForeignFormat {
  /** In words: `a pickle (scikit-learn or another library of Python)`. */
  readonly name: string;
  /** Loading it may run whatever code it holds. */
  readonly runsCode: boolean;
}

export const foreignFormats = {
  pickle: { name: "a pickle of Python, as scikit-learn's models are kept", runsCode: true },
  joblib: { name: "a joblib file, as scikit-learn's models are kept", runsCode: true },
  skops: { name: "a skops file of scikit-learn", runsCode: true },
  torch: { name: "a PyTorch file", runsCode: true },
  torchscript: { name: "a TorchScript file of PyTorch", runsCode: true },
  keras: { name: "a Keras model", runsCode: true },
  hdf5: { name: "an HDF5 file, as older Keras models are", runsCode: true },
  "saved-model": { name: "a SavedModel of TensorFlow", runsCode: true },
  xgboost: { name: "an XGBoost model", runsCode: false },
  "xgboost-binary": { name: "an XGBoost model in its old binary format", runsCode: false },
  lightgbm: { name: "a LightGBM model", runsCode: false },
  catboost: { name: "a CatBoost model", runsCode: false },
  mlflow: { name: "an MLflow model", runsCode: true },
  safetensors: { name: "weights alone (safetensors), without the network that they belong to", runsCode: false },
  tflite: { name: "a TensorFlow Lite model", runsCode: false },
  "frozen-graph": { name: "a graph of TensorFlow", runsCode: true },
  coreml: { name: "a Core ML model", runsCode: false },
  pmml: { name: "a PMML document", runsCode: false },
  r: { name: "an object of R", runsCode: true },
  "h2o-mojo": { name: "a MOJO of H2O", runsCode: false },
  "packed-onnx": { name: "an archive with an ONNX model in it", runsCode: false },
} as const satisfies Record<string, ForeignFormat>;

export type ForeignKind = keyof typeof foreignFormats;

/** A model of another format, as far as its name and its first and last bytes tell. */
export interface Foreign {
  /** From the project's folder; the folder's path where the model is a folder. */
  readonly path: string;
  readonly kind: ForeignKind;
  /** It is called so, and does not begin as such files do: damaged, or something else. */
  readonly doubtful: boolean;
  /** Of an MLflow model: the libraries that can load it. */
  readonly flavours: readonly string[];
}
