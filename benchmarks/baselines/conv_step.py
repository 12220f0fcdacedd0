#!/usr/bin/env python3
"""A training step (forward, backward, SGD with Nesterov's momentum) of ICLR'19's networks: ours beside PyTorch.

Usage: conv_step.py [--device cpu] [--net vgg11,cnn13] [--activation softplus,sigmoid] [--batch 64] [--threads 1,2] [--rounds 5]
[--precision float32] [--json FILE]   after ./build.sh bench --list flat

Both sides begin with the same weights and one batch. Before anything is timed every float32 gradient of ours of its cross-entropy must
agree with PyTorch's in float64 to 1e-5 of each tensor's largest entry (1e-3 with --precision tf32), PyTorch's own to five times that
(one of CNN13 with sigmoid is 1.2e-5 off), and our losses of 2 steps to 1e-5 (1e-3) relative. With VGG 1e-2 is allowed: a rounding that turns the choice of one max-pooling window
changes gradients by some 1e-3; with DenseNet121, whose normalisations amplify rounding, 1e-3 (1e-2). Errors are printed. PyTorch's
fastest variant is taken: contiguous or channels_last, oneDNN on or off, then the optimizer one parameter after the other or all at
once; on a GPU, with cudnn.benchmark and the fused optimizer, op by op or a whole round recorded as a CUDA graph, then the faster
layout compiled, with and without the graph.
Rounds of 2 steps, 50 on a GPU, alternate, ours and PyTorch's, on as many threads. Printed: medians of wall and processor milliseconds
per step, the median of the rounds' ratios, images per second, memory at its peak, and our GFLOP per second, of processor time on the CPU and of wall time on a GPU (three
times the forward pass, 2 per multiply-add).
"""
import argparse
import contextlib
import ctypes
import dataclasses
import gc
import itertools
import os
import sys
import tempfile

import torch
from torch import nn

from conv_nets import activation_of, multiply_adds, network
from paired import Ours, add_device, add_json, alternate, numbers, print_machine, read_safetensors, record, require_agreement
from paired import reset_peak, resident_megabytes, stop_without_gpu, threads_of, where
from torch_modes import add_modes, compiled, peer_name, prepared, set_precision, timed

AGREEMENT_STEPS = 2
# The peer's gradients may be so many times as far from float64 as ours: it shall be timed, but not on another problem.
PEER_ERRORS = 5
# Of benchmarks/results/*_ratios.json: VGG16 and DenseNet121 on a GPU, by class of precision; 12 is any network on the CPU.
GPU_RATIOS = {("vgg16", "float32"): 4, ("vgg16", "tf32"): 5, ("densenet121", "tf32"): 6}


@dataclasses.dataclass(frozen=True)
class Variant:
    channels_last: bool = False
    onednn: bool = True
    optimizer: str = "loop"  # or foreach or, on a GPU, fused
    mode: str = "eager"  # or graph, compile, compile graph

    def name(self, device):
        rest = self.mode if device == "cuda" else f"oneDNN {'on' if self.onednn else 'off'}"
        return f"{'channels_last' if self.channels_last else 'contiguous'}, {rest}, optimizer {self.optimizer}"


