"""The peer of bench/tabular-evasion.ts: prepares three tables with a net each, and attacks them by CAA as its papers describe it: CAPGD of 10 steps (Simonetto et al. 2024),
then MOEVA of 100 generations of 203 (Simonetto et al. 2022) by pymoo's R-NSGA-III on the points that stand. Checks what the other side found."""

import json
import sys

import numpy as np
import pandas as pd
from pymoo.algorithms.moo.rnsga3 import RNSGA3
from pymoo.core.problem import Problem
from pymoo.operators.crossover.sbx import SBX
from pymoo.operators.mutation.pm import PM
from pymoo.util.ref_dirs import get_reference_directions
from sklearn.datasets import load_breast_cancer
from sklearn.neural_network import MLPClassifier

EPS = 0.5
STEPS = 10
GENERATIONS = 100
tables = {}


def adult(folder):
    frame = pd.read_csv(f"{folder}/adult.csv.gz", na_values="?").dropna().drop(columns=["education"])
    label = (frame.pop("income-per-year") == ">50K").astype(int)
    fixed = ["fnlwgt", "workclass", "marital-status", "relationship", "race", "sex", "native-country"]
    rules = [
        {"text": "education_num + 4 <= age", "terms": {"education_num": 1, "age": -1}, "plus": 4},
        {"text": "capital_gain == 0 or capital_loss == 0", "either": ["capital_gain", "capital_loss"]},
    ]
    return frame, label, fixed, {"age": "up", "education-num": "up"}, rules, {}


def german(folder):
    frame = pd.read_csv(f"{folder}/german-credit.csv.gz")
    label = (frame.pop("credit") == 1).astype(int)
    frame["instalment"] = frame["credit_amount"] / frame["month"]
    rules = [
        {"text": "instalment == credit_amount / month", "defines": "instalment", "by": ["credit_amount", "month"]},
        {"text": "residence_since <= age", "terms": {"residence_since": 1, "age": -1}, "plus": 0},
        {"text": "number_of_credits <= residence_since + 4", "terms": {"number_of_credits": 1, "residence_since": -1}, "plus": -4},
    ]
    return frame, label, ["people_liable_for"], {"age": "up"}, rules, {}


def breast(_):
    loaded = load_breast_cancer(as_frame=True)
    frame = loaded.data.rename(columns=lambda name: name.replace(" ", "_"))
    parts = [name.removeprefix("mean_") for name in frame if name.startswith("mean_")]
    rules = [{"text": f"mean_{p} <= worst_{p}", "terms": {f"mean_{p}": 1, f"worst_{p}": -1}, "plus": 0} for p in parts]
    # Errors are of means: none is larger than what it is an error of and the worst together.
    rules += [{"text": f"{p}_error <= worst_{p} + mean_{p}", "terms": {f"{p}_error": 1, f"worst_{p}": -1, f"mean_{p}": -1}, "plus": 0} for p in parts]
    return frame, loaded.target, [], {}, rules, {}


