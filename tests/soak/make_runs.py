"""Makes a folder of invented finished runs out of a real one, to see how `compare` and `list` scale.

usage: python3 tests/soak/make_runs.py RUN_FOLDER NEW_RUNS_FOLDER COUNT

Every config has 5 seeds; configs differ in learning rate and Dropout. The accuracies are random, so the
tables mean nothing. With metrics.csv of 51 epochs if `--metrics` is added, for `report`.
"""

import hashlib
import json
import os
import random
import sys

SEEDS = 5
COLUMNS = ("epoch,step,learning_rate,batch_loss,train_loss,train_accuracy,val_loss,val_accuracy,"
           "test_loss,test_accuracy,gap")


def row(epoch, steps, rate, ceiling, draw):
    share = 1 - 0.85 ** epoch
    test = round(0.1 + (ceiling - 0.1) * share + draw.gauss(0, 0.003), 4)
    train = round(min(1.0, 0.1 + 0.85 * share + draw.gauss(0, 0.003)), 4)
    return {
        "epoch": epoch, "step": epoch * steps, "learning_rate": rate,
        "batch_loss": round(2.3 - 2 * share, 4) if epoch else None,
        "train_loss": round(2.3 - 2 * share, 4), "train_accuracy": train,
        "val_loss": None, "val_accuracy": None,
        "test_loss": round(2.3 - 1.2 * share + 0.01 * epoch, 4), "test_accuracy": test,
        "gap": round(train - test, 4),
    }


def sha256(text):
    return hashlib.sha256(text.encode()).hexdigest()


def sealed(record):
    """A run.json, which ends with the SHA-256 of what is before it."""
    record.pop("record_sha256", None)
    content = json.dumps(record, indent=2).removesuffix("\n}") + ",\n"
    return f'{content}  "record_sha256": "{sha256(content)}"\n}}\n'


def main():
    source, target, count = sys.argv[1], sys.argv[2], int(sys.argv[3])
    with open(os.path.join(source, "run.json")) as file:
        template = json.load(file)
    draw = random.Random(1)
    os.makedirs(target, exist_ok=True)
    for number in range(count):
        config, seed = divmod(number, SEEDS)
        record = json.loads(json.dumps(template))
        rate = round(0.001 * (1 + config // 10), 6)
        record["trial"]["optimizer"]["learning_rate"] = rate
        record["trial"]["network"]["dropout"] = round(0.05 * (config % 10), 2)
        record["trial"]["training"]["seeds"] = [seed]
        record["id"] = hashlib.sha256(str(number).encode()).hexdigest()[:12]
        rows = [row(epoch, 500, rate, 0.4 + 0.01 * (config % 10), draw) for epoch in range(51)]
        record["last"] = rows[-1]
        record["best"] = max(rows, key=lambda r: r["test_accuracy"])
        record["total_epochs"] = 50
        folder = os.path.join(target, record["id"])
        os.makedirs(folder, exist_ok=True)
        lines = [COLUMNS] + [",".join("" if v is None else str(v) for v in r.values()) for r in rows]
        metrics = "".join(line + "\n" for line in lines)
        if "files" in record:
            record["files"]["metrics.csv"] = {"bytes": len(metrics), "sha256": sha256(metrics)}
        with open(os.path.join(folder, "run.json"), "w", newline="") as file:
            file.write(sealed(record))
        if "--metrics" in sys.argv:
            with open(os.path.join(folder, "metrics.csv"), "w", newline="") as file:
                file.write(metrics)


if __name__ == "__main__":
    main()
