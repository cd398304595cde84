"""What tests of files that leave and enter share. ACTISCOPE is the path of the program."""

import importlib.util
import json
import os
import subprocess
from urllib.parse import quote

import numpy as np

os.environ.setdefault("KERAS_BACKEND", "torch")

ACTISCOPE = os.environ.get("ACTISCOPE", "actiscope")

# Functions of the catalogue, at values of their parameters that are nobody's default.
CATALOGUE = {
    "relu": {},
    "leaky_relu": {"alpha": 0.2},
    "prelu": {"alpha": 0.3},
    "relu6": {},
    "elu": {"alpha": 0.7},
    "celu": {"alpha": 1.5},
    "selu": {},
    "gelu": {},
    "gelu_tanh": {},
    "silu": {},
    "swish": {"beta": 1.25},
    "mish": {},
    "softplus": {"beta": 2.0},
    "hard_swish": {},
    "sigmoid": {},
    "tanh": {},
    "softsign": {},
    "hard_tanh": {},
    "hard_sigmoid": {},
    "identity": {},
    "log_sigmoid": {},
    "tanh_shrink": {},
    "sine": {"omega": 3.0},
}

# Formulas whose other branch, where it is not taken, has no number or an infinite slope.
FORMULAS = {
    "where(z > 0, z, expm1(z))": {},
    "where(z > 0, z, alpha * expm1(z / beta))": {"alpha": 0.5, "beta": 2.0},
    "where(z > 1, sqrt(z), (z + 1) / 2)": {},
    "where(z > 1, log(z) + 1, z)": {},
    "where(abs(z) > 1, 1 / z, z)": {},
    "max(z, alpha * z) + min(z, 0)^2 / 100": {"alpha": 0.3},
    "z * tanh(softplus(z)) - erf(z) / 2": {},
    "sign(z) * log1p(abs(z))": {},
    "exp(-z^2 / 2) * cos(2 * z)": {},
    "where(alpha > 0, max(z, 0), exp(z))": {"alpha": 1.0},
    "z * (z > 0) * (z < 5) + 5 * (z >= 5) + 0.1 * floor(z / 2)": {},
    "gamma / 2": {"gamma": 1.0},
}

# Where slopes are compared: far out, near 0, and at the corners of the catalogue's functions.
Z = np.array(
    [*range(-1000, 1001, 50), *range(-90, 91, 6), -6, -3, -1, -0.5, 0, 0.5, 1, 3, 6, 1e-3],
    "float32",
)

# Names that a careless program would take for code.
CLASSES = ['say "no"', "back\\slash", "line\nbreak '''\"\"\"", "naïve 数 {x} %s"]


def link(**settings):
    """A scenario: settings by their keys, as links have them."""
    parts = [f"{key}={quote(str(value), safe='')}" for key, value in settings.items()]
    return "&".join(["#v=1", *parts])


def values(params):
    return "".join(f",{name}:{value}" for name, value in params.items())


def function(name):
    """Settings of a function of the catalogue, or of a formula."""
    if name in CATALOGUE:
        return {"a": name + values(CATALOGUE[name])}
    return {"f": name, "p": values(FORMULAS[name])[1:]}


def table(n_classes=None, target_scale=1.0, n_rows=60):
    """A table as CSV: three inputs of unlike scales, and a class by name or a number."""
    rng = np.random.default_rng(5)
    x = rng.normal(size=(n_rows, 3))
    score = x[:, 0] + np.sin(2 * x[:, 1]) - x[:, 2] / 2
    x = x * [1, 20, 0.05] + [0, 100, -1]
    if n_classes is None:
        targets = [f"{value:.4f}" for value in score * target_scale + 3 * target_scale]
    else:
        places = np.argsort(np.argsort(score)) * n_classes // n_rows
        targets = ['"' + CLASSES[i].replace('"', '""') + '"' for i in places]
    rows = [",".join([*(f"{value:.4f}" for value in row), t]) for row, t in zip(x, targets)]
    return "\n".join(["width,height,depth,target", *rows, ""])


# Networks that the scripts must agree on, besides one for each function.
NETWORKS = {
    "batch norm": link(d="moons", h="8-6", bn=1, a="tanh", std=1),
    "prelu of units": link(d="moons", h="8-8", a="prelu", pr="unit"),
    "unlike functions": link(
        d="circle", h="6-5-4-3", **{"as": "none~swish,beta:2~(z*exp(-z^2))~swish,beta:3"}
    ),
    "threshold": link(d="moons", h="8", th=0.8),
    "two logits": link(d="moons", h="8", l="softmax", th=0.3),
    "focal": link(d="moons", h="8", l="focal"),
    "sigmoid and squares": link(d="moons", h="8", l="sigmoid_mse"),
    "squares": link(d="moons", h="8", l="mse"),
    "positive part": link(d="moons", h="8", l="relu_mse"),
    "classes": link(d="csv", csv=table(4), std=1, h="8-8", a="elu", o="adam", lr=0.01),
    "classes, each by itself": link(d="csv", csv=table(4), std=1, h="8", l="bce"),
    "two classes": link(d="csv", csv=table(2), std=1, h="8", a="tanh", th=0.6),
    "numbers": link(d="csv", csv=table(None, 50), std=1, stdy=1, h="8", a="tanh", lr=0.05),
    "numbers as they are": link(d="sine", h="8", a="sine", l="huber", lr=0.01),
    "deep": link(d="spiral", h="-".join(["4"] * 20), a="selu", i="lecun_normal", lr=0.01),
}


