"""Writes what PyTorch makes of a small network with clipping, label smoothing and averages of the weights:
tests/parity/training.json.

usage: make_training.py > training.json      (made with torch 2.15; needs: pip install torch)
Inputs are small rationals that a float holds exactly, so that both sides start from the same numbers.
"""
import json, re
import torch
from torch import nn
from torch.optim.swa_utils import AveragedModel, get_ema_multi_avg_fn, update_bn

torch.set_num_threads(1)
STEPS = 4

def ramp(*shape, step=7, scale=16.0):
    """Values k / scale for k in -15..15, all exact in f32."""
    count = int(torch.tensor(shape).prod())
    return torch.tensor([((i * step + i * i) % 31 - 15) / scale for i in range(count)]).reshape(shape)

def flat(tensor):
    return [float(x) for x in tensor.detach().flatten()]

def network():
    net = nn.Sequential(nn.Linear(4, 6), nn.BatchNorm1d(6), nn.ReLU(), nn.Linear(6, 3))
    for i, param in enumerate(net.parameters()):
        param.data = ramp(*param.shape, step=3 + i) + (1.0 if i == 2 else 0.0)
    return net

x, y = ramp(5, 4, step=11), torch.tensor([0, 2, 1, 1, 2])

def sam_climb(net, rho, adaptive):
    """`first_step` of github.com/davda54/sam, the implementation that is used most."""
    size = lambda p: p.abs() if adaptive else 1.0
    norm = torch.stack([(size(p) * p.grad).norm(2) for p in net.parameters()]).norm(2)
    before = [p.data.clone() for p in net.parameters()]
    for p in net.parameters():
        p.data.add_((p.data**2 if adaptive else 1.0) * p.grad * (rho / (norm + 1e-12)))
    return before

def case(clip=lambda params: None, smoothing=0.0, decay=None, sam=None, l1=0.0, max_norm=None, swa_from=None):
    """The loss of each step, and the state_dict after the last one, or that of the averages."""
    net = network()
    optimizer = torch.optim.SGD(net.parameters(), lr=0.125, momentum=0.75)
    average = decay and AveragedModel(net, multi_avg_fn=get_ema_multi_avg_fn(decay))
    equal = swa_from is not None and AveragedModel(net)
    losses = []
    for step in range(STEPS):
        optimizer.zero_grad()
        loss = nn.CrossEntropyLoss(label_smoothing=smoothing)(net(x), y)
        losses.append(loss.item())
        loss.backward()
        if sam:
            before = sam_climb(net, *sam)
            optimizer.zero_grad()
            momentum, net[1].momentum = net[1].momentum, 0.0  # the statistics of the first pass only
            nn.CrossEntropyLoss(label_smoothing=smoothing)(net(x), y).backward()
            net[1].momentum = momentum
            net[1].num_batches_tracked -= 1
            for p, value in zip(net.parameters(), before):
                p.data = value
        if l1:
            (l1 * sum(net[i].weight.abs().sum() for i in (0, 3))).backward()
        clip(net.parameters())
        optimizer.step()
        if max_norm:
            for i in (0, 3):
                net[i].weight.data = torch.renorm(net[i].weight.data, 2, 0, max_norm)
        if average:
            average.update_parameters(net)
        if equal and step >= swa_from:
            equal.update_parameters(net)
    if equal:
        update_bn([x], equal)
        # Ours counts the batches of training, PyTorch's those of the update.
        equal.module[1].num_batches_tracked.fill_(STEPS)
        average = equal
    state = (average.module if average else net).state_dict()
    return dict(losses=losses, state={name: flat(value) for name, value in state.items()})

fixtures = dict(
    torch=torch.__version__.split("+")[0],
    input=flat(x), targets=y.tolist(), initial={name: flat(value) for name, value in network().state_dict().items()},
    cases=dict(
        plain=case(),
        clip_norm=case(lambda params: nn.utils.clip_grad_norm_(params, 0.25)),
        clip_value=case(lambda params: nn.utils.clip_grad_value_(params, 0.0625)),
        label_smoothing=case(smoothing=0.125),
        ema=case(decay=0.75),
        sam=case(sam=(0.125, False)), asam=case(sam=(0.5, True)),
        swa=case(swa_from=1),
        l1=case(l1=0.0625), max_norm=case(max_norm=0.75),
    ),
)
text = json.dumps(fixtures, indent=1)
print(re.sub(r"\[\s+([^\[\]]*?)\s+\]", lambda m: "[" + re.sub(r"\s+", " ", m.group(1)) + "]", text))
