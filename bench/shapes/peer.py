"""The node tests whose output shapes the `onnx` package infers itself, with all but the first input constant, as a list of names in JSON.

    python bench/shapes/peer.py FOLDER

FOLDER is what bench/backend/peer.py writes. Shapes that the models declare for their outputs and inner values are taken away first.
"""

import json
import sys
import warnings
from pathlib import Path

import onnx
from onnx import TensorProto, shape_inference

warnings.filterwarnings("ignore")
FOLDER = Path(sys.argv[1])


def tensor(folder, at, name):
    found = TensorProto()
    found.ParseFromString((folder / "test_data_set_0" / f"input_{at}.pb").read_bytes())
    found.name = name
    return found


def baked(folder):
    model = onnx.load(folder / "model.onnx")
    graph = model.graph
    names = [port.name for port in graph.input]
    del graph.value_info[:]
    for port in graph.output:
        port.type.tensor_type.ClearField("shape")
    for at, name in enumerate(names[1:], 1):
        if graph.input[1].type.WhichOneof("value") != "tensor_type":
            raise ValueError("an input is no tensor")
        graph.initializer.append(tensor(folder, at, name))
        del graph.input[1]
    return model


def is_known(folder):
    try:
        made = shape_inference.infer_shapes(baked(folder), data_prop=True)
    except Exception:
        return False
    kinds = [port.type for port in made.graph.output]
    return all(
        kind.WhichOneof("value") == "tensor_type"
        and kind.tensor_type.HasField("shape")
        and all(dim.HasField("dim_value") for dim in kind.tensor_type.shape.dim)
        for kind in kinds
    )


cases = json.loads((FOLDER / "cases.json").read_text())["cases"]
print(json.dumps([case["name"] for case in cases if is_known(FOLDER / case["name"])]))
