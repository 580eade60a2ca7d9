#!/usr/bin/env bash
# Submits a sweep of 24 trials to a real Slurm, disturbs it, and compares its results byte for byte with those
# of a sweep on this machine.
#
#   SLURM_LOCAL=COMMAND tests/soak/slurm.sh RUNNER [EPOCHS]
#
# RUNNER is the binary (`cargo build --release` makes target/release/runner); a trial trains EPOCHS epochs, 40
# unless given: some 20 seconds, or 5 on a fast machine, where more are needed for a task to meet its end. Takes a quarter of an hour, in a temporary folder that it removes
# (KEEP=1 keeps it). Needs Python.
#
# COMMAND starts and breaks a throw-away Slurm of two nodes, n1 and n2, on this machine:
#   COMMAND start DIR, env DIR (prints exports), kill-node DIR NODE [soft], start-node DIR NODE, wipe DIR
# Right after submission the controller is killed with SIGKILL; then one node is killed with its processes,
# another is cut off (its slurmd is killed, its task trains on unseen), and tasks come to the end of their time.
# Without SLURM_LOCAL the Slurm that is there is used, and nothing but time ends a task.
#
# Exits with 1 if a byte differs, a trial was trained to its end twice, a file is left over, `runner list`
# was wrong once (tests/soak/list_truth.py), no task came to the end of its time, the sweep does not end, or scancel loses a trial.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
[ $# -ge 1 ] && [ -x "$1" ] || { sed -n '2,21s/^# \{0,1\}//p' "$0" >&2; exit 2; }
runner=$(realpath "$1")
epochs=${2:-40}
trials=24
patience=1500 # seconds for a sweep to end

scratch=$(mktemp -d)
chmod 755 "$scratch" # munged insists
lab=$scratch/slurm
end() {
    touch "$scratch/stop"
    [ -z "${SLURM_LOCAL:-}" ] || "$SLURM_LOCAL" wipe "$lab" > /dev/null 2>&1 || true
    [ -n "${KEEP:-}" ] && echo "kept: $scratch" || rm -rf "$scratch"
}
trap end EXIT
cd "$scratch"
cat > sweep.toml <<TOML
[dataset]
kind = "synthetic"
validation_examples = 500

[network]
kind = "mlp"
hidden_sizes = [100, 100, 50]
batch_norm = true

[optimizer]
kind = "adagrad"
learning_rate = 0.01

[training]
epochs = $epochs
batch_size = 50
seeds = 3

[grid]
network.dropout = [0.0, 0.1, 0.2, 0.5]
optimizer.weight_decay = [0.0, 0.01]
TOML

say() { echo "$(date +%H:%M:%S) $*"; }
finished() { { "$runner" list --runs-dir "$1" --state finished --format csv || true; } | grep -c ',finished,' || true; }
wait_for() { # SECONDS WHAT COMMAND...: waits until the command succeeds
    local until=$((SECONDS + $1)) what=$2
    shift 2
    until "$@"; do
        ((SECONDS < until)) || { say "waited in vain for $what" >&2; exit 1; }
        sleep 1
    done
}
have_finished() { (($(finished "$1") >= $2)); }
is_queue_empty() { [ -z "$(squeue -h -n sweep 2> /dev/null || echo asked in vain)" ]; }

say "a sweep on this machine, two trials at a time"
started=$SECONDS
"$runner" run sweep.toml --runs-dir local --jobs 2 --quiet > /dev/null
local_seconds=$((SECONDS - started))
say "took $local_seconds s"

if [ -n "${SLURM_LOCAL:-}" ]; then
    LAB_NODES=2 LAB_CPUS=1 "$SLURM_LOCAL" start "$lab" > slurm.log 2>&1 || { cat slurm.log >&2; exit 1; }
    eval "$("$SLURM_LOCAL" env "$lab")"
fi

# submit RUNS_FOLDER [OPTIONS...]
submit() {
    local runs=$1
    shift
    set -- --runs-dir "$runs" --tasks 4 --checkpoint-seconds 5 --claim-timeout 20 "$@"
    "$runner" submit sweep.toml "$@"
}

say "the same as a job array of 4 tasks with 2 minutes each"
submit disturbed --print
python3 "$here/list_truth.py" "$runner" disturbed stop > list.log &
truth=$!
job=$(submit disturbed -- --time=2 --signal=B:USR1@60)
if [ -n "${SLURM_LOCAL:-}" ]; then
    kill -9 "$(cat "$(sed -n 's/^SlurmctldPidFile=//p' "$SLURM_CONF")")"
    say "killed the controller right after the submission of job $job"
    sleep 5
    "$SLURM_LOCAL" start "$lab" > slurm.log 2>&1
    if [ -z "$(squeue -h -j "$job" 2> /dev/null)" ] && ! have_finished disturbed 1; then
        say "the controller has forgotten job $job: submitted again"
        job=$(submit disturbed -- --time=2 --signal=B:USR1@60)
    else
        say "the controller is back and knows job $job"
    fi
    wait_for $patience "3 finished trials" have_finished disturbed 3
    say "killing node n1 with all its processes"
    "$SLURM_LOCAL" kill-node "$lab" n1
    sleep 30
    "$SLURM_LOCAL" start-node "$lab" n1 | tail -1
    wait_for $patience "10 finished trials" have_finished disturbed 10
    say "cutting node n2 off"
    "$SLURM_LOCAL" kill-node "$lab" n2 soft
    sleep 40
    squeue -r -j "$job" || true
    "$SLURM_LOCAL" start-node "$lab" n2 | tail -1
fi
wait_for $patience "the end of the sweep" have_finished disturbed $trials
say "all $trials trials are finished"
wait_for $patience "the end of all tasks" is_queue_empty
touch stop
is_list_true=0
wait $truth || is_list_true=1
cat list.log

say "the logs of the tasks say"
cat disturbed/.slurm/*.log | grep -E 'of Slurm|CANCELLED|taken over|saved partway|interrupted' |
    sed 's/^\[[0-9T:.-]*\] //' | sort | uniq -c | cut -c 1-150 || true
requeued=$(cat disturbed/.slurm/*.log | grep -c 'is back in the queue' || true)
different=0
compared=0
for run in local/*/; do
    for name in metrics.csv model.safetensors best.safetensors test_predictions.npy trial.toml layers.csv; do
        compared=$((compared + 1))
        cmp "$run$name" "disturbed/$(basename "$run")/$name" || different=$((different + 1))
    done
done
twice=0
for log in disturbed/*/log.txt; do
    [ "$(grep -c ' finished$' "$log")" = 1 ] || twice=$((twice + 1))
done
attempts=$(cat disturbed/*/log.txt | grep -c ' attempt ')
leftovers=$(find disturbed -name '.*.tmp' -o -name 'claim-*' | wc -l)
runs=$(find disturbed -mindepth 1 -maxdepth 1 -type d -name '[0-9a-f]*' | wc -l)
say "runs: $runs; files compared: $compared, different: $different"
say "trials trained to the end more than once: $twice; times that trials were taken up: $attempts"
say "tasks that put themselves back into the queue: $requeued; temporary and claim files: $leftovers"

