#!/usr/bin/env bash
# What successive halving finds for which share of the whole grid's cost, on generated data: a search with 1 job and one
# with 8, which have to agree byte by byte, and then the whole grid, of which the winner has to be within the noise of the best.
# usage: tests/soak/halving.sh [RUNNER]     (default target/release/runner; 10 minutes on two cores)
set -euo pipefail
cd "$(dirname "$0")/../.."
runner=$(realpath "${1:-target/release/runner}")
file=experiments/synthetic_halving.toml
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

# timed NAME ARGUMENTS... prints the seconds that it took
timed() {
    local name=$1 started=$SECONDS
    shift
    "$runner" "$@" -q >"$folder/$name.txt"
    echo "$name: $((SECONDS - started)) s"
}

timed one-job run "$file" --jobs 1 --runs-dir "$folder/one"
timed eight-jobs run "$file" --jobs 8 --runs-dir "$folder/eight"
cat "$folder/one-job.txt"
cmp "$folder/one-job.txt" "$folder/eight-jobs.txt"
for run in "$folder"/one/*/; do
    for name in metrics.csv model.safetensors; do
        if [ -e "$run/$name" ]; then cmp "$run/$name" "$folder/eight/$(basename "$run")/$name"; fi
    done
done
echo "1 and 8 jobs: the same table, metrics and models of $(ls -d "$folder"/one/*/ | wc -l) runs"

sed '/^\[halving\]/,/^$/d' "$file" >"$folder/grid.toml"
timed grid run "$folder/grid.toml" --jobs 1 --runs-dir "$folder/grid"
head -6 "$folder/grid.txt"
tail -1 "$folder/grid.txt"
python3 - "$folder" <<'PYTHON'
import csv, json, pathlib, statistics, sys

def configs(folder):
    """Validation accuracies of the finished runs of each config, and the epochs of all runs."""
    found, epochs = {}, 0
    for path in pathlib.Path(folder).glob("*/run.json"):
        record = json.loads(path.read_text())
        epochs += record["last"]["epoch"]
        trial = record["trial"]
        key = (trial["optimizer"]["learning_rate"], trial["network"]["dropout"])
        if record["state"] == "finished":
            found.setdefault(key, []).append(record["last"]["val_accuracy"])
    return found, epochs

folder = sys.argv[1]
(halved, epochs), (grid, all_epochs) = configs(f"{folder}/one"), configs(f"{folder}/grid")
mean = {key: statistics.mean(values) for key, values in grid.items()}
ranked = sorted(mean, key=mean.get, reverse=True)
noise = statistics.mean(statistics.variance(values) for values in grid.values() if len(values) > 1) ** 0.5
(winner,) = halved
print(f"epochs trained: {epochs} of {all_epochs} ({100 * epochs / all_epochs:.0f} %)")
print(f"winner (learning rate, dropout) {winner}: val {100 * mean[winner]:.1f} %, rank {1 + ranked.index(winner)} of {len(ranked)}")
print(f"best of the grid {ranked[0]}: val {100 * mean[ranked[0]]:.1f} %; seeds scatter by {100 * noise:.1f} points (one standard deviation)")
behind = mean[ranked[0]] - mean[winner]
of_difference = noise  # of two means of two seeds each
print(f"the winner is {100 * behind:.1f} points behind: {behind / of_difference:.1f} standard errors of such a difference")
sys.exit(behind > 2 * of_difference)
PYTHON
