#!/usr/bin/env python3
"""Writes pytorch.json: what PyTorch computes in float64 for the ops of this engine.

Inputs come from a formula that both sides evaluate, so the file holds results only: for each case the value y, the gradients of
sum(y * dy) with respect to every float input, and the gradients of sum_i(gradient_i * v_i) (second-order products) with respect
to every float input and dy. Needs PyTorch (Debian: python3-torch); the tests need only the file.
"""
import json
import math
import pathlib

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)


def data(shape, seed, kind="any"):
    """Element i is 1.5 sin(1 + seed + 0.7 i); made positive, or large on the diagonal, where an op needs it."""
    count = math.prod(shape)
    x = torch.tensor([1.5 * math.sin(1 + seed + 0.7 * i) for i in range(count)]).reshape(shape)
    if kind == "positive":
        x = x.abs() + 0.5
    if kind == "dominant":
        x = x / 8 + 2 * torch.eye(shape[-1])
    if kind == "graded":
        x = x / 8
        for i in range(min(shape)):
            x[i, i] += 2 * (i + 1)
    if kind == "definite":
        x = x / 8
        x = x @ x.T + 2 * torch.diag(torch.arange(1.0, shape[-1] + 1))
    return x


def integers(shape, end, seed):
    count = math.prod(shape)
    return torch.tensor([(7 * i + seed) % end for i in range(count)]).reshape(shape)


A, P, D, S = "any", "positive", "dominant", "definite"
M = torch.matmul

