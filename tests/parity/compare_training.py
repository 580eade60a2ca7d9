"""Trains 20 steps in PyTorch from runner's initial.safetensors with a schedule, a limit on the gradients, label
smoothing and averages of the weights, and compares rates, training-mode losses and the losses of the averages.

usage: compare_training.py RUNNER DATA_DIR      (needs: pip install torch numpy safetensors)

Each of 20 one-step epochs has its row in metrics.csv: `batches = "sequential"` over train_examples = batch_size
examples. The median of the largest relative difference over five seeds must be below 1e-4, see compare_steps.py.
"""
import csv, pathlib, statistics, subprocess, sys, tempfile
import numpy as np
import torch
from safetensors.torch import load_file
from torch import nn
from torch.optim import lr_scheduler as s
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn

runner, data = sys.argv[1], pathlib.Path(sys.argv[2])
STEPS, BATCH, SEEDS, RATE = 20, 100, [0, 1, 2, 3, 4], 0.01

def cosine(opt):
    warm = s.LinearLR(opt, start_factor=0.25, total_iters=4)
    return s.SequentialLR(opt, [warm, s.CosineAnnealingLR(opt, T_max=16, eta_min=0.1 * RATE)], milestones=[4])

CASES = {
    "cosine, clip_norm, ema": (
        "kind = 'cosine'\nfinal_fraction = 0.1\nwarmup_steps = 4\nwarmup_start_fraction = 0.25",
        "clip_norm = 0.5\nlabel_smoothing = 0.1\nema_decay = 0.9",
        cosine, lambda p: nn.utils.clip_grad_norm_(p, 0.5), 0.1, 0.9),
    "one_cycle, clip_value, ema": (
        "kind = 'one_cycle'", "clip_value = 0.01\nlabel_smoothing = 0.05\nema_decay = 0.5",
        lambda opt: s.OneCycleLR(opt, RATE, total_steps=STEPS, cycle_momentum=False),
        lambda p: nn.utils.clip_grad_value_(p, 0.01), 0.05, 0.5),
}

def run(schedule, training):
    with tempfile.TemporaryDirectory() as folder:
        file = pathlib.Path(folder) / "parity.toml"
        file.write_text(f"""
[dataset]
kind = "cifar10"
train_examples = {BATCH}
test_examples = 100
[network]
kind = "mlp"
hidden_sizes = [100, 100, 50]
batch_norm = true
[optimizer]
kind = "momentum"
learning_rate = {RATE}
[schedule]
{schedule}
[training]
epochs = {STEPS}
batch_size = {BATCH}
batches = "sequential"
seeds = {SEEDS}
{training}
""")
        subprocess.run([runner, "run", str(file), "--data-dir", str(data), "--runs-dir", folder + "/runs",
                        "--save-initial", "-q"], check=True, stdout=subprocess.DEVNULL)
        results = []
        for run in sorted(pathlib.Path(folder, "runs").iterdir()):
            rows = list(csv.DictReader(open(run / "metrics.csv")))[1:]
            columns = [[float(row[name]) for row in rows] for name in ("learning_rate", "batch_loss", "train_loss")]
            results.append((columns, load_file(run / "initial.safetensors")))
        return results

def torch_columns(initial, scheduler, clip, smoothing, decay):
    layers, width = [], 3072
    for size in (100, 100, 50):
        layers += [nn.Linear(width, size), nn.BatchNorm1d(size), nn.ReLU()]
        width = size
    net = nn.Sequential(*layers, nn.Linear(width, 10))
    net.load_state_dict(initial, strict=True)
    optimizer = torch.optim.SGD(net.parameters(), lr=RATE, momentum=0.9)
    scheduler = scheduler(optimizer)
    average = AveragedModel(net, multi_avg_fn=get_ema_multi_avg_fn(decay))
    records = np.fromfile(data / "cifar-10-batches-bin" / "data_batch_1.bin", np.uint8, BATCH * 3073).reshape(-1, 3073)
    x = torch.from_numpy((records[:, 1:] / 255.0).astype(np.float32))
    y = torch.from_numpy(records[:, 0].astype(np.int64))
    rates, losses, averaged = [], [], []
    for step in range(STEPS):
        rates.append(optimizer.param_groups[0]["lr"])
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(net(x), y, label_smoothing=smoothing)
        losses.append(loss.item())
        loss.backward()
        clip(net.parameters())
        optimizer.step()
        average.update_parameters(net)
        if step + 1 < STEPS:
            scheduler.step()
        average.eval()
        with torch.no_grad():
            averaged.append(nn.functional.cross_entropy(average(x), y).item())
    return rates, losses, averaged

def largest(ours, theirs):
    return max(abs(a - b) / abs(b) for a, b in zip(ours, theirs))

failed = False
for name, (schedule, training, *theirs) in CASES.items():
    differences = []
    for columns, initial in run(schedule, training):
        differences.append([largest(a, b) for a, b in zip(columns, torch_columns(initial, *theirs))])
    medians = [statistics.median(column) for column in zip(*differences)]
    failed |= not all(median < 1e-4 for median in medians)
    words = ", ".join(f"{column} {median:.1e}" for column, median in zip(("rates", "batch losses", "averaged losses"), medians))
    print(f"{name}: medians of the largest differences: {words}", flush=True)
sys.exit(failed)
