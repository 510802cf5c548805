# Shared by the benchmarks: medians, and measuring in turns so that what the machine does meanwhile hits all alike.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
rounds=${ROUNDS:-5}
msvc=${MSVC:-${CARGO_TARGET_DIR:-$root/target}/release/msvc}

fail() { echo "error: $*" >&2; exit 1; }

need() {
    for tool in "$@"; do
        command -v "$tool" >/dev/null || fail "$tool is needed; docs/benchmarks.md says from where"
    done
}

need_msvc() { [ -x "$msvc" ] || fail "no $msvc; cargo build --release makes it"; }

# Median of the numbers on standard input, one per line.
median() { sort -g | awk '{ v[NR] = $1 } END { m = int((NR + 1) / 2); print (NR % 2 ? v[m] : (v[m] + v[m + 1]) / 2) }'; }

# NUMBER a / NUMBER b, with two decimals.
ratio() { awk -v a="$1" -v b="$2" 'BEGIN { printf "%.2f", a / b }'; }

# Wall time of a command in milliseconds: the median of RUNS runs, after PREPARE (`-` for nothing).
milliseconds() {
    local runs=$1 prepare=$2 command=$3 csv
    csv=$(mktemp)
    local options=(-N --warmup 3 --runs "$runs" --style none --export-csv "$csv")
    [ "$prepare" = - ] || options+=(--prepare "$prepare")
    hyperfine "${options[@]}" "$command" >/dev/null
    # Columns: command, mean, stddev, median, ...
    tail -n 1 "$csv" | awk -F, '{ printf "%.3f\n", $(NF - 4) * 1000 }'
    rm "$csv"
}