class Table:
    """Points as the other side has them: numbers between 0 and 1 from the least to the greatest value, a feature for each text in sorted order."""

    def __init__(self, name, folder, rows):
        frame, label, fixed, directions, rules, _ = {"adult": adult, "german": german, "breast": breast}[name](folder)
        frame = frame.rename(columns=lambda c: c.replace("-", "_"))
        fixed = [c.replace("-", "_") for c in fixed]
        self.directions = {c.replace("-", "_"): d for c, d in directions.items()}
        self.rules = rules
        self.names = list(frame)
        self.numbers = [c for c in frame if frame[c].dtype.kind in "if"]
        self.low = frame[self.numbers].min().to_numpy(float)
        self.span = frame[self.numbers].max().to_numpy(float) - self.low
        self.whole = np.array([bool((frame[c] == frame[c].round()).all()) for c in self.numbers])
        blocks, self.place, width = [], {}, 0
        for c in self.names:
            if c in self.numbers:
                self.place[c] = width
                at = self.numbers.index(c)
                blocks.append(((frame[c].to_numpy(float) - self.low[at]) / self.span[at])[:, None])
                width += 1
            else:
                texts = sorted(frame[c].unique())
                blocks.append((frame[c].to_numpy()[:, None] == np.array(texts)[None]).astype(float))
                width += len(texts)
        points = np.hstack(blocks).astype(np.float32)
        order = np.random.default_rng(0).permutation(len(frame))
        cut = int(0.7 * len(order))
        train, test = order[:cut], order[cut:]
        label = np.asarray(label)
        net = MLPClassifier((64, 32), max_iter=60, early_stopping=True, random_state=0).fit(points[train], label[train])
        self.weights = [(w.astype(np.float32).astype(float), b.astype(np.float32).astype(float)) for w, b in zip(net.coefs_, net.intercepts_)]
        self.free = [c for c in self.numbers if c not in fixed]
        self.fixed = [c for c in self.names if c not in self.free]
        self.at = np.array([self.place[c] for c in self.numbers])
        right = [i for i in test if self.labels(points[i : i + 1])[0] == label[i] and self.violation(self.raw(points[i : i + 1]))[0] == 0]
        chosen = right[:rows]
        self.points = points[chosen]
        self.label = label[chosen]
        self.frame = frame
        self.chosen = [int(i) for i in chosen]
        self.accuracy = float((self.labels(points[test]) == label[test]).mean())

    def logit(self, x):
        for w, b in self.weights[:-1]:
            x = np.maximum(x @ w + b, 0)
        w, b = self.weights[-1]
        return (x @ w + b)[:, 0]

    def labels(self, x):
        return (self.logit(x.astype(float)) > 0).astype(int)

    def slope(self, x):
        """Gradient of the logit by the points."""
        kept = []
        for w, b in self.weights[:-1]:
            x = np.maximum(x @ w + b, 0)
            kept.append(x > 0)
        back = np.repeat(self.weights[-1][0].T, len(x), 0)
        for (w, _), mask in zip(reversed(self.weights[:-1]), reversed(kept)):
            back = (back * mask) @ w.T
        return back

    def raw(self, x):
        return np.asarray(x, float)[:, self.at] * self.span + self.low

    def column(self, raw, name):
        return raw[:, self.numbers.index(name)]

    def violation(self, raw):
        total = np.zeros(len(raw))
        for rule in self.rules:
            if "terms" in rule:
                value = sum(k * self.column(raw, c) for c, k in rule["terms"].items()) + rule["plus"]
                size = sum(abs(k) * np.abs(self.column(raw, c)) for c, k in rule["terms"].items()) + abs(rule["plus"])
                total += np.where(value > 1e-6 * size, value / np.maximum(size, 1e-9), 0)
            elif "either" in rule:
                a, b = (np.abs(self.column(raw, c)) for c in rule["either"])
                total += np.where(np.minimum(a, b) > 1e-6, np.minimum(a, b) / np.maximum(np.maximum(a, b), 1e-9), 0)
            else:
                up, down = (self.column(raw, c) for c in rule["by"])
                value = np.abs(self.column(raw, rule["defines"]) - up / down)
                grain = self.span[self.numbers.index(rule["defines"])] * 2.0**-21
                total += np.where(value > grain, value / np.maximum(np.abs(up / down), 1e-9), 0)
        return total

    def penalty_slope(self, x):
        """Gradient of the violation of sums by the points."""
        raw, slope = self.raw(x), np.zeros(x.shape)
        for rule in self.rules:
            if "terms" not in rule:
                continue
            value = sum(k * self.column(raw, c) for c, k in rule["terms"].items()) + rule["plus"]
            size = sum(abs(k) * np.abs(self.column(raw, c)) for c, k in rule["terms"].items()) + abs(rule["plus"])
            for c, k in rule["terms"].items():
                slope[:, self.place[c]] += np.where(value > 1e-6 * size, k * self.span[self.numbers.index(c)] / np.maximum(size, 1e-9), 0)
        return slope

    def repaired(self, x, start):
        """Types, bounds, directions and what is immutable; then what an equality defines."""
        raw, was = self.raw(x), self.raw(start)
        for at, c in enumerate(self.numbers):
            if c not in self.free:
                raw[:, at] = was[:, at]
                continue
            low = was[:, at] if self.directions.get(c) == "up" else self.low[at]
            raw[:, at] = np.clip(raw[:, at], low, self.low[at] + self.span[at])
            if self.whole[at]:
                raw[:, at] = np.round(raw[:, at])
        for rule in self.rules:
            if "defines" in rule:
                at = self.numbers.index(rule["defines"])
                raw[:, at] = self.column(raw, rule["by"][0]) / self.column(raw, rule["by"][1])
        made = np.array(start, float)
        made[:, self.at] = (raw - self.low) / self.span
        return made

    def valid(self, x, start):
        """Strictly, of rows that stand for themselves."""
        x, start = np.asarray(x, float), np.asarray(start, float)
        raw, was = self.raw(x), self.raw(start)
        ok = self.violation(np.where(self.whole, np.round(raw), raw)) == 0
        texts = np.ones(x.shape[1], bool)
        texts[self.at] = False
        ok &= (x[:, texts] == start[:, texts]).all(1)
        for at, c in enumerate(self.numbers):
            grain = self.span[at] * 2.0**-22
            if c not in self.free:
                ok &= np.abs(raw[:, at] - was[:, at]) <= grain
            if self.directions.get(c) == "up":
                ok &= raw[:, at] >= was[:, at] - grain
            if self.whole[at]:
                ok &= np.abs(raw[:, at] - np.round(raw[:, at])) <= np.maximum(grain, 1e-4)
            ok &= (raw[:, at] >= self.low[at] - grain) & (raw[:, at] <= self.low[at] + self.span[at] + grain)
        return ok

    def fooled(self, x, start, label):
        far = np.linalg.norm(np.asarray(x, float) - start, axis=1)
        return (self.labels(x) != label) & (far <= EPS * (1 + 1e-5)) & self.valid(x, start)


