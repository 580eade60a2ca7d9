"""PyTorch on the same work as `runner`, one process and one thread: training steps, or a whole run.

usage: torch_sweep.py DATA_DIR [--hidden 100,100,50] [--optimizer adagrad] [--dropout 0.0]
                      [--steps 500] [--epochs 0] [--threads 1] [--seed 0]
Without --epochs it trains --steps steps and prints examples per second. With --epochs it does what a trial
of `runner run` does: epochs of 500 steps with replacement, after each (and before the first) loss and accuracy
over 50,000 training and 10,000 test images in evaluation mode, a CSV row and a checkpoint.
"""
import argparse
import csv
import pathlib
import tempfile
import time

import numpy as np
import torch
from torch import nn

BATCH = 100

parser = argparse.ArgumentParser()
parser.add_argument("data")
parser.add_argument("--hidden", default="100,100,50")
parser.add_argument("--optimizer", default="adagrad")
parser.add_argument("--dropout", type=float, default=0.0)
parser.add_argument("--steps", type=int, default=500)
parser.add_argument("--epochs", type=int, default=0)
parser.add_argument("--threads", type=int, default=1)
parser.add_argument("--seed", type=int, default=0)
args = parser.parse_args()
torch.set_num_threads(args.threads)
torch.manual_seed(args.seed)


def read(names):
    folder = pathlib.Path(args.data) / "cifar-10-batches-bin"
    records = np.concatenate([np.fromfile(folder / name, np.uint8).reshape(-1, 3073) for name in names])
    pixels = torch.from_numpy(records[:, 1:].astype(np.float32) / 255)
    return pixels, torch.from_numpy(records[:, 0].astype(np.int64))


train_x, train_y = read([f"data_batch_{i}.bin" for i in range(1, 6)])

layers, width = [], 3072
for size in map(int, args.hidden.split(",")):
    layers += [nn.Linear(width, size), nn.BatchNorm1d(size), nn.ReLU()]
    if args.dropout:
        layers.append(nn.Dropout(args.dropout))
    width = size
network = nn.Sequential(*layers, nn.Linear(width, 10))
make = {
    "adagrad": lambda p: torch.optim.Adagrad(p, lr=0.01, fused=True),
    "adam": lambda p: torch.optim.Adam(p, lr=0.001, fused=True),
    "sgd": lambda p: torch.optim.SGD(p, lr=0.1, fused=True),
}
optimizer = make[args.optimizer](network.parameters())
cross_entropy = nn.CrossEntropyLoss()


def train(steps):
    network.train()
    for pick in torch.randint(len(train_x), (steps, BATCH)):
        optimizer.zero_grad()
        cross_entropy(network(train_x[pick]), train_y[pick]).backward()
        optimizer.step()


@torch.no_grad()
def evaluate(x, y):
    network.eval()
    loss, correct = 0.0, 0
    for start in range(0, len(x), 1000):
        logits, targets = network(x[start:start + 1000]), y[start:start + 1000]
        loss += nn.functional.cross_entropy(logits, targets, reduction="sum").item()
        correct += (logits.argmax(1) == targets).sum().item()
    return loss / len(x), correct / len(x)


if args.epochs == 0:
    train(50)
    started = time.perf_counter()
    train(args.steps)
    print(args.steps * BATCH / (time.perf_counter() - started))
else:
    test_x, test_y = read(["test_batch.bin"])
    with tempfile.TemporaryDirectory() as folder, open(f"{folder}/metrics.csv", "w") as file:
        writer = csv.writer(file)
        for epoch in range(args.epochs + 1):
            if epoch > 0:
                train(500)
            writer.writerow([epoch, *evaluate(train_x, train_y), *evaluate(test_x, test_y)])
            torch.save([network.state_dict(), optimizer.state_dict()], f"{folder}/checkpoint.pt")
