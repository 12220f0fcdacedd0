#!/usr/bin/env python3
"""The head of a skip network (ICLR'19), forward and backward: ours beside PyTorch.

Usage: skip_head.py [--device cpu] [--neurons 50000] [--batch 64] [--threads 1,2] [--rounds 9] [--json FILE]
after ./build.sh bench --list flat

N neurons drawn from the 151,808 activations of VGG11 are joined to 10 outputs by weights of their own. Both sides compute the
outputs and the gradients of V and of every activation, from the same numbers; each result must agree with PyTorch in float64 to
1e-5 of its largest entry before anything is timed. PyTorch's fastest variant is taken: all activations concatenated and then
selected from, by index_select or by indexing, or selected from one by one and then concatenated; on a GPU, without TF32, each op by op,
recorded as a CUDA graph of a whole round, and compiled. Then rounds alternate, ours and PyTorch's, on as many threads. Printed:
medians of wall and processor milliseconds per step, the median of the rounds' ratios, and memory: what a step allocates at its
peak beside its inputs, gradients included; of PyTorch what the resident set grows by, or its allocator's peak on a GPU.
"""
import argparse
import os
import subprocess
import sys
import tempfile

import torch

from paired import Ours, add_device, add_json, alternate, numbers, print_machine, read_safetensors, record, stop_without_gpu
from paired import reset_peak, resident_megabytes, threads_of, where
from torch_modes import add_modes, compiled, peer_name, prepared, set_precision, timed


def concatenate_then_select(activations, places, split):
    return torch.cat([a.flatten(1) for a in activations], 1).index_select(1, places)


def concatenate_then_index(activations, places, split):
    return torch.cat([a.flatten(1) for a in activations], 1)[:, places]


def select_then_concatenate(activations, places, split):
    return torch.cat([a.flatten(1).index_select(1, p) for a, p in zip(activations, split)], 1)


VARIANTS = [concatenate_then_select, concatenate_then_index, select_then_concatenate]


class Peer:
    def __init__(self, tensors, variant, mode="eager", device="cpu", dtype=torch.float32):
        count = sum(name[0] == "a" for name in tensors)
        self.activations = [tensors[f"a{i}"].to(device, dtype).requires_grad_() for i in range(count)]
        self.weights, self.upstream = tensors["v"].to(device, dtype).requires_grad_(), tensors["dy"].to(device, dtype)
        self.places = tensors["places"].long().to(device)
        begins = torch.tensor([0] + [a[0].numel() for a in self.activations]).cumsum(0).to(device)
        self.split = [self.places[(self.places >= b) & (self.places < e)] - b for b, e in zip(begins, begins[1:])]
        self.name, self.mode = f"{variant.__name__.replace('_', ' ')}, {mode}", mode
        self.variant = variant
        self.forward = compiled(lambda: variant(self.activations, self.places, self.split) @ self.weights.T, mode)

    def step(self):
        outputs = self.forward()
        return outputs.detach(), torch.autograd.grad(outputs, [self.weights, *self.activations], self.upstream)

    def prepare(self, steps, check):
        self.steps = steps
        self.ready = prepared(self.name, self.mode, self.visit, check)
        return self.ready is not None

    def visit(self):
        for _ in range(self.steps):
            self.step()

    def round(self):
        return timed(self.steps, self.ready)


def largest_error(name, results, exact):
    """Of every result, over its largest entry."""
    worst = max(((a.double() - e).abs().max() / e.abs().max()).item() for a, e in zip(results, exact))
    if not worst <= 1e-5:
        sys.exit(f"{name}: differs from float64 by {worst:.1e} of the largest entry; nothing was timed")
    return worst


def flat(result):
    return [result[0], *result[1]]


def fastest(tensors, options, exact, errors):
    """The fastest variant, ready for rounds."""
    modes = options.modes if options.device == "cuda" else ["eager"]
    trials = []
    for variant in VARIANTS:
        for mode in modes:
            peer = Peer(tensors, variant, mode, options.device)
            if peer.prepare(options.steps, lambda: errors.append(largest_error(peer.name, flat(peer.step()), exact))):
                trials.append((min(peer.round()[0] for _ in range(3)), peer))
    return min(trials, key=lambda trial: trial[0])[1]


