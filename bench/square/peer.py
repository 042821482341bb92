"""Square of ART and of AutoAttack (pyautoattack) on all pictures at once: which of them the net still gets right.

ART asks the net two to three times an iteration; it gets as many iterations as ours has queries all the same.
"""

import json
import pathlib
import random
import sys
import warnings

warnings.simplefilter("ignore")
sys.path.append(str(pathlib.Path(__file__).parent.parent / "lib"))

import art.attacks.evasion
import art.estimators.classification.blackbox
import fashion
import numpy as np
import pyautoattack.square
import torch

classes = 10


def by_art(predict, starts, labels, norm, eps, queries):
    black_box = art.estimators.classification.blackbox.BlackBoxClassifierNeuralNetwork
    classifier = black_box(predict, (1, 28, 28), classes, channels_first=True, clip_values=(0, 1))
    order = {"linf": np.inf, "l2": 2, "l1": 1}[norm]
    attack = art.attacks.evasion.SquareAttack(
        classifier, norm=order, eps=eps, max_iter=queries, p_init=0.8, batch_size=512, verbose=False
    )
    return attack.generate(starts, np.eye(classes)[labels])


def by_autoattack(predict, starts, labels, norm, eps, queries):
    attack = pyautoattack.square.SquareAttack(
        lambda asked: torch.from_numpy(predict(asked.numpy())),
        norm={"linf": "Linf", "l2": "L2", "l1": "L1"}[norm],
        n_queries=queries - 1,  # the start's is not among them
        eps=eps,
        seed=0,
        device="cpu",
    )
    return attack.perturb(torch.from_numpy(starts), torch.from_numpy(labels)).numpy()


def length(change, norm):
    change = change.reshape(len(change), -1).astype(np.float64)
    return {"linf": np.abs(change).max(1), "l2": np.sqrt((change**2).sum(1)), "l1": np.abs(change).sum(1)}[norm]


for line in sys.stdin:
    asked = json.loads(line)
    predict = fashion.black_box(asked["model"], asked["mean"], asked["std"], asked["threads"])
    starts, labels = fashion.pictures(asked["points"]), np.array(asked["labels"])
    if (predict(starts).argmax(1) != labels).any():
        raise SystemExit("the net answers otherwise here")
    np.random.seed(0)
    random.seed(0)
    attack = {"ART": by_art, "AutoAttack": by_autoattack}[asked["do"]]
    found = attack(predict, starts.copy(), labels, asked["norm"], asked["eps"], asked["queries"])
    within = length(found - starts, asked["norm"]) <= asked["eps"] * 1.001
    stands = (predict(found).argmax(1) == labels) | ~within
    print(json.dumps([int(each) for each in stands]), flush=True)
