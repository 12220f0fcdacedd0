#!/usr/bin/env bash
# ptx_counts.sh WARP_TEST PTX: what a process leaves in SOFTCUDA_PTX_COUNTS when it ends.
set -euo pipefail

counts=$(mktemp)
trap 'rm -f "$counts"' EXIT
SOFTCUDA_PTX=$2 SOFTCUDA_PTX_COUNTS=$counts "$1" > /dev/null 2>&1

# Of the line named first the column named second.
value() {
    awk -F '\t' -v row="$1" -v name="$2" 'NR == 1 { for (i = 1; i <= NF; ++i) column[$i] = i } $1 == row { print $column[name] }' "$counts"
}
expect() {
    [ "$(value "$1" "$2")" = "$3" ] || { echo "$1: $2 is $(value "$1" "$2"), not $3" >&2; exit 1; }
}

# warp_test launches warp_sum with three seeds, three blocks each time, of 32, 96 and 256 threads.
expect warp_sum launches 9
expect warp_sum blocks 27
expect warp_sum threads 3456
# Every thread reads a double.
expect warp_sum lanes_local 0
[ "$(value warp_sum global_bytes)" -ge $((8 * 3456)) ] || { echo 'warp_sum reads less than its input' >&2; exit 1; }
