"""`runner` beside PyTorch on the same work, in turns, so that a busy machine slows both.

usage: compare.py RUNNER DATA_DIR [--rounds 5] [--steps 1000] [--epochs 3] [--only WORD]
RUNNER is the release binary, DATA_DIR holds cifar-10-batches-bin/. Needs: pip install torch numpy, and for the FMA
peak `cargo bench`. burn and candle join in if `cargo build --release` was run in their folders here (3 minutes and
2). Prints the median of each figure and the median of the ratios of each round.
"""
import argparse
import csv
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).parent
# Multiply-adds of a step of 3072-100-100-50-10 over 100 examples, counted as two operations; the first layer
# needs no gradient of its input.
WEIGHTS = 3072 * 100 + 100 * 100 + 100 * 50 + 50 * 10
STEP_FLOPS = 2 * 100 * (3 * WEIGHTS - 3072 * 100)

parser = argparse.ArgumentParser()
parser.add_argument("runner")
parser.add_argument("data")
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--steps", type=int, default=1000)
parser.add_argument("--epochs", type=int, default=3)
parser.add_argument("--only", default="")
args = parser.parse_args()


def torch(*options):
    command = [sys.executable, HERE / "torch_sweep.py", args.data, *options]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True)


def runner(jobs, *settings, file="experiments/cifar10_baseline.toml"):
    """Runs the baseline with these settings; examples per second of each trial,
    of training only; seconds and MiB in all."""
    with tempfile.TemporaryDirectory() as runs:
        sets = [word for setting in settings for word in ("--set", setting)]
        command = [args.runner, "run", HERE.parent.parent / file, f"-j{jobs}", "-q", "--offline",
                   "--data-dir", args.data, "--runs-dir", runs, *sets]
        started = time.perf_counter()
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        _, status, usage = os.wait4(process.pid, 0)
        seconds = time.perf_counter() - started
        if status != 0:
            sys.exit(f"failed: {command}")
        speeds = []
        for timing in pathlib.Path(runs).glob("*/timing.csv"):
            rows = list(csv.DictReader(timing.open()))[1:]
            examples = sum(float(r["examples_per_second"]) * float(r["train_seconds"]) for r in rows)
            speeds.append(examples / sum(float(r["train_seconds"]) for r in rows))
        return speeds, seconds, usage.ru_maxrss / 1024


PEERS = {name: binary for name in ("burn", "candle")
         if (binary := HERE / name / "target" / "release" / f"peer-{name}").exists()}


def peer(name, *options):
    """Examples per second of a peer written in Rust, on one thread."""
    command = [PEERS[name], args.data, *map(str, options), str(args.steps)]
    environment = {**os.environ, "RAYON_NUM_THREADS": "1"}
    return float(subprocess.run(command, env=environment, check=True, text=True, stdout=subprocess.PIPE,
                                stderr=subprocess.DEVNULL).stdout)


def step(optimizer, rate, dropout):
    settings = [f"training.steps={args.steps}", f"optimizer={{ kind = '{optimizer}', learning_rate = {rate} }}",
                f"network.dropout={dropout}", "evaluation={ every_epochs = 1000, train_examples = 100 }"]
    (ours,), *_ = runner(1, *settings)
    process = torch("--optimizer", optimizer, "--dropout", str(dropout), "--steps", str(args.steps))
    return ours, float(process.communicate()[0]), *(peer(name, optimizer, dropout) for name in PEERS)


def sweep():
    """Two trials at once, whole: evaluation of 50,000 + 10,000 images each epoch, checkpoints, plots."""
    _, ours, mebibytes = runner(2, f"training.steps={500 * args.epochs}", "training.seeds=2")
    memory.append(mebibytes)
    started = time.perf_counter()
    processes = [torch("--epochs", str(args.epochs), "--seed", str(seed)) for seed in range(2)]
    for process in processes:
        process.wait()
    return 1 / ours, 1 / (time.perf_counter() - started)


def jobs():
    """Training of two trials at once over that of one: examples per second in all."""
    settings = [f"training.steps={args.steps}", "evaluation={ every_epochs = 1000, train_examples = 100 }"]
    both, *_ = runner(2, *settings, "training.seeds=2")
    (alone,), *_ = runner(1, *settings, "training.seeds=1")
    return sum(both), alone


def threads():
    """One trial of a wide network on two cores over one."""
    settings = ["training.steps=100", "network.hidden_sizes=[1000, 1000, 500]",
                "evaluation={ every_epochs = 1000, train_examples = 100 }"]
    (two,), *_ = runner(2, *settings)
    (one,), *_ = runner(1, *settings)
    return two, one


CASES = {
    "step, AdaGrad: examples/s, runner and PyTorch": lambda: step("adagrad", 0.01, 0.0),
    "step, AdaGrad, Dropout 0.5": lambda: step("adagrad", 0.01, 0.5),
    "step, Adam": lambda: step("adam", 0.001, 0.0),
    "sweep of 2 trials: runs/s, runner and PyTorch": sweep,
    "2 jobs and 1: examples/s in all": jobs,
    "1000-1000-500 on 2 cores and 1: examples/s": threads,
}


def peak(count=1):
    """FMA peak in GFLOP/s of `count` cores that are busy at once, per core."""
    command = ["cargo", "bench", "-q", "--bench", "speed", "--", "--peak"]
    processes = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(count)]
    return statistics.mean(float(process.communicate()[0]) for process in processes)


results = {name: [] for name in CASES if args.only in name}
peaks, memory = [], []
for _ in range(args.rounds):
    peaks.append((peak(), peak(2)))
    for name in results:
        results[name].append(CASES[name]())

alone, beside = (statistics.median(values) for values in zip(*peaks))
print(f"FMA peak of a core: {alone:.1f} GFLOP/s alone, {beside:.1f} with the other core busy "
      f"({2 * beside / alone:.2f} times one core)")
print(f"{'median of ' + str(args.rounds) + ' rounds':50} {'first':>9} {'second':>9} {'ratio':>6}")
for name, pairs in results.items():
    for other, label in enumerate([name, *(f"  runner and {peer}" for peer in PEERS)][:len(pairs[0]) - 1], 1):
        first, second = (statistics.median(turn[i] for turn in pairs) for i in (0, other))
        ratio = statistics.median(turn[0] / turn[other] for turn in pairs)
        print(f"{label:50} {first:9.4g} {second:9.4g} {ratio:6.2f}")
    if name.startswith("step, AdaGrad:"):
        share = statistics.median(turn[0] / 100 * STEP_FLOPS / 1e9 / p for turn, (p, _) in zip(pairs, peaks))
        print(f"{'  share of the FMA peak, runner':50} {100 * share:8.0f}%")
if memory:
    print(f"peak memory of runner in the sweep of 2 trials: {statistics.median(memory):.0f} MiB")
