#!/usr/bin/env bash
# Fuzzes every target in fuzz/ in turn, 600 seconds each or as many as the first argument says, and prints a
# line for each: its name, how many inputs were tried, how many findings there are. Exits with 1 if there is
# one; its input lies in fuzz/artifacts/, and `cargo +nightly fuzz run TARGET FILE` shows what it does.
# A finding is a panic, a failed assertion, an integer overflow, bad memory (AddressSanitizer), an input that
# takes more than 10 seconds, or memory out of proportion to the input: 256 MB at once or 1 GB in all, where no
# input is larger than 64 kB. More targets at a time, or others alone: fuzz.sh SECONDS TARGET...
#
# usage: tests/soak/fuzz.sh [SECONDS [TARGET...]]
#
# Needs Python, a nightly Rust and `cargo install cargo-fuzz --locked`.
set -euo pipefail
cd "$(dirname "$0")/../.."

seconds=${1:-600}
shift || true
logs=$(mktemp -d)
# Targets write small files; in memory they do not wait for a disk.
scratch=$(mktemp -d -p /dev/shm 2>/dev/null || mktemp -d)
trap 'rm -rf "$scratch"' EXIT

python3 fuzz/make_seeds.py
cargo +nightly fuzz build >"$logs/build" 2>&1 || { cat "$logs/build"; exit 1; }
found=0
for target in ${*:-$(cargo +nightly fuzz list)}; do
    log="$logs/$target"
    status=0
    TMPDIR=$scratch cargo +nightly fuzz run "$target" -- -max_total_time="$seconds" -max_len=65536 -timeout=10 \
        -rss_limit_mb=1024 -malloc_limit_mb=256 -print_final_stats=1 >"$log" 2>&1 || status=$?
    executions=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
    findings=$(grep -c 'Test unit written to' "$log" || true)
    [ "$status" = 0 ] || [ "$findings" != 0 ] || findings=1 # it ended otherwise than well
    echo "$target: ${executions:-?} executions, $findings findings"
    if [ "$findings" != 0 ]; then
        found=1
        tail -40 "$log"
    fi
done
echo "logs: $logs"
exit "$found"
