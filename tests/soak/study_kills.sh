#!/usr/bin/env bash
# Kills a study at random moments, goes on with it on other numbers of jobs, and compares its decisions, files and
# answer byte for byte with those of an undisturbed one; then lets two processes share one, and two nodes of a Slurm.
#
#   [SLURM_LOCAL=COMMAND] tests/soak/study_kills.sh RUNNER [KILLS]
#
# RUNNER is the binary (`cargo build --release` makes target/release/runner), KILLS the number of SIGKILLs, 20 unless
# given. Needs no data; takes some minutes, in a temporary folder that it removes (KEEP=1 keeps it). COMMAND starts a
# throw-away Slurm of two nodes on this machine: `COMMAND start DIR`, `env DIR` (prints exports), `wipe DIR`.
# Exits with 1 if a byte differs.
set -euo pipefail

[ $# -ge 1 ] && [ -x "$1" ] || { sed -n '2,11s/^# \{0,1\}//p' "$0" >&2; exit 2; }
runner=$(realpath "$1")
kills=${2:-20}

scratch=$(mktemp -d)
chmod 755 "$scratch" # munged insists
end() {
    [ -z "${SLURM_LOCAL:-}" ] || "$SLURM_LOCAL" wipe "$scratch/slurm" > /dev/null 2>&1 || true
    [ -n "${KEEP:-}" ] && echo "kept: $scratch" || rm -rf "$scratch"
}
trap end EXIT
cd "$scratch"

say() { echo "$(date +%H:%M:%S) $*"; }

# begin FOLDER: the first question of a study there; what a second is worth is the same for all, as on one machine.
begin() {
    mkdir "$1"
    cat > "$1/network.toml" <<TOML
[dataset]
kind = "synthetic"
train_examples = 300
validation_examples = 100

[network]
kind = "mlp"
hidden_sizes = [40]

[optimizer]
kind = "adam"
learning_rate = 0.003

[training]
epochs = 12
batch_size = 20
TOML
    (cd "$1" && "$runner" study network.toml --budget 20m --until stand --quiet > /dev/null 2>> ../said.txt)
    sed -i 's/^flops_per_second = .*/flops_per_second = 6.0e8/' "$1/studies/network/study.toml"
}

# differs FOLDER: whether a file of the study or its answer is another one than that of the calm study.
differs() {
    local name different=0
    for name in $(cd calm/studies/network && ls) ; do
        cmp "calm/studies/network/$name" "$1/studies/network/$name" || different=1
    done
    [ "$(ls calm/studies/network)" = "$(ls "$1/studies/network")" ] || different=1
    diff <(cd calm && "$runner" study network --quiet 2> /dev/null) <(cd "$1" && "$runner" study network --quiet 2> /dev/null) || different=1
    [ "$(find "$1" -name 'claim-*' -o -name '.*.tmp' | wc -l)" = 0 ] || { say "files are left over"; different=1; }
    return $((1 - different))
}

begin calm
started=$(date +%s%N)
(cd calm && "$runner" study network.toml --quiet > answer.txt 2>> ../said.txt)
milliseconds=$((($(date +%s%N) - started) / 1000000))
say "calm: $((milliseconds / 1000)) s, $(ls calm/runs | wc -l) runs"
failed=0

begin killed
hits=0
for ((kill = 1; kill <= kills; kill++)); do
    (cd killed && exec "$runner" study network.toml --jobs $((1 + kill % 3)) --quiet > /dev/null 2>&1) &
    process=$!
    sleep "$(awk -v most=$((milliseconds * 3 / kills)) "BEGIN { srand($kill); printf \"%.3f\", 0.05 + rand() * most / 1000 }")"
    kill -9 $process 2> /dev/null && hits=$((hits + 1))
    wait $process 2> /dev/null || true
done
(cd killed && "$runner" study network.toml --jobs 1 --quiet > /dev/null 2>> ../said.txt)
if differs killed; then failed=1; fi
say "killed $hits times and gone on with 1 to 3 jobs: $([ $failed = 0 ] && echo the same bytes || echo DIFFERENT)"

begin shared
(cd shared && "$runner" study network.toml --jobs 1 --wait --quiet > /dev/null 2>> ../said.txt) &
(cd shared && "$runner" study network.toml --jobs 1 --wait --quiet > /dev/null 2>> ../said.txt)
wait $!
if differs shared; then failed=1 && say "two processes: DIFFERENT"; else say "two processes: the same bytes"; fi

if [ -n "${SLURM_LOCAL:-}" ]; then
    LAB_NODES=2 LAB_CPUS=1 "$SLURM_LOCAL" start "$scratch/slurm" > slurm.log 2>&1 || { cat slurm.log >&2; exit 1; }
    eval "$("$SLURM_LOCAL" env "$scratch/slurm")"
    begin cluster
    chmod -R a+rwX cluster
    (cd cluster && sbatch --quiet --wait --array=1-2 --wrap "$runner study network.toml --wait --quiet") ||
        { tail -n 5 cluster/slurm-*.out; exit 1; }
    rm cluster/slurm-*.out
    if differs cluster; then failed=1 && say "two nodes: DIFFERENT"; else say "two nodes of a Slurm: the same bytes"; fi
fi
exit $failed
