"""Writes what the authors' code makes of the patches of some images: tests/parity/whitening.json.

usage: make_whitening.py > whitening.json      (made with torch 2.15; needs: pip install torch)
The weights are those of `init_whitening_conv` of github.com/KellerJordan/cifar10-airbench, in 64 bits, with the kernels
by falling eigenvalue; an eigenvector's largest element is made positive, because its sign is arbitrary.
"""
import json
import torch

IMAGES, CHANNELS, SIDE, KERNEL = 12, 3, 6, 2
count = IMAGES * CHANNELS * SIDE * SIDE
pixels = torch.tensor([(i * i * 7 + i * 13) % 251 for i in range(count)], dtype=torch.float64)
images = (pixels / 255).to(torch.float32).double().reshape(IMAGES, CHANNELS, SIDE, SIDE)
patches = images.unfold(2, KERNEL, 1).unfold(3, KERNEL, 1).transpose(1, 3).reshape(-1, CHANNELS, KERNEL, KERNEL)
flat = patches.reshape(len(patches), -1)
values, vectors = torch.linalg.eigh(flat.T @ flat / len(flat), UPLO="U")
values, vectors = values.flip(0), vectors.T.flip(0)
signs = torch.tensor([1.0 if v[v.abs().argmax()] > 0 else -1.0 for v in vectors], dtype=torch.float64)
kernels = vectors * signs[:, None] / torch.sqrt(values + 5e-4)[:, None]
weight = torch.cat((kernels, -kernels))
print(json.dumps(dict(torch=torch.__version__.split("+")[0], weight=[float(x) for x in weight.flatten()]), indent=1))
