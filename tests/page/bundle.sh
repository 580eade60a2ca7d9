#!/usr/bin/env bash
# Makes the script of the report page out of its modules, with what `npm ci` has installed here.
#
#   tests/page/bundle.sh [FILE]
#
# FILE is src/output/html/bundle.js unless given. Names are kept, so that the page can be read and debugged.
set -euo pipefail
cd "$(dirname "$0")/../.."
output=${1:-src/output/html/bundle.js}

tests/page/node_modules/.bin/esbuild src/output/html/scripts/main.js \
    --bundle --format=iife --target=es2022 --charset=utf8 --log-level=warning --outfile="$output"

if grep -qi '</script\|<!--' "$output"; then
    echo "$output would end its own element or begin a comment: see </script or <!-- in it" >&2
    exit 1
fi
