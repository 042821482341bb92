"""The net of examples/fashion as a black box of pictures between 0 and 1, float32 [rows, 1, 28, 28]."""

import numpy as np
import onnxruntime


def black_box(model, mean, std, threads):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads
    session = onnxruntime.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    name = session.get_inputs()[0].name

    def predict(pictures):
        pictures = np.asarray(pictures, np.float32).reshape(-1, 1, 28, 28)
        return session.run(None, {name: (pictures - np.float32(mean)) / np.float32(std)})[0]

    return predict


def pictures(file):
    return np.fromfile(file, np.float32).reshape(-1, 1, 28, 28)
