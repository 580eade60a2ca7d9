#!/usr/bin/env bash
# Puts what comparing needs of finished runs into docs/runs: settings, curves and times, 7 KB a run, without weights,
# checkpoints and pictures. The tables of the pages are printed from there.
#
# usage: tests/soak/keep_records.sh RUN_FOLDER...
set -euo pipefail
kept=$(cd "$(dirname "$0")/../.." && pwd)/docs/runs

for run in "$@"; do
    if ! grep -q '"state": "finished"' "$run/run.json"; then
        echo "$run: not finished, left out" >&2
        continue
    fi
    target=$kept/$(basename "$run")
    mkdir -p "$target"
    cp "$run"/{run.json,trial.toml,metrics.csv,timing.csv} "$target"
done
