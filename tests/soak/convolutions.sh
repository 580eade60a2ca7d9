#!/usr/bin/env bash
# Trains a short version of the recipe of 94 % with each way to compute convolutions, five seeds each, and prints a table
# row for each way: the same accuracy within the noise of the seeds, as docs/networks.md shows. The program itself chooses
# the way by the sizes of images, so copies of the source are changed and built: some 10 minutes, and the trainings
# half an hour of two cores.
#
# usage: tests/soak/convolutions.sh DATA_DIR
#   DATA_DIR   where `runner data fetch cifar10` put the images
set -euo pipefail
data=$(realpath "${1:?usage: tests/soak/convolutions.sh DATA_DIR}")
root=$(cd "$(dirname "$0")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat >"$work/short.toml" <<END
extends = "$root/experiments/cifar10_94.toml"
name = "short"

[schedule]
kind = "linear"
warmup_steps = 15

[training]
steps = 64
batch_size = 512

[evaluation]
every_epochs = 10
train_examples = 2_000
test_time = false
END

# build WAY SED: the program with the choice of `algorithm()` changed.
build() {
    local copy=$work/$1 chooser=src/kernel/conv/geometry.rs
    mkdir "$copy"
    git -C "$root" archive HEAD | tar -x -C "$copy" # with the date of the commit
    sed -i "$2" "$copy/$chooser"
    if [ "$1" != large ] && cmp -s "$copy/$chooser" "$root/$chooser"; then
        echo "$chooser does not choose as this script expects" >&2
        exit 1
    fi
    touch "$copy/$chooser" # or Cargo takes it for the one that was built before
    cargo build --quiet --release --locked --manifest-path "$copy/Cargo.toml" --target-dir "$work/target"
    cp "$work/target/release/runner" "$work/runner-$1"
}

build large ''
build small 's/true if least >= 3 && 10 \*/true if false \&\& least >= 3 \&\& 10 */'
build plain 's/match is_transformed {/match is_transformed \&\& false {/'

# The ids are the same: the runs of each way need a folder of their own.
for way in large small plain; do
    (cd "$work" && "$work/runner-$way" run short.toml --runs-dir "runs-$way" --data-dir "$data" --quiet) >"$work/$way.txt"
    printf '%-6s' "$way"
    grep '^short ' "$work/$way.txt"
done
