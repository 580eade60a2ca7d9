"""Writes what torchvision, and the code of the authors of cutmix and random erasing, make of small images:
tests/parity/augmentation.json.

usage: make_augmentation.py > augmentation.json      (made with torch 2.15, torchvision 0.29)
Factors are given, not drawn: random numbers are ours.
"""
import json
import math
import torch
import torchvision
import torchvision.transforms as T
from torchvision.transforms import functional as F
from torchvision.transforms.autoaugment import TrivialAugmentWide, _apply_op

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

def affine(shape, degrees, factor):
    """What RandomAffine makes with these drawn; without its fill, which blends the border with black twice."""
    x = image(*shape, step=11)
    y = F.affine(x, degrees, [0, 0], factor, [0.0, 0.0], interpolation=T.InterpolationMode.BILINEAR)
    return dict(shape=list(shape), degrees=degrees, factor=factor, input=x.flatten().tolist(),
                output=y.flatten().tolist())

def erasing(shape, area, aspect_ratio, top, left):
    """https://github.com/zhunzhong07/Random-Erasing, transforms.py, with what is drawn given, and mean 0."""
    h = int(round(math.sqrt(area * aspect_ratio)))
    w = int(round(math.sqrt(area / aspect_ratio)))
    x = image(*shape, step=3)
    y = F.erase(x, top, left, h, w, torch.tensor(0.0))
    return dict(shape=list(shape), drawn=[area, aspect_ratio], place=[top, left], input=x.flatten().tolist(),
                output=y.flatten().tolist())

def cutmix(shape, lam, cx, cy):
    """https://github.com/clovaai/CutMix-PyTorch, train.py: `rand_bbox` and what follows, with what is drawn given."""
    x = torch.stack([image(*shape, step=3), image(*shape, step=8)])
    size = x.size()
    W, H = size[2], size[3]
    cut_rat = math.sqrt(1. - lam)
    cut_w, cut_h = int(W * cut_rat), int(H * cut_rat)
    clip = lambda value, most: min(max(value, 0), most)
    bbx1, bby1 = clip(cx - cut_w // 2, W), clip(cy - cut_h // 2, H)
    bbx2, bby2 = clip(cx + cut_w // 2, W), clip(cy + cut_h // 2, H)
    y = x.clone()
    y[:, :, bbx1:bbx2, bby1:bby2] = x[[1, 0], :, bbx1:bbx2, bby1:bby2]
    share = 1 - ((bbx2 - bbx1) * (bby2 - bby1) / (size[-1] * size[-2]))
    return dict(shape=list(shape), drawn=lam, centre=[cx, cy], share=share, input=x[0].flatten().tolist(),
                other=x[1].flatten().tolist(), output=y[0].flatten().tolist())

def trivial_augment_space():
    space = TrivialAugmentWide()._augmentation_space(31)
    return {name: dict(has_direction=signed, strengths=[float(x) for x in strengths.flatten()])
            for name, (strengths, signed) in space.items()}

def trivial_augment(shape, numbers):
    """Every operation at these of its 31 strengths, in both directions, on noise; bytes in hexadecimal."""
    x = (torch.rand(shape, generator=torch.Generator().manual_seed(1)) ** 2 * 200 + 20).to(torch.uint8)
    cases = []
    for name, facts in trivial_augment_space().items():
        for which in numbers if len(facts["strengths"]) > 1 else [0]:
            for sign in [1, -1] if facts["has_direction"] else [1]:
                strength = sign * facts["strengths"][which]
                y = _apply_op(x, name, strength, T.InterpolationMode.NEAREST, None)
                cases.append(dict(operation=name, strength=strength, output=bytes(y.flatten().tolist()).hex()))
    return dict(shape=list(shape), input=bytes(x.flatten().tolist()).hex(), cases=cases)

print(json.dumps(dict(
    torchvision=torchvision.__version__.split("+")[0],
    color_jitter=[
        jitter((3, 4, 5), [1.25, 0.75, 1.5]), jitter((3, 4, 5), [0.5, 1.75, 0.25]), jitter((3, 5, 7), [1.0, 1.5, 0.0]),
        jitter((1, 4, 5), [1.5, 0.5, 1.0]), jitter((3, 1, 2), [1.125, 2.0, 3.0]), jitter((3, 6, 6), [1.0, 1.0, 1.0]),
    ],
    random_crop=[crop((3, 4, 5), 2, 0, 3), crop((3, 4, 5), 3, 6, 1), crop((1, 5, 3), 2, 4, 4), crop((1, 2, 2), 1, 1, 1),
                 crop((3, 4, 5), 2, 0, 3, None), crop((3, 4, 5), 3, 6, 1, None), crop((1, 5, 3), 2, 4, 4, None),
                 crop((2, 4, 4), 3, 0, 0, None), crop((2, 4, 4), 3, 6, 6, None), crop((1, 2, 2), 1, 2, 0, None)],
    affine=[affine((3, 6, 7), 0.0, 1.0), affine((3, 6, 7), 15.0, 1.0), affine((2, 7, 6), -33.5, 1.0), affine((1, 5, 5), 0.0, 1.3),
            affine((1, 6, 8), 0.0, 0.6), affine((3, 8, 8), 12.25, 1.2), affine((1, 9, 5), -170.0, 0.75), affine((1, 1, 6), 7.0, 0.9)],
    random_erasing=[erasing((3, 8, 9), 12.0, 1.0, 0, 0), erasing((2, 10, 7), 20.5, 2.9, 1, 3), erasing((1, 9, 9), 20.25, 1.0, 3, 2),
                    erasing((1, 12, 12), 0.1, 1.0, 3, 2), erasing((1, 6, 16), 12.0, 0.31, 3, 9)],
    cutmix=[cutmix((3, 8, 6), 0.4, 3, 2), cutmix((1, 9, 9), 0.0, 4, 8), cutmix((2, 7, 10), 0.83, 0, 0), cutmix((1, 8, 8), 0.999, 5, 5),
            cutmix((1, 8, 8), 1.0, 5, 5), cutmix((1, 5, 5), 0.1, 4, 0)],
    trivial_augment_space=trivial_augment_space(),
    trivial_augment=[trivial_augment((3, 16, 17), [7, 19, 30]), trivial_augment((1, 17, 16), [19])],
), separators=(",", ":")))
