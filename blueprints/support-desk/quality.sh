#!/usr/bin/env bash
# Measures how good the answers are, on questions that no service has seen. README.md says what comes out.
set -euo pipefail
cd "$(dirname "$0")"
cargo test --quiet --package intent --package knowledge --test it -- quality --nocapture | grep -v '^\.*$\|^running\|^test result'
