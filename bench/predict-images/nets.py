"""A small convolutional net with seeded random weights, as ONNX."""

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper


def make_net(path, side, bytes_in):
    """Two convolutions, the mean over the picture, ten classes. One that takes bytes holds its own scaling."""
    random = np.random.default_rng(7)
    stored = {
        "c1": random.normal(0, 0.2, (16, 3, 5, 5)),
        "c2": random.normal(0, 0.1, (32, 16, 3, 3)),
        "f": random.normal(0, 0.5, (32, 10)),
        "scale": np.array(1 / 255),
    }
    node = helper.make_node
    before = [
        node("Cast", ["picture"], ["cast"], to=TensorProto.FLOAT),
        node("Mul", ["cast", "scale"], ["scaled"]),
        node("Transpose", ["scaled"], ["x"], perm=[0, 3, 1, 2]),
    ]
    nodes = [
        node("Conv", ["x" if bytes_in else "picture", "c1"], ["a"], kernel_shape=[5, 5], strides=[2, 2]),
        node("Relu", ["a"], ["b"]),
        node("Conv", ["b", "c2"], ["c"], kernel_shape=[3, 3], strides=[2, 2]),
        node("Relu", ["c"], ["d"]),
        node("GlobalAveragePool", ["d"], ["e"]),
        node("Flatten", ["e"], ["g"]),
        node("MatMul", ["g", "f"], ["h"]),
        node("Softmax", ["h"], ["probabilities"], axis=1),
    ]
    shape = ["N", side, side, 3] if bytes_in else ["N", 3, side, side]
    graph = helper.make_graph(
        before + nodes if bytes_in else nodes,
        "pictures",
        [helper.make_tensor_value_info("picture", TensorProto.UINT8 if bytes_in else TensorProto.FLOAT, shape)],
        [helper.make_tensor_value_info("probabilities", TensorProto.FLOAT, ["N", 10])],
        [numpy_helper.from_array(np.asarray(array, np.float32), name) for name, array in stored.items() if bytes_in or name != "scale"],
    )
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), path)
