"""Training runs with dropout, with layers of unlike functions and with schedules, computed by PyTorch in float64.

    python dropout_layers_schedules.py        writes dropout_layers_schedules.json beside it

A case is as those of training.json, with some more keys: `acts`, where layers differ, a function for each hidden layer with
its parameters in `act_params`; `dropout` and `seed`, p and what the masks are drawn from; `masks`,
[steps][hidden layers][samples][units], 1 where a unit is kept. PyTorch cannot draw these masks: they come from the generator below, and PyTorch multiplies by them
what nn.Dropout multiplies by its own, mask / (1 - p), and differentiates through it. `schedule`: of the learning rate, by
PyTorch's own schedulers.
"""

import json
import math
import pathlib

import numpy as np
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
WORD = 0xFFFFFFFF
STEPS, BATCH, SAMPLES = 24, 16, 40

ACTS = {
    "relu": lambda z: F.relu(z),
    "leaky_relu": lambda z, alpha: F.leaky_relu(z, alpha),
    "tanh": torch.tanh,
    "sigmoid": torch.sigmoid,
    "elu": lambda z, alpha: F.elu(z, alpha),
    "gelu": lambda z: F.gelu(z),
    "silu": lambda z: F.silu(z),
    "softplus": lambda z, beta: F.softplus(z, beta),
    "sine": lambda z, omega: torch.sin(omega * z),
}



def schedule(warm_up=0, step=None, cosine=None):
    """As cases have it."""
    if step:
        annealing = {"Step": dict(zip(("every", "factor"), step))}
    elif cosine:
        annealing = {"Cosine": dict(zip(("over", "floor"), cosine))}
    else:
        annealing = "Constant"
    return {"warm_up": warm_up, "annealing": annealing}


CASES = [
    dict(name="dropout_relu_sgd", layers=[2, 8, 6, 1], acts=["relu", "relu"], dropout=0.3, seed=7, loss="bce_logits", opt=dict(kind="sgd", lr=0.2)),
    dict(name="dropout_tanh_batchnorm", layers=[2, 9, 5, 1], acts=["tanh", "tanh"], dropout=0.5, seed=123456, batchnorm=True, loss="mse", opt=dict(kind="sgd", lr=0.05)),
    dict(name="dropout_prelu_momentum", layers=[2, 6, 6, 1], acts=["prelu", "prelu"], act_params=[{"alpha": 0.25}] * 2, dropout=0.2, seed=4294967295, loss="mse", opt=dict(kind="momentum", lr=0.05, momentum=0.9)),
    dict(name="dropout_clip_l2_classes", layers=[2, 10, 3], acts=["silu"], dropout=0.75, seed=1, loss="cce", l2=0.01, clip_norm=0.2, opt=dict(kind="rmsprop", lr=0.01)),
    dict(name="layers_tanh_relu_sigmoid", layers=[2, 6, 7, 5, 1], acts=["tanh", "relu", "sigmoid"], loss="bce_logits", opt=dict(kind="sgd", lr=0.3)),
    dict(name="layers_leaky_leaky_elu", layers=[2, 6, 6, 4, 1], acts=["leaky_relu", "leaky_relu", "elu"], act_params=[{"alpha": 0.1}, {"alpha": 0.4}, {"alpha": 1.0}], loss="mse", opt=dict(kind="adam", lr=0.01)),
    dict(name="layers_prelu_gelu_prelu", layers=[2, 5, 6, 4, 1], acts=["prelu", "gelu", "prelu"], act_params=[{"alpha": 0.25}, {}, {"alpha": 0.1}], loss="mse", opt=dict(kind="adam", lr=0.01)),
    dict(name="layers_sine_softplus_batchnorm_dropout", layers=[2, 7, 6, 1], acts=["sine", "softplus"], act_params=[{"omega": 1.5}, {"beta": 2.0}], dropout=0.25, seed=99, batchnorm=True, loss="bce_logits", opt=dict(kind="momentum", lr=0.05, momentum=0.9)),
    dict(name="schedule_step_sgd", layers=[2, 6, 5, 1], acts=["tanh", "tanh"], schedule=schedule(step=(5, 0.5)), loss="bce_logits", opt=dict(kind="sgd", lr=0.4)),
    dict(name="schedule_cosine_adam", layers=[2, 6, 5, 1], acts=["gelu", "gelu"], schedule=schedule(cosine=(24, 0.1)), loss="mse", opt=dict(kind="adam", lr=0.02)),
    dict(name="schedule_warm_up_momentum", layers=[2, 6, 5, 1], acts=["relu", "relu"], schedule=schedule(warm_up=8), loss="mse", opt=dict(kind="momentum", lr=0.05, momentum=0.9)),
    dict(name="schedule_warm_up_cosine_l2", layers=[2, 8, 3], acts=["silu"], schedule=schedule(warm_up=5, cosine=(19, 0.0)), loss="cce", l2=0.01, opt=dict(kind="rmsprop", lr=0.01)),
    dict(name="schedule_warm_up_step_dropout", layers=[2, 8, 6, 1], acts=["relu", "relu"], schedule=schedule(warm_up=3, step=(4, 0.3)), dropout=0.3, seed=5, loss="bce_logits", opt=dict(kind="adam", lr=0.02)),
]


