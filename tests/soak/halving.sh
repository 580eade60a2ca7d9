#!/usr/bin/env bash
# What halving finds for which share of the whole grid's cost, on generated data. A search with 1 job and one with 8 have to
# agree byte by byte. Then the whole grid is trained, and from its run folders every other search is told at once: what it
# would have cost, and how far its winner is behind the best of the grid.
# usage: tests/soak/halving.sh [RUNNER]     (default target/release/runner; some 6 minutes on two cores)
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

# From where the search left each run.
sed '/^\[halving\]/,/^$/d' "$file" >"$folder/grid.toml"
timed grid run "$folder/grid.toml" --runs-dir "$folder/one"
sed -n '1,8p' "$folder/grid.txt"
python3 tests/soak/halvings.py "$runner" "$file" "$folder/one"
