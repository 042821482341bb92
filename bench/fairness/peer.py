"""Group gaps by fairlearn. It reads truth and groups from the Parquet file by itself; only the answers of the model come from outside.

Each question is a line of JSON: {data, label, favourable, columns, answers}, with `answers` the text answered for each row.
"""

import json
import sys

import numpy as np
import pandas as pd
from fairlearn.metrics import MetricFrame, false_positive_rate, selection_rate, true_positive_rate

RATES = {"selection-rate": selection_rate, "true-positive-rate": true_positive_rate, "false-positive-rate": false_positive_rate}


def gaps(frame, truth, answers, column):
    by = MetricFrame(metrics=RATES, y_true=truth, y_pred=answers, sensitive_features=frame[column])
    difference = by.difference(method="between_groups")
    return {
        "demographic parity difference": difference["selection-rate"],
        "equal opportunity difference": difference["true-positive-rate"],
        "equalised odds difference": max(difference["true-positive-rate"], difference["false-positive-rate"]),
        "disparate impact ratio": by.ratio(method="between_groups")["selection-rate"],
    }


for line in sys.stdin:
    question = json.loads(line)
    frame = pd.read_parquet(question["data"])
    truth = (frame[question["label"]] == question["favourable"]).astype(int)
    answers = (np.array(question["answers"]) == question["favourable"]).astype(int)
    print(json.dumps({column: gaps(frame, truth, answers, column) for column in question["columns"]}), flush=True)
