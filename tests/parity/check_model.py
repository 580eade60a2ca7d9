"""Loads a run's model.safetensors into torch.nn.Sequential and classifies the CIFAR-10 test images.

usage: check_model.py RUN_FOLDER... DATA_DIR      (needs: pip install torch numpy safetensors)

The accuracy must be that of the last row of metrics.csv to within two images, and the predicted classes
those of test_predictions.npy but for two.
"""
import csv, json, pathlib, sys
import numpy as np
import torch
from safetensors.torch import load_file
from torch import nn

*runs, data = map(pathlib.Path, sys.argv[1:])
records = np.fromfile(data / "cifar-10-batches-bin" / "test_batch.bin", np.uint8).reshape(-1, 3073)
x = torch.from_numpy((records[:, 1:] / 255.0).astype(np.float32))
y = records[:, 0].astype(np.int64)

def sequential(network, features=3072, classes=10):
    activations = dict(relu=nn.ReLU, sigmoid=nn.Sigmoid, tanh=nn.Tanh, gelu=nn.GELU, leaky_relu=nn.LeakyReLU)
    activation = activations[network["activation"]]
    layers, width = [], features
    for size in network["hidden_sizes"]:
        layers += [nn.Linear(width, size)] + [nn.BatchNorm1d(size)] * network["batch_norm"] + [activation()]
        layers += [nn.Dropout(network["dropout"])] * (network["dropout"] > 0)
        width = size
    return nn.Sequential(*layers, nn.Linear(width, classes))

failed = False
for run in runs:
    net = sequential(json.loads((run / "run.json").read_text())["trial"]["network"])
    net.load_state_dict(load_file(run / "model.safetensors"), strict=True)
    net.eval()
    with torch.no_grad():
        predicted = net(x).argmax(1).numpy()
    ours = np.load(run / "test_predictions.npy")
    rows = list(csv.DictReader(open(run / "metrics.csv")))
    correct, stated = int((predicted == y).sum()), round(float(rows[-1]["test_accuracy"]) * len(y))
    differing = int((predicted != ours).sum())
    failed |= abs(correct - stated) > 2 or differing > 2
    print(f"{run.name}: PyTorch {correct}, metrics.csv {stated} of {len(y)} right; {differing} predictions differ")
sys.exit(failed)
