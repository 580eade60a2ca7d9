"""Trains the grids of the tables beside this file anew: grids.py RUNNER FOLDER. FOLDER gets data, experiment files and runs."""
import csv
import math
import pathlib
import random
import subprocess
import sys

runner, folder = sys.argv[1], pathlib.Path(sys.argv[2])
folder.mkdir(parents=True, exist_ok=True)
random.seed(1)


def spirals(count):
    for i in range(count):
        label, t = i % 3, random.random()
        radius, angle = 0.2 + t * 2, t * 4.0 + label * 2 * math.pi / 3 + random.gauss(0, 0.25)
        features = [radius * math.cos(angle), radius * math.sin(angle)] + [random.gauss(0, 1) for _ in range(6)]
        yield features + [label if random.random() > 0.05 else random.randrange(3)]


def mixture(count):
    centers = [[random.gauss(0, 1) for _ in range(12)] for _ in range(20)]
    for _ in range(count):
        center = random.randrange(20)
        yield [x + random.gauss(0, 0.9) for x in centers[center]] + [center % 5]


for name, rows in (("spirals", list(spirals(900))), ("mixture", list(mixture(900)))):
    lines = [",".join(f"x{i}" for i in range(len(rows[0]) - 1)) + ",label"]
    lines += [",".join(f"{x:.4f}" for x in row[:-1]) + f",c{row[-1]}" for row in rows]
    (folder / f"{name}.csv").write_text("\n".join(lines) + "\n")

DATA = {name: f'kind = "csv"\npath = "{name}.csv"\nlabel = "label"\ntest_fraction = 0.2\nvalidation_examples = 250\n'
        for name in ("spirals", "mixture")}

# Data, hidden sizes, optimizer, epochs, batch size; and the axes, each with its kind.
GRIDS = {
    "spirals": ("spirals", [32, 32], "adam", 20, 32, {
        "optimizer.learning_rate": ("log", "[0.0003, 0.001, 0.003, 0.01, 0.03, 0.1]"),
        "network.hidden_sizes": ("choice", "[[16], [64], [32, 32], [64, 64]]"),
        "network.activation": ("choice", '["relu", "tanh", "elu"]'),
        "network.dropout": ("linear", "[0.0, 0.15, 0.3, 0.45]"),
        "training.batch_size": ("log", "[16, 64]"),
    }),
    "mixture": ("mixture", [64], "momentum", 15, 100, {
        "optimizer.learning_rate": ("log", "[0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0]"),
        "optimizer.momentum": ("linear", "[0.0, 0.5, 0.9, 0.97]"),
        "optimizer.weight_decay": ("log", "[0.0001, 0.003, 0.1]"),
        "training.batch_size": ("log", "[8, 32, 128]"),
    }),
    "regularised": ("mixture", [64], "adamw", 15, 32, {
        "optimizer.learning_rate": ("log", "[0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1]"),
        "optimizer.weight_decay": ("log", "[0.0001, 0.001, 0.01, 0.1, 1.0]"),
        "network.dropout": ("linear", "[0.0, 0.25, 0.5]"),
        "training.label_smoothing": ("linear", "[0.0, 0.15]"),
    }),
    "optimizers": ("mixture", [64, 32], "sgd", 10, 32, {
        "optimizer.kind": ("choice", '["sgd", "adam", "adagrad", "rmsprop"]'),
        "optimizer.learning_rate": ("log", "[0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3]"),
        "network.weight_init": ("choice", '["he", "xavier", { normal = { std = 0.01 } }]'),
        "network.activation": ("choice", '["relu", "tanh"]'),
    }),
}

for name, (data, hidden_sizes, optimizer, epochs, batch_size, axes) in GRIDS.items():
    grid = "".join(f"{key} = {values}\n" for key, (_, values) in axes.items())
    file = folder / f"{name}.toml"
    file.write_text(
        f"[dataset]\n{DATA[data]}\n[network]\nkind = \"mlp\"\nhidden_sizes = {hidden_sizes}\n\n"
        f"[optimizer]\nkind = \"{optimizer}\"\n\n[training]\nepochs = {epochs}\nbatch_size = {batch_size}\n\n"
        f"[evaluation]\nevery_epochs = {epochs}\n\n[grid]\n{grid}")
    command = [runner, "run", str(file), "--runs-dir", str(folder / "runs"), "--quiet", "--keep-checkpoints", "0", "--format", "csv"]
    ran = subprocess.run(command, text=True, stdout=subprocess.PIPE)
    assert ran.returncode in (0, 100), ran.returncode  # some diverge
    keys = sorted(axes)
    plain = str.maketrans({",": "x", "[": None, "]": None, '"': None, "{": None, "}": None})
    rows = [[row[key].translate(plain) for key in keys] + [row["val_accuracy_mean"] or "nan"] for row in csv.DictReader(ran.stdout.splitlines())]
    text = f"# {','.join(axes[key][0] for key in keys)}\n{','.join(keys)},val_accuracy\n"
    (pathlib.Path(__file__).parent / f"{name}.csv").write_text(text + "".join(",".join(row) + "\n" for row in sorted(rows)))
    print(name, len(rows), "configs")
