"""Scripts for PyTorch say what we say, have our slopes, and train as we train."""

import numpy as np
import pytest
import torch
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

torch.set_num_threads(1)


def tensor(x):
    return torch.tensor(x, dtype=torch.float32)


def check(network, told, x=slice(None)):
    x, outputs, answers = (told[key][x] for key in ("x", "outputs", "answers"))
    assert error(network(tensor(x)).detach(), outputs) < 1e-5
    if hasattr(network, "probabilities"):
        assert error(network.probabilities(tensor(x)), answers) < 1e-5
    else:
        assert error(network.predict(tensor(x)), answers) < 1e-5


@pytest.mark.parametrize("name", [*CATALOGUE, *FORMULAS])
def test_a_function_and_its_slopes(name, tmp_path):
    scenario = link(d="moons", h="6", **function(name), lr=0.01, l="mse")
    module, told = exported(scenario, "pytorch", tmp_path)
    network = module.load()
    check(network, told)

    own = [c for c in vars(module).values() if is_own(c)]
    f = own[0].apply if own else network.activation_1
    if name == "prelu":
        # Training has changed alpha.
        torch.nn.init.constant_(f.weight, CATALOGUE[name]["alpha"])
    z = tensor(Z[:, None]).requires_grad_()
    f(z).sum().backward()
    # 24 bits tell a sine's place no better far out.
    is_near = np.abs(Z) < (100 if name == "sine" else 2000)
    assert error(z.grad[is_near, 0], our_slopes(name, Z[is_near])) < 1e-5


def is_own(value):
    return isinstance(value, type) and issubclass(value, torch.autograd.Function)


@pytest.mark.parametrize("name", NETWORKS)
def test_a_network(name, tmp_path):
    module, told = exported(NETWORKS[name], "pytorch", tmp_path)
    network = module.load()
    check(network, told)
    # As many samples as units, and one alone.
    check(network, told, slice(8))
    check(network, told, slice(1))
    if hasattr(network, "probabilities") and getattr(module, "THRESHOLD", 0.5) == 0.5:
        names = [module.CLASS_NAMES[i] for i in labels(told["answers"])]
        assert network.predict(tensor(told["x"])) == names


def test_a_threshold(tmp_path):
    module, told = exported(NETWORKS["threshold"], "pytorch", tmp_path)
    over = told["answers"][:, 0] > 0.8
    expected = [module.CLASS_NAMES[int(is_over)] for is_over in over]
    assert module.load().predict(tensor(told["x"])) == expected


def test_names_are_names(tmp_path):
    module, _ = exported(NETWORKS["classes"], "pytorch", tmp_path)
    assert sorted(module.CLASS_NAMES) == sorted(CLASSES)
    assert module.INPUT_NAMES == ["width", "height", "depth"]


def test_weights_are_kept_and_come_back(tmp_path):
    module, told = exported(NETWORKS["batch norm"], "pytorch", tmp_path)
    torch.save(module.load().state_dict(), tmp_path / "network.pt")
    network = module.Network().eval()
    network.load_state_dict(torch.load(tmp_path / "network.pt"))
    check(network, told)


@pytest.mark.parametrize("name", RUNS)
def test_a_run_is_repeated(name, tmp_path):
    module, ours = repeated(run_of(RUNS[name]), "pytorch", tmp_path)
    theirs = np.array(list(module.train(module.load(), len(ours))))
    assert len(ours) == 100
    assert error(theirs, ours) < 1e-3
