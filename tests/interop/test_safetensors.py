"""Parameters that leave are taken, by name, by the script's own module in PyTorch."""

import json

import pytest
import torch
from safetensors import safe_open
from safetensors.torch import load_file
from support import NETWORKS, actiscope, error, exported, link

NAMED = {
    "normalized, alphas of units": link(d="moons", h="8-6", bn=1, a="prelu", pr="unit", std=1),
    "classes": NETWORKS["classes"],
    "numbers": NETWORKS["numbers"],
}


@pytest.mark.parametrize("name", NAMED)
def test_a_state_dict(name, tmp_path):
    path = tmp_path / "network.safetensors"
    actiscope("export", NAMED[name], "--steps", 20, "--to", "safetensors", "-o", path)
    module, told = exported(NAMED[name], "pytorch", tmp_path)
    model = module.load()
    before = {key: value.clone() for key, value in model.state_dict().items()}
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.zero_()
    model.load_state_dict(load_file(path), strict=True)
    for key, value in before.items():
        if not key.endswith("num_batches_tracked"):
            assert torch.equal(model.state_dict()[key], value), key
    model.eval()
    with torch.no_grad():
        got = model(torch.tensor(told["x"], dtype=torch.float32))
    assert error(got.numpy(), told["outputs"]) < 1e-5


def test_what_it_tells(tmp_path):
    path = tmp_path / "network.safetensors"
    scenario = link(d="moons", h="8-6", a="leaky_relu,alpha:0.2")
    actiscope("export", scenario, "--steps", 1, "--to", "safetensors", "-o", path)
    with safe_open(path, "numpy") as file:
        told = file.metadata()
    assert told["format"] == "actiscope-network"
    assert told["hidden_2.function"] == "leaky_relu"
    assert json.loads(told["hidden_2.parameters"]) == {"alpha": 0.2}
    assert json.loads(told["class_names"]) == ["0", "1"]
