"""The network of run @ID@ in PyTorch, with @WHICH@. Written by runner @VERSION@.

    python model.py                  prints the modules and the shapes of their tensors, and checks that the
                                     network computes what runner did for some @EXAMPLES@
    from model import load, classify

Needs torch. @FILE@ and @CHECK@ must be in the same folder as this file.
"""
import json
import pathlib
import struct
import sys

import torch
from torch import nn

FOLDER = pathlib.Path(__file__).resolve().parent
WEIGHTS = FOLDER / "@FILE@"
CHECK = FOLDER / "@CHECK@"
SHAPE = (@SHAPE@)  # channels, height, width of an image
# Per channel: @INPUT@ become (@UNIT@ - mean) / std.
MEAN = [@MEAN@]
STD = [@STD@]
CLASS_NAMES = [
@CLASS_NAMES@
]


def as_vector(images):
    """Images of one pixel are vectors, [images, channels], as they were in the run."""
    return images.flatten(1) if images.dim() == 4 and images.shape[2:] == (1, 1) else images


def as_image(vectors):
    """[images, channels, height, width], which the modules of images take."""
    return vectors[:, :, None, None] if vectors.dim() == 2 else vectors


def Fixed(module, name):
    """The module with a tensor that is not trained."""
    getattr(module, name).requires_grad_(False)
    return module


class Scale(nn.Module):
    """Every number times a constant."""

    def __init__(self, factor):
        super().__init__()
        self.factor = factor

    def forward(self, examples):
        return examples * self.factor


class StochasticDepth(nn.Module):
    """Drops all numbers of an example in training."""

    def __init__(self, rate):
        super().__init__()
        self.rate = rate

    def forward(self, examples):
        if not self.training:
            return examples
        kept = torch.rand(len(examples), *[1] * (examples.dim() - 1), device=examples.device) >= self.rate
        return examples * kept / (1 - self.rate)


class GlobalAveragePool(nn.Module):
    """The mean of each channel."""

    def forward(self, images):
        return images.mean((2, 3))


class Pad(nn.Module):
    """Every n-th row and column, with channels of zeros appended."""

    def __init__(self, channels, stride):
        super().__init__()
        self.channels, self.stride = channels, stride

    def forward(self, images):
        images = as_image(images)
        missing = self.channels - images.shape[1]
        images = images[:, :, :: self.stride, :: self.stride]
        return as_vector(nn.functional.pad(images, (0, 0, 0, 0, 0, missing)))


class Layers(nn.Sequential):
    """Modules in sequence, some of which take images only."""

    OF_IMAGES = (nn.Conv2d, nn.MaxPool2d, nn.AvgPool2d, nn.Dropout2d, GlobalAveragePool)

    def forward(self, examples):
        for module in self:
            examples = as_image(examples) if isinstance(module, self.OF_IMAGES) else examples
            examples = as_vector(module(examples))
        return examples


class Residual(nn.Module):
    """Layers whose input is added to their output."""

    def __init__(self, layers, shortcut=None):
        super().__init__()
        self.layers, self.shortcut = layers, shortcut or nn.Identity()

    def forward(self, examples):
        return self.layers(examples) + self.shortcut(examples)


def build():
    """The network with fresh weights."""
    return Layers(
@MODULES@
    )


def read_tensors(path):
    """The tensors of a safetensors file by name: a length, a header in JSON, the elements."""
    content = pathlib.Path(path).read_bytes()
    (length,) = struct.unpack("<Q", content[:8])
    header = json.loads(content[8 : 8 + length])
    header.pop("__metadata__", None)
    dtypes = {"F32": torch.float32, "I64": torch.int64, "U8": torch.uint8}
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
    """@INPUTS@, [images, channels, height, width] or flat, as the network reads them."""
@CHECK_64_BITS@    images = images.reshape(-1, *SHAPE).to(@DTYPE@)
    mean = torch.tensor(MEAN, dtype=@DTYPE@).view(1, -1, 1, 1)
    std = torch.tensor(STD, dtype=@DTYPE@).view(1, -1, 1, 1)
    return ((images@DIVISOR@ - mean) / std).to(torch.float32)@FLAT@


def classify(network, images):
    """The class of each image, a position in CLASS_NAMES."""
    with torch.no_grad():
        return network(scale(images)).argmax(1)


def check(network, path=CHECK):
    """Whether the network computes what runner did for some @EXAMPLES@; prints the largest difference."""
    saved = read_tensors(path)
    inputs, expected, classes = saved["inputs"], saved["logits"], saved["predictions"]
    with torch.no_grad():
        logits = network(inputs@FLAT@)
    if logits.shape != expected.shape:
        print(f"the network gives {list(logits.shape)} instead of {list(expected.shape)}")
        return False
    if "pixels" in saved and not torch.allclose(scale(saved["pixels"]), inputs@FLAT@, atol=1e-5):
        print("scale() does not give the inputs that runner trained on")
        return False
    difference = (logits - expected).abs().max().item()
    tolerance = 1e-3 * max(1, expected.abs().max().item())
    # Two classes may be nearly equal.
    right = logits.gather(1, classes[:, None])[:, 0] >= logits.max(1).values - tolerance
    print(
        f"{int(right.sum())} of {len(classes)} @EXAMPLES@ predicted as by runner; "
        f"no output differs by more than {difference:.1e}"
    )
    return bool(right.all()) and difference <= tolerance


if __name__ == "__main__":
    network = load()
    print(network)
    for name, tensor in network.state_dict().items():
        print(f"{name:<24} {list(tensor.shape)}")
    sys.exit(0 if check(network) else 1)
