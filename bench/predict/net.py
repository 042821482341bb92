"""A plain net over one numeric input, and rows for it: what an export from a deep-learning framework looks like."""

import numpy as np
import onnx
import pandas as pd
from onnx import TensorProto, helper, numpy_helper

SEED = 11
WIDTHS = [20, 64, 32, 2]
ROWS = 20_000
COLUMNS = [f"x{index}" for index in range(WIDTHS[0])]


def layers(rng):
    nodes, weights, value = [], [], "features"
    for index, (inputs, outputs) in enumerate(zip(WIDTHS, WIDTHS[1:])):
        kernel = rng.normal(0, (2 / inputs) ** 0.5, (inputs, outputs)).astype("float32")
        weights += [numpy_helper.from_array(kernel, f"w{index}"), numpy_helper.from_array(np.zeros(outputs, "float32"), f"b{index}")]
        last = index == len(WIDTHS) - 2
        nodes.append(helper.make_node("Gemm", [value, f"w{index}", f"b{index}"], [f"sum{index}"]))
        value = "probabilities" if last else f"hidden{index}"
        nodes.append(helper.make_node("Softmax" if last else "Relu", [f"sum{index}"], [value]))
    return nodes, weights


def make_net(folder):
    rng = np.random.default_rng(SEED)
    nodes, weights = layers(rng)
    inputs = [helper.make_tensor_value_info("features", TensorProto.FLOAT, [None, WIDTHS[0]])]
    outputs = [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, [None, WIDTHS[-1]])]
    graph = helper.make_graph(nodes, "numbers", inputs, outputs, weights)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 21)], ir_version=10)
    onnx.checker.check_model(model)
    onnx.save(model, folder / "numbers.onnx")
    frame = pd.DataFrame(rng.normal(size=(ROWS, WIDTHS[0])), columns=COLUMNS)
    frame["outcome"] = np.where(rng.random(ROWS) < 0.5, "no", "yes")
    frame.to_parquet(folder / "numbers.parquet", index=False)
