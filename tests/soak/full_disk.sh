#!/usr/bin/env bash
# A sweep on a real disk of 1 MB, which fills up; then a folder that may not be written; then room again.
#
#   tests/soak/full_disk.sh RUNNER
#
# RUNNER is the binary. Needs Linux and `unshare`, to mount a disk of its own; takes half a minute.
set -euo pipefail

[ $# -eq 1 ] && [ -x "$1" ] || { sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2; }
if [ -z "${INSIDE:-}" ]; then
    INSIDE=1 exec unshare --map-root-user --mount "$0" "$(realpath "$1")"
fi
runner=$1
scratch=$(mktemp -d)
trap 'umount "$scratch"; rmdir "$scratch"' EXIT
mount -t tmpfs -o size=1m none "$scratch"
cd /
cat > "$scratch/sweep.toml" <<'TOML'
[dataset]
kind = "synthetic"
[network]
kind = "mlp"
hidden_sizes = [20]
[optimizer]
kind = "adam"
[training]
epochs = 2
seeds = 3
TOML

# run EXPECTED WHAT: runs the sweep, which has to exit with EXPECTED.
run() {
    local code=0
    echo "== $2"
    "$runner" run "$scratch/sweep.toml" --runs-dir "$scratch/runs" --jobs 1 2>&1 |
        sed "s#$scratch/##g; s/^/   /" || code=$?
    [ "$code" -eq "$1" ] || { echo "exit code $code instead of $1" >&2; exit 1; }
    "$runner" list --runs-dir "$scratch/runs" --format csv | cut -d, -f1,2 | sed 's/^/   /'
}

run 100 "the disk has 1 MB"
mount -o remount,ro "$scratch"
run 100 "the disk may not be written"
mount -o remount,rw,size=64m "$scratch"
run 0 "the disk has 64 MB"
finished=$("$runner" list --runs-dir "$scratch/runs" --state finished --format csv | tail -n +2 | wc -l)
leftovers=$(find "$scratch/runs" -name '.*.tmp' -o -name 'claim-*' | wc -l)
"$runner" verify --all --runs-dir "$scratch/runs" 2> /dev/null
echo "finished: $finished of 3, temporary and claim files: $leftovers"
cd - > /dev/null
((finished == 3 && leftovers == 0))