def ball(x, start):
    change = x - start
    far = np.linalg.norm(change, axis=1, keepdims=True)
    return np.clip(start + change * np.minimum(1, EPS / np.maximum(far, 1e-12)), 0, 1)


def capgd(t, start, label):
    """Algorithm 1 of Simonetto et al. 2024: APGD on the cross-entropy with the repair in each step; from the point, then from a random one."""
    best = start.copy()
    done = np.zeros(len(start), bool)
    mask = np.zeros(start.shape[1])
    mask[[t.place[c] for c in t.free]] = 1
    random = np.random.default_rng(1)
    looks = {max(1, int(np.ceil(p * STEPS))) for p in (0.22, 0.41, 0.57, 0.7, 0.8, 0.87, 0.93, 0.99)}
    for restart in range(2):
        x = start.copy()
        if restart:
            away = random.normal(size=x.shape) * mask
            x = t.repaired(ball(start + away / np.linalg.norm(away, axis=1, keepdims=True) * EPS, start), start)
        step = np.full((len(x), 1), 2 * EPS)
        before, top, topx = x.copy(), np.full(len(x), -np.inf), x.copy()
        rises, was = np.zeros(len(x)), np.full(len(x), -np.inf)
        last = np.full(len(x), -np.inf)
        since = 0
        for i in range(STEPS + 1):
            hit = t.fooled(x, start, label) & ~done
            best[hit], done = x[hit], done | hit
            logit = t.logit(x)
            sign = np.where(label == 1, -1, 1)
            loss = np.logaddexp(0, sign * logit) - t.violation(t.raw(x))
            rises += loss > last
            last = loss
            better = loss > top
            top[better], topx[better] = loss[better], x[better]
            if i == STEPS:
                break
            if i in looks:
                stuck = (rises < 0.75 * (i - since)) | (top <= was)
                step[stuck] /= 2
                x[stuck] = topx[stuck]
                was, rises, since = top.copy(), np.zeros(len(x)), i
            slope = (sign / (1 + np.exp(-np.clip(sign * t.logit(x), -50, 50))))[:, None] * t.slope(x)
            slope = (slope - t.penalty_slope(x)) * mask
            z = ball(x + step * slope / np.maximum(np.linalg.norm(slope, axis=1, keepdims=True), 1e-12), start)
            a = 1 if i == 0 else 0.75
            moved = ball(x + a * (z - x) + (1 - a) * (x - before), start)
            before, x = x, t.repaired(moved, start)
    hit = t.fooled(x, start, label) & ~done
    best[hit], done = x[hit], done | hit
    return best, done


