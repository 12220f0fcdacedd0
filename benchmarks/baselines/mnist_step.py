#!/usr/bin/env python3
"""A training step (forward, backward, Adam) of the network of ICML'18, Figure 1, at batch 128: ours beside PyTorch.

Usage: mnist_step.py [--device cpu] [--t1 10,100] [--threads 1,2] [--rounds 9] [--step fused] [--modes eager,graph] [--json FILE]
after ./build.sh bench --list flat

Both sides begin with the same weights and one batch; 20 steps' losses must agree with PyTorch in float64 to 1e-5 relative
before anything is timed. PyTorch's fastest variant is taken: contiguous or channels_last, sigmoid before or after pooling (the
same function), Adam one parameter after the other or all at once; on a GPU, without TF32, Adam fused, op by op, a whole round
recorded as a CUDA graph, compiled, or both. Then rounds alternate, ours and PyTorch's, on as many threads. Data lie on the device;
a round is about half a second on the CPU and 400 steps on a GPU. Printed: medians of wall and processor milliseconds per step and
the median of the rounds' ratios.
"""
import argparse
import os
import tempfile

import torch

import figure1_peer
from paired import Ours, add_device, add_json, alternate, numbers, print_machine, read_safetensors, record, require_agreement
from paired import stop_without_gpu, threads_of, where
from torch_modes import add_modes, peer_name, set_precision

GPU_STEPS = 400


def begin(t1, steps, kind, threads, device):
    """Ours, and the tensors both sides begin with."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "start.safetensors")
        ours = Ours(["mnist-step", t1, steps, kind, path], threads, figure1_peer.AGREEMENT_STEPS, device)
        return ours, read_safetensors(path)


def compare(t1, threads, options):
    device = options.device
    torch.set_num_threads(threads)
    steps = GPU_STEPS if device == "cuda" else 64 if t1 < 50 else 24
    ours, tensors = begin(t1, steps, options.step, threads, device)
    exact = figure1_peer.Peer(tensors, t1, device=device, dtype=torch.float64).losses(tensors)
    errors = [require_agreement("ours", ours.losses, exact)]
    best = figure1_peer.fastest(tensors, t1, device, figure1_peer.random_data(steps, device), exact, errors, options.modes)
    (ours_wall, ours_cpu), (peer_wall, peer_cpu), (ratio, cpu_ratio) = alternate(ours.round, best.round, options.rounds)
    ours.close()
    digits = 4 if device == "cuda" else 2
    print(f"| {t1} | {threads} | {options.step} | {ours_wall:.{digits}f} ({ours_cpu:.{digits}f}) | {peer_wall:.{digits}f} ({peer_cpu:.{digits}f}) "
          f"| {ratio:.1f} ({cpu_ratio:.1f}) | {best.variant} | {max(errors):.0e} |", flush=True)
    case = f"T1 = {t1}, batch {figure1_peer.BATCH}, {options.step} step{where(device, threads)}"
    record(options.json, 1 if device == "cuda" else 10, case, ours_wall, peer_wall, device=device, peer=peer_name(options), variant=str(best.variant))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--t1", type=numbers, default=[10, 100])
    parser.add_argument("--threads", type=numbers, default=[1, 2])
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--step", default="fused", choices=["fused", "captured", "plain"])
    add_device(parser)
    add_modes(parser)
    add_json(parser)
    options = parser.parse_args()
    stop_without_gpu(options)
    set_precision("float32")
    print_machine()
    print("| T1 | threads | our step | ours | PyTorch | ratio | PyTorch's variant | losses differ by |")
    print("| --: | --: | --- | --: | --: | --: | --- | --: |")
    for t1 in options.t1:
        for threads in threads_of(options):
            compare(t1, threads, options)


if __name__ == "__main__":
    main()
