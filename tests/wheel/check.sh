#!/usr/bin/env bash
# Builds the wheel, installs it into a fresh environment and uses the command there, in an empty folder.
#
#   tests/wheel/check.sh [PROFILE]
#
# PROFILE is `dev` unless given; a release takes `release`. Where cargo is, the wheel may be built; where the wheel is
# used, no cargo is needed.
set -euo pipefail
cd "$(dirname "$0")/../.."
profile=${1:-dev}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

python3 -m venv "$folder/build"
"$folder/build/bin/pip" install --quiet "maturin==1.16.0"
if [ "$profile" = dev ]; then
    # `cargo test` asks for more features of some crates, so the library is built once more: as fast as possible.
    export CARGO_PROFILE_DEV_OPT_LEVEL=0
fi
"$folder/build/bin/maturin" build --quiet --locked --profile "$profile" --compatibility linux --out "$folder/wheels"
ls -l "$folder/wheels"

python3 -m venv "$folder/fresh"
"$folder/fresh/bin/pip" install --quiet --no-index "$folder"/wheels/gaprunner-*.whl
mkdir "$folder/empty"
cd "$folder/empty"
runner=$folder/fresh/bin/runner
"$runner" --version
"$runner" init experiment.toml
"$runner" run experiment.toml --set training.epochs=1 --set 'training.seeds=[1]' --set 'network.dropout=0.0' \
    --set dataset.train_examples=200 --quiet | tee table.txt
grep -q ' n ' table.txt
metrics=(runs/*/metrics.csv)
[ -s "${metrics[0]}" ]
"$folder/fresh/bin/pip" show --files gaprunner >files.txt
grep -q 'bin/runner' files.txt
for licence in LICENSE src/output/fonts/LICENSE-DejaVu.txt src/output/html/vendor/LICENSES.txt; do
    grep -q "dist-info/licenses/$licence\$" files.txt || { echo "the wheel lacks $licence" >&2; exit 1; }
done
echo "the wheel installs and trains"
