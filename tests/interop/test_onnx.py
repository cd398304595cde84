"""Graphs that leave pass ONNX's checker and say in onnxruntime what we say."""

import json

import numpy as np
import onnx
import onnxruntime
import pytest
from support import CATALOGUE, FORMULAS, NETWORKS, actiscope, error, function, link

# Networks whose form is special in a graph.
SPECIAL = {
    "no squashing, classes": link(d="moons", h="8", l="mse", th=0.3),
    "normalized, alphas of units": link(d="moons", h="8-6", bn=1, a="prelu", pr="unit", std=1),
    "alpha of a layer": link(d="moons", h="8-6", a="prelu", pr="layer"),
    "unlike functions, normalized": link(
        d="moons", h="6-5-4", bn=1, **{"as": "gelu~none~(where(z > 0, sqrt(z), -log1p(-z)))"}
    ),
}


def written(scenario, folder, steps=20):
    """The graph of a trained network, checked, and our answers to 256 inputs."""
    path, answers = folder / "network.onnx", folder / "answers.json"
    actiscope(
        "export", scenario, "--steps", steps, "--to", "onnx", "-o", path, "--answers", answers
    )
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    told = json.loads(answers.read_text())
    keys = ["x", "outputs", "answers"]
    return model, {key: np.array(told[key], "float64") for key in keys}


def computed(model, x):
    """What onnxruntime makes of samples, by the names of outputs."""
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), providers=["CPUExecutionProvider"]
    )
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(None, {"input": x.astype("float32")})))


def properties(model):
    return {prop.key: prop.value for prop in model.metadata_props}


def agrees(model, told):
    got = computed(model, told["x"])
    if "output" in got:
        assert list(got) == ["output"]
        assert error(got["output"], told["answers"]) < 1e-5
        return
    assert error(got["logits"], told["outputs"]) < 1e-5
    assert error(got["probabilities"], told["answers"]) < 1e-5
    label, answers = got["label"], told["answers"]
    assert label.dtype == np.int64
    assert label.shape == (len(answers),)
    if answers.shape[1] == 1:
        threshold = float(properties(model)["threshold"])
        sure = abs(answers[:, 0] - threshold) > 1e-5
        expected = answers[:, 0] > threshold
    else:
        two = np.sort(told["outputs"], axis=1)[:, -2:]
        sure = two[:, 1] - two[:, 0] > 1e-5
        expected = told["outputs"].argmax(axis=1)
    assert (label[sure] == expected[sure]).all()
    assert sure.mean() > 0.5


@pytest.mark.parametrize("name", [*CATALOGUE, *FORMULAS])
def test_a_function(name, tmp_path):
    agrees(*written(link(d="moons", h="8-8", **function(name)), tmp_path))


@pytest.mark.parametrize("name", [*NETWORKS, *SPECIAL])
def test_a_network(name, tmp_path):
    agrees(*written({**NETWORKS, **SPECIAL}[name], tmp_path))


def test_what_a_graph_tells(tmp_path):
    scenario = SPECIAL["unlike functions, normalized"]
    model, _ = written(scenario, tmp_path)
    assert model.ir_version == 9
    assert [(opset.domain, opset.version) for opset in model.opset_import] == [("", 20)]
    assert model.producer_name == "actiscope"
    names = {initializer.name for initializer in model.graph.initializer}
    assert {"hidden_1.weight", "hidden_1.gamma", "hidden_3.running_var", "output.bias"} <= names
    dims = model.graph.input[0].type.tensor_type.shape.dim
    assert (dims[0].dim_param, dims[1].dim_value) == ("n", 2)
    told = properties(model)
    assert told["hidden_1.function"] == "gelu"
    assert told["hidden_3.formula"] == "where(z > 0, sqrt(z), -log1p(-z))"
    assert json.loads(told["class_names"]) == ["0", "1"]


@pytest.mark.parametrize("formula", ["expm1(z) / z", "log1p(z) / z"])
def test_what_is_exact_near_0_stays_so(formula, tmp_path):
    # Weights near 0 bring z there: exp(z) - 1 and log(1 + z) in 32 bits would be off by a thousandth.
    scenario = link(d="moons", h="8", i="uniform,a:0.001", f=f"where(abs(z) > 0, {formula}, 1)")
    agrees(*written(scenario, tmp_path, steps=1))


@pytest.mark.parametrize("n", [1, 7])
def test_any_number_of_samples(n, tmp_path):
    model, told = written(NETWORKS["classes"], tmp_path)
    got = computed(model, told["x"][:n])
    assert got["probabilities"].shape == (n, 4)
    assert got["label"].shape == (n,)