def compare(options, threads, folder):
    torch.set_num_threads(threads)
    path = os.path.join(folder, "head.safetensors")
    ours = Ours(["skip-head", options.batch, options.neurons, options.steps, path], threads, 1, options.device)
    index_bytes, peak_bytes = (int(word) for word in ours.head[0].split())
    tensors = read_safetensors(path)
    exact = flat(Peer(tensors, concatenate_then_select, "eager", options.device, torch.float64).step())
    gradients = sum(name[0] == "g" for name in tensors)
    results = [tensors["y"], *(tensors[f"g{i}"] for i in range(gradients))]
    errors = [largest_error("ours", [result.to(options.device) for result in results], exact)]
    best = fastest(tensors, options, exact, errors)
    (ours_wall, ours_cpu), (peer_wall, peer_cpu), (ratio, cpu_ratio) = alternate(ours.round, best.round, options.rounds)
    ours.close()
    megabytes = peer_gpu_megabytes(best) if options.device == "cuda" else peer_megabytes(best.variant, path)
    print(f"| {threads} | {ours_wall:.2f} ({ours_cpu:.2f}) | {peer_wall:.2f} ({peer_cpu:.2f}) | {ratio:.1f} ({cpu_ratio:.1f}) "
          f"| {best.name} | {max(errors):.0e} | {peak_bytes / 1e6:.0f} | {megabytes:.0f} |", flush=True)
    case = f"N = {options.neurons}, batch {options.batch}{where(options.device, threads)}"
    record(options.json, 7, case, ours_wall, peer_wall, device=options.device, peer=peer_name(options), variant=best.name)
    return index_bytes


def peer_gpu_megabytes(peer):
    before = torch.cuda.memory_allocated()
    torch.cuda.reset_peak_memory_stats()
    peer.step()
    return (torch.cuda.max_memory_allocated() - before) / 1e6


def peer_megabytes(variant, path):
    """What a step allocates at its peak, in a process of its own where every larger block is given back when it is freed."""
    variables = dict(os.environ, MALLOC_MMAP_THRESHOLD_="65536")
    return float(subprocess.check_output([sys.executable, os.path.abspath(__file__), "--memory-of", variant.__name__, path], env=variables))


def print_memory(name, path):
    torch.set_num_threads(1)
    peer = Peer(read_safetensors(path), globals()[name])
    peer.step()
    reset_peak()
    before = resident_megabytes("VmRSS")
    peer.step()
    print(resident_megabytes("VmHWM") - before)


parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("--neurons", type=int, default=50_000)
parser.add_argument("--batch", type=int, default=64)
parser.add_argument("--steps", type=int, help="steps of a round; 8 on the CPU, 200 on a GPU")
parser.add_argument("--threads", type=numbers, default=[1, 2])
parser.add_argument("--rounds", type=int, default=9)
parser.add_argument("--memory-of", nargs=2, metavar=("VARIANT", "FILE"), help="print the megabytes of PyTorch's step and end")
add_device(parser)
add_modes(parser)
add_json(parser)
options = parser.parse_args()
if options.memory_of:
    print_memory(*options.memory_of)
    sys.exit()
stop_without_gpu(options)
options.steps = options.steps or (200 if options.device == "cuda" else 8)
set_precision("float32")
print_machine(f"N = {options.neurons}, batch {options.batch}; ")
print("| threads | ours | PyTorch | ratio | PyTorch's variant | results differ by | MB ours | MB PyTorch |")
print("| --: | --: | --: | --: | --- | --: | --: | --: |")
with tempfile.TemporaryDirectory() as folder:
    for threads in threads_of(options):
        index_bytes = compare(options, threads, folder)
print(f"\nOur lists of neurons: {index_bytes / 1e6:.1f} MB")
