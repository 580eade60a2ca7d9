"""Writes the numbers that PyTorch computes for layers, loss and optimizers, and scikit-learn for figures:
tests/parity/fixtures.json.

usage: make_fixtures.py > fixtures.json      (made with torch 2.15 and scikit-learn 1.9;
       needs: pip install torch lion-pytorch scikit-learn)
Inputs are small rationals that a float holds exactly, so that both sides start from the same numbers.
"""
import json, pathlib, re
import torch
from sklearn import metrics
from torch import nn

torch.set_num_threads(1)

HERE = pathlib.Path(__file__).resolve().parent
# What the kinds of layers and optimizers are in PyTorch, and figures in scikit-learn, as they say it themselves.
EXPRESSIONS = json.loads((HERE / "expressions.json").read_text())
# The modules that PyTorch has not, as exports have them.
MODEL = (HERE / "../../src/output/export/model.py").read_text()
exec(MODEL[MODEL.index("def as_vector"):MODEL.index("def build")])

def ramp(*shape, step=7, scale=16.0):
    """Values k / scale for k in -15..15, all exact in f32."""
    count = int(torch.tensor(shape).prod())
    return torch.tensor([((i * step + i * i) % 31 - 15) / scale for i in range(count)]).reshape(shape)

def flat(tensor):
    return [float(x) for x in tensor.detach().flatten()]

BATCH, IN, OUT = 5, 4, 3

def layer(module, features_in, params, steps=1):
    """One training forward and backward with grad_output = ramp; then the evaluation output."""
    for name, value in params.items():
        getattr(module, name).data = value
    x = ramp(BATCH, features_in, step=11).requires_grad_()
    module.train()
    y = module(x)
    y.backward(ramp(*y.shape, step=5))
    record = dict(input=flat(x), output=flat(y), grad_output=flat(ramp(*y.shape, step=5)), grad_input=flat(x.grad))
    record["params"] = {n: flat(v) for n, v in params.items()}
    record["grads"] = {n: flat(p.grad) for n, p in module.named_parameters()}
    module.eval()
    record["buffers"] = {n: flat(b) for n, b in module.named_buffers()}
    record["evaluated"] = flat(module(x))
    return record

def image_layer(module, params):
    """The same for images [2, 3, 5, 4], which are written channel-last; parameters are not."""
    last = lambda t: flat(t.permute(0, 2, 3, 1)) if t.dim() == 4 else flat(t)
    for name, value in params.items():
        getattr(module, name).data = value
    x = ramp(2, 3, 5, 4, step=11).requires_grad_()
    module.train()
    y = module(x)
    grad_output = ramp(*y.shape, step=5)
    y.backward(grad_output)
    record = dict(input=last(x), output=last(y), grad_output=last(grad_output), grad_input=last(x.grad))
    record["params"] = {n: flat(v) for n, v in params.items()}
    record["grads"] = {n: flat(p.grad) for n, p in module.named_parameters()}
    module.eval()
    record["buffers"] = {n: flat(b) for n, b in module.named_buffers()}
    record["evaluated"] = last(module(x))
    return record

POOLS = [(2, 2, 0), (3, 2, 1), (3, 1, 1), (2, 3, 0)]

def pools(name, module):
    return {f"{name}_{k}_{s}_{p}": image_layer(module(k, s, p), {}) for k, s, p in POOLS}

class ChannelLast(nn.Module):
    """A module over images [channels, height, width] that takes and gives rows of channel-last numbers."""
    def __init__(self, module, shape):
        super().__init__()
        self.module, self.shape = module, shape
    def forward(self, x):
        c, h, w = self.shape
        y = self.module(x.reshape(-1, h, w, c).permute(0, 3, 1, 2))
        return y.permute(0, 2, 3, 1).reshape(len(x), -1)

def conv(channels_in, channels_out, kernel, stride, padding, bias, height=6, width=5):
    module = nn.Conv2d(channels_in, channels_out, kernel, stride, padding, bias=bias)
    module.weight.data = ramp(*module.weight.shape, step=3)
    if bias:
        module.bias.data = ramp(channels_out, step=2)
    record = layer(ChannelLast(module, (channels_in, height, width)), channels_in * height * width, {})
    record["params"] = {name: flat(value) for name, value in module.named_parameters()}
    record["grads"] = {name: flat(value.grad) for name, value in module.named_parameters()}
    return record

