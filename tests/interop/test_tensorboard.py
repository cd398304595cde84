"""Runs that leave as event files are read by TensorBoard's own reader."""

import math

import numpy as np
import pytest
from support import actiscope, link
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

RUNS = {
    "classes": link(d="moons", h="8-6", a="tanh"),
    "numbers": link(d="sine", h="8", a="relu", l="mse"),
    "it diverges": link(d="plane", h="8", l="mse", o="sgd", lr=10),
}


def loaded(scenario, folder, steps=200):
    path = folder / "events.out.tfevents.actiscope"
    actiscope("export", scenario, "--steps", steps, "--to", "tensorboard", "-o", path)
    accumulator = EventAccumulator(str(path), size_guidance={"scalars": 0, "histograms": 0})
    return accumulator.Reload()


@pytest.mark.parametrize("name", RUNS)
def test_all_is_there(name, tmp_path):
    events = loaded(RUNS[name], tmp_path)
    tags = events.Tags()
    scalars, histograms = set(tags["scalars"]), set(tags["histograms"])
    assert {"loss/train", "dead_units/hidden_1", "z_std/hidden_1"} <= scalars
    assert {"z/hidden_1", "weight/hidden_1"} <= histograms
    for tag in scalars:
        steps = [event.step for event in events.Scalars(tag)]
        assert steps == sorted(set(steps)), tag
        assert not any(math.isnan(event.value) for event in events.Scalars(tag)), tag
    for tag in histograms:
        for event in events.Histograms(tag):
            told = event.histogram_value
            assert sum(told.bucket) == told.num > 0
            assert len(told.bucket) == len(told.bucket_limit)
            assert (np.diff(told.bucket_limit) >= 0).all()


def test_the_loss_is_that_of_the_run(tmp_path):
    events = loaded(RUNS["classes"], tmp_path)
    losses = {event.step: event.value for event in events.Scalars("loss/train")}
    assert min(losses) == 0
    assert max(losses) == 200
    assert losses[200] < losses[0]
