"""The training step of the convolutional presets beside PyTorch, in turns, so that a busy machine slows both.

usage: compare_convnets.py RUNNER [--rounds 5] [--only WORD] [--compile]
RUNNER is the release binary. PyTorch is measured channels-last and contiguous, and the faster of the two counts.
Needs: pip install torch. Prints the median of each figure and the median of the ratios of each round.
"""
import argparse
import csv
import pathlib
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).parent
parser = argparse.ArgumentParser()
parser.add_argument("runner")
parser.add_argument("--rounds", type=int, default=5)
parser.add_argument("--only", default="")
parser.add_argument("--compile", action="store_true", help="PyTorch compiled")
args = parser.parse_args()

# Steps that are timed, some seconds of each: enough that the first one, which makes buffers, counts little.
STEPS = {"simple_convnet": 150, "deep_convnet": 12, "resnet": 30, "airbench94": 8}
BATCH = {"airbench94": 1024}  # of the others: 100
FIRST_IS_FIXED = """
            [[optimizer.groups]]
            parameters = "first.weight"
            trainable = false
"""


def torch(network, threads, optimizer):
    """Examples a second in the better layout."""
    def measure(layout):
        command = [sys.executable, HERE / "torch_convnet.py", network, "--layout", layout, "--optimizer", optimizer,
                   "--threads", str(threads), "--steps", str(STEPS[network]), "--batch", str(BATCH.get(network, 100)),
                   *(["--compile"] if args.compile else [])]
        return float(subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout)
    return max(measure("channels_last"), measure("contiguous"))


def runner(network, threads, optimizer):
    """Examples a second of training, from timing.csv."""
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "step.toml"
        file.write_text(f"""
            dataset = {{ kind = "synthetic", test_examples = 10 }}
            network = {{ kind = "{network}" }}
            training = {{ steps = {STEPS[network]}, batch_size = {BATCH.get(network, 100)}, batches = "with_replacement" }}
            evaluation = {{ every_epochs = 1000, train_examples = 10 }}
            [optimizer]
            kind = "{optimizer}"
            learning_rate = 0.001
            {FIRST_IS_FIXED if network == "airbench94" else ""}
        """)
        command = [args.runner, "run", file, f"-j{threads}", "-q", "--runs-dir", folder]
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        (timing,) = pathlib.Path(folder).glob("*/timing.csv")
        return float(list(csv.DictReader(timing.open()))[-1]["examples_per_second"])


CASES = {
    "SimpleConvNet, Adam, 1 thread": lambda: pair("simple_convnet", 1),
    "VGG-like, Adam, 1 thread": lambda: pair("deep_convnet", 1),
    "ResNet-20, momentum, 1 thread": lambda: pair("resnet", 1, "momentum"),
    "SimpleConvNet, 2 threads": lambda: pair("simple_convnet", 2),
    "VGG-like, 2 threads": lambda: pair("deep_convnet", 2),
    "Recipe of 94 %, 1 thread": lambda: pair("airbench94", 1, "nesterov"),
    "Recipe of 94 %, 2 threads": lambda: pair("airbench94", 2, "nesterov"),
    "Recipe of 94 %, runner on 2 threads over 1": lambda: over("airbench94", "nesterov"),
    "VGG-like, runner on 2 threads over 1": lambda: over("deep_convnet"),
    "ResNet-20, runner on 2 threads over 1": lambda: over("resnet", "momentum"),
}


def pair(network, threads, optimizer="adam"):
    return runner(network, threads, optimizer), torch(network, threads, optimizer)


def over(network, optimizer="adam"):
    return runner(network, 2, optimizer), runner(network, 1, optimizer)


results = {name: [] for name in CASES if args.only in name}
for _ in range(args.rounds):
    for name, turns in results.items():
        turns.append(CASES[name]())
print(f"{'examples/s, median of ' + str(args.rounds) + ' rounds':42} {'runner':>9} {'other':>9} {'ratio':>6}")
for name, turns in results.items():
    ours, theirs = (statistics.median(turn[i] for turn in turns) for i in (0, 1))
    ratio = statistics.median(first / second for first, second in turns)
    print(f"{name:42} {ours:9.5g} {theirs:9.5g} {ratio:6.2f}")
