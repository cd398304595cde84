"""Runs each line of code by which another library names one of our functions, and writes what it computes.

    cargo run -q -p actiscope-core --example names_elsewhere | python names_elsewhere.py > names_elsewhere.json

Needs torch, keras and jax. All of it in float64, but for a few of Keras' functions, which do not take it.
`tests/names_elsewhere.rs` compares our f and f' with it.
"""

import json
import os
import re
import sys

os.environ["KERAS_BACKEND"] = "jax"
os.environ["JAX_ENABLE_X64"] = "1"

import jax
import jax.numpy as jnp
import keras
import torch
from keras import activations, initializers, layers, ops
from torch import nn

keras.config.set_floatx("float64")
torch.set_default_dtype(torch.float64)

# Corners among them: 0, 1, 3 and 6.
POINTS = [-20.0, -7.5, -3.0, -2.2, -1.0, -0.4, -1e-3, 0.0, 1e-3, 0.7, 1.0, 2.5, 3.0, 4.1, 6.0, 7.5, 15.0]


def f_of(code):
    """The line as a function of z, whether it is an expression or something to call."""
    if re.search(r"\bz\b", code):
        return eval(f"lambda z: {code}")
    built = eval(code)
    return lambda z: built(z)


def by_torch(code):
    f = f_of(code)
    z = torch.tensor(POINTS, requires_grad=True)
    y = f(z)
    (slope,) = torch.autograd.grad(y.sum(), z)
    return y.tolist(), slope.tolist()


def by_jax(code):
    f = f_of(code)
    z = jnp.array(POINTS)
    return f(z).tolist(), jax.grad(lambda z: jnp.sum(f(z)))(z).tolist()


def by_keras(code):
    f = f_of(code)
    # Layers want a batch; PReLU has an alpha a unit.
    z = jnp.array(POINTS).reshape(1, -1)
    y = f(z)
    slope = jax.grad(lambda z: jnp.sum(f(z)))(z)
    return y.reshape(-1).tolist(), slope.reshape(-1).tolist()


RUN = {"PyTorch": by_torch, "Keras": by_keras, "JAX": by_jax}
cases = []
for row in sys.stdin:
    id, framework, params, code = row.rstrip("\n").split("\t")
    f, slope = RUN[framework](code)
    cases.append(dict(id=id, framework=framework, params=json.loads(params), code=code, f=f, slope=slope))
versions = dict(torch=torch.__version__.split("+")[0], keras=keras.__version__, jax=jax.__version__)
head = json.dumps(dict(versions=versions, z=POINTS))[:-1]
print(head + ', "cases": [\n' + ",\n".join(json.dumps(case) for case in cases) + "\n]}")