class Search(Problem):
    def __init__(self, t, start, label):
        self.t, self.start, self.label = t, start, label
        self.genes = np.array([t.place[c] for c in t.free])
        self.found = None
        super().__init__(n_var=len(self.genes), n_obj=3, xl=0.0, xu=1.0)

    def _evaluate(self, genes, out, *_, **__):
        start = np.repeat(self.start[None], len(genes), 0)
        x = start.copy()
        x[:, self.genes] = genes
        x = self.t.repaired(x, start)
        sign = 1 if self.label == 1 else -1
        share = 1 / (1 + np.exp(-np.clip(sign * self.t.logit(x), -50, 50)))
        out["F"] = np.column_stack([share, np.linalg.norm(x - start, axis=1), self.t.violation(self.t.raw(x))])
        hit = np.flatnonzero(self.t.fooled(x, start, np.full(len(x), self.label)))
        if len(hit) and self.found is None:
            self.found = x[hit[0]]


def moeva(t, start, label, seed):
    """R-NSGA-III over the changeable columns: probability of the label, distance, violation. Anything valid that it ever meets counts, not its last generation alone."""
    problem = Search(t, start.astype(float), label)
    directions = get_reference_directions("energy", 3, 200, seed=1)
    random = np.random.default_rng(seed)
    first = np.clip(start[problem.genes] + random.normal(size=(203, len(problem.genes))) * EPS / np.sqrt(len(problem.genes)), 0, 1)
    first[0] = start[problem.genes]
    algorithm = RNSGA3(directions, pop_per_ref_point=1, n_offsprings=100, sampling=first, crossover=SBX(prob=0.9, eta=30), mutation=PM(eta=20))
    algorithm.setup(problem, termination=("n_gen", GENERATIONS), seed=seed, verbose=False)
    while algorithm.has_next() and problem.found is None:
        algorithm.next()
    return problem.found


def caa(t):
    start = t.points.astype(float)
    best, done = capgd(t, start, t.label)
    by_gradient = int(done.sum())
    for at in np.flatnonzero(~done):
        found = moeva(t, t.points[at], int(t.label[at]), int(at))
        if found is not None:
            done[at] = True
    return {"robust": (~done).tolist(), "byGradient": by_gradient}


def answer(question):
    what = question["do"]
    if what == "make":
        t = tables[question["table"]] = Table(question["table"], question["folder"], question["rows"])
        columns = {c: t.frame[c].tolist() for c in t.names}
        return {
            "columns": columns,
            "chosen": t.chosen,
            "labels": t.label.tolist(),
            "fixed": t.fixed,
            "directions": t.directions,
            "rules": [rule["text"] for rule in t.rules],
            "layers": [{"weights": w.T.tolist(), "biases": b.tolist()} for w, b in t.weights],
            "points": t.points.ravel().tolist(),
            "accuracy": t.accuracy,
        }
    t = tables[question["table"]]
    if what == "caa":
        return caa(t)
    x = np.array(question["values"], np.float32).reshape(len(t.label), -1)
    claimed = np.array(question["fooled"], bool)
    return {"agrees": bool(t.fooled(x, t.points, t.label)[claimed].all()), "valid": int(t.valid(x, t.points)[claimed].sum())}


for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)
