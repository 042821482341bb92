"""onnxruntime in Python as a fair user would call it, in the fastest of several batch sizes: from pictures (an array in memory, or JPEG files) to probabilities in memory.

Arguments: the folder of examples/fashion and one to write into. Then one JSON question a line: `make`, `open`, `round` or `answers`.
"""

import gzip
import json
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import onnxruntime
from nets import make_net
from PIL import Image

EXAMPLE, SCRATCH = Path(sys.argv[1]), Path(sys.argv[2])
BATCHES = [16, 64, 256, 1024]
MEAN, STD = np.float32([0.485, 0.456, 0.406]), np.float32([0.229, 0.224, 0.225])
cases = {}
pool = ThreadPoolExecutor(2)


def make():
    random = np.random.default_rng(3)
    np.save(SCRATCH / "colours.npy", random.integers(0, 256, (1000, 64, 64, 3), dtype=np.uint8))
    for part in range(2):
        folder = SCRATCH / "photographs" / str(part)
        folder.mkdir(parents=True, exist_ok=True)
        for at in range(100):
            coarse = random.integers(0, 256, (12, 16, 3), dtype=np.uint8)
            Image.fromarray(coarse).resize((320, 240), Image.BICUBIC).save(folder / f"{at:03}.jpg", quality=90)
    make_net(SCRATCH / "colours.onnx", 64, bytes_in=False)
    make_net(SCRATCH / "bytes.onnx", 64, bytes_in=True)
    make_net(SCRATCH / "photographs.onnx", 224, bytes_in=False)


def decoded(path):
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB").resize((224, 224), Image.BILINEAR))


def normal(pictures):
    return np.ascontiguousarray(((pictures.astype(np.float32) / np.float32(255) - MEAN) / STD).transpose(0, 3, 1, 2))


def feeds(name):
    """How many pictures, and what makes the input of some of them."""
    if name == "fashion":
        data = gzip.decompress((EXAMPLE / "data" / "test-images-idx3-ubyte.gz").read_bytes())
        grey = np.frombuffer(data, np.uint8, offset=16).reshape(-1, 1, 28, 28)
        mean, scale = np.float32(0.2866), np.float32(0.3535)
        return len(grey), lambda start, stop: (grey[start:stop].astype(np.float32) / np.float32(255) - mean) / scale
    if name == "photographs":
        paths = sorted((SCRATCH / "photographs").glob("*/*.jpg"))
        return len(paths), lambda start, stop: normal(np.stack(list(pool.map(decoded, paths[start:stop]))))
    colours = np.load(SCRATCH / "colours.npy")
    return len(colours), (lambda start, stop: colours[start:stop]) if name == "bytes" else (lambda start, stop: normal(colours[start:stop]))


def predict(case, batch):
    answers = np.empty((case["rows"], 10), np.float32)
    for start in range(0, case["rows"], batch):
        stop = min(start + batch, case["rows"])
        answers[start:stop] = case["session"].run(["probabilities"], {case["input"]: case["feed"](start, stop)})[0]
    return answers


def timed(case, batch):
    before = time.perf_counter()
    answers = predict(case, batch)
    return time.perf_counter() - before, answers


def open_case(name):
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads, options.inter_op_num_threads = 2, 1
    path = EXAMPLE / "models" / "net.onnx" if name == "fashion" else SCRATCH / f"{name}.onnx"
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    rows, feed = feeds(name)
    case = cases[name] = {"session": session, "rows": rows, "feed": feed, "input": session.get_inputs()[0].name}
    tried = {batch: min(timed(case, batch)[0] for _ in range(3)) for batch in BATCHES}
    case["batch"] = min(tried, key=tried.get)
    return {"rows": rows, "batch": case["batch"]}


def write_answers(name):
    path = SCRATCH / f"{name}.float32"
    predict(cases[name], cases[name]["batch"]).astype("<f4").tofile(path)
    return str(path)


for line in sys.stdin:
    question = json.loads(line)
    name = question.get("case")
    match question["do"]:
        case "make":
            make()
            answer = True
        case "open":
            answer = open_case(name)
        case "round":
            answer = timed(cases[name], cases[name]["batch"])[0]
        case "answers":
            answer = write_answers(name)
    print(json.dumps(answer), flush=True)
