#!/usr/bin/env bash
# A trial of many epochs: memory stays where it was, and what is written grows with the time of training
# and not with its square. Prints a line for every tenth of the epochs.
#
#   tests/soak/long_run.sh RUNNER [EPOCHS]
#
# RUNNER is the binary, EPOCHS 10000 unless given. Needs Linux; takes a minute or two.
set -euo pipefail

[ $# -ge 1 ] && [ -x "$1" ] || { sed -n '2,8s/^# \{0,1\}//p' "$0" >&2; exit 2; }
runner=$(realpath "$1")
epochs=${2:-10000}
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
cat > long.toml <<TOML
[dataset]
kind = "synthetic"
train_examples = 100
test_examples = 50
[network]
kind = "mlp"
hidden_sizes = [10]
[optimizer]
kind = "sgd"
learning_rate = 0.001
[training]
epochs = $epochs
batch_size = 50
TOML

started=$SECONDS
"$runner" run long.toml --jobs 1 --checkpoint-seconds 5 --quiet > /dev/null &
next=1
memory=() written=()
look() { # resident memory in kB, bytes that the process wrote
    rss=$(sed -n 's/^VmRSS:[^0-9]*\([0-9]*\).*/\1/p' /proc/$!/status)
    bytes=$(sed -n 's/^wchar: //p' /proc/$!/io)
}
while kill -0 $! 2> /dev/null; do
    sleep 0.2
    epoch=$(sed -n 's/^    "epoch": \([0-9]*\),/\1/p' runs/*/run.json 2> /dev/null | head -1) || true
    # At the end the plots take memory of their own.
    if ((${epoch:-0} >= next * epochs / 10 && epoch < epochs)); then
        look || break
        memory+=("$rss") written+=("$bytes")
        echo "epoch $epoch after $((SECONDS - started)) s: memory $((rss / 1024)) MiB, written $((bytes / 1048576)) MiB"
        next=$((epoch * 10 / epochs + 1))
    fi
done
wait $!
echo "files: $(stat -c '%n %s' runs/*/{metrics.csv,timing.csv,log.txt} | sed 's#runs/[0-9a-f]*/##' | tr '\n' ' ')"
growth=$((memory[-1] - memory[0]))
echo "memory grew by $growth kB between the first and the last of these lines; $(wc -l < runs/*/metrics.csv) lines of metrics"
((growth < 8192))
