#!/usr/bin/env bash
# Measures how good recommendations are, on purchases that no service has seen. README.md says what comes out.
set -euo pipefail
cd "$(dirname "$0")"
cargo test --quiet --package recommender --test it -- quality --nocapture | grep -v '^\.*$\|^running\|^test result'
