#!/usr/bin/env python3
"""A training step (forward, backward, SGD with Nesterov's momentum) of ICLR'19's networks: ours beside PyTorch on the CPU.

Usage: conv_step.py [--net vgg11,cnn13] [--activation softplus,sigmoid] [--batch 64] [--threads 1,2] [--rounds 5]
after ./build.sh bench --list flat

Both sides begin with the same weights and one batch. Before anything is timed every one of our float32 gradients of its
cross-entropy must agree with PyTorch's in float64 to 1e-5 of each tensor's largest entry, and our losses of 2 steps to 1e-5
relative; PyTorch's own float32 gradients, of which one of CNN13 with sigmoid is 1.2e-5 off, to five times that. With max-pooling (VGG) 1e-2 is allowed: a rounding that turns the choice of one window changes gradients by some 1e-3; both
errors are printed. PyTorch's fastest variant is taken: contiguous or channels_last, oneDNN on or off, then the optimizer one
parameter after the other or all at once. Then rounds of 2 steps alternate, ours and PyTorch's, on as many threads. Printed: medians
of wall and processor milliseconds per step, the median of the rounds' ratios, and our GFLOP per second of processor time (three
times the forward pass, 2 per multiply-add).
"""
import argparse
import itertools
import os
import sys
import tempfile
import time

import torch
from torch import nn

from paired import Ours, add_json, alternate, numbers, print_machine, read_safetensors, record, require_agreement

AGREEMENT_STEPS, STEPS = 2, 2
# The peer's gradients may be so many times as far from float64 as ours: it shall be timed, but not on another problem.
PEER_ERRORS = 5
# (name, filters, kernel, stride), or a max-pooling by 2.
VGG = {
    "vgg11": [1, 1, 2, 2, 2],
    "vgg13": [2, 2, 2, 2, 2],
    "vgg16": [2, 2, 3, 3, 3],
}
CNN13 = [(64, 3, 1), (64, 3, 1), (64, 3, 2), (128, 3, 1), (128, 3, 2), (256, 3, 1), (256, 3, 1), (256, 3, 2), (256, 3, 1), (256, 3, 2),
         (256, 1, 1), (256, 3, 2)]