def pcg4d(counter):
    """Jarzynski and Olano 2020, JCGT 9 (3)."""
    v = [(c * 1664525 + 1013904223) & WORD for c in counter]

    def mix(v):
        x, y, z, w = v
        x = (x + y * w) & WORD
        y = (y + z * x) & WORD
        z = (z + x * y) & WORD
        w = (w + y * z) & WORD
        return [x, y, z, w]

    return mix([c ^ (c >> 16) for c in mix(v)])


def mask(case, step, layer, n, n_units):
    """[n][n_units], 1 where a unit is kept."""
    threshold = round(case["dropout"] * 2**32)
    draw = lambda s, j: pcg4d([s, 32 * layer + j // 4, step, case["seed"]])[j % 4]
    return [[int(draw(s, j) >= threshold) for j in range(n_units)] for s in range(n)]


def scheduler(optimizer, lr, schedule):
    S = torch.optim.lr_scheduler
    w, annealing = schedule["warm_up"], schedule["annealing"]
    if annealing == "Constant":
        after = lambda: S.ConstantLR(optimizer, 1.0, 0)
    elif "Step" in annealing:
        after = lambda: S.StepLR(optimizer, annealing["Step"]["every"], annealing["Step"]["factor"])
    else:
        after = lambda: S.CosineAnnealingLR(optimizer, annealing["Cosine"]["over"], annealing["Cosine"]["floor"] * lr)
    if w == 0:
        return after()
    return S.SequentialLR(optimizer, [S.LinearLR(optimizer, 1 / w, 1.0, w - 1), after()], [w])


def num(t):
    return [float(v) for v in t.detach().reshape(-1)]


def dataset(rng, loss, k):
    X = rng.uniform(-1, 1, (SAMPLES, 2))
    if loss == "cce":
        Y = ((np.arctan2(X[:, 1], X[:, 0]) + np.pi) / (2 * np.pi) * k).astype(int).clip(0, k - 1)
    elif loss == "mse":
        Y = np.sin(3 * X[:, :1]) * X[:, 1:]
    else:
        Y = (X[:, :1] * X[:, 1:] > 0).astype(float)
    return X, Y


def run(case, rng):
    L, acts = case["layers"], case["acts"]
    n_hidden = len(acts)
    act_params = case.get("act_params", [{}] * n_hidden)
    linear = [torch.nn.Linear(i, o) for i, o in zip(L, L[1:])]
    for layer in linear:
        n_out, n_in = layer.weight.shape
        layer.weight.data = torch.tensor(rng.normal(0, math.sqrt(1.5 / n_in), (n_out, n_in)))
        layer.bias.data = torch.tensor(rng.normal(0, 0.05, n_out))
    norms = [torch.nn.BatchNorm1d(n) for n in L[1:-1]] if case.get("batchnorm") else []
    prelus = [torch.nn.PReLU(1, init=p["alpha"]) if a == "prelu" else None for a, p in zip(acts, act_params)]
    modules = torch.nn.ModuleList(linear + norms + [p for p in prelus if p is not None])

    def params():
        d = {"weights": [[num(r) for r in l.weight] for l in linear], "biases": [num(l.bias) for l in linear]}
        if norms:
            d["batchnorm"] = [{"gamma": num(b.weight), "beta": num(b.bias), "running_mean": num(b.running_mean), "running_var": num(b.running_var)} for b in norms]
        if any(prelus):
            d["prelu_alpha"] = [p.weight.item() for p in prelus if p is not None]
        return d

    def forward(x, masks):
        for l, (act, p) in enumerate(zip(acts, act_params)):
            z = linear[l](x)
            if norms:
                z = norms[l](z)
            x = prelus[l](z) if act == "prelu" else ACTS[act](z, **p)
            if masks:
                x = x * torch.tensor(masks[l], dtype=torch.float64) / (1 - case["dropout"])
        return linear[-1](x)

    initial = params()
    X, Y = dataset(rng, case["loss"], L[-1])
    Xt, Yt = torch.tensor(X), torch.tensor(Y)
    o = dict(case["opt"])
    kind = o.pop("kind")
    optimizer = {"sgd": torch.optim.SGD, "momentum": torch.optim.SGD, "adam": torch.optim.Adam, "rmsprop": torch.optim.RMSprop}[kind](modules.parameters(), **o)
    rates = scheduler(optimizer, o["lr"], case["schedule"]) if "schedule" in case else None
    losses, first_norms, all_masks = [], None, []
    n_batches = math.ceil(SAMPLES / BATCH)
    for step in range(STEPS):
        j = step % n_batches * BATCH
        x, y = Xt[j : j + BATCH], Yt[j : j + BATCH]
        masks = [mask(case, step, l, len(x), n) for l, n in enumerate(L[1:-1])] if "dropout" in case else []
        all_masks.append(masks)
        optimizer.zero_grad()
        p = forward(x, masks)
        loss = {"mse": F.mse_loss, "bce_logits": F.binary_cross_entropy_with_logits, "cce": F.cross_entropy}[case["loss"]](p, y)
        losses.append(loss.item())
        if "l2" in case:
            loss = loss + case["l2"] * 0.5 * sum((l.weight**2).sum() for l in linear)
        loss.backward()
        if "clip_norm" in case:
            torch.nn.utils.clip_grad_norm_(modules.parameters(), case["clip_norm"])
        if step == 0:
            first_norms = [float(l.weight.grad.norm()) for l in linear]
        optimizer.step()
        if rates:
            rates.step()
    out = {**case, "act": acts[0], "params": act_params[0], "act_params": act_params, "batch": BATCH, "steps": STEPS, "order": "sequential, wrapping", "x": X.tolist(), "y": Y.tolist()}
    if all(a == acts[0] and p == act_params[0] for a, p in zip(acts, act_params)):
        del out["acts"], out["act_params"]
    if "dropout" in case:
        out["masks"] = all_masks
    return {**out, "initial": initial, "first_step_weight_gradient_norms": first_norms, "loss_before_each_step": losses, "final": params()}


if __name__ == "__main__":
    rng = np.random.default_rng(0)
    cases = [run(case, rng) for case in CASES]
    path = pathlib.Path(__file__).with_suffix(".json")
    path.write_text("[\n" + ",\n".join(json.dumps(case, separators=(",", ":")) for case in cases) + "\n]\n")