class Peer:
    """The network in PyTorch, one of the variants that compute the same."""

    def __init__(self, tensors, net, activation, variant=Variant(), device="cpu", dtype=torch.float32):
        self.name, self.variant = variant.name(device), variant
        self.format = torch.channels_last if variant.channels_last else torch.contiguous_format
        self.device, self.dtype, self.ready = device, dtype, None
        model = network(net, activation_of(activation)).train()
        self.parameters = dict(model.named_parameters())
        with torch.no_grad():
            for name, parameter in self.parameters.items():
                parameter.copy_(tensors[name].reshape(parameter.shape))
        model.to(device=device, dtype=dtype).to(memory_format=self.format)
        options = {"foreach": variant.optimizer == "foreach"} if variant.optimizer != "fused" else {"fused": True}
        self.optimizer = torch.optim.SGD(model.parameters(), lr=1e-3, momentum=0.9, nesterov=True, **options)
        self.model = compiled(model, variant.mode)

    def backward(self, images, labels):
        with torch.backends.mkldnn.flags(enabled=False) if not self.variant.onednn else contextlib.nullcontext():
            self.optimizer.zero_grad(set_to_none=True)
            loss = nn.functional.cross_entropy(self.model(images.contiguous(memory_format=self.format)), labels)
            loss.backward()
        return loss

    def step(self, images, labels):
        loss = self.backward(images, labels)
        self.optimizer.step()
        return loss

    def batch(self, tensors):
        return tensors["images"].to(self.device, self.dtype), tensors["labels"].long().to(self.device)

    def gradients(self, tensors):
        self.backward(*self.batch(tensors))
        return {name: parameter.grad.detach().clone() for name, parameter in self.parameters.items()}

    def first_steps(self, tensors):
        """The gradients of the first step and the losses of all steps that are compared."""
        gradients, batch = self.gradients(tensors), self.batch(tensors)
        return gradients, [self.step(*batch).item() for _ in range(AGREEMENT_STEPS)]

    def prepare(self, data, batch, check):
        """Makes ready a round over data; batches are rows of the data in a random order, as ours are. False: it cannot be done."""
        self.images, self.labels = data
        self.size, self.order = batch, torch.randperm(len(self.images), device=self.device)
        self.ready = prepared(self.name, self.variant.mode, self.visit, check)
        return self.ready is not None

    def visit(self):
        for rows in self.order.split(self.size):
            self.step(self.images[rows], self.labels[rows])

    def round(self):
        """Milliseconds per step, wall and processor."""
        self.order.copy_(torch.randperm(len(self.images), device=self.device))
        return timed(len(self.images) // self.size, self.ready)


def require_gradients(name, gradients, exact, allowed):
    errors = {
        parameter: ((gradients[parameter].double().reshape(g.shape) - g).abs().max() / g.abs().max()).item()
        for parameter, g in exact.items()
    }
    worst = max(errors, key=errors.get)
    if not errors[worst] <= allowed:
        sys.exit(f"{name}: the gradient of {worst} differs from float64 by {errors[worst]:.1e} of its largest entry; nothing was timed")
    return errors[worst]


def allowed_error(net, precision):
    float32, tf32 = {"cnn13": (1e-5, 1e-3), "densenet121": (1e-3, 1e-2)}.get(net, (1e-2, 1e-2))
    return tf32 if precision == "tf32" else float32


def trial(tensors, net, activation, variant, data, exact, errors, options):
    """(Time by which variants are compared, the peer), once its gradients agree; None where this PyTorch cannot do it."""
    peer = Peer(tensors, net, activation, variant, options.device)

    def check():
        errors.append(require_gradients(peer.name, peer.gradients(tensors), exact, min(1e-2, PEER_ERRORS * allowed_error(net, options.precision))))

    if not peer.prepare(data, options.batch, check):
        return None
    # On the CPU the processor's time, which other work disturbs least.
    return min(peer.round()[0 if options.device == "cuda" else 1] for _ in range(2)), peer


def fastest(tensors, net, activation, data, exact, errors, options):
    """The fastest variant, ready for rounds over data."""
    def tried(variants):
        return [t for t in (trial(tensors, net, activation, v, data, exact, errors, options) for v in variants) if t]

    layouts = (False, True)
    if options.device == "cuda":
        quick = [mode for mode in options.modes if "compile" not in mode] or options.modes
        first = tried([Variant(layout, optimizer="fused", mode=mode) for mode in quick for layout in layouts])
        best = min(first, key=lambda t: t[0])[1].variant
        rest = tried([dataclasses.replace(best, mode=mode) for mode in options.modes if mode not in quick])
    else:
        first = tried([Variant(layout, onednn) for onednn in (True, False) for layout in layouts])
        rest = tried([dataclasses.replace(min(first, key=lambda t: t[0])[1].variant, optimizer="foreach")])
    return min([*first, *rest], key=lambda t: t[0])[1]


def begin(net, activation, steps, threads, options):
    """Ours, and the tensors both sides begin with."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "start.safetensors")
        arguments = ["conv-step", net, activation, options.batch, steps, path]
        return Ours(arguments, threads, AGREEMENT_STEPS + 1, options.device), read_safetensors(path)


def compare(net, activation, threads, options):
    batch, device, steps = options.batch, options.device, 50 if options.device == "cuda" else 2
    torch.set_num_threads(threads)
    ours, tensors = begin(net, activation, steps, threads, options)
    exact, losses = Peer(tensors, net, activation, device=device, dtype=torch.float64).first_steps(tensors)
    found = {name: tensors["gradient." + name].to(device) for name in exact}
    errors = [require_gradients("ours", found, exact, allowed_error(net, options.precision))]
    require_agreement("ours", [float(line) for line in ours.head[:AGREEMENT_STEPS]], losses, 1e-3 if options.precision == "tf32" else 1e-5)
    image = tensors["images"].shape[1:]
    data = torch.rand(steps * batch, *image, device=device), torch.randint(10, (steps * batch,), device=device)
    best = fastest(tensors, net, activation, data, exact, errors, options)
    beside = f", beside {best.variant.mode}" if net == "densenet121" and device == "cuda" else ""  # its goals differ
    case = f"{net} {activation}, batch {batch}{where(device, threads)}{beside}"
    start_memory(ours, device)
    (ours_wall, ours_cpu), (peer_wall, peer_cpu), (ratio, cpu_ratio) = alternate(ours.round, best.round, options.rounds)
    memory = peak_memory(ours, device)
    ours.close()
    speed = 6 * multiply_adds(net, image) * batch / (ours_wall if device == "cuda" else ours_cpu) / 1e6
    print(f"| {net} {activation}, {options.precision} | {batch} | {threads} | {ours_wall:.2f} ({ours_cpu:.2f}) | {peer_wall:.2f} ({peer_cpu:.2f}) "
          f"| {ratio:.2f} ({cpu_ratio:.2f}) | {1e3 * batch / ours_wall:.0f}, {1e3 * batch / peer_wall:.0f} | {memory} | {speed:.0f} | {best.name} | {errors[0]:.0e}, {max(errors[1:]):.0e} |", flush=True)
    ratio = 12 if device == "cpu" else GPU_RATIOS.get((net, options.precision))
    if ratio:
        record(options.json, ratio, case, ours_wall, peer_wall, device=device, peer=peer_name(options), variant=best.name)


def start_memory(ours, device):
    if device == "cuda":
        torch.cuda.reset_peak_memory_stats()
    else:
        gc.collect()
        ctypes.CDLL(None).malloc_trim(0)  # what the variants before this one left
        reset_peak()
        reset_peak(ours.process.pid)


def peak_memory(ours, device):
    """Ours and PyTorch's while rounds are timed: on a GPU what is allocated there, on the CPU the resident sets of the processes."""
    if device == "cuda":
        return f"{float(ours.head[-1]) / 1e6:.0f}, {torch.cuda.max_memory_allocated() / 1e6:.0f}"
    return f"{resident_megabytes('VmHWM', ours.process.pid):.0f}, {resident_megabytes('VmHWM'):.0f}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words = {"type": lambda text: text.split(",")}
    parser.add_argument("--net", default=["vgg11", "cnn13"], help="vgg11, vgg13, vgg16, densenet121, cnn13", **words)
    parser.add_argument("--activation", default=["softplus", "sigmoid"], **words)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--threads", type=numbers, default=[1, 2])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--precision", default="float32", choices=["float32", "tf32"], help="tf32: convolutions and products of both sides; float32: ours are 3xTF32 on a GPU, which the same limit holds")
    add_device(parser)
    add_modes(parser)
    add_json(parser)
    options = parser.parse_args()
    stop_without_gpu(options)
    set_precision(options.precision)
    os.environ["CUDALANDSCAPE_PRECISION"] = "tf32x3" if (options.device, options.precision) == ("cuda", "float32") else options.precision
    print_machine()
    print("| step | batch | threads | ours | PyTorch | ratio | images/s (ours, PyTorch) | MB (ours, PyTorch) | our GFLOP/s | PyTorch's variant | gradients differ by (ours, PyTorch) |")
    print("| --- | --: | --: | --: | --: | --: | --: | --: | --: | --- | --- |")
    for net, activation, threads in itertools.product(options.net, options.activation, threads_of(options)):
        compare(net, activation, threads, options)


if __name__ == "__main__":
    main()
