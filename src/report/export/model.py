"""The network of run @ID@ in PyTorch, with @WHICH@. Written by runner @VERSION@.

    python model.py                  prints the modules and the shapes of their tensors
    from model import load, classify

Needs torch. @FILE@ has to lie beside this file.
"""
import json
import pathlib
import struct

import torch
from torch import nn

WEIGHTS = pathlib.Path(__file__).resolve().parent / "@FILE@"
SHAPE = (@SHAPE@)  # channels, height, width of an image
# Per channel: @INPUT@ become (@UNIT@ - mean) / std.
MEAN = [@MEAN@]
STD = [@STD@]
CLASS_NAMES = [
@CLASS_NAMES@
]


class GlobalAveragePool(nn.Module):
    """The mean of each channel."""

    def forward(self, images):
        return images.mean((2, 3))


class Pad(nn.Module):
    """Every n-th row and column, so that `rows` are left, and channels of zeros after those there are."""

    def __init__(self, channels, rows):
        super().__init__()
        self.channels, self.rows = channels, rows

    def forward(self, images):
        stride = next(s for s in range(1, images.shape[2] + 1) if -(-images.shape[2] // s) == self.rows)
        missing = self.channels - images.shape[1]
        return nn.functional.pad(images[:, :, ::stride, ::stride], (0, 0, 0, 0, 0, missing))


class Residual(nn.Module):
    """Layers whose input is added to their output."""

    def __init__(self, layers, shortcut=None):
        super().__init__()
        self.layers, self.shortcut = layers, shortcut or nn.Identity()

    def forward(self, images):
        return self.layers(images) + self.shortcut(images)


def build():
    """The network with weights of its own."""
    return nn.Sequential(
@MODULES@
    )


def read_tensors(path):
    """The tensors of a safetensors file by name: a length, a header in JSON, the elements."""
    content = pathlib.Path(path).read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    header.pop("__metadata__", None)
    dtypes = {"F32": torch.float32, "I64": torch.int64}
    tensors = {}
    for name, entry in header.items():
        begin, end = (8 + length + offset for offset in entry["data_offsets"])
        elements = torch.frombuffer(bytearray(content[begin:end]), dtype=dtypes[entry["dtype"]])
        tensors[name] = elements.reshape(entry["shape"])
    return tensors


def load(path=WEIGHTS):
    """The trained network, ready to predict."""
    network = build()
    network.load_state_dict(read_tensors(path), strict=True)
    return network.eval()


def scale(images):
    """Pixels 0 to 255, [images, channels, height, width] or flat, as the network reads them."""
    images = images.reshape(-1, *SHAPE).to(torch.float32)
    mean = torch.tensor(MEAN).view(1, -1, 1, 1)
    std = torch.tensor(STD).view(1, -1, 1, 1)
    return ((images@DIVISOR@ - mean) / std)@FLAT@


def classify(network, images):
    """The class of each image, a position in CLASS_NAMES."""
    with torch.no_grad():
        return network(scale(images)).argmax(1)


if __name__ == "__main__":
    network = load()
    print(network)
    for name, tensor in network.state_dict().items():
        print(f"{name:<24} {list(tensor.shape)}")