say "the same undisturbed, to see what Slurm costs"
started=$(date +%s.%N)
submit calm > /dev/null 2>&1
wait_for $patience "the end of the sweep" have_finished calm $trials
say "took $(($(date +%s) - ${started%.*})) s, the sweep on this machine $local_seconds s (other work on it counts)"
python3 - calm "$started" <<'PY'
import collections, datetime, glob, json, statistics, sys

def seconds(line):
    return datetime.datetime.fromisoformat(line.split()[0].replace("Z", "+00:00")).timestamp()

tasks = collections.defaultdict(list)
for record in glob.glob(sys.argv[1] + "/*/run.json"):
    lines = open(record.replace("run.json", "log.txt")).read().splitlines()
    owner = json.load(open(record))["owner"]["pid"]
    tasks[owner].append((seconds(lines[0]), seconds(lines[-1])))
first = min(begin for trials in tasks.values() for begin, _ in trials) - float(sys.argv[2])
between = [later[0] - earlier[1] for trials in map(sorted, tasks.values())
           for earlier, later in zip(trials, trials[1:])]
print(f"from submission to the first step {first:.1f} s; between two trials of a task "
      f"{statistics.median(between):.2f} s (median; the claim, the network, the record)")
PY

say "cancelled in the middle"
job=$(submit cancelled 2> /dev/null)
wait_for $patience "a trial in training" eval "\"$runner\" list --runs-dir cancelled --state running --format csv | grep -q ,running,"
scancel "$job"
wait_for $patience "the end of all tasks" is_queue_empty
"$runner" list --runs-dir cancelled --format csv > cancelled.csv
interrupted=$(grep -c ',interrupted,' cancelled.csv || true)
lost=$(grep -cE ',(lost|running),' cancelled.csv || true)
say "saved in the middle: $interrupted; lost: $lost"
((different == 0 && twice == 0 && requeued > 0 && leftovers == 0 && runs == trials && is_list_true == 0 &&
    interrupted > 0 && lost == 0))
