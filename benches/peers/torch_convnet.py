"""PyTorch on the training step of the convolutional presets, for compare_convnets.py: prints examples a second.

usage: torch_convnet.py NETWORK [--threads 1] [--steps 20] [--layout channels_last|contiguous] [--optimizer adam]
                        [--batch 100] [--compile]
The batch is gathered at random from images of CIFAR-10's shape, as runner does. Needs: pip install torch
"""
import argparse
import statistics
import time

import torch
from torch import nn

parser = argparse.ArgumentParser()
parser.add_argument("network", choices=["simple_convnet", "deep_convnet", "resnet", "airbench94"])
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--steps", type=int, default=20)
parser.add_argument("--batch", type=int, default=100)
parser.add_argument("--layout", choices=["channels_last", "contiguous"], default="channels_last")
parser.add_argument("--optimizer", choices=["adam", "momentum", "nesterov"], default="adam")
parser.add_argument("--compile", action="store_true")
args = parser.parse_args()
torch.set_num_threads(args.threads)
torch.manual_seed(0)


def simple_convnet():
    return nn.Sequential(nn.Conv2d(3, 30, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(30 * 196, 100),
                         nn.ReLU(), nn.Linear(100, 10))


def deep_convnet():
    layers, channels = [], 3
    for filters in (64, 128, 256):
        layers += [nn.Conv2d(channels, filters, 3, padding=1), nn.ReLU(),
                   nn.Conv2d(filters, filters, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2)]
        channels = filters
    return nn.Sequential(*layers, nn.Flatten(), nn.Linear(4096, 1024), nn.ReLU(), nn.Dropout(0.5),
                         nn.Linear(1024, 10))


class Block(nn.Module):
    """Two convolutions around which the input is led, with channels of zeros where it has fewer."""

    def __init__(self, channels, filters):
        super().__init__()
        self.stride, self.missing = 1 if channels == filters else 2, filters - channels
        self.layers = nn.Sequential(
            nn.Conv2d(channels, filters, 3, self.stride, 1, bias=False), nn.BatchNorm2d(filters), nn.ReLU(),
            nn.Conv2d(filters, filters, 3, 1, 1, bias=False), nn.BatchNorm2d(filters))

    def forward(self, x):
        shortcut = x
        if self.missing:
            shortcut = nn.functional.pad(x[:, :, ::2, ::2], (0, 0, 0, 0, 0, self.missing))
        return torch.relu(self.layers(x) + shortcut)


def resnet():
    layers, channels = [nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU()], 16
    for filters in (16, 32, 64):
        for _ in range(3):
            layers.append(Block(channels, filters))
            channels = filters
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, 10))


def airbench94():
    """The network of Jordan (2024); its first weight is not trained."""
    norm = lambda channels: nn.BatchNorm2d(channels, eps=1e-12, momentum=0.4)
    first = nn.Conv2d(3, 24, 2)
    first.weight.requires_grad = False
    layers, channels = [first, nn.GELU()], 24
    for filters in (64, 256, 256):
        layers += [nn.Conv2d(channels, filters, 3, padding=1, bias=False), nn.MaxPool2d(2), norm(filters), nn.GELU(),
                   nn.Conv2d(filters, filters, 3, padding=1, bias=False), norm(filters), nn.GELU()]
        channels = filters
    layers += [nn.MaxPool2d(3), nn.Flatten(), nn.Linear(256, 10, bias=False)]
    for layer in layers:
        if isinstance(layer, nn.BatchNorm2d):
            layer.weight.requires_grad = False
    return nn.Sequential(*layers)


layout = torch.channels_last if args.layout == "channels_last" else torch.contiguous_format
network = {"simple_convnet": simple_convnet, "deep_convnet": deep_convnet, "resnet": resnet,
           "airbench94": airbench94}[args.network]()
network = network.to(memory_format=layout)
parameters = [parameter for parameter in network.parameters() if parameter.requires_grad]
nesterov = args.optimizer == "nesterov"
optimizer = (torch.optim.Adam(parameters, lr=0.001, fused=True) if args.optimizer == "adam"
             else torch.optim.SGD(parameters, lr=0.01, momentum=0.9, nesterov=nesterov, fused=True))
if args.compile:
    network = torch.compile(network)
images = torch.rand(5000, 3, 32, 32).to(memory_format=layout)
targets = torch.randint(0, 10, (5000,))
loss_of = nn.CrossEntropyLoss()
seconds = []
for step in range(args.steps + 2):
    started = time.perf_counter()
    pick = torch.randint(0, len(images), (args.batch,))
    optimizer.zero_grad()
    loss_of(network(images[pick]), targets[pick]).backward()
    optimizer.step()
    seconds.append(time.perf_counter() - started)
print(args.batch / statistics.median(seconds[2:]))
