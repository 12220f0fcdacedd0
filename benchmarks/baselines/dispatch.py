#!/usr/bin/env python3
"""The host's cost of one op: ours beside PyTorch's eager mode, on tensors of no and of one element, one thread.

Usage: dispatch.py [--device cpu] [--rounds 15] [--json FILE]   after ./build.sh bench --list flat

Each op's result must be the same on both sides before anything is timed. Rounds alternate, ours and PyTorch's; a round is 100
groups of 200 calls, and the device catches up between groups, outside the time taken. Printed: medians of nanoseconds per call,
wall (processor), and the median of the rounds' ratios. Processor time includes the waits between groups.
"""
import argparse
import sys
import time

import torch

from paired import Ours, add_device, add_json, alternate, print_machine, record, stop_without_gpu
from torch_modes import set_precision, synchronize

VALUE, GROUPS, CALLS = 1.5, 100, 200
WARM_UP_SECONDS = 1.0  # .NET compiles a method again when it has been called often


def ops_on(device):
    empty, one = torch.zeros(0, device=device), torch.full((1,), VALUE, device=device)
    leaf = torch.full((1,), VALUE, device=device, requires_grad=True)
    return {
        "add, no elements": lambda: empty + empty,
        "add, 1 element": lambda: one + one,
        "sigmoid, 1 element": lambda: torch.sigmoid(one),
        "add, 1 element, recorded": lambda: leaf + one,
        "1 x 1 matrix product": lambda: torch.mm(one.reshape(1, 1), one.reshape(1, 1)),
    }


def require_agreement(ours, ops):
    for line in ours.head:
        name, values = line.rstrip("\n").split("=")
        expected = ops[name]().detach().flatten().tolist()
        actual = [float(word) for word in values.split()]
        if len(actual) != len(expected) or any(abs(a - e) > 1e-6 for a, e in zip(actual, expected)):
            sys.exit(f"{name}: ours is {actual}, PyTorch's {expected}; nothing was timed")


def peer_round(op):
    wall, processor = 0, time.process_time()
    for _ in range(GROUPS):
        begin = time.perf_counter_ns()
        for _ in range(CALLS):
            op()
        wall += time.perf_counter_ns() - begin
        synchronize()
    return wall / (GROUPS * CALLS), (time.process_time() - processor) * 1e9 / (GROUPS * CALLS)


def warm_up(*rounds):
    begin = time.perf_counter()
    while time.perf_counter() - begin < WARM_UP_SECONDS:
        for run in rounds:
            run()


def compare(name, ours, op, options):
    warm_up(lambda: ours.round(name), lambda: peer_round(op))
    medians = alternate(lambda: ours.round(name), lambda: peer_round(op), options.rounds)
    (ours_wall, ours_cpu), (peer_wall, peer_cpu), (ratio, cpu_ratio) = medians
    print(f"| {name} | {ours_wall:.0f} ({ours_cpu:.0f}) | {peer_wall:.0f} ({peer_cpu:.0f}) | {ratio:.1f} ({cpu_ratio:.1f}) |", flush=True)
    record(options.json, 9, name, ours_wall, peer_wall, "ns", options.device)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    add_device(parser)
    add_json(parser)
    options = parser.parse_args()
    stop_without_gpu(options)
    set_precision("float32")
    torch.set_num_threads(1)
    ops = ops_on(options.device)
    ours = Ours(["dispatch", VALUE, GROUPS], 1, len(ops), options.device)
    require_agreement(ours, ops)
    print_machine(unit="nanoseconds per op, wall (processor)")
    print("| op | ours | PyTorch | ratio |\n| --- | --: | --: | --: |")
    for name, op in ops.items():
        compare(name, ours, op, options)
    ours.close()


if __name__ == "__main__":
    main()
