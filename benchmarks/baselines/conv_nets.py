"""ICLR'19's networks in PyTorch, with the names of our parameters: CNN13, VGG11, VGG13, VGG16 and DenseNet121."""
from collections import OrderedDict

import torch
from torch import nn

VGG = {
    "vgg11": [1, 1, 2, 2, 2],
    "vgg13": [2, 2, 2, 2, 2],
    "vgg16": [2, 2, 3, 3, 3],
}
# (filters, kernel, stride)
CNN13 = [(64, 3, 1), (64, 3, 1), (64, 3, 2), (128, 3, 1), (128, 3, 2), (256, 3, 1), (256, 3, 1), (256, 3, 2), (256, 3, 1), (256, 3, 2),
         (256, 1, 1), (256, 3, 2)]
DENSE_BLOCKS, GROWTH = [6, 12, 24, 16], 32


def activation_of(name):
    return nn.Softplus(beta=20, threshold=40) if name == "softplus" else nn.Sigmoid()


def network(net, activation):
    if net == "densenet121":
        return DenseNet(activation)
    layers = OrderedDict()
    for name, module in cnn13() if net == "cnn13" else vgg(VGG[net]):
        layers[name] = module
        if hasattr(module, "weight") and name != "output":
            layers[f"{name}_act"] = activation
    return nn.Sequential(layers)


def cnn13():
    channels, layers = 1, []
    for i, (filters, kernel, stride) in enumerate(CNN13):
        layers.append((f"conv{i + 1}", nn.Conv2d(channels, filters, kernel, stride, kernel // 2)))
        channels = filters
    return [*layers, ("flatten", nn.Flatten()), ("output", nn.Linear(256, 10))]


def vgg(counts):
    channels, layers = 3, []
    for stage, (count, filters) in enumerate(zip(counts, [64, 128, 256, 512, 512]), 1):
        for i in range(count):
            layers.append((f"conv{stage}_{i + 1}", nn.Conv2d(channels, filters, 3, 1, 1)))
            channels = filters
        layers.append((f"pool{stage}", nn.MaxPool2d(2)))
    head = [("fc1", nn.Linear(512, 128)), ("fc2", nn.Linear(128, 128)), ("output", nn.Linear(128, 10))]
    return [*layers, ("flatten", nn.Flatten()), *head]


class DenseNet(nn.Module):
    """DenseNet121 for images of 3x32x32, growth 32, convolutions without bias."""

    def __init__(self, activation):
        super().__init__()
        self.activation = activation
        self.stem = nn.Conv2d(3, 2 * GROWTH, 3, padding=1, bias=False)
        channels = 2 * GROWTH
        for block, layers in enumerate(DENSE_BLOCKS, 1):
            for layer in range(1, layers + 1):
                self.add_dense_layer(f"block{block}_layer{layer}", channels)
                channels += GROWTH
            last = block == len(DENSE_BLOCKS)
            self.add_module("final_norm" if last else f"transition{block}_norm", nn.BatchNorm2d(channels))
            if not last:
                self.add_module(f"transition{block}_conv", nn.Conv2d(channels, channels // 2, 1, bias=False))
                channels //= 2
        self.output = nn.Linear(channels, 10)

    def add_dense_layer(self, name, channels):
        self.add_module(f"{name}_1_norm", nn.BatchNorm2d(channels))
        self.add_module(f"{name}_conv1", nn.Conv2d(channels, 4 * GROWTH, 1, bias=False))
        self.add_module(f"{name}_2_norm", nn.BatchNorm2d(4 * GROWTH))
        self.add_module(f"{name}_conv2", nn.Conv2d(4 * GROWTH, GROWTH, 3, padding=1, bias=False))

    def active(self, name, x):
        return self.activation(getattr(self, f"{name}_norm")(x))

    def forward(self, x):
        x = self.stem(x)
        for block, layers in enumerate(DENSE_BLOCKS, 1):
            for name in (f"block{block}_layer{layer}" for layer in range(1, layers + 1)):
                bottleneck = getattr(self, f"{name}_conv1")(self.active(f"{name}_1", x))
                x = torch.cat([x, getattr(self, f"{name}_conv2")(self.active(f"{name}_2", bottleneck))], 1)
            if block < len(DENSE_BLOCKS):
                x = getattr(self, f"transition{block}_conv")(self.active(f"transition{block}", x))
                x = nn.functional.avg_pool2d(x, 2)
        return self.output(nn.functional.avg_pool2d(self.active("final", x), x.shape[-1]).flatten(1))


def multiply_adds(net, image):
    """Of the forward pass of one image, convolutions and matrix products."""
    total = 0

    def count(module, _, output):
        nonlocal total
        total += output.numel() * module.weight[0].numel()

    model = network(net, nn.Sigmoid()).eval()
    for module in model.modules():
        if isinstance(module, (nn.Conv2d, nn.Linear)):
            module.register_forward_hook(count)
    with torch.no_grad():
        model(torch.zeros(1, *image))
    return total
