"""Writes the node tests of the `onnx` package into a folder: CASE/model.onnx, CASE/test_data_set_N/{input,output}_N.pb, and cases.json.

    python bench/backend/peer.py FOLDER

The package makes its cases when asked, some of them with random numbers, which are seeded here.
"""

import json
import shutil
import sys
import warnings
from pathlib import Path

import numpy as np
import onnx
from onnx import TensorProto, numpy_helper

warnings.filterwarnings("ignore")
np.random.seed(0)
from onnx.backend.test.case.node import collect_testcases  # noqa: E402

FOLDER = Path(sys.argv[1])


def written(value, kind, name):
    if isinstance(value, TensorProto):
        return value
    make = {"map_type": numpy_helper.from_dict, "sequence_type": numpy_helper.from_list, "optional_type": numpy_helper.from_optional}
    return make.get(kind.WhichOneof("value"), numpy_helper.from_array)(value, name)


def write(case):
    folder = FOLDER / case.name
    folder.mkdir()
    (folder / "model.onnx").write_bytes(case.model.SerializeToString())
    for number, (inputs, outputs) in enumerate(case.data_sets):
        data = folder / f"test_data_set_{number}"
        data.mkdir()
        for kind, values, ports in [("input", inputs, case.model.graph.input), ("output", outputs, case.model.graph.output)]:
            for at, (value, port) in enumerate(zip(values, ports)):
                (data / f"{kind}_{at}.pb").write_bytes(written(value, port.type, port.name).SerializeToString())


cases = collect_testcases(None)
shutil.rmtree(FOLDER, ignore_errors=True)
FOLDER.mkdir(parents=True)
for case in cases:
    write(case)
listed = [{"name": case.name, "rtol": case.rtol, "atol": case.atol} for case in cases]
(FOLDER / "cases.json").write_text(json.dumps({"onnx": onnx.__version__, "cases": listed}))
