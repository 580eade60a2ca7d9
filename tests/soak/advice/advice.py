"""How good the advice of `runner diagnose` is: advice.py RUNNER FOLDER [--data-dir DIR] [BASELINE ...].

Each baseline in baselines/ is trained with three seeds and diagnosed; every piece of its advice is followed alone, with as many
seeds as `runner diagnose --write` writes; and `runner diagnose` says what was expected and what came. Prints a row
for each piece, and how many came as said. Those that begin with `aside_` were set aside before any number of the advice
was tuned on the others. FOLDER keeps runs and experiments: the same command goes on. Needs CIFAR-10 and CIFAR-100 in DIR,
and digits.csv and wine.csv in FOLDER (make_csv.py writes them). Exits with 1 if less than 8 of 10 came as said, in all or in
those set aside.
"""
import argparse
import json
import pathlib
import subprocess
import sys

parser = argparse.ArgumentParser()
parser.add_argument("runner")
parser.add_argument("folder", type=pathlib.Path)
parser.add_argument("--data-dir", default="data")
parser.add_argument("baselines", nargs="*")
options = parser.parse_intermixed_args()
here = pathlib.Path(__file__).parent


def run(*words):
    """What a command of the runner prints; the words of an error if it fails."""
    command = [options.runner, *words, "--data-dir", options.data_dir, "--runs-dir", options.folder / "runs", "-q"]
    done = subprocess.run(command, text=True, capture_output=True)
    # 1: trials diverged, which is what some of the baselines are for; 4: there is no advice.
    if done.returncode not in (0, 4) and "diverged" not in done.stderr:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stderr}")
    return done


def pieces(name):
    """The outcomes of the advice for one baseline."""
    file, following = (options.folder / f"{name}{part}.toml" for part in ("", "-next"))
    file.write_text((here / "baselines" / f"{name}.toml").read_text() + "seeds = 3\n")
    run("run", file)
    following.unlink(missing_ok=True)
    run("diagnose", file, "--write", following)
    if not following.exists():
        return []
    run("run", following)
    return json.loads(run("diagnose", following, "--format", "json").stdout)["outcomes"]


names = options.baselines or sorted(path.stem for path in (here / "baselines").glob("*.toml"))
counts = {"tuned": [0, 0], "aside": [0, 0]}
print(f"{'baseline':26} {'advice':34} {'expected':>15} {'came':>7}")
for name in names:
    count = counts["aside" if name.startswith("aside_") else "tuned"]
    for piece in pieces(name):
        low, high = (f"{100 * value:+.1f}" for value in piece["expected"])
        came = f"{100 * piece['came']:+.1f}"
        count[0] += piece["verdict"] == "as_said"
        count[1] += 1
        print(f"{name:26} {piece['label']:34} {low:>6} to {high:>5} {came:>7} {piece['verdict']}", flush=True)
good = True
for which, (said, all) in [*counts.items(), ("all", [sum(column) for column in zip(*counts.values())])]:
    if all:
        good &= which == "tuned" or said >= 0.8 * all
        print(f"{which}: {said} of {all} pieces came as said ({said / all:.0%})")
sys.exit(not good)
