#!/usr/bin/env python3
"""PyTorch's host cost of one op, the peer of DispatchBenchmarks: median of 9 runs, nanoseconds per op, one thread."""
import statistics
import time

import torch

torch.set_num_threads(1)
empty, one, leaf = torch.zeros(0), torch.zeros(1), torch.zeros(1, requires_grad=True)
matrix = one.reshape(1, 1)
OPS = {
    "AddEmpty": lambda: empty + empty,
    "AddOne": lambda: one + one,
    "SigmoidOne": lambda: torch.sigmoid(one),
    "AddOneRecorded": lambda: leaf + one,
    "MatMulOne": lambda: torch.mm(one.reshape(1, 1), one.reshape(1, 1)),
}
for name, op in OPS.items():
    runs = []
    for _ in range(3 + 9):
        start = time.perf_counter_ns()
        for _ in range(20000):
            op()
        runs.append((time.perf_counter_ns() - start) / 20000)
    print(f"{name:16} {statistics.median(runs[3:]):8.0f} ns   (PyTorch {torch.__version__})")
