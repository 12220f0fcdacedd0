#!/usr/bin/env python3
"""Writes networks.json: what PyTorch computes in float64 for whole networks of ICLR'19.

Parameters, images and labels come from formulas that both sides evaluate exactly, so the file holds results only: outputs, the
norm of every parameter's gradient under its name here, and 32 sampled entries of each network's gradients. The loss is the mean
cross-entropy; batch normalisations use the batch's statistics. Needs PyTorch (Debian: python3-torch); the tests need only the file.
"""
import json
import math
import pathlib

import numpy
import torch
import torch.nn.functional as F

torch.set_num_threads(1)
SAMPLED = 32
IMAGES = 1024  # stream of the images: with it no two largest values of a window are nearer than 3e-6, where float32 may choose the other
WIDTHS = [64, 128, 256, 512, 512]


def uniform(shape, stream):
    """Element i of (-1, 1) from a 32-bit hash of i and the stream."""
    h = numpy.arange(math.prod(shape), dtype=numpy.uint32) * numpy.uint32(0x9E3779B1) + numpy.uint32(stream * 0x85EBCA77 & 0xFFFFFFFF)
    for shift, factor in ((15, 0x2C1B3C6D), (12, 0x297A2D39), (15, 1)):
        h = (h ^ (h >> numpy.uint32(shift))) * numpy.uint32(factor)
    return torch.from_numpy((h.astype(numpy.float64) + 0.5) / 2**31 - 1).reshape(shape)


class Parameters:
    """Hands out the next parameter: weights with variance 2 / fan-in, biases and shifts small, scales near 1."""

    def __init__(self):
        self.values = {}

    def add(self, name, shape):
        stream = len(self.values) + 1
        u = uniform(shape, stream)
        if len(shape) > 1:
            u = u * math.sqrt(6 / math.prod(shape[1:]))
        elif name.endswith("norm.weight"):
            u = 1 + 0.2 * u
        else:
            u = 0.1 * u
        self.values[name] = u.requires_grad_()
        return self.values[name]

    def conv(self, name, x, filters, kernel, bias):
        w = self.add(name + ".weight", (filters, x.shape[1], kernel, kernel))
        return F.conv2d(x, w, self.add(name + ".bias", (filters,)) if bias else None, padding=kernel // 2)

    def norm(self, name, x):
        w = self.add(name + "_norm.weight", (x.shape[1],))
        return F.batch_norm(x, None, None, w, self.add(name + "_norm.bias", (x.shape[1],)), True, 0.1, 1e-5)

    def linear(self, name, x, outputs):
        w = self.add(name + ".weight", (outputs, x.shape[1]))
        return F.linear(x, w, self.add(name + ".bias", (outputs,)))


def softplus(x):
    return torch.logaddexp(20 * x, torch.zeros_like(x)) / 20  # F.softplus overflows in float32 or is linear above a threshold


def vgg(p, x, convolutions):
    for stage, (count, width) in enumerate(zip(convolutions, WIDTHS), 1):
        for i in range(1, count + 1):
            x = softplus(p.conv(f"conv{stage}_{i}", x, width, 3, True))
        x = F.max_pool2d(x, 2)
    x = x.flatten(1)
    for i in (1, 2):
        x = softplus(p.linear(f"fc{i}", x, 128))
    return p.linear("output", x, 10)


def densenet(p, x, growth, blocks, activation):
    x = p.conv("stem", x, 2 * growth, 3, False)
    for block, layers in enumerate(blocks, 1):
        for layer in range(1, layers + 1):
            name = f"block{block}_layer{layer}"
            y = p.conv(f"{name}_conv1", activation(p.norm(f"{name}_1", x)), 4 * growth, 1, False)
            x = torch.cat([x, p.conv(f"{name}_conv2", activation(p.norm(f"{name}_2", y)), growth, 3, False)], 1)
        last = block == len(blocks)
        name = "final" if last else f"transition{block}"
        x = activation(p.norm(name, x))
        if not last:
            x = F.avg_pool2d(p.conv(f"{name}_conv", x, x.shape[1] // 2, 1, False), 2)
    return p.linear("output", x.mean((2, 3)), 10)


CASES = {
    "vgg11": (2, lambda p, x: vgg(p, x, [1, 1, 2, 2, 2])),
    "densenet121": (2, lambda p, x: densenet(p, x, 32, [6, 12, 24, 16], softplus)),
    "densenet small": (2, lambda p, x: densenet(p, x, 4, [2, 3], torch.sigmoid)),
}


def result(batch, network):
    p = Parameters()
    outputs = network(p, uniform((batch, 3, 32, 32), IMAGES))
    F.cross_entropy(outputs, torch.tensor([(3 * i + 1) % 10 for i in range(batch)])).backward()
    gradients = [(name, value.grad.flatten()) for name, value in p.values.items()]
    picks = [(k * len(gradients) // SAMPLED, k) for k in range(SAMPLED)]
    sampled = [(t, (k * 7919 + 13) % gradients[t][1].numel()) for t, k in picks]
    return {
        "batch": batch,
        "outputs": outputs.flatten().tolist(),
        "norms": {name: g.norm().item() for name, g in gradients},
        "sampled": [[t, i, gradients[t][1][i].item()] for t, i in sampled],
    }


if __name__ == "__main__":
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(result(*case))}" for name, case in CASES.items())
    path = pathlib.Path(__file__).with_name("networks.json")
    path.write_text(f'{{"pytorch": {json.dumps(torch.__version__)}, "cases": {{\n{lines}\n}}}}\n')
    print(f"{path}: {len(CASES)} networks")
