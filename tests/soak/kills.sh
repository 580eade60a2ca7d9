#!/usr/bin/env bash
# Kills a sweep at random moments, goes on with it, and compares its results byte for byte with
# those of an undisturbed one.
#
#   tests/soak/kills.sh RUNNER [KILLS]
#
# RUNNER is the binary (`cargo build --release` makes target/release/runner), KILLS the number of
# SIGKILLs, 30 unless given. Builds nothing and needs no data; takes some seconds a kill, in a temporary
# folder that it removes. Exits with 1 if a byte differs, a file is left over, or a run that was finished
# was taken up again.
set -euo pipefail

[ $# -ge 1 ] && [ -x "$1" ] || { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2; }
runner=$(realpath "$1")
kills=${2:-30}
epochs=$((10 + kills / 3)) # the sweep outlasts the kills
results='metrics.csv model.safetensors checkpoint.safetensors best.safetensors test_predictions.npy trial.toml
    layers.csv evaluation.json confusion.csv mistakes.png first_layer.png'

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
cat > sweep.toml <<TOML
[dataset]
kind = "synthetic"
validation_examples = 500

[network]
kind = "mlp"
hidden_sizes = [100, 100, 50]
batch_norm = true
dropout = 0.2

[optimizer]
kind = "sgd"

[training]
epochs = $epochs
batch_size = 70
batches = "shuffled"

[grid]
optimizer = [
    { kind = "sgd", learning_rate = 0.05 },
    { kind = "momentum", learning_rate = 0.01 },
    { kind = "nesterov", learning_rate = 0.01 },
    { kind = "adagrad", learning_rate = 0.01 },
    { kind = "rmsprop", learning_rate = 0.001 },
    { kind = "adam", learning_rate = 0.001 },
    { kind = "adamw", learning_rate = 0.001, weight_decay = 0.01 },
]
TOML

# sweep RUNS_DIR COMMAND...: one process, silent; its exit code is the function's.
sweep() {
    local runs=$1
    shift
    exec "$runner" "$@" --runs-dir "$runs" --jobs 2 --checkpoint-seconds 0.2 --quiet > /dev/null
}

started=$SECONDS
(sweep undisturbed run sweep.toml)
echo "undisturbed sweep: $((SECONDS - started)) s"

started=$SECONDS
hits=0
for ((i = 0; i < kills; i++)); do
    if ((i % 2)); then command=(resume --all); else command=(run sweep.toml); fi
    sweep killed "${command[@]}" &
    sleep "$(printf '%d.%03d' $((RANDOM % 2)) $((100 + RANDOM % 900)))"
    kill -KILL $! 2> /dev/null || true
    code=0
    wait $! 2> /dev/null || code=$?
    case $code in
        137) hits=$((hits + 1)) ;;
        0) ;; # it was done before
        *) echo "exit code $code" >&2; exit 1 ;;
    esac
done
(sweep killed run sweep.toml)
echo "killed sweep: $((SECONDS - started)) s, $hits of $kills kills hit a running process"

count() { cat killed/*/log.txt | grep -c "$1" || true; }
# Lines of a log after `finished`: none if what is done stays done.
again=0
for log in killed/*/log.txt; do
    again=$((again + $(sed '0,/ finished$/d' "$log" | wc -l)))
done
echo "trials taken up: $(count ' attempt ') times, $(count ' continues from step ') from a checkpoint"

compared=0
different=0
for run in undisturbed/*/; do
    for name in $results; do
        compared=$((compared + 1))
        cmp "$run$name" "killed/$(basename "$run")/$name" || different=$((different + 1))
    done
done
leftovers=$(find killed -name '.*.tmp' -o -name 'claim-*' | wc -l)
unexpected=$(diff <(cd undisturbed && find . -type f ! -name 'checkpoint.previous*' | sort) \
    <(cd killed && find . -type f ! -name 'checkpoint.previous*' | sort) | grep -c '^[<>]' || true)
bytes=$(cd undisturbed && cat */{metrics.csv,layers.csv,*.safetensors,*.npy,trial.toml,evaluation.json,confusion.csv} 2> /dev/null | wc -c)
echo "files compared: $compared ($bytes bytes with checkpoints), different: $different"
echo "log lines after a run was finished: $again"
echo "temporary and claim files: $leftovers, files in one sweep only: $unexpected"
((different == 0 && again == 0 && leftovers == 0 && unexpected == 0 && hits > 0))
