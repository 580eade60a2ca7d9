#!/usr/bin/env bash
# How often `compare` calls noise between equal configs a difference, and how often it finds a true one.
#
#   tests/soak/false_alarms.sh [TABLES]
#
# TABLES is the number of simulated tables for each figure, 1000 unless given. Builds the simulations of
# tests/soak/main.rs and prints the figures; minutes of work. Exits with 1 if more than 5 % of the tables of any
# kind give a false alarm.
set -euo pipefail

tables=${1:-1000}
[[ $tables =~ ^[1-9][0-9]*$ ]] || { sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2; }
cd "$(dirname "$0")/../.."
RUNNER_SIMULATIONS=$tables cargo test --quiet --test soak all_figures -- --nocapture
