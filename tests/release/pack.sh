#!/usr/bin/env bash
# Packs a built program as a release has it: program, licences, manual pages, completions and schema in one archive.
#
#   tests/release/pack.sh PROGRAM NAME [THIRD_PARTY_LICENCES]
#
# writes NAME.tar.gz and NAME.tar.gz.sha256 into the current folder. A program for this machine only: it writes its own
# manual pages.
set -euo pipefail
program=$1
name=$2
third_party=${3:-}
top=$(cd "$(dirname "$0")/../.." && pwd)

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
packed=$folder/$name
mkdir -p "$packed/completions"

cp "$program" "$packed/runner"
strip "$packed/runner"
cp "$top/LICENSE" "$top/README.md" "$top/CHANGELOG.md" "$top/experiment.schema.json" "$packed/"
cp -R "$top/experiments" "$packed/experiments"
mkdir "$packed/licences"
cp "$top"/src/output/fonts/*LICENSE* "$packed/licences/"
cp "$top/src/output/html/vendor/LICENSES.txt" "$packed/licences/LICENSES-charts.txt" # plotly.js, D3 and others of reports
[ -z "$third_party" ] || cp "$third_party" "$packed/licences/third-party.html"
for shell in bash fish zsh; do
    "$packed/runner" completions "$shell" >"$packed/completions/runner.$shell"
done
"$packed/runner" man "$packed/man/man1"
cmp "$packed/experiment.schema.json" <("$packed/runner" schema)

tar -C "$folder" -czf "$name.tar.gz" "$name"
if command -v sha256sum >/dev/null; then
    sha256sum "$name.tar.gz" >"$name.tar.gz.sha256"
else
    shasum -a 256 "$name.tar.gz" >"$name.tar.gz.sha256"
fi
ls -l "$name.tar.gz"
