#!/usr/bin/env python3
"""Hessian-vector products of the network of ICML'18, Figure 1, over many images, float64: ours beside PyTorch's double backward.

Usage: hvp.py [--t1 10] [--images 2000] [--threads 1,2] [--rounds 7] [--order pool-first] [--json FILE]   after ./build.sh bench --list flat

Both sides have the same weights, images and vector; the products must agree to 1e-9 of their length before anything is timed.
"recorded": the gradient is recorded once and each product is one backward pass through it, as Lanczos' iteration uses it.
"whole": forward pass, recorded gradient and product each time. PyTorch's fastest variant is taken for each: contiguous or
channels_last, sigmoid before or after pooling (the same function); ours is the order asked for. Rounds alternate, ours and PyTorch's, on as many threads.
Printed: medians of wall and processor milliseconds per product and the median of the rounds' ratios.
"""
import argparse
import itertools
import os
import sys
import tempfile
import time

import torch
from torch import nn

from paired import Ours, add_json, alternate, numbers, print_machine, read_safetensors, record

PRODUCTS, TOLERANCE = 3, 1e-9


class Peer:
    """The network in PyTorch, one of the variants that compute the same."""

    def __init__(self, tensors, t1, channels_last=False, pool_first=False):
        self.name = f"{'channels_last' if channels_last else 'contiguous'}, {'pool, sigmoid' if pool_first else 'sigmoid, pool'}"
        pair = [nn.MaxPool2d(2), nn.Sigmoid()] if pool_first else [nn.Sigmoid(), nn.MaxPool2d(2)]
        layers = {"conv1": nn.Conv2d(1, t1, 3), "conv2": nn.Conv2d(t1, 20, 2), "fc1": nn.Linear(720, 100), "fc2": nn.Linear(100, 10)}
        self.model = nn.Sequential(layers["conv1"], *pair, layers["conv2"], *pair, nn.Flatten(), layers["fc1"], nn.Sigmoid(), layers["fc2"])
        layout = torch.channels_last if channels_last else torch.contiguous_format
        self.model = self.model.double().to(memory_format=layout)
        with torch.no_grad():
            for name, layer in layers.items():
                layer.weight.copy_(tensors[name + ".weight"])
                layer.bias.copy_(tensors[name + ".bias"].reshape(-1))
        self.images = tensors["images"].to(memory_format=layout)
        self.targets = nn.functional.one_hot(tensors["labels"].long(), 10).double()
        self.parameters = list(self.model.parameters())
        sizes = [parameter.numel() for parameter in self.parameters]
        self.v = [part.reshape(p.shape) for part, p in zip(tensors["v"].split(sizes), self.parameters)]
        self.gradient = None

    def record(self):
        loss = nn.functional.mse_loss(self.model(self.images), self.targets)
        return torch.autograd.grad(loss, self.parameters, create_graph=True)

    def product(self, gradient, keep):
        return torch.autograd.grad(gradient, self.parameters, self.v, retain_graph=keep)

    def recorded(self):
        if self.gradient is None:
            self.gradient = self.record()
        return self.product(self.gradient, keep=True)

    def whole(self):
        return self.product(self.record(), keep=False)

    def flat_product(self):
        return torch.cat([part.reshape(-1) for part in self.whole()])

    def round(self, kind, products=PRODUCTS):
        """Milliseconds per product, wall and processor."""
        compute = getattr(self, kind)
        wall, processor = time.perf_counter(), time.process_time()
        for _ in range(products):
            compute()
        return (time.perf_counter() - wall) * 1e3 / products, (time.process_time() - processor) * 1e3 / products


def require_agreement(peer, tensors):
    exact = tensors["product"]
    error = float((peer.flat_product() - exact).norm() / exact.norm())
    if not error <= TOLERANCE:
        sys.exit(f"{peer.name}: its product differs from ours by {error:.1e} relative; nothing was timed")
    return error


def fastest(peers, kind):
    """The variant of the least processor time, which other work disturbs least; all let go of what they recorded."""
    trials = []
    for peer in peers:
        peer.round(kind, 1)
        trials.append((min(peer.round(kind, 1)[1] for _ in range(2)), peer))
        peer.gradient = None
    return min(trials, key=lambda trial: trial[0])[1]


def compare(t1, threads, options):
    torch.set_num_threads(threads)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "start.safetensors")
        ours = Ours(["hessian-product", t1, options.images, PRODUCTS, options.order, path], threads, 0)
        tensors = read_safetensors(path)
    peers = [Peer(tensors, t1, *variant) for variant in itertools.product((False, True), repeat=2)]
    error = max(require_agreement(peer, tensors) for peer in peers)
    for kind in ("recorded", "whole"):
        best = fastest(peers, kind)
        ours.round(kind)
        best.round(kind, 1)
        (ours_wall, ours_cpu), (peer_wall, peer_cpu), (ratio, cpu_ratio) = alternate(
            lambda: ours.round(kind), lambda: best.round(kind), options.rounds)
        best.gradient = None
        print(f"| {t1} | {options.images} | {threads} | {kind} | {ours_wall:.0f} ({ours_cpu:.0f}) | {peer_wall:.0f} ({peer_cpu:.0f}) "
              f"| {ratio:.2f} ({cpu_ratio:.2f}) | {best.name} | {error:.0e} |", flush=True)
        record(options.json, 13, f"T1 = {t1}, {options.images} images, gradient {kind}, {options.order}, threads: {threads}", ours_wall, peer_wall)
    ours.close()


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--t1", type=numbers, default=[10])
parser.add_argument("--images", type=int, default=2000)
parser.add_argument("--threads", type=numbers, default=[1, 2])
parser.add_argument("--rounds", type=int, default=7)
parser.add_argument("--order", default="pool-first", choices=["pool-first", "network"])
add_json(parser)
options = parser.parse_args()
print_machine()
print("| T1 | images | threads | gradient | ours | PyTorch | ratio | PyTorch's variant | products differ by |")
print("| --: | --: | --: | --- | --: | --: | --: | --- | --: |")
for t1 in options.t1:
    for threads in options.threads:
        compare(t1, threads, options)
