"""Writes tests/parity/folds.json: the class counts of the parts that scikit-learn's StratifiedKFold makes.

Usage: python tests/parity/make_folds.py > tests/parity/folds.json     (needs scikit-learn and NumPy)

`cargo test folds` compares them with those of `dataset.folds` (src/data/folds.rs). Which examples are in a part differs,
because they are drawn with other random numbers.
"""

import json
import warnings

import numpy as np
from sklearn.model_selection import StratifiedKFold

SIZES = [
    [50, 50],
    [30, 20, 10],
    [7, 2, 94],
    [3, 3, 3, 3],
    [5, 11, 2, 40, 23],
    [2, 20],
    [13] * 10,
    [1, 19, 4],
]

warnings.simplefilter("ignore")  # classes smaller than the number of parts
draws = np.random.default_rng(0)
cases = []
for sizes in SIZES:
    for folds in [2, 3, 5, 10]:
        labels = draws.permutation(np.repeat(np.arange(len(sizes)), sizes))
        if folds > max(sizes):
            continue  # scikit-learn refuses
        splits = StratifiedKFold(folds, shuffle=True, random_state=1).split(labels, labels)
        counts = [np.bincount(labels[held_out], minlength=len(sizes)) for _, held_out in splits]
        cases.append(
            {
                "labels": labels.tolist(),
                "classes": len(sizes),
                "counts": [of_part.tolist() for of_part in counts],
            }
        )
print("[\n" + ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases) + "\n]")