def layers_of(net):
    """(name of parameters or None, module) up to the activations, which follow every layer with parameters but the last."""
    if net == "cnn13":
        channels, layers = 1, []
        for i, (filters, kernel, stride) in enumerate(CNN13):
            layers.append((f"conv{i + 1}", nn.Conv2d(channels, filters, kernel, stride, kernel // 2)))
            channels = filters
        return [*layers, (None, nn.Flatten()), ("output", nn.Linear(256, 10))]
    channels, layers = 3, []
    for stage, (count, filters) in enumerate(zip(VGG[net], [64, 128, 256, 512, 512]), 1):
        for i in range(count):
            layers.append((f"conv{stage}_{i + 1}", nn.Conv2d(channels, filters, 3, 1, 1)))
            channels = filters
        layers.append((None, nn.MaxPool2d(2)))
    head = [("fc1", nn.Linear(512, 128)), ("fc2", nn.Linear(128, 128)), ("output", nn.Linear(128, 10))]
    return [*layers, (None, nn.Flatten()), *head]


def activation_of(name):
    return nn.Softplus(beta=20, threshold=40) if name == "softplus" else nn.Sigmoid()


class Peer:
    """The network in PyTorch, one of the variants that compute the same."""

    def __init__(self, tensors, net, activation, channels_last=False, onednn=True, foreach=False, dtype=torch.float32):
        self.name = f"{'channels_last' if channels_last else 'contiguous'}, oneDNN {'on' if onednn else 'off'}, foreach={foreach}"
        self.format = torch.channels_last if channels_last else torch.contiguous_format
        self.onednn, self.dtype, self.parameters, modules = onednn, dtype, {}, []
        for name, module in layers_of(net):
            modules.append(module)
            if name is None:
                continue
            with torch.no_grad():
                module.weight.copy_(tensors[name + ".weight"])
                module.bias.copy_(tensors[name + ".bias"].reshape(-1))
            self.parameters.update({name + ".weight": module.weight, name + ".bias": module.bias})
            if name != "output":
                modules.append(activation_of(activation))
        self.model = nn.Sequential(*modules).to(dtype).to(memory_format=self.format)
        self.optimizer = torch.optim.SGD(self.model.parameters(), lr=1e-3, momentum=0.9, nesterov=True, foreach=foreach)

    def backward(self, images, labels):
        with torch.backends.mkldnn.flags(enabled=self.onednn):
            self.optimizer.zero_grad(set_to_none=True)
            loss = nn.functional.cross_entropy(self.model(images.to(self.dtype).contiguous(memory_format=self.format)), labels)
            loss.backward()
        return loss

    def step(self, images, labels):
        loss = self.backward(images, labels)
        self.optimizer.step()
        return loss

    def first_steps(self, tensors):
        """The gradients of the first step and the losses of all steps that are compared."""
        batch = tensors["images"], tensors["labels"].long()
        losses = [self.step(*batch).item()]
        gradients = {name: parameter.grad.detach().clone() for name, parameter in self.parameters.items()}
        return gradients, losses + [self.step(*batch).item() for _ in range(AGREEMENT_STEPS - 1)]

    def gradients(self, tensors):
        self.backward(tensors["images"], tensors["labels"].long())
        return {name: parameter.grad for name, parameter in self.parameters.items()}

    def round(self, data, batch):
        """Milliseconds per step, wall and processor. Batches are rows of the data in a random order, as ours are."""
        images, labels = data
        order = torch.randperm(len(images))
        wall, processor = time.perf_counter(), time.process_time()
        for rows in order.split(batch):
            self.step(images[rows], labels[rows])
        steps = len(images) / batch
        return (time.perf_counter() - wall) * 1e3 / steps, (time.process_time() - processor) * 1e3 / steps


def require_gradients(name, gradients, exact, allowed):
    errors = {
        parameter: ((gradients[parameter].double().reshape(g.shape) - g).abs().max() / g.abs().max()).item()
        for parameter, g in exact.items()
    }
    worst = max(errors, key=errors.get)
    if not errors[worst] <= allowed:
        sys.exit(f"{name}: the gradient of {worst} differs from float64 by {errors[worst]:.1e} of its largest entry; nothing was timed")
    return errors[worst]


def allowed_error(net):
    return 1e-5 if net == "cnn13" else 1e-2


def multiply_adds(net, image):
    total, x = 0, torch.zeros(1, *image)
    for _, module in layers_of(net):
        x = module(x)
        if hasattr(module, "weight"):
            total += x.numel() * module.weight[0].numel()
    return total


def fastest(tensors, net, activation, data, batch, exact, errors):
    """The variant of the least processor time, which other work disturbs least; the gradients are the warm-up."""
    times = {}

    def trial(*variant):
        peer = Peer(tensors, net, activation, *variant)
        errors.append(require_gradients(peer.name, peer.gradients(tensors), exact, PEER_ERRORS * allowed_error(net)))
        times[peer] = min(peer.round((data[0][:batch], data[1][:batch]), batch)[1] for _ in range(2))
        return peer

    layouts = {trial(channels_last, onednn): (channels_last, onednn) for onednn in (True, False) for channels_last in (False, True)}
    trial(*layouts[min(times, key=times.get)], True)
    return min(times, key=times.get)


def compare(net, activation, threads, options):
    batch = options.batch
    torch.set_num_threads(threads)
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "start.safetensors")
        ours = Ours(["conv-step", net, activation, batch, STEPS, path], threads, AGREEMENT_STEPS)
        tensors = read_safetensors(path)
    exact, losses = Peer(tensors, net, activation, dtype=torch.float64).first_steps(tensors)
    errors = [require_gradients("ours", {name: tensors["gradient." + name] for name in exact}, exact, allowed_error(net))]
    require_agreement("ours", ours.losses, losses)
    image = tensors["images"].shape[1:]
    data = torch.rand(STEPS * batch, *image), torch.randint(10, (STEPS * batch,))
    best = fastest(tensors, net, activation, data, batch, exact, errors)
    (ours_wall, ours_cpu), (peer_wall, peer_cpu), (ratio, cpu_ratio) = alternate(ours.round, lambda: best.round(data, batch), options.rounds)
    ours.close()
    speed = 6 * multiply_adds(net, image) * batch / ours_cpu / 1e6
    print(f"| {net} {activation} | {batch} | {threads} | {ours_wall:.0f} ({ours_cpu:.0f}) | {peer_wall:.0f} ({peer_cpu:.0f}) "
          f"| {ratio:.2f} ({cpu_ratio:.2f}) | {speed:.0f} | {best.name} | {errors[0]:.0e}, {max(errors[1:]):.0e} |", flush=True)
    record(options.json, 12, f"{net} {activation}, batch {batch}, threads: {threads}", ours_wall, peer_wall)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--net", type=lambda text: text.split(","), default=["vgg11", "cnn13"])
    parser.add_argument("--activation", type=lambda text: text.split(","), default=["softplus", "sigmoid"])
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--threads", type=numbers, default=[1, 2])
    parser.add_argument("--rounds", type=int, default=5)
    add_json(parser)
    options = parser.parse_args()
    print_machine()
    print("| step | batch | threads | ours | PyTorch | ratio | our GFLOP/s per core | PyTorch's variant | gradients differ by (ours, PyTorch) |")
    print("| --- | --: | --: | --: | --: | --: | --: | --- | --- |")
    for net, activation, threads in itertools.product(options.net, options.activation, options.threads):
        compare(net, activation, threads, options)


main()
