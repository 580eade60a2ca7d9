"""Test accuracy of SimpleConvNet on CIFAR-10 in PyTorch, to set beside that of runner over as many seeds.

usage: convnet_accuracy.py DATA_DIR [--epochs 10] [--seeds 3] [--threads 1]
DATA_DIR holds cifar-10-batches-bin/. The same as experiments/cifar10_convnet.toml without its grid and validation split: He's
initial weights, Adam at 0.001, batches of 100, pixels / 255. Prints a line a seed and epoch. Needs: pip install torch numpy

runner run experiments/cifar10_convnet.toml --set network.dropout=0 --set dataset.validation_examples=0 --set training.epochs=10
"""
import argparse
import pathlib

import numpy as np
import torch
from torch import nn

parser = argparse.ArgumentParser()
parser.add_argument("data")
parser.add_argument("--epochs", type=int, default=10)
parser.add_argument("--seeds", type=int, default=3)
parser.add_argument("--threads", type=int, default=1)
args = parser.parse_args()
torch.set_num_threads(args.threads)


def read(names):
    folder = pathlib.Path(args.data) / "cifar-10-batches-bin"
    records = np.concatenate([np.fromfile(folder / name, np.uint8).reshape(-1, 3073) for name in names])
    images = torch.from_numpy(records[:, 1:].reshape(-1, 3, 32, 32))
    return images.to(memory_format=torch.channels_last), torch.from_numpy(records[:, 0].astype(np.int64))


train_images, train_targets = read([f"data_batch_{i}.bin" for i in range(1, 6)])
test_images, test_targets = read(["test_batch.bin"])


def network():
    layers = nn.Sequential(nn.Conv2d(3, 30, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten(), nn.Linear(30 * 196, 100),
                           nn.ReLU(), nn.Linear(100, 10))
    for layer in layers:
        if hasattr(layer, "weight"):
            nn.init.normal_(layer.weight, std=(2.0 / layer.weight[0].numel()) ** 0.5)
            nn.init.zeros_(layer.bias)
    return layers.to(memory_format=torch.channels_last)


for seed in range(1, args.seeds + 1):
    torch.manual_seed(seed)
    model = network()
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001, fused=True)
    for epoch in range(1, args.epochs + 1):
        order = torch.randperm(len(train_images))
        for batch in order.split(100):
            optimizer.zero_grad()
            nn.functional.cross_entropy(model(train_images[batch] / 255.0), train_targets[batch]).backward()
            optimizer.step()
        with torch.no_grad():
            right = sum((model(images / 255.0).argmax(1) == targets).sum().item()
                        for images, targets in zip(test_images.split(500), test_targets.split(500)))
        print(f"seed {seed} epoch {epoch} test accuracy {right / len(test_images):.4f}", flush=True)
