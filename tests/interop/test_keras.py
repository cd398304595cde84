"""Scripts for Keras 3 say what we say, have our slopes, and train as we train: on the backend of KERAS_BACKEND."""

import os

import numpy as np
import pytest
from support import (
    CATALOGUE,
    CLASSES,
    FORMULAS,
    NETWORKS,
    RUNS,
    Z,
    error,
    exported,
    function,
    labels,
    link,
    our_slopes,
    repeated,
    run_of,
)

import keras

# Corners where Keras' own functions have another slope than PyTorch on some backend.
OWN_SLOPES = {
    "leaky_relu": [0],
    "prelu": [0],
    "hard_tanh": [-1, 1],
    "relu6": [6],
    "hard_sigmoid": [-3, 3],
    "hard_swish": [-3, 3],
    "selu": [0],
    "elu": [0],
    "celu": [0],
}


def check(module, model, told, x=slice(None)):
    x, outputs, answers = (told[key][x] for key in ("x", "outputs", "answers"))
    assert error(model.predict(x, verbose=0), outputs) < 1e-5
    answer = getattr(module, "probabilities", module.predict)
    assert error(answer(model, x), answers) < 1e-5


def slopes(f, z):
    """f'(z) as the backend has it."""
    if keras.backend.backend() == "torch":
        import torch

        z = torch.tensor(z).requires_grad_()
        f(z).sum().backward()
        return z.grad.numpy()
    if keras.backend.backend() == "jax":
        import jax

        return np.asarray(jax.grad(lambda z: f(z).sum())(z))
    pytest.skip("slopes are looked at on PyTorch and JAX")


@pytest.mark.parametrize("name", [*CATALOGUE, *FORMULAS])
def test_a_function_and_its_slopes(name, tmp_path):
    scenario = link(d="moons", h="6", **function(name), lr=0.01, l="mse")
    module, told = exported(scenario, "keras", tmp_path)
    model = module.load()
    check(module, model, told)

    layer = model.get_layer("activation_1")
    if name == "prelu":
        # Training has changed alpha.
        layer.set_weights([np.full_like(w, CATALOGUE[name]["alpha"]) for w in layer.get_weights()])
    is_seen = np.abs(Z) < (100 if name == "sine" else 2000)
    is_seen &= ~np.isin(Z, OWN_SLOPES.get(name, []))
    z = Z[is_seen]
    assert error(slopes(layer, z[:, None])[:, 0], our_slopes(name, z)) < 1e-5


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network(name, tmp_path):
    module, told = exported(NETWORKS[name], "keras", tmp_path)
    model = module.load()
    check(module, model, told)
    # As many samples as units.
    check(module, model, told, slice(8))
    if hasattr(module, "probabilities") and getattr(module, "THRESHOLD", 0.5) == 0.5:
        names = [module.CLASS_NAMES[i] for i in labels(told["answers"])]
        assert module.predict(model, told["x"]) == names


def test_names_are_names(tmp_path):
    module, _ = exported(NETWORKS["classes"], "keras", tmp_path)
    assert sorted(module.CLASS_NAMES) == sorted(CLASSES)
    assert module.INPUT_NAMES == ["width", "height", "depth"]


@pytest.mark.parametrize("name", ["batch norm", "unlike functions", "prelu of units", "numbers"])
def test_a_model_is_kept_and_comes_back(name, tmp_path):
    module, told = exported(NETWORKS[name], "keras", tmp_path)
    module.load().save(tmp_path / "network.keras")
    check(module, keras.models.load_model(tmp_path / "network.keras"), told)


@pytest.mark.parametrize("name", RUNS)
def test_a_run_is_repeated(name, tmp_path):
    module, ours = repeated(run_of(RUNS[name]), "keras", tmp_path)
    theirs = np.array(list(module.train(module.load(), len(ours))))
    assert len(ours) == 100
    assert error(theirs, ours) < 1e-3
