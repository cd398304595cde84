"""Scripts for scikit-learn say what we say, or what they cannot."""

import subprocess

import numpy as np
import pytest
from support import ACTISCOPE, CLASSES, NETWORKS, error, exported, link, table

EXPRESSIBLE = {
    "relu": link(d="moons", h="8-6", a="relu"),
    "sigmoid": link(d="moons", h="8", a="sigmoid"),
    "identity": link(d="moons", h="8", a="identity"),
    "batch norm": NETWORKS["batch norm"],
    "two logits": link(d="moons", h="8", l="softmax"),
    "two classes": link(d="csv", csv=table(2), std=1, h="8", a="tanh"),
    "classes": link(d="csv", csv=table(4), std=1, h="8-8", a="tanh", bn=1),
    "numbers": NETWORKS["numbers"],
    "a threshold": NETWORKS["two classes"],
}


@pytest.mark.parametrize("name", EXPRESSIBLE)
def test_a_network(name, tmp_path):
    module, told = exported(EXPRESSIBLE[name], "sklearn", tmp_path)
    model = module.load()
    x, answers = told["x"], told["answers"]
    if not hasattr(model, "predict_proba"):
        assert error(model.predict(x)[:, None], answers) < 1e-6
        return
    if answers.shape[1] == 1:
        answers = np.hstack([1 - answers, answers])
    # In our order of the classes, which pytorch's script has.
    ours = exported(EXPRESSIBLE[name], "pytorch", tmp_path)[0].CLASS_NAMES
    columns = [ours.index(name) for name in model.classes_]
    assert error(model.predict_proba(x), answers[:, columns]) < 1e-6
    if hasattr(module, "predict"):
        is_over = answers[:, 1] > module.THRESHOLD
        assert list(module.predict(model, x)) == [ours[int(i)] for i in is_over]
    else:
        assert list(model.predict(x)) == [ours[i] for i in answers.argmax(axis=1)]


def test_names_are_names(tmp_path):
    module, _ = exported(EXPRESSIBLE["classes"], "sklearn", tmp_path)
    assert module.CLASS_NAMES == sorted(CLASSES)


@pytest.mark.parametrize(
    ("scenario", "says"),
    [
        (link(a="elu"), "no ELU (layer 1)"),
        (link(h="4-4", **{"as": "tanh~relu"}), "one function for all layers"),
        (link(l="mse"), "taken for a probability as it is"),
        (link(d="csv", csv=table(4), l="bce"), "each class by itself"),
        (link(f="z^2"), "no z^2"),
    ],
)
def test_what_it_cannot_say(scenario, says, tmp_path):
    words = [ACTISCOPE, "export", scenario, "--steps", "1", "--to", "sklearn"]
    done = subprocess.run([*words, "-o", str(tmp_path / "x.py")], capture_output=True, text=True)
    assert done.returncode != 0
    assert says in done.stderr
