"""Writes the learning rates of torch.optim.lr_scheduler: tests/parity/schedules.json.

usage: make_schedules.py > schedules.json      (made with torch 2.15; needs: pip install torch)
Each case is a [schedule] table and the rate of every step of a training of 6 epochs of 4 steps, with the
scheduler stepped after every step; those that count in epochs get their lengths times 4.
"""
import json, re, warnings
import torch
from torch.optim import lr_scheduler as s

warnings.filterwarnings("ignore")
BASE, PER_EPOCH, EPOCHS = 0.125, 4, 6
TOTAL = PER_EPOCH * EPOCHS

def optimizer():
    return torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=BASE)

def rates(make):
    opt = optimizer()
    scheduler, seen = make(opt), []
    for _ in range(TOTAL):
        seen.append(opt.param_groups[0]["lr"])
        opt.step()
        scheduler.step()
    return seen

def warm(opt, start, steps):
    return s.LinearLR(opt, start_factor=start, total_iters=steps)

def zero_warm(opt, steps):
    """LinearLR refuses a start of 0, which is what the formula gives at step 0."""
    return s.LambdaLR(opt, lambda t: min(t / steps, 1.0))

class PerEpoch(s.LambdaLR):
    """The rate of an epoch for each of its steps."""
    def __init__(self, opt, gamma):
        reference = optimizer()
        scheduler, by_epoch = s.ExponentialLR(reference, gamma), []
        for _ in range(EPOCHS + 1):
            by_epoch.append(reference.param_groups[0]["lr"] / BASE)
            reference.step(); scheduler.step()
        super().__init__(opt, lambda t: by_epoch[t // PER_EPOCH])

def after(opt, warmup, steps, make):
    return s.SequentialLR(opt, [warmup, make(opt, TOTAL - steps)], milestones=[steps])

cosine = lambda opt, total, final=0.0: s.CosineAnnealingLR(opt, T_max=total, eta_min=final * BASE)
linear = lambda opt, total, final=0.0: s.LinearLR(opt, start_factor=1.0, end_factor=final, total_iters=total)
step = lambda opt: s.StepLR(opt, 2 * PER_EPOCH, gamma=0.5)
multi = lambda opt: s.MultiStepLR(opt, [1 * PER_EPOCH, 4 * PER_EPOCH], gamma=0.25)
chain = lambda opt, *parts: s.ChainedScheduler(list(parts), optimizer=opt)

def one_cycle(**keys):
    opt = optimizer()
    scheduler, seen = s.OneCycleLR(opt, max_lr=BASE, total_steps=TOTAL, cycle_momentum=False, **keys), []
    for i in range(TOTAL):
        seen.append(opt.param_groups[0]["lr"])
        opt.step()
        if i + 1 < TOTAL:
            scheduler.step()
    return seen

cases = {
    "constant": ("kind = 'constant'", rates(lambda o: s.ConstantLR(o, 1.0))),
    "constant, warmup": ("kind = 'constant'\nwarmup_steps = 5", rates(lambda o: zero_warm(o, 5))),
    "constant, warmup from a quarter": (
        "kind = 'constant'\nwarmup_epochs = 2\nwarmup_start_fraction = 0.25", rates(lambda o: warm(o, 0.25, 8))),
    "step": ("kind = 'step'\nstep_epochs = 2\ngamma = 0.5", rates(step)),
    "step, warmup": (
        "kind = 'step'\nstep_epochs = 2\ngamma = 0.5\nwarmup_steps = 5\nwarmup_start_fraction = 0.5",
        rates(lambda o: chain(o, warm(o, 0.5, 5), step(o)))),
    "multi_step": ("kind = 'multi_step'\nmilestones = [1, 4]\ngamma = 0.25", rates(multi)),
    "multi_step, warmup": (
        "kind = 'multi_step'\nmilestones = [1, 4]\ngamma = 0.25\nwarmup_steps = 6\nwarmup_start_fraction = 0.125",
        rates(lambda o: chain(o, warm(o, 0.125, 6), multi(o)))),
    "cosine": ("kind = 'cosine'", rates(lambda o: cosine(o, TOTAL))),
    "cosine to a tenth": ("kind = 'cosine'\nfinal_fraction = 0.1", rates(lambda o: cosine(o, TOTAL, 0.1))),
    "cosine, warmup": (
        "kind = 'cosine'\nfinal_fraction = 0.1\nwarmup_epochs = 1\nwarmup_start_fraction = 0.25",
        rates(lambda o: after(o, warm(o, 0.25, 4), 4, lambda o, n: cosine(o, n, 0.1)))),
    "linear": ("kind = 'linear'\nfinal_fraction = 0.25", rates(lambda o: linear(o, TOTAL, 0.25))),
    "linear, warmup": (
        "kind = 'linear'\nwarmup_steps = 3\nwarmup_start_fraction = 0.5",
        rates(lambda o: after(o, warm(o, 0.5, 3), 3, lambda o, n: linear(o, n)))),
    "one_cycle": ("kind = 'one_cycle'", one_cycle()),
    "one_cycle of other factors": (
        "kind = 'one_cycle'\npct_start = 0.5\ndiv_factor = 10\nfinal_div_factor = 100",
        one_cycle(pct_start=0.5, div_factor=10, final_div_factor=100)),
    "one_cycle that only falls": ("kind = 'one_cycle'\npct_start = 0.0", one_cycle(pct_start=0.0)),
    "exponential": ("kind = 'exponential'\ngamma = 0.75", rates(lambda o: PerEpoch(o, 0.75))),
}

def plateau(mode, values):
    opt = optimizer()
    scheduler = s.ReduceLROnPlateau(opt, mode=mode, factor=0.5, patience=2, threshold=0.01, min_lr=0.03)
    seen = []
    for value in values:
        scheduler.step(value)
        seen.append(opt.param_groups[0]["lr"])
    return dict(values=values, rates=seen)

losses = [2.25, 1.5, 1.4921875, 1.5, 1.486, 1.4, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.5, 1.0, 1.1, 1.2, 1.3]
losses = [float(x) for x in torch.tensor(losses)]
accuracies = [float(x) for x in torch.tensor([0.125, 0.25, 0.2515625, 0.25, 0.25, 0.5, 0.505, 0.5, 0.506, 0.4, 0.4, 0.4, 0.4])]

fixtures = dict(
    torch=torch.__version__.split("+")[0],
    rates={name: dict(table=table, rates=seen) for name, (table, seen) in cases.items()},
    reduce_on_plateau=dict(val_loss=plateau("min", losses), val_accuracy=plateau("max", accuracies)),
)
text = json.dumps(fixtures, indent=1)
print(re.sub(r"\[\s+([^\[\]]*?)\s+\]", lambda m: "[" + re.sub(r"\s+", " ", m.group(1)) + "]", text))
