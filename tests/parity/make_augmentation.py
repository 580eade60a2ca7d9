"""Writes what torchvision makes of small images: tests/parity/augmentation.json.

usage: make_augmentation.py > augmentation.json      (made with torch 2.15, torchvision 0.29)
Factors are given, not drawn: random numbers are ours.
"""
import json
import torch
import torchvision
from torchvision.transforms import functional as F

def image(*shape, step):
    """Pixels k / 64 from 0 to 1, all exact in f32."""
    count = int(torch.tensor(shape).prod())
    return torch.tensor([((i * step + i * i) % 65) / 64 for i in range(count)]).reshape(shape)

def jitter(shape, factors):
    x = image(*shape, step=7)
    brightness, contrast, saturation = factors
    y = F.adjust_saturation(F.adjust_contrast(F.adjust_brightness(x, brightness), contrast), saturation)
    return dict(shape=list(shape), factors=factors, input=x.flatten().tolist(), output=y.flatten().tolist())

def crop(shape, padding, top, left, fill=77):
    """What RandomCrop(size, padding) does once its offsets are drawn; without a fill, padding_mode="reflect"."""
    x = (image(*shape, step=5) * 64).to(torch.uint8)
    padded = F.pad(x, [padding] * 4, padding_mode="reflect") if fill is None else F.pad(x, [padding] * 4, fill=fill)
    y = F.crop(padded, top, left, shape[1], shape[2])
    return dict(shape=list(shape), padding=padding, fill=fill, offset=[top, left],
                input=x.flatten().tolist(), output=y.flatten().tolist())

print(json.dumps(dict(
    torchvision=torchvision.__version__.split("+")[0],
    color_jitter=[
        jitter((3, 4, 5), [1.25, 0.75, 1.5]), jitter((3, 4, 5), [0.5, 1.75, 0.25]), jitter((3, 5, 7), [1.0, 1.5, 0.0]),
        jitter((1, 4, 5), [1.5, 0.5, 1.0]), jitter((3, 1, 2), [1.125, 2.0, 3.0]), jitter((3, 6, 6), [1.0, 1.0, 1.0]),
    ],
    random_crop=[crop((3, 4, 5), 2, 0, 3), crop((3, 4, 5), 3, 6, 1), crop((1, 5, 3), 2, 4, 4), crop((1, 2, 2), 1, 1, 1),
                 crop((3, 4, 5), 2, 0, 3, None), crop((3, 4, 5), 3, 6, 1, None), crop((1, 5, 3), 2, 4, 4, None),
                 crop((2, 4, 4), 3, 0, 0, None), crop((2, 4, 4), 3, 6, 6, None), crop((1, 2, 2), 1, 2, 0, None)],
), separators=(",", ":")))
