#!/usr/bin/env python3
"""σ_min, σ_max and certificate of features of random weights, beside all singular values by the library's SVD, values only.

Usage: rank.py [--device cpu] [--samples 1500] [--filters 2] [--rounds 3] [--threads 2] [--json FILE]   after ./build.sh bench --list flat

Both run in our program in turns (`./build.sh bench rank`), on the same matrix, samples x 676 filters in float64: our rank, and
cuSOLVER's Xgesvd on a GPU or LAPACK's dgesdd on the CPU. σ_min and σ_max of every round must agree to 1e-6 relative and the ranks be
the same, or nothing is recorded. On a GPU twice the matrix and the SVD's workspace must fit: 60000 x 67600 takes 32 GB, its SVD some
ten minutes.
"""
import argparse
import re
import statistics
import subprocess
import sys

from paired import add_device, add_json, print_machine, program, record, stop_without_gpu, variables, where

NUMBER = r"([-+0-9.E]+)"
HEAD = re.compile(r"^(.*); (.*); seconds wall \(processor\):$", re.MULTILINE)
ROUND = re.compile(rf"^rank {NUMBER} \({NUMBER}\), SVD {NUMBER} \({NUMBER}\).*; rank (\d+) of (\d+) by (\w+), SVD counts (\d+); "
                   rf"σ_min {NUMBER} and {NUMBER}, σ_max {NUMBER} and {NUMBER};")


def rounds_of(options):
    """What our program prints: the matrix, the peer, and a match for every round."""
    command = ["dotnet", program(), "rank", str(options.samples), str(options.filters), "0", str(options.rounds)]
    output = subprocess.run(command, env=variables(options.threads, options.device), stdout=subprocess.PIPE, text=True, check=True).stdout
    head, found = HEAD.match(output), [match for match in map(ROUND.match, output.splitlines()) if match]
    if not head or len(found) != options.rounds:
        sys.exit(f"{options.rounds} rounds were asked for, this was printed:\n{output}")
    return head[1], head[2], found


def require_agreement(found):
    for match in found:
        rank, counted = match[5], match[8]
        pairs = [(float(match[9]), float(match[10])), (float(match[11]), float(match[12]))]
        worst = max(abs(a - b) / b for a, b in pairs)
        if rank != counted or not worst <= 1e-6:
            sys.exit(f"rank {rank} and {counted}, singular values {worst:.1e} apart; nothing was recorded")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--samples", type=int, default=1500)
    parser.add_argument("--filters", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--threads", type=int, default=2)
    add_device(parser)
    add_json(parser)
    options = parser.parse_args()
    stop_without_gpu(options)
    matrix, peer, found = rounds_of(options)
    require_agreement(found)
    print_machine(unit="seconds, wall")
    ours, theirs = (statistics.median(float(match[i]) for match in found) for i in (1, 3))
    ratio = statistics.median(float(match[3]) / float(match[1]) for match in found)
    print(f"| matrix | ours | {peer} | ratio |\n| --- | --: | --: | --: |")
    method = f"rank by {found[0][7]}"
    case = f"{matrix}, median of {options.rounds}{where(options.device, options.threads)}"
    print(f"| {case}, {method} | {ours:.4g} | {theirs:.4g} | {ratio:.1f} |")
    record(options.json, 8 if options.device == "cuda" else 11, case, ours, theirs, "s", options.device, peer, method)


if __name__ == "__main__":
    main()