def sample(expression, shape):
    """One training forward and backward of a module, then its evaluation; images are written channel-last."""
    module = eval(expression)
    last = lambda t: flat(t.permute(0, 2, 3, 1)) if t.dim() == 4 else flat(t)
    for number, value in enumerate(module.parameters()):
        value.data = ramp(*value.shape, step=3 + number)
    x = ramp(BATCH if len(shape) == 1 else 2, *shape, step=11).requires_grad_()
    module.train()
    y = module(x)
    grad_output = ramp(*y.shape, step=5)
    y.backward(grad_output)
    record = dict(input=last(x), output=last(y), grad_output=last(grad_output), grad_input=last(x.grad))
    record["params"] = {n: flat(p) for n, p in module.named_parameters()}
    record["grads"] = {n: flat(p.grad) for n, p in module.named_parameters() if p.requires_grad}
    module.eval()
    record["buffers"] = {n: flat(b) for n, b in module.named_buffers()}
    record["evaluated"] = last(module(x))
    return record

def loss():
    logits = torch.tensor([[1.0, 2.0, 3.0], [-50.0, 0.0, 100.0], [1e4, -1e4, 0.0], [0.5, 0.5, 0.5]], requires_grad=True)
    targets = torch.tensor([2, 0, 0, 1])
    value = nn.functional.cross_entropy(logits, targets)
    value.backward()
    return dict(logits=flat(logits), targets=targets.tolist(), loss=float(value.detach()), grad=flat(logits.grad))

def soft_loss():
    """Label smoothing, mixtures of two classes, and both; each also with weights of the classes."""
    values = torch.tensor([[1.0, 2.0, 3.0], [-5.0, 0.0, 10.0], [1e4, -1e4, 0.0], [0.5, 0.5, 0.5]])
    classes, others, weights = torch.tensor([2, 0, 0, 1]), torch.tensor([1, 1, 2, 1]), torch.tensor([0.75, 0.5, 0.875, 0.25])
    one_hot = lambda t: nn.functional.one_hot(t, 3).float()
    mixed = weights[:, None] * one_hot(classes) + (1 - weights)[:, None] * one_hot(others)
    class_weights = torch.tensor([0.5, 2.0, 1.25])
    def case(targets, smoothing, weight=None):
        logits = values.clone().requires_grad_()
        value = nn.CrossEntropyLoss(weight=weight, label_smoothing=smoothing)(logits, targets)
        value.backward()
        return dict(loss=float(value.detach()), grad=flat(logits.grad))
    return dict(logits=flat(values), classes=classes.tolist(), others=others.tolist(), weights=flat(weights),
                smoothed=case(classes, 0.125), mixed=case(mixed, 0.0), both=case(mixed, 0.25),
                class_weights=flat(class_weights), weighted=case(classes, 0.0, class_weights),
                weighted_smoothed=case(classes, 0.125, class_weights), weighted_mixed=case(mixed, 0.0, class_weights),
                weighted_both=case(mixed, 0.25, class_weights))

def optimizer(make):
    """Three updates of a weight with decay and a bias without, with other gradients each time."""
    weight, bias = nn.Parameter(ramp(6)), nn.Parameter(ramp(2, step=3))
    opt = make([dict(params=[weight], weight_decay=0.25), dict(params=[bias], weight_decay=0.0)])
    record = dict(weight=[flat(weight)], bias=[flat(bias)], weight_grad=[], bias_grad=[])
    for t in range(3):
        weight.grad, bias.grad = ramp(6, step=9 + t), ramp(2, step=2 + t)
        record["weight_grad"].append(flat(weight.grad)); record["bias_grad"].append(flat(bias.grad))
        opt.step()
        record["weight"].append(flat(weight)); record["bias"].append(flat(bias))
    return record

def distilled():
    """Hinton's loss with the temperature 2 and three quarters of the teacher."""
    logits = torch.tensor([[1.0, 2.0, 3.0], [-5.0, 0.0, 10.0], [2.0, -1.0, 0.0], [0.5, 0.5, 0.5]], requires_grad=True)
    teacher = torch.tensor([[0.0, 1.0, 4.0], [3.0, 0.0, 2.0], [2.0, -1.0, 0.0], [1.5, 0.5, -0.5]])
    targets = torch.tensor([2, 0, 0, 1])
    soft = nn.functional.kl_div(
        nn.functional.log_softmax(logits / 2, 1), nn.functional.softmax(teacher / 2, 1), reduction="batchmean")
    value = 0.25 * nn.functional.cross_entropy(logits, targets) + 0.75 * 4 * soft
    value.backward()
    return dict(logits=flat(logits), teacher=flat(teacher), targets=targets.tolist(), loss=float(value.detach()),
                grad=flat(logits.grad))

def orthogonalized(gradient, steps):
    """The authors' `zeropower_via_newtonschulz5` (github.com/KellerJordan/Muon), in 64 bits instead of bfloat16."""
    a, b, c = (3.4445, -4.7750, 2.0315)
    x = gradient / (gradient.norm() + 1e-7)
    x = x.T if gradient.size(0) > gradient.size(1) else x
    for _ in range(steps):
        gram = x @ x.T
        x = a * x + (b * gram + c * gram @ gram) @ x
    return x.T if gradient.size(0) > gradient.size(1) else x

