"""Writes the files in `data`, which other people's tools made, with the answers of these tools beside them.

They are kept, so that tests need no Python: run this only to take newer versions of the tools.

    pip install torch keras onnx onnxscript onnxruntime scikit-learn skl2onnx safetensors tensorboard numpy
    python tests/interop/make_data.py
"""

import json
import os
import shutil
import tempfile
import warnings
from pathlib import Path

os.environ.setdefault("KERAS_BACKEND", "torch")
warnings.filterwarnings("ignore")

import keras
import numpy as np
import onnx
import torch
from safetensors.torch import save_file
from skl2onnx import to_onnx
from sklearn.neural_network import MLPClassifier, MLPRegressor
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from torch import nn
from torch.utils.tensorboard import SummaryWriter

DATA = Path(__file__).parent / "data"
N_SAMPLES = 8

torch.set_num_threads(1)
torch.manual_seed(1)
keras.utils.set_random_seed(1)
rng = np.random.default_rng(1)
answers = {}


def told(name, x, outputs, **more):
    """Notes what the tool answers for samples `x`."""
    as_list = lambda values: np.asarray(values, dtype=np.float64).round(9).tolist()
    answers[name] = {"x": as_list(x), "outputs": as_list(outputs), **more}


def samples(n_inputs):
    return (2.0 * rng.standard_normal((N_SAMPLES, n_inputs))).astype(np.float32)


# All classes that have a function of the catalogue, with values that are not the usual ones where there are such.
FUNCTIONS = {
    "relu": nn.ReLU(),
    "leaky_relu": nn.LeakyReLU(0.2),
    "relu6": nn.ReLU6(),
    "elu": nn.ELU(0.7),
    "celu": nn.CELU(1.3),
    "selu": nn.SELU(),
    "gelu": nn.GELU(),
    "gelu_tanh": nn.GELU(approximate="tanh"),
    "silu": nn.SiLU(),
    "mish": nn.Mish(),
    "softplus": nn.Softplus(beta=1.7),
    "hard_swish": nn.Hardswish(),
    "sigmoid": nn.Sigmoid(),
    "tanh": nn.Tanh(),
    "softsign": nn.Softsign(),
    "hard_tanh": nn.Hardtanh(),
    "hard_sigmoid": nn.Hardsigmoid(),
    "log_sigmoid": nn.LogSigmoid(),
    "tanh_shrink": nn.Tanhshrink(),
}


def torch_functions():
    layers = []
    for function in FUNCTIONS.values():
        layers += [nn.Linear(4, 4), function]
    return nn.Sequential(*layers, nn.Linear(4, 2))


def torch_normed():
    net = nn.Sequential(
        nn.Linear(3, 6), nn.BatchNorm1d(6), nn.PReLU(6, init=0.3),
        nn.Linear(6, 5), nn.BatchNorm1d(5), nn.PReLU(5, init=-0.1),
        nn.Linear(5, 4), nn.BatchNorm1d(4), nn.PReLU(),
        nn.Linear(4, 4), nn.BatchNorm1d(4), nn.PReLU(4), nn.Dropout(0.2),
        nn.Linear(4, 3),
    )  # fmt: skip
    with torch.no_grad():
        for module in net:
            if isinstance(module, nn.BatchNorm1d):
                module.running_mean.normal_()
                module.running_var.uniform_(0.5, 2.0)
                module.weight.normal_()
                module.bias.normal_()
            if isinstance(module, nn.PReLU):
                module.weight += 0.1 * torch.randn_like(module.weight)
    return net


def torch_files():
    functions, normed = torch_functions().eval(), torch_normed().eval()
    wide = nn.Sequential(nn.Linear(8, 32), nn.Tanh(), nn.Linear(32, 1), nn.Sigmoid()).eval()
    for kind, dynamo in [("old", False), ("new", True)]:
        for name, net, n_inputs in [("functions", functions, 4), ("normed", normed, 3)]:
            x = samples(n_inputs)
            file = f"torch_{kind}_{name}.onnx"
            more = {"external_data": False, "verbose": False} if dynamo else {"dynamic_axes": {"x": {0: "n"}}}
            torch.onnx.export(
                net, (torch.from_numpy(x),), DATA / file, input_names=["x"], dynamo=dynamo, **more
            )
            functions_told = list(FUNCTIONS) if name == "functions" else []
            told(file, x, net(torch.from_numpy(x)).detach(), functions=functions_told)
    x = samples(8)
    # Its weights lie in a second file.
    torch.onnx.export(wide, (torch.from_numpy(x),), DATA / "torch_new_external.onnx", dynamo=True, verbose=False)
    told("torch_new_external.onnx", x, wide(torch.from_numpy(x)).detach(), squash="Sigmoid")

    x = samples(3)
    save_file(normed.state_dict(), DATA / "torch_normed.safetensors")
    told("torch_normed.safetensors", x, normed(torch.from_numpy(x)).detach())
    named = nn.Module()
    for name, layer in [("head", nn.Linear(5, 2)), ("inner", nn.Linear(7, 5)), ("stem", nn.Linear(3, 7))]:
        named.add_module(name, layer)
    save_file(named.half().state_dict(), DATA / "torch_named_half.safetensors")
    named = named.float()
    with torch.no_grad():
        y = named.head(torch.tanh(named.inner(torch.tanh(named.stem(torch.from_numpy(x))))))
    told("torch_named_half.safetensors", x, y)


