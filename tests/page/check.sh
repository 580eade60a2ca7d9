#!/usr/bin/env bash
# Checks the scripts of the report page: how they are written, their types, the tests of single modules, and whether
# the committed bundle is made of them.
#
#   tests/page/check.sh
#
# Installs the pinned tools into tests/page/node_modules, for which it needs the npm registry or npm's cache.
set -euo pipefail
exec </dev/null
cd "$(dirname "$0")"

for tool in node npm; do
    if ! command -v "$tool" >/dev/null; then
        echo "$tool is missing: the report's scripts are checked with Node.js 20 or newer and its npm" >&2
        exit 1
    fi
done
npm ci --no-fund --no-audit
npm run --silent lint
npm run --silent types
npm run --silent test

made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
./bundle.sh "$made/bundle.js"
if ! cmp "$made/bundle.js" ../../src/output/html/bundle.js; then
    echo "src/output/html/bundle.js is not what its modules make: run tests/page/bundle.sh and commit it" >&2
    exit 1
fi
echo "the page's scripts are well written, their types fit, their tests pass, and the bundle is made of them"
