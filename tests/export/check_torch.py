"""Runs an exported model.py and compares its predictions with those of the run.

usage: check_torch.py EXPORT_FOLDER PIXELS TEST_PREDICTIONS      (needs: pip install torch numpy)

PIXELS are the test images as bytes, one after the other; TEST_PREDICTIONS is the run's own file. The
predictions must be the same but for those where two classes are as good as equal.
"""
import importlib.util, pathlib, sys

import numpy as np
import torch

folder, pixels, predictions = map(pathlib.Path, sys.argv[1:])
spec = importlib.util.spec_from_file_location("model", folder / "model.py")
model = importlib.util.module_from_spec(spec)
spec.loader.exec_module(model)

ours = np.load(predictions)
images = torch.from_numpy(np.fromfile(pixels, np.uint8).reshape(len(ours), *model.SHAPE))
network = model.load()
with torch.no_grad():
    two_best = network(model.scale(images)).topk(2, dim=1).values
is_clear = (two_best[:, 0] - two_best[:, 1] > 1e-4).numpy()
differing = model.classify(network, images).numpy() != ours
print(f"{len(ours)} images, {int(is_clear.sum())} clear, {int(differing.sum())} predictions differ")
has_failed = (differing & is_clear).any() or is_clear.sum() < len(ours) * 0.9
sys.exit(int(has_failed))
