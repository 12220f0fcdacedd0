#!/usr/bin/env python3
"""A training step (forward, backward, Adam) of the network of ICML'18, Figure 1, at batch 128: ours beside PyTorch on the CPU.

Usage: mnist_step.py [--t1 10,100] [--threads 1,2] [--rounds 9] [--step fused] [--json FILE]   after ./build.sh bench --list flat

Both sides begin with the same weights and one batch; 20 steps' losses must agree with PyTorch in float64 to 1e-5 relative
before anything is timed. PyTorch's fastest variant is taken: contiguous or channels_last, sigmoid before or after pooling (the
same function), Adam one parameter after the other or all at once. Then rounds alternate, ours and PyTorch's, on as many
threads; a round is at least 20 steps and about half a second. Printed: medians of wall and processor milliseconds per step and
the median of the rounds' ratios.
"""
import argparse
import itertools
import os
import tempfile
import time

import torch
from torch import nn

from paired import Ours, add_json, alternate, numbers, print_machine, read_safetensors, record, require_agreement

BATCH, AGREEMENT_STEPS = 128, 20


class Peer:
    """The network in PyTorch, one of the variants that compute the same."""

    def __init__(self, tensors, t1, channels_last=False, pool_first=False, foreach=False, dtype=torch.float32):
        self.name = f"{'channels_last' if channels_last else 'contiguous'}, {'pool, sigmoid' if pool_first else 'sigmoid, pool'}, foreach={foreach}"
        pair = [nn.MaxPool2d(2), nn.Sigmoid()] if pool_first else [nn.Sigmoid(), nn.MaxPool2d(2)]
        layers = {"conv1": nn.Conv2d(1, t1, 3), "conv2": nn.Conv2d(t1, 20, 2), "fc1": nn.Linear(720, 100), "fc2": nn.Linear(100, 10)}
        with torch.no_grad():
            for name, layer in layers.items():
                layer.weight.copy_(tensors[name + ".weight"])
                layer.bias.copy_(tensors[name + ".bias"].reshape(-1))
        self.model = nn.Sequential(layers["conv1"], *pair, layers["conv2"], *pair, nn.Flatten(), layers["fc1"], nn.Sigmoid(), layers["fc2"])
        self.format = torch.channels_last if channels_last else torch.contiguous_format
        self.model = self.model.to(dtype).to(memory_format=self.format)
        self.optimizer = torch.optim.Adam(self.model.parameters(), lr=1e-3, eps=1e-7, foreach=foreach)
        self.dtype = dtype

    def step(self, images, targets):
        self.optimizer.zero_grad(set_to_none=True)
        loss = nn.functional.mse_loss(self.model(images.to(memory_format=self.format)), targets)
        loss.backward()
        self.optimizer.step()
        return loss

    def losses(self, tensors):
        images = tensors["images"].to(self.dtype)
        targets = nn.functional.one_hot(tensors["labels"].long(), 10).to(self.dtype)
        return [self.step(images, targets).item() for _ in range(AGREEMENT_STEPS)]

    def round(self, data, steps):
        """Milliseconds per step, wall and processor. Batches are rows of the data in a random order, as ours are."""
        images, targets = data
        order = torch.randperm(len(images))
        wall, processor = time.perf_counter(), time.process_time()
        for i in range(steps):
            rows = order[i * BATCH : (i + 1) * BATCH]
            self.step(images[rows], targets[rows])
        return (time.perf_counter() - wall) * 1e3 / steps, (time.process_time() - processor) * 1e3 / steps


def compare(t1, threads, rounds, kind, json_file):
    torch.set_num_threads(threads)
    steps = 64 if t1 < 50 else 24
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "start.safetensors")
        ours = Ours(["mnist-step", t1, steps, kind, path], threads, AGREEMENT_STEPS)
        tensors = read_safetensors(path)
    exact = Peer(tensors, t1, dtype=torch.float64).losses(tensors)
    errors = [require_agreement("ours", ours.losses, exact)]
    data = torch.rand(steps * BATCH, 1, 28, 28), nn.functional.one_hot(torch.randint(10, (steps * BATCH,)), 10).float()
    trials = []
    for variant in itertools.product((False, True), repeat=3):
        peer = Peer(tensors, t1, *variant)
        errors.append(require_agreement(peer.name, peer.losses(tensors), exact))
        peer.round(data, 10)
        trials.append((min(peer.round(data, 10)[0] for _ in range(3)), peer))
    best = min(trials, key=lambda trial: trial[0])[1]
    (ours_wall, ours_cpu), (peer_wall, peer_cpu), (ratio, cpu_ratio) = alternate(ours.round, lambda: best.round(data, steps), rounds)
    ours.close()
    print(f"| {t1} | {threads} | {kind} | {ours_wall:.2f} ({ours_cpu:.2f}) | {peer_wall:.2f} ({peer_cpu:.2f}) | {ratio:.1f} ({cpu_ratio:.1f}) "
          f"| {best.name} | {max(errors):.0e} |", flush=True)
    record(json_file, 10, f"T1 = {t1}, batch {BATCH}, {kind} step, threads: {threads}", ours_wall, peer_wall)


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--t1", type=numbers, default=[10, 100])
parser.add_argument("--threads", type=numbers, default=[1, 2])
parser.add_argument("--rounds", type=int, default=9)
parser.add_argument("--step", default="fused", choices=["fused", "captured", "plain"])
add_json(parser)
options = parser.parse_args()
print_machine()
print("| T1 | threads | our step | ours | PyTorch | ratio | PyTorch's variant | losses differ by |")
print("| --: | --: | --- | --: | --: | --: | --- | --: |")
for t1 in options.t1:
    for threads in options.threads:
        compare(t1, threads, options.rounds, options.step, options.json)