def keras_files():
    layers = keras.layers
    inputs = keras.Input((3,))
    h = inputs
    names = ["relu", "relu6", "elu", "celu", "selu", "gelu", "silu", "mish", "softplus", "softsign"]
    names += ["hard_silu", "hard_sigmoid", "sigmoid", "tanh", "hard_tanh", "log_sigmoid", "tanh_shrink"]
    for name in names:
        h = layers.Dense(4, activation=name)(h)
    h = layers.LeakyReLU(negative_slope=0.15)(layers.Dense(4)(h))
    functions = keras.Model(inputs, layers.Dense(2)(h))

    inputs = keras.Input((3,))
    h = layers.BatchNormalization()(layers.Dense(5)(inputs))
    h = layers.PReLU()(h)
    h = layers.Dense(4, activation="tanh")(h)
    h = layers.BatchNormalization()(h)
    normed = keras.Model(inputs, layers.Dense(3, activation="softmax")(h))
    normed.set_weights([rng.uniform(0.2, 1.0, w.shape).astype(np.float32) for w in normed.get_weights()])
    for name, model in [("functions", functions), ("normed", normed)]:
        x = samples(3)
        file = f"keras_{name}.onnx"
        y = model.predict(x, verbose=0)
        model.export(DATA / file, format="onnx", verbose=False)
        if name == "normed":
            told(file, x, y, squash="Softmax")
        else:
            # With alpha = 1 CELU is ELU.
            ids = {"hard_silu": "hard_swish", "celu": "elu"}
            told(file, x, y, functions=[ids.get(n, n) for n in names] + ["leaky_relu"])


def sklearn_files():
    x = rng.standard_normal((60, 3)) * [1.0, 5.0, 0.2] + [0.0, 3.0, -1.0]
    two = (x[:, 0] + x[:, 1] > 3.0).astype(int)
    three = np.array(["ash", "beech", "cedar"])[two + (x[:, 2] > -1.0)]
    for name, y, function in [("two", two, "logistic"), ("three", three, "relu")]:
        mlp = MLPClassifier(hidden_layer_sizes=(5, 4), activation=function, max_iter=40, random_state=1)
        model = make_pipeline(StandardScaler(), mlp).fit(x, y)
        given = x[:N_SAMPLES].astype(np.float32)
        file = f"sklearn_{name}.onnx"
        (DATA / file).write_bytes(to_onnx(model, given[:1]).SerializeToString())
        p = model.predict_proba(given)
        names = [str(c) for c in model.classes_]
        squash = "Sigmoid" if name == "two" else "Softmax"
        told(file, given, p[:, 1:] if name == "two" else p, squash=squash, class_names=names)
    model = MLPRegressor(hidden_layer_sizes=(4,), activation="tanh", max_iter=40, random_state=1).fit(x, x[:, 0] * x[:, 1])
    file = "sklearn_number.onnx"
    (DATA / file).write_bytes(to_onnx(model, given[:1]).SerializeToString())
    told(file, given, model.predict(given)[:, None])


def other_files():
    # What there is more of than a fully connected network.
    net = nn.Sequential(nn.Unflatten(1, (1, 4)), nn.Conv1d(1, 1, 2), nn.Flatten(), nn.Linear(3, 1)).eval()
    options = {"dynamo": False, "input_names": ["x"]}
    torch.onnx.export(net, (torch.zeros(1, 4),), DATA / "torch_conv.onnx", **options)

    class Residual(nn.Module):
        def __init__(self):
            super().__init__()
            self.a, self.b = nn.Linear(3, 3), nn.Linear(3, 3)

        def forward(self, x):
            return self.b(x + torch.relu(self.a(x)))

    torch.onnx.export(Residual().eval(), (torch.zeros(1, 3),), DATA / "torch_residual.onnx", **options)
    for name in ["torch_conv.onnx", "torch_residual.onnx"]:
        answers[name] = {"refused": True}

    with tempfile.TemporaryDirectory() as folder:
        writer = SummaryWriter(folder)
        scalars = [0.5, 0.25, 0.125]
        for step, value in enumerate(scalars):
            writer.add_scalar("loss/train", value, 10 * step)
        values = np.linspace(-1.0, 2.0, 50)
        writer.add_histogram("z/hidden_1", values, 20)
        writer.close()
        (file,) = Path(folder).glob("*tfevents*")
        shutil.copy(file, DATA / "torch.tfevents")
    answers["torch.tfevents"] = {"steps": [0, 10, 20], "loss/train": scalars, "z/hidden_1": len(values)}


def without_places(path):
    """A graph of torch.onnx names the files of the machine that made it, for whoever debugs it: nobody here."""
    model = onnx.load(path, load_external_data=False)
    graph = model.graph
    parts = [graph, *graph.node, *graph.value_info, *graph.input, *graph.output, *graph.initializer]
    for part in [model, *parts]:
        del part.metadata_props[:]
        part.doc_string = ""
    path.write_bytes(model.SerializeToString())


if __name__ == "__main__":
    DATA.mkdir(exist_ok=True)
    for old in DATA.iterdir():
        # Traces are the recorders'.
        if ".trace." not in old.name:
            old.unlink()
    torch_files()
    keras_files()
    sklearn_files()
    other_files()
    for path in DATA.glob("torch_new_*.onnx"):
        without_places(path)
    versions = {m.__name__: m.__version__ for m in [torch, keras, onnx, np]}
    text = json.dumps({"versions": versions, "files": answers}, indent=None, separators=(",", ":"))
    (DATA / "answers.json").write_text(text.replace('},"', '},\n"') + "\n")
    for path in sorted(DATA.iterdir()):
        print(f"{path.stat().st_size:>8} {path.name}")
