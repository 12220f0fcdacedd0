"""The network of ICML'18, Figure 1, in PyTorch: a training step (forward, backward, Adam) in the variants that compute the same."""
import dataclasses
import itertools

import torch
from torch import nn

from paired import require_agreement
from torch_modes import MODES, compiled, prepared, timed

BATCH, AGREEMENT_STEPS = 128, 20


@dataclasses.dataclass(frozen=True)
class Variant:
    channels_last: bool = False
    pool_first: bool = False
    adam: str = "loop"  # or foreach or, on a GPU, fused
    mode: str = "eager"  # or graph, compile, compile graph

    def __str__(self):
        layout, order = "channels_last" if self.channels_last else "contiguous", "pool, sigmoid" if self.pool_first else "sigmoid, pool"
        return f"{layout}, {order}, Adam {self.adam}, {self.mode}"


def layouts(adam, mode="eager"):
    return [Variant(*flags, adam, mode) for flags in itertools.product((False, True), repeat=2)]


class Peer:
    def __init__(self, tensors, t1, variant=Variant(), device="cpu", dtype=torch.float32):
        self.variant, self.device, self.dtype = variant, device, dtype
        pair = [nn.MaxPool2d(2), nn.Sigmoid()] if variant.pool_first else [nn.Sigmoid(), nn.MaxPool2d(2)]
        layers = {"conv1": nn.Conv2d(1, t1, 3), "conv2": nn.Conv2d(t1, 20, 2), "fc1": nn.Linear(720, 100), "fc2": nn.Linear(100, 10)}
        with torch.no_grad():
            for name, layer in layers.items():
                layer.weight.copy_(tensors[name + ".weight"])
                layer.bias.copy_(tensors[name + ".bias"].reshape(-1))
        model = nn.Sequential(layers["conv1"], *pair, layers["conv2"], *pair, nn.Flatten(), layers["fc1"], nn.Sigmoid(), layers["fc2"])
        self.format = torch.channels_last if variant.channels_last else torch.contiguous_format
        model = model.to(device=device, dtype=dtype).to(memory_format=self.format)
        self.optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, eps=1e-7, **self.adam_options())
        self.model = compiled(model, variant.mode)
        self.ready = None

    def adam_options(self):
        options = {"foreach": self.variant.adam == "foreach"}
        if self.variant.adam == "fused":
            options["fused"] = True
        if "graph" in self.variant.mode:
            options["capturable"] = True
        return options

    def step(self, images, targets):
        self.optimizer.zero_grad(set_to_none=True)
        loss = nn.functional.mse_loss(self.model(images.to(memory_format=self.format)), targets)
        loss.backward()
        self.optimizer.step()
        return loss

    def losses(self, tensors):
        images = tensors["images"].to(self.device, self.dtype)
        targets = nn.functional.one_hot(tensors["labels"].long(), 10).to(self.device, self.dtype)
        return [self.step(images, targets).item() for _ in range(AGREEMENT_STEPS)]

    def prepare(self, data, check=lambda: None):
        """Makes ready a round over data; batches are rows of the data in a random order, as ours are. False: it cannot be done."""
        self.images, self.targets = data
        self.order = torch.randperm(len(self.images), device=self.device)
        self.ready = prepared(str(self.variant), self.variant.mode, self.visit, check)
        return self.ready is not None

    def visit(self):
        for rows in self.order.split(BATCH):
            self.step(self.images[rows], self.targets[rows])

    def round(self):
        """Milliseconds per step, wall and processor."""
        self.order.copy_(torch.randperm(len(self.images), device=self.device))
        return timed(len(self.images) // BATCH, self.ready)


def random_data(steps, device):
    images = torch.rand(steps * BATCH, 1, 28, 28, device=device)
    return images, nn.functional.one_hot(torch.randint(10, (steps * BATCH,), device=device), 10).float()


def fastest(tensors, t1, device, data, exact, errors, modes=MODES):
    """The fastest variant, ready for rounds over data. On a GPU the compiler is tried with the layout that is the fastest without."""
    if device == "cpu":
        return best_of([*layouts("loop"), *layouts("foreach")], tensors, t1, device, data, exact, errors)
    quick = [mode for mode in modes if "compile" not in mode] or modes
    best = best_of([v for mode in quick for v in layouts("fused", mode)], tensors, t1, device, data, exact, errors)
    compiled_too = [dataclasses.replace(best.variant, mode=mode) for mode in modes if mode not in quick]
    return best_of(compiled_too, tensors, t1, device, data, exact, errors, best)


def best_of(variants, tensors, t1, device, data, exact, errors, known=None):
    """The fastest of those that this PyTorch can do, and of a peer that is known."""
    peers = [] if known is None else [known]
    for variant in variants:
        peer = Peer(tensors, t1, variant, device)
        if peer.prepare(data, lambda: errors.append(require_agreement(str(variant), peer.losses(tensors), exact))):
            peers.append(peer)
    return min(peers, key=lambda peer: min(peer.round()[0] for _ in range(3)))