# name: ([(shape, kind)], function of the inputs)
CASES = {
    "add": ([((2, 3), A), ((3,), A)], lambda a, b: a + b),
    "subtract": ([((2, 3), A), ((2, 1), A)], lambda a, b: a - b),
    "multiply": ([((2, 3, 2), A), ((3, 1), A)], lambda a, b: a * b),
    "divide": ([((2, 3), A), ((2, 3), P)], lambda a, b: a / b),
    "exp": ([((7,), A)], torch.exp),
    "log": ([((7,), P)], torch.log),
    "tanh": ([((7,), A)], torch.tanh),
    "sigmoid": ([((7,), A)], torch.sigmoid),
    "softplus": ([((7,), A)], F.softplus),
    "softplus alpha 20": ([((7,), A)], lambda x: F.softplus(x, beta=20, threshold=1000)),
    "relu": ([((7,), A)], F.relu),
    "sum axis 1": ([((2, 3, 4), A)], lambda x: x.sum(1)),
    "mean": ([((2, 3, 4), A)], torch.mean),
    "matmul": ([((3, 4), A), ((4, 5), A)], M),
    "matmul transposed": ([((4, 3), A), ((5, 4), A)], lambda a, b: a.T @ b.T),
    "matmul batched": ([((2, 3, 4), A), ((2, 4, 5), A)], M),
    "conv2d": ([((2, 3, 6, 5), A), ((4, 3, 3, 2), A)], F.conv2d),
    "conv2d stride 2 pad 1": ([((2, 2, 7, 7), A), ((3, 2, 3, 3), A)], lambda x, w: F.conv2d(x, w, stride=2, padding=1)),
    "max_pool2d": ([((2, 2, 6, 4), A)], lambda x: F.max_pool2d(x, 2)),
    "max_pool2d stride 2 pad 1": ([((1, 2, 7, 5), A)], lambda x: F.max_pool2d(x, 3, 2, 1)),
    "squared_loss": ([((4, 3), A), ((4, 3), A)], F.mse_loss),
    "solve_triangular upper": ([((4, 4), D), ((4, 2), A)], lambda a, b: torch.linalg.solve_triangular(a, b, upper=True)),
    "solve_triangular lower": ([((4, 4), D), ((4, 2), A)], lambda a, b: torch.linalg.solve_triangular(a, b, upper=False)),
    "transpose": ([((3, 5), A)], lambda x: x.T),
    "triangle": ([((4, 4), A)], torch.triu),
    "sqrt": ([((7,), P)], torch.sqrt),
    "abs": ([((7,), A)], torch.abs),
    "square": ([((7,), A)], torch.square),
    "power 3": ([((7,), A)], lambda x: x**3),
    "power -0.5": ([((7,), P)], lambda x: x**-0.5),
    "reciprocal": ([((7,), P)], torch.reciprocal),
    "leaky_relu 0.1": ([((7,), A)], lambda x: F.leaky_relu(x, 0.1)),
    "maximum": ([((2, 3), A), ((3,), A)], torch.maximum),
    "minimum": ([((2, 3), A), ((3,), A)], torch.minimum),
    "norm": ([((2, 3), A)], torch.linalg.vector_norm),
    "softmax": ([((3, 5), A)], lambda x: F.softmax(x, -1)),
    "log_softmax": ([((3, 5), A)], lambda x: F.log_softmax(x, -1)),
    "cross_entropy": ([((4, 5), A)], lambda x: F.cross_entropy(x, integers((4,), 5, 2))),
    "average_pool2d 3 stride 2 pad 1": ([((1, 2, 7, 5), A)], lambda x: F.avg_pool2d(x, 3, 2, 1)),
    "global_average_pool2d": ([((2, 3, 4, 5), A)], lambda x: x.mean((2, 3))),
    "batch_norm train": ([((4, 3, 2, 2), A), ((3,), A), ((3,), A)],
                         lambda x, w, b: F.batch_norm(x, None, None, w, b, True, 0.1, 1e-5)),
    "batch_norm eval": ([((4, 3, 2, 2), A), ((3,), A), ((3,), A)],
                        lambda x, w, b: F.batch_norm(x, data((3,), 50), data((3,), 51, P), w, b, False, 0.1, 1e-5)),
    "concat axis 1": ([((2, 3, 2), A), ((2, 1, 2), A)], lambda a, b: torch.cat([a, b], 1)),
    "slice 1..3 of axis 1": ([((2, 4, 3), A)], lambda x: x[:, 1:3]),
    "pad 1,2 of axis 1": ([((2, 3), A)], lambda x: F.pad(x, (1, 2))),
    "permute 2,0,1": ([((2, 3, 4), A)], lambda x: x.permute(2, 0, 1)),
    "gather": ([((3, 6), A)], lambda x: x[:, integers((8,), 6, 3)]),
    "scatter_add": ([((3, 8), A)], lambda x: torch.zeros(3, 6).index_add(1, integers((8,), 6, 3), x)),
    "cholesky": ([((4, 4), S)], lambda x: torch.linalg.cholesky((x + x.T) / 2)),
    "solve": ([((4, 4), D), ((4, 2), A)], torch.linalg.solve),
    "symmetric_eigenvalues": ([((4, 4), S)], lambda x: torch.linalg.eigvalsh((x + x.T) / 2)),
    # The formula alone gives matrices of rank 2, whose smallest singular value has no derivative.
    "singular_values": ([((5, 3), "graded")], torch.linalg.svdvals),
}


def result(inputs, function):
    xs = [data(shape, seed, kind).requires_grad_() for seed, (shape, kind) in enumerate(inputs)]
    y = function(*xs)
    dy = data(tuple(y.shape), 20).requires_grad_()
    gradients = torch.autograd.grad((y * dy).sum(), xs, create_graph=True)
    weighted = sum((g * data(tuple(g.shape), 30 + i)).sum() for i, g in enumerate(gradients))
    second = torch.autograd.grad(weighted, [*xs, dy], allow_unused=True)
    zeros = [torch.zeros_like(x) if s is None else torch.zeros_like(x) + s for s, x in zip(second, [*xs, dy])]
    return {
        "inputs": [{"shape": list(shape), "kind": kind} for shape, kind in inputs],
        "y": y.flatten().tolist(),
        "gradients": [g.flatten().tolist() for g in gradients],
        "second": [s.flatten().tolist() for s in zeros],
    }


if __name__ == "__main__":
    out = {"pytorch": torch.__version__, "cases": {name: result(*case) for name, case in CASES.items()}}
    lines = ",\n".join(f'  {json.dumps(name)}: {json.dumps(case)}' for name, case in out["cases"].items())
    path = pathlib.Path(__file__).with_name("pytorch.json")
    path.write_text(f'{{"pytorch": {json.dumps(out["pytorch"])}, "cases": {{\n{lines}\n}}}}\n')
    print(f"{path}: {len(CASES)} cases")
