"""HopSkipJump of ART and Foolbox on one picture after the other, each with its defaults and no end of its own: the budget of queries ends it.

What counts is the nearest point among all that were asked about at which the net errs, as it stands at each mark: no less than what either would return.
"""

import json
import pathlib
import random
import sys
import warnings

warnings.simplefilter("ignore")
sys.path.append(str(pathlib.Path(__file__).parent.parent / "lib"))

import art.attacks.evasion
import art.estimators.classification
import fashion
import foolbox
import numpy as np

steps = 1000


class Spent(Exception):
    pass


class Recorder:
    """Asks the net, counts rows, and ends the attack when the last mark is reached."""

    def __init__(self, predict, start, label, marks):
        self.predict, self.start, self.label, self.marks = predict, start, label, marks
        self.asked, self.best, self.trace = 0, float("inf"), []

    def __call__(self, asked):
        scores = self.predict(asked)
        pictures = np.asarray(asked, np.float64).reshape(len(scores), -1)
        far = np.sqrt(((pictures - self.start.reshape(-1).astype(np.float64)) ** 2).sum(1))
        for row, distance in enumerate(far):
            self.asked += 1
            if scores[row].argmax() != self.label:
                self.best = min(self.best, float(distance))
            if self.asked in self.marks:
                self.trace.append(self.best)
        if self.asked >= self.marks[-1]:
            raise Spent
        return scores


def by_art(box, picture, label):
    classifier = art.estimators.classification.BlackBoxClassifier(box, (1, 28, 28), 10, clip_values=(0, 1))
    attack = art.attacks.evasion.HopSkipJump(classifier, batch_size=512, norm=2, max_iter=steps, verbose=False)
    attack.generate(picture[None])


def by_foolbox(box, picture, label):
    model = foolbox.NumPyModel(box, bounds=(0, 1))
    attack = foolbox.attacks.HopSkipJumpAttack(steps=steps, constraint="l2")
    attack(model, picture[None], foolbox.criteria.Misclassification(np.array([label])), epsilons=None)


def traces(question, attack):
    predict = fashion.black_box(question["model"], question["mean"], question["std"], question["threads"])
    starts = fashion.pictures(question["points"])
    for row, (start, label) in enumerate(zip(starts, question["labels"])):
        if int(predict(start).argmax()) != label:
            raise SystemExit(f"the net answers otherwise here at picture {row}")
        np.random.seed(row)
        random.seed(row)
        box = Recorder(predict, start, label, question["marks"])
        try:
            attack(box, start, label)
        except Spent:
            pass
        except ValueError as none_found:  # Foolbox, where its noise fools the net nowhere
            print(none_found, file=sys.stderr)
        yield box.trace + [box.best] * (len(question["marks"]) - len(box.trace))


for line in sys.stdin:
    asked = json.loads(line)
    attack = {"ART": by_art, "Foolbox": by_foolbox}[asked["do"]]
    answer = json.dumps(list(traces(asked, attack)))
    print(answer.replace("Infinity", "1e999"), flush=True)
