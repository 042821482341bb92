"""PyTorch's side: PGD-20 by autograd, parameters frozen, eager or compiled. Questions are lines of JSON; so are the answers."""

import json
import resource
import sys
import time
import warnings

import numpy as np
import torch
from torch.nn import functional as F

from nets import NETS, made

warnings.filterwarnings("ignore")
scratch, threads = sys.argv[1], int(sys.argv[2])
torch.set_num_threads(threads)
out = sys.stdout
sys.stdout = sys.stderr
STEPS = 20
opened = {}


def files(name, net, x, labels):
    torch.onnx.export(
        net, (x,), f"{scratch}/{name}.onnx", opset_version=17, input_names=["x"], output_names=["logits"],
        dynamic_axes={"x": {0: "n"}, "logits": {0: "n"}}, dynamo=False,
    )
    x.numpy().tofile(f"{scratch}/{name}.x.float32")
    labels.numpy().tofile(f"{scratch}/{name}.labels.int64")
    # In float64: what both sides' gradients are held against.
    wide, at = net.double(), x.double().requires_grad_(True)
    F.cross_entropy(wide(at), labels, reduction="sum").backward()
    at.grad.numpy().tofile(f"{scratch}/{name}.gradient.float64")
    net.float()


def gradient_of(net):
    def gradient(x, labels):
        x = x.detach().requires_grad_(True)
        loss = F.cross_entropy(net(x), labels, reduction="sum")
        return torch.autograd.grad(loss, x)[0]

    return gradient


def pgd(gradient, x, labels, eps):
    low, high = torch.clamp(x - eps, 0, 1), torch.clamp(x + eps, 0, 1)
    at = x
    for _ in range(STEPS):
        at = torch.minimum(torch.maximum(at + eps / 8 * torch.sign(gradient(at, labels)), low), high)
    return at


def answer(question):
    what, name = question["do"], question.get("case")
    if what == "make":
        sizes = {}
        for each in NETS:
            net, x, labels, eps = made(each)
            files(each, net, x, labels)
            sizes[each] = {"rows": len(x), "width": int(np.prod(x.shape[1:])), "shape": list(x.shape[1:]), "eps": eps}
        return sizes
    if what == "about":
        return {"torch": torch.__version__, "config": torch.__config__.show(), "threads": torch.get_num_threads()}
    if what == "open":
        net, x, labels, eps = made(name)
        way = net
        if question["way"] == "compiled":
            way = torch.compile(net)
        gradient = gradient_of(way)
        try:
            start = time.perf_counter()
            found = gradient(x, labels)
            pgd(gradient, x, labels, eps)
        except Exception as error:  # a compiler that is not there
            return {"fails": str(error)[:300]}
        exact = np.fromfile(f"{scratch}/{name}.gradient.float64").reshape(len(x), -1)
        apart = np.linalg.norm(found.numpy().reshape(len(x), -1) - exact, axis=1) / np.linalg.norm(exact, axis=1)
        opened["now"] = (gradient, x, labels, eps)
        return {"warmup": time.perf_counter() - start, "apart": float(np.median(apart))}
    if what == "round":
        gradient, x, labels, eps = opened["now"]
        start = time.perf_counter()
        pgd(gradient, x, labels, eps)
        return time.perf_counter() - start
    if what == "memory":
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    raise ValueError(what)


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), file=out, flush=True)
