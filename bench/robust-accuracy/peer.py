"""pyautoattack's side: its ensemble "standard" on PyTorch's networks, made again from the weights of the ONNX files. Questions are lines of JSON; so are the answers."""

import json
import logging
import sys
import time
from pathlib import Path

import numpy as np
import torch

root, scratch, threads = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
sys.path.insert(0, str(root / "fixtures" / "attacks" / "robust"))
from load import network  # noqa: E402
from pyautoattack import AutoAttack  # noqa: E402

torch.set_num_threads(threads)
logging.disable(logging.CRITICAL)
out = sys.stdout
sys.stdout = sys.stderr
NORMS = {"linf": "Linf", "l2": "L2"}


def points(rows):
    x = np.fromfile(scratch / "points.float32", np.float32).reshape(-1, 1, 28, 28)[:rows]
    return torch.from_numpy(x), torch.from_numpy(np.fromfile(scratch / "labels.int32", np.int32)[:rows].astype(np.int64))


def answer(question):
    net = network(question["case"])
    x, y = points(question["rows"])
    if question["do"] == "logits":
        net(x).numpy().tofile(scratch / f"{question['case']}.logits.float32")
        return None
    attack = AutoAttack(net, norm=NORMS[question["norm"]], eps=question["eps"], version="standard", seed=question["seed"])
    start = time.perf_counter()
    moved, _ = attack.run_standard_evaluation(x, y, batch_size=250)
    seconds = time.perf_counter() - start
    return {"seconds": seconds, "robust": (net(moved).argmax(1) == y).int().tolist()}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), file=out, flush=True)
