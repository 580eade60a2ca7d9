"""Loads exported weights with NumPy and compares them with the run's model.safetensors.

usage: check_npz.py WEIGHTS.npz MODEL.safetensors      (needs: pip install numpy)
"""
import json, pathlib, struct, sys

import numpy as np

arrays = np.load(sys.argv[1])
content = pathlib.Path(sys.argv[2]).read_bytes()
(length,) = struct.unpack("<Q", content[:8])
header = json.loads(content[8 : 8 + length])

def tensor(name):
    begin, end = (8 + length + offset for offset in header[name]["data_offsets"])
    return np.frombuffer(content[begin:end], "<f4").reshape(header[name]["shape"])

# Two hidden layers of linear, batch norm, activation and Dropout.
expected = {"W1": "0.weight", "W2": "4.weight", "W3": "8.weight", "b1": "0.bias", "b3": "8.bias",
            "gamma2": "5.weight", "beta2": "5.bias", "running_mean1": "1.running_mean",
            "running_var2": "5.running_var"}
for ours, theirs in expected.items():
    weights = tensor(theirs)
    weights = weights.T if weights.ndim == 2 else weights
    assert arrays[ours].shape == weights.shape and (arrays[ours] == weights).all(), ours
print(sorted(arrays.files))
