"""Writes digits.csv and wine.csv, which two of the baselines read: make_csv.py FOLDER. Needs scikit-learn.

Digits: 1,797 images of 8 x 8 handwritten digits (Alpaydin & Kaynak, 1998); wine: 178 wines of three growers (Aeberhard &
Forina, 1992); both from UCI.
"""
import csv
import pathlib
import sys

from sklearn import datasets

folder = pathlib.Path(sys.argv[1])
for name in ["digits", "wine"]:
    data = getattr(datasets, f"load_{name}")()
    with open(folder / f"{name}.csv", "w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([*map(str, data.feature_names), "class"])
        writer.writerows([*map(float, row), int(label)] for row, label in zip(data.data, data.target))
