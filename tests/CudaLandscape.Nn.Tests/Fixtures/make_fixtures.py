#!/usr/bin/env python3
"""Writes optimizers.json: the ways PyTorch's optimizers take on a small problem, in float64 and float32.

The problem: minimise the mean squared error of sigmoid(x w + b) to t, with x[6,4], w[4,3], b[3], t[6,3] given by a formula that
both sides evaluate. The file holds w and b (15 numbers) after the steps named in "after". Needs PyTorch (Debian:
python3-torch); the tests need only the file.
"""
import json
import math
import pathlib

import torch
from torch.optim import SGD, Adam
from torch.optim.lr_scheduler import ExponentialLR, LambdaLR, MultiStepLR, StepLR

torch.set_num_threads(1)
STEPS = 30
AFTER = [1, 2, 5, 10, 15, 16, 17, 23, 24, 30]

# name: (optimizer, learning rate's schedule or none)
CASES = {
    "sgd": (lambda p: SGD(p, 0.5), None),
    "sgd weight decay": (lambda p: SGD(p, 0.5, weight_decay=0.05), None),
    "momentum": (lambda p: SGD(p, 0.5, 0.9), None),
    "nesterov": (lambda p: SGD(p, 0.5, 0.9, nesterov=True), None),
    "nesterov weight decay": (lambda p: SGD(p, 0.5, 0.9, weight_decay=0.05, nesterov=True), None),
    "nesterov steps": (lambda p: SGD(p, 0.5, 0.9, nesterov=True), lambda o: MultiStepLR(o, [15, 23], 0.1)),
    "momentum exponential": (lambda p: SGD(p, 0.5, 0.9), lambda o: ExponentialLR(o, 0.9)),
    "momentum staircase": (lambda p: SGD(p, 0.5, 0.9), lambda o: StepLR(o, 7, 0.5)),
    "adam": (lambda p: Adam(p, 0.1, eps=1e-7), None),
    "adam betas": (lambda p: Adam(p, 0.1, (0.5, 0.9), 1e-3), None),
    "adam inverse time": (lambda p: Adam(p, 0.1, eps=1e-7), lambda o: LambdaLR(o, lambda t: 1 / (1 + 0.2 * t))),
}


def data(shape, seed, dtype):
    """Element i is 1.5 sin(1 + seed + 0.7 i)."""
    values = [1.5 * math.sin(1 + seed + 0.7 * i) for i in range(math.prod(shape))]
    return torch.tensor(values, dtype=torch.float64).reshape(shape).to(dtype)


def trajectory(make_optimizer, make_schedule, dtype):
    x, t = data((6, 4), 0, dtype), data((6, 3), 1, dtype)
    w, b = data((4, 3), 2, dtype).requires_grad_(), data((3,), 3, dtype).requires_grad_()
    optimizer = make_optimizer([w, b])
    schedule = make_schedule(optimizer) if make_schedule else None
    states = []
    for step in range(1, STEPS + 1):
        optimizer.zero_grad()
        torch.nn.functional.mse_loss(torch.sigmoid(x @ w + b), t).backward()
        optimizer.step()
        if schedule:
            schedule.step()
        if step in AFTER:
            states.append(torch.cat([w.detach().flatten(), b.detach()]).tolist())
    return states


if __name__ == "__main__":
    cases = {
        name: {"f64": trajectory(*case, torch.float64), "f32": trajectory(*case, torch.float32)} for name, case in CASES.items()
    }
    lines = ",\n".join(f"  {json.dumps(name)}: {json.dumps(case)}" for name, case in cases.items())
    path = pathlib.Path(__file__).with_name("optimizers.json")
    path.write_text(
        f'{{"pytorch": {json.dumps(torch.__version__)}, "after": {json.dumps(AFTER)}, "cases": {{\n{lines}\n}}}}\n')
    print(f"{path}: {len(CASES)} cases")
