#!/usr/bin/env python3
"""Several networks of ICML'18, Figure 1, trained in the same launches: ours beside our own runs and beside PyTorch's, one after another.

Usage: together.py [--device cpu] [--what seeds,table2] [--seeds 8] [--t1 10,20,...,100] [--threads 2] [--rounds 7] [--json FILE]
after ./build.sh bench --list flat

seeds: eight seeds of T1 = 10 in one launch, beside eight times one network's step; the losses of the first and the last network in
the first 20 steps must have the very bits that they have alone before anything is timed.
table2: a step of the ten networks of Table 2 in one launch, beside the sum of PyTorch's fastest steps (see mnist_step.py, whose
agreement is required of every network). What is recorded is the time of 2000 epochs of 60,000 images at batch 128, computed from the
time of a step: no such training is run.
"""
import argparse
import statistics
import sys

import torch

import figure1_peer
from mnist_step import GPU_STEPS, begin
from paired import Ours, add_device, add_json, alternate, commit, numbers, print_machine, record, require_agreement
from paired import stop_without_gpu, threads_of, where
from torch_modes import add_modes, peer_name, set_precision

STEPS_OF_TABLE2 = 2000 * 469


def together(filters, seeds, steps, threads, device):
    return Ours(["together", ",".join(map(str, filters)), ",".join(map(str, seeds)), steps], threads, figure1_peer.AGREEMENT_STEPS, device)


def require_same_bits(all_of_them, filters, seeds, threads, device):
    """The losses of the first and of the last network are, digit by digit, those it has alone."""
    for i in {0, len(filters) - 1}:
        t1, seed = filters[i], seeds[i]
        alone = together([t1], [seed], 1, threads, device)
        alone.close()
        if [line.split()[i] for line in all_of_them.head] != [line.strip() for line in alone.head]:
            sys.exit(f"network {i + 1} (T1 = {t1}, seed {seed}) has other losses alone than together; nothing was timed")


def compare_seeds(t1, threads, steps, options):
    seeds = list(range(1, options.seeds + 1))
    joint = together([t1] * len(seeds), seeds, steps, threads, options.device)
    require_same_bits(joint, [t1] * len(seeds), seeds, threads, options.device)
    alone = together([t1], [1], steps, threads, options.device)
    (ours, ours_cpu), (one, one_cpu), (ratio, cpu_ratio) = alternate(joint.round, alone.round, options.rounds)
    joint.close()
    alone.close()
    count = len(seeds)
    print(f"| {count} seeds, T1 = {t1} | {threads} | {ours:.4f} ({ours_cpu:.4f}) | {count * one:.4f} ({count * one_cpu:.4f}) "
          f"| {count * ratio:.2f} ({count * cpu_ratio:.2f}) | the same bits |", flush=True)
    case = f"{count} seeds, T1 = {t1}, batch {figure1_peer.BATCH}{where(options.device, threads)}"
    record(options.json, 3, case, ours, count * one, device=options.device, peer=f"ours of {commit()}, one after another")


def fastest_peer(t1, threads, steps, options, variant=None):
    """PyTorch's fastest variant of a network, or the one that is given, once it and our single network agree with float64."""
    device = options.device
    ours, tensors = begin(t1, steps, "fused", threads, device)
    ours.close()
    exact = figure1_peer.Peer(tensors, t1, device=device, dtype=torch.float64).losses(tensors)
    errors = [require_agreement("ours", ours.losses, exact)]
    data = figure1_peer.random_data(steps, device)
    if variant:
        return figure1_peer.best_of([variant], tensors, t1, device, data, exact, errors)
    return figure1_peer.fastest(tensors, t1, device, data, exact, errors, options.modes)


def peers_of(filters, threads, steps, options):
    """On a GPU the variant that is the fastest for the largest network is taken for all: compiling takes minutes."""
    largest = fastest_peer(filters[-1], threads, steps, options)
    variant = largest.variant if options.device == "cuda" else None
    return [*(fastest_peer(t1, threads, steps, options, variant) for t1 in filters[:-1]), largest]


def compare_table2(threads, steps, options):
    filters, seeds = options.t1, [1] * len(options.t1)
    peers = peers_of(filters, threads, steps, options)
    joint = together(filters, seeds, steps, threads, options.device)
    require_same_bits(joint, filters, seeds, threads, options.device)
    rounds = [(joint.round()[0], sum(peer.round()[0] for peer in peers)) for _ in range(options.rounds)]
    joint.close()
    ours, theirs = (statistics.median(side) for side in zip(*rounds))
    ratio = statistics.median(theirs / ours for ours, theirs in rounds)
    print(f"| {len(filters)} networks, T1 = {filters[0]} to {filters[-1]} | {threads} | {ours:.4f} | {theirs:.4f} | {ratio:.2f} "
          f"| {'; '.join(sorted({str(peer.variant) for peer in peers}))} |", flush=True)
    case = f"T1 = {', '.join(map(str, filters))}: computed from a step's time{where(options.device, threads)}"
    record(options.json, 2, case, ours * STEPS_OF_TABLE2 / 1e3, theirs * STEPS_OF_TABLE2 / 1e3, "s", options.device, peer_name(options))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--what", type=lambda text: text.split(","), default=["seeds", "table2"])
    parser.add_argument("--seeds", type=int, default=8)
    parser.add_argument("--t1", type=numbers, default=list(range(10, 101, 10)), help="networks of table2")
    parser.add_argument("--threads", type=numbers, default=[2])
    parser.add_argument("--rounds", type=int, default=7)
    add_device(parser)
    add_modes(parser)
    add_json(parser)
    options = parser.parse_args()
    stop_without_gpu(options)
    set_precision("float32")
    print_machine()
    print("| step | threads | together | one after another | ratio | beside |\n| --- | --: | --: | --: | --: | --- |")
    steps = GPU_STEPS if options.device == "cuda" else 16
    for threads in threads_of(options):
        torch.set_num_threads(threads)
        if "seeds" in options.what:
            compare_seeds(10, threads, steps, options)
        if "table2" in options.what:
            compare_table2(threads, steps, options)


if __name__ == "__main__":
    main()