def actiscope(*words):
    """What the program prints."""
    done = subprocess.run([ACTISCOPE, *map(str, words)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout


def exported(scenario, to, folder, steps=20):
    """The script of a trained network as a module, and our answers to 256 inputs."""
    script, answers = folder / "network.py", folder / "answers.json"
    actiscope(
        "export", scenario, "--steps", steps, "--to", to, "-o", script, "--answers", answers
    )
    told = json.loads(answers.read_text())
    return module(script), {key: np.array(rows) for key, rows in told.items()}


def repeated(scenario, to, folder, steps=100):
    """The script that trains a run again as a module, and our loss of each batch."""
    script = folder / "train.py"
    actiscope("export", scenario, "--to", to, "--training", "-o", script)
    told = json.loads(actiscope("run", scenario, "--steps", steps, "--losses"))
    return module(script), np.array(told["losses"])


def module(path):
    """A file of Python, imported anew."""
    spec = importlib.util.spec_from_file_location(path.stem, path)
    loaded = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(loaded)
    return loaded


def our_slopes(name, z):
    """f'(z) of a function of the catalogue or a formula."""
    params = CATALOGUE.get(name, FORMULAS.get(name))
    words = ["--activation", name] if name in CATALOGUE else ["--formula", name]
    for param, value in params.items():
        words += ["--param", f"{param}={value}"]
    points = ",".join(repr(float(point)) for point in z)
    told = json.loads(actiscope("eval", *words, f"--z={points}"))
    return np.array(told["df"])


def error(got, expected):
    """The largest difference, relative where numbers are larger than 1."""
    got = np.asarray(got, "float64")
    assert got.shape == expected.shape, (got.shape, expected.shape)
    assert np.isfinite(got).all()
    return np.max(np.abs(got - expected) / np.maximum(1, np.abs(expected)))


def labels(answers):
    """Classes by the answers, at a threshold of 0.5."""
    if answers.shape[1] == 1:
        return (answers[:, 0] > 0.5).astype(int)
    return answers.argmax(axis=1)


# A loss, the data that it judges, and what else is special of a run; each optimizer is there.
RUNS = {
    "bce, sgd": dict(d="moons", l="bce", o="sgd", lr=0.5),
    "bce, weights, adam": dict(d="moons", l="bce", cw="1,3", o="adam", lr=0.02),
    "mse, momentum": dict(d="plane", l="mse", o="momentum", lr=0.02),
    "huber, nesterov": dict(d="sine", l="huber,delta:0.3", o="nesterov", lr=0.05),
    "softmax, rmsprop": dict(d="csv", csv=table(4), std=1, l="softmax", o="rmsprop", lr=0.01),
    "softmax, weights, adamw": dict(
        d="csv", csv=table(4), std=1, l="softmax", cw="1,0,2,3", o="adamw,decay:0.1", lr=0.01
    ),
    "focal, adam": dict(d="moons", l="focal", o="adam,eps:1e-3", lr=0.05),
    "focal, classes": dict(
        d="csv", csv=table(4), std=1, l="focal,gamma:1.5", cw="1,2,1,2", o="adam", lr=0.02
    ),
    "sigmoid mse, momentum": dict(d="moons", l="sigmoid_mse", o="momentum", lr=0.5),
    "relu mse, nesterov": dict(d="moons", l="relu_mse", o="nesterov", lr=0.02),
    "sigmoids": dict(d="csv", csv=table(4), std=1, l="bce", o="rmsprop", lr=0.01),
    "numbers, standardized": dict(d="csv", csv=table(None, 50), std=1, stdy=1, o="adamw", lr=0.02),
    "schedules": dict(d="moons", o="momentum", lr=0.3, sch="step,every:20,factor:0.5", wu=10),
    "cosine": dict(d="moons", o="nesterov", lr=0.2, sch="cosine,over:60,floor:0.1"),
    "rates of layers": dict(d="moons", o="adamw,decay:0.2", lr=0.02, lrs="0.05,none,0.01"),
    "rates of layers, sgd": dict(d="moons", o="sgd", lr=0.2, lrs="0.5,none,0.1", wu=5),
    "penalties, clipped": dict(d="moons", o="sgd", lr=0.3, l1=0.003, l2=0.02, clip=0.2),
    "batch norm": dict(d="moons", bn=1, b=17, n=130, o="adam", lr=0.02),
    "batch norm of one sample": dict(d="moons", bn=1, b=20, n=61, t=0, o="momentum", lr=0.05),
    "dropout": dict(d="moons", dr=0.3, o="adam", lr=0.02, t=0.2),
    "prelu": dict(d="moons", a="prelu", pr="unit", o="adamw", lr=0.02),
    "in order": dict(d="moons", **{"or": "sequential"}, o="rmsprop", lr=0.01, b=200, n=150),
    "own formula": dict(d="moons", f="where(z > 0, z, expm1(z))", o="sgd", lr=0.3),
}


def run_of(settings):
    """The scenario of one of RUNS."""
    usual = {"s": 3, "h": "8-6", "a": "tanh", "b": 16}
    if "f" in settings:
        del usual["a"]
    return link(**{**usual, **settings})
