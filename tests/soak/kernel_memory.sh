#!/usr/bin/env bash
# The tests of src/kernel, the only unsafe code, under AddressSanitizer and under valgrind: no read or write outside
# of what is theirs. Takes some minutes. Needs a nightly toolchain and valgrind.
#
# usage: tests/soak/kernel_memory.sh
set -euo pipefail
cd "$(dirname "$0")/../.."
target=$(rustc -vV | sed -n 's/^host: //p')

echo "== AddressSanitizer"
RUSTFLAGS=-Zsanitizer=address CARGO_TARGET_DIR=target/sanitizer \
    cargo +nightly test --locked --lib --target "$target" -- kernel::

echo "== valgrind"
variable=CARGO_TARGET_$(echo "$target" | tr 'a-z-' 'A-Z_')_RUNNER
env "$variable=valgrind --quiet --error-exitcode=1" KERNEL_SHAPES=4 \
    cargo test --locked --lib --target "$target" -- kernel:: --test-threads 2