def muon():
    """Two updates of a wide and of a tall weight: with decoupled decay, and with normalised weights."""
    cases = []
    for shape, normalized in [((3, 8), False), ((3, 8), True), ((7, 4), False), ((7, 4), True)]:
        weight = ramp(*shape).double()
        velocity = torch.zeros_like(weight)
        case = dict(shape=list(shape), normalized=normalized, weight=[flat(weight)], grad=[])
        for t in range(2):
            grad = ramp(*shape, step=9 + t).double()
            velocity = 0.75 * velocity + grad
            update = orthogonalized(grad + 0.75 * velocity, 3)
            if normalized:
                weight = weight * shape[0] ** 0.5 / weight.norm() - 0.125 * update
            else:
                weight = weight * (1 - 0.125 * 0.25) - 0.125 * max(1, shape[0] / shape[1]) ** 0.5 * update
            case["grad"].append(flat(grad)); case["weight"].append(flat(weight))
        cases.append(case)
    return cases

def decoupled(momentum, nesterov):
    """Two updates of SGD whose weight decay is taken off the weight beside the step (SGDW)."""
    weight = nn.Parameter(ramp(6))
    opt = torch.optim.SGD([weight], lr=0.125, momentum=momentum, nesterov=nesterov)
    record = dict(weight=[flat(weight)], grad=[])
    for t in range(2):
        weight.grad = ramp(6, step=9 + t)
        record["grad"].append(flat(weight.grad))
        with torch.no_grad():
            weight.mul_(1 - 0.125 * 0.25)
        opt.step()
        record["weight"].append(flat(weight))
    return record

def figures():
    """Figures of labels and predictions in which all classes occur, in which one is never predicted, and in
    which one has no examples and another neither examples nor predictions."""
    cases = [
        dict(classes=3, labels=[0, 0, 1, 1, 2, 2, 2, 0, 1, 2], predictions=[0, 1, 1, 1, 2, 0, 2, 0, 2, 2]),
        dict(classes=3, labels=[0, 0, 1, 1, 2, 2, 2], predictions=[0, 0, 0, 1, 1, 1, 0]),
        dict(classes=5, labels=[0, 0, 0, 1, 1, 4], predictions=[0, 3, 0, 1, 0, 4]),
    ]
    values = lambda expression: [
        float(eval(expression, dict(metrics=metrics, labels=case["labels"], predictions=case["predictions"])))
        for case in cases
    ]
    return dict(cases=cases, values={name: values(of) for name, of in EXPRESSIONS["figures"].items()})

fixtures = dict(
    torch=torch.__version__.split("+")[0],
    linear=layer(nn.Linear(IN, OUT), IN, dict(weight=ramp(OUT, IN, step=3), bias=ramp(OUT, step=2))),
    batch_norm=layer(nn.BatchNorm1d(IN), IN, dict(weight=ramp(IN, step=3), bias=ramp(IN, step=2))),
    batch_norm_2d=image_layer(nn.BatchNorm2d(3), dict(weight=ramp(3, step=3), bias=ramp(3, step=2))),
    layer_norm=layer(nn.LayerNorm(IN), IN, dict(weight=ramp(IN, step=3), bias=ramp(IN, step=2))),
    layer_norm_2d=image_layer(nn.LayerNorm([3, 5, 4]), dict(weight=ramp(3, 5, 4, step=3), bias=ramp(3, 5, 4, step=2))),
    **pools("max_pool", nn.MaxPool2d), **pools("average_pool", nn.AvgPool2d),
    global_average_pool=image_layer(nn.Sequential(nn.AdaptiveAvgPool2d(1)), {}),
    conv=dict(
        padded=conv(3, 4, 3, 1, 1, True), strided=conv(2, 5, 3, 2, 1, True),
        wide=conv(3, 2, (2, 4), 1, 0, False), sparse=conv(2, 3, 1, 3, 0, True),
        transformed=conv(16, 16, 3, 1, 1, True, 4, 5), in_small_tiles=conv(16, 16, 3, 1, 1, True, 5, 6),
    ),
    cross_entropy=loss(),
    soft_cross_entropy=soft_loss(),
    layers={name: sample(of["module"], of["input"]) for name, of in EXPRESSIONS["layers"].items()},
    optimizers={
        name: optimizer(lambda p: eval(expression, dict(torch=torch, p=p)))
        for name, expression in EXPRESSIONS["optimizers"].items()
    },
    distilled=distilled(), muon=muon(),
    decoupled=dict(sgd=decoupled(0.0, False), momentum=decoupled(0.75, False), nesterov=decoupled(0.75, True)),
    figures=figures(),
)
text = json.dumps(fixtures, indent=1)
print(re.sub(r"\[\s+([^\[\]]*?)\s+\]", lambda m: "[" + re.sub(r"\s+", " ", m.group(1)) + "]", text))
