"""What searches of other rungs would have found, told from the finished runs of a whole grid: halvings.py RUNNER FILE RUNS.

FILE is an experiment with `[halving]`, of whose trials all are finished in the folder RUNS. Prints a row a search; the noise is
the scatter of the seeds. Exits with 1 if none finds a config within the noise of the best.
"""
import json
import pathlib
import re
import statistics
import subprocess
import sys
import tempfile

runner, file, runs = sys.argv[1:]


def config(trial):
    """What a trial is without its seed."""
    return json.dumps({**trial, "training": {**trial["training"], "seeds": None}}, sort_keys=True)


def finished():
    """Validation accuracies of each config."""
    found = {}
    for path in pathlib.Path(runs).glob("*/run.json"):
        record = json.loads(path.read_text())
        if record["state"] == "finished":
            found.setdefault(config(record["trial"]), []).append(record["last"]["val_accuracy"])
    return found


grid = finished()
mean = {key: statistics.mean(values) for key, values in grid.items()}
best = max(mean.values())
seeds = min(map(len, grid.values()))
noise = statistics.mean(map(statistics.variance, grid.values())) ** 0.5
error = noise * (2 / seeds) ** 0.5  # of the difference of two means
print(f"{len(grid)} configs of {seeds} seeds, best val {best:.1%}; seeds scatter by {100 * noise:.1f} points, "
      f"standard error of a difference {100 * error:.1f}")
print(f"{'search':34} {'epochs':>7} {'winner val':>10} {'rank':>5} {'behind, in standard errors':>27}")

text = pathlib.Path(file).read_text()
found_one = False
for kind, min_epochs in [("successive_halving", 1), ("successive_halving", 3), ("successive_halving", 9), ("hyperband", 1),
                         ("hyperband", 3)]:
    text = re.sub(r'(?m)^\[halving\]\n(.+\n)*', f'[halving]\nkind = "{kind}"\nmin_epochs = {min_epochs}\n', text)
    with tempfile.NamedTemporaryFile("w", suffix=".toml") as search:
        search.write(text)
        search.flush()
        command = [runner, "compare", search.name, "--rungs", "--format", "json", "--runs-dir", runs]
        rungs = json.loads(subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout)
    trained, last, before = 0, {}, {}
    for rung in rungs:
        bracket = rung["bracket"]
        trained += rung["configs"] * (rung["epoch"] - before.get(bracket, 0))
        before[bracket] = rung["epoch"]
        last[bracket] = rung["best_val_accuracy"]
    winner = max(last.values())
    total = len(grid) * max(before.values())
    rank = 1 + sum(value > winner + 1e-6 for value in mean.values())
    behind = (best - winner) / error
    found_one |= behind <= 2
    print(f"{kind + ' from ' + str(min_epochs):34} {trained / total:7.0%} {winner:10.1%} {rank:5} {behind:27.1f}")
sys.exit(not found_one)
