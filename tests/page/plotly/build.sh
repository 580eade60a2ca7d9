#!/usr/bin/env bash
# Makes src/output/html/vendor/plotly.js and the licences beside it out of what npm has of plotly.js.
#
#   tests/page/plotly/build.sh
#
# The versions are pinned in package.json and package-lock.json here. A test of src/output/html holds the hash of the
# result: after a change of the version, put the new one there.
set -euo pipefail
cd "$(dirname "$0")"
vendor=../../../src/output/html/vendor

npm ci --no-fund --no-audit
made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
version=$(node -p 'require("plotly.js/package.json").version')
banner="/**
* plotly.js v$version, its lines, marks and heat maps
* Copyright (c) 2016-2024 Plotly Technologies Inc., MIT licence
* With D3 (BSD licence, copyright (c) 2010-2021 Mike Bostock) and others: src/output/html/vendor/LICENSES.txt of runner
*/"
node_modules/.bin/esbuild entry.cjs --bundle --minify --format=iife --global-name=Plotly --target=es2022 --charset=utf8 \
    --define:global=window --define:define.amd=false --define:process.env.NODE_DEBUG=false \
    --banner:js="$banner" --legal-comments=none --log-level=warning --metafile="$made/meta.json" --outfile="$made/plotly.js"
cp "$made/plotly.js" "$vendor/plotly.js"
node licences.cjs "$made/meta.json" >"$vendor/LICENSES.txt"
sha256sum "$vendor/plotly.js"
