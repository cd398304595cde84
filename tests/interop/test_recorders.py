"""The recorders of www/recorders beside a count by hand at every step, through the real binary.

    ACTISCOPE=target/debug/actiscope pytest tests/interop/test_recorders.py -s
    python tests/interop/test_recorders.py      # writes the small traces of tests/interop/data anew

Keras is tried on each backend that is installed, each in a process of its own.
"""

import importlib.util
import json
import math
import os
import pathlib
import subprocess
import sys
import textwrap

import numpy as np
import pytest

HERE = pathlib.Path(__file__).resolve().parent
RECORDERS = HERE.parent.parent / "www" / "recorders"
sys.path.insert(0, str(RECORDERS))

torch = pytest.importorskip("torch")
nn, F = torch.nn, torch.nn.functional
from actiscope_pytorch import Trace  # noqa: E402

torch.set_num_threads(1)


def told(path, *args, code=0):
    """What `actiscope health` says of a trace."""
    ran = subprocess.run([os.environ["ACTISCOPE"], "health", str(path), *args], capture_output=True, text=True)
    assert ran.returncode == code, ran.stderr
    return json.loads(ran.stdout)


def tensors(path):
    """The numbers and the metadata of a file of safetensors."""
    data = pathlib.Path(path).read_bytes()
    length = int.from_bytes(data[:8], "little")
    header, start = json.loads(data[8 : 8 + length]), 8 + length
    metadata = header.pop("__metadata__")
    kinds = {"I64": "<i8", "F32": "<f4", "U16": "<u2", "U32": "<u4"}
    read = lambda of: np.frombuffer(
        data, kinds[of["dtype"]], count=math.prod(of["shape"]), offset=start + of["data_offsets"][0]
    ).reshape(of["shape"])
    return {name: read(of) for name, of in header.items()}, metadata


def spirals(n=400):
    rng = np.random.default_rng(1)
    label = np.arange(n) % 2
    angle = np.sqrt(rng.random(n)) * 3 * np.pi
    x = np.stack([angle * np.cos(angle + np.pi * label), angle * np.sin(angle + np.pi * label)], 1) / 6
    return torch.tensor(x, dtype=torch.float32), torch.tensor(label)


class MLP(nn.Module):
    def __init__(self, act1=nn.ReLU, act2=nn.ReLU):
        super().__init__()
        self.fc1, self.act1 = nn.Linear(2, 16), act1()
        self.fc2, self.act2 = nn.Linear(16, 12), act2()
        self.out = nn.Linear(12, 2)

    def forward(self, x):
        return self.out(self.act2(self.fc2(self.act1(self.fc1(x)))))

    def z(self, x):
        """Pre-activations by hand."""
        first = F.linear(x, self.fc1.weight, self.fc1.bias)
        return [first, F.linear(self.act1(first), self.fc2.weight, self.fc2.bias)]


def dead_and_saturated(z, slope):
    s = slope(z).abs()
    dead = (s == 0).all(0)
    return dead.numpy(), (~dead & ((s < 0.05).float().mean(0) >= 0.95)).numpy()


def check_units(report, steps, by_step):
    """Units at the end are those of a count at every step, and became so when that says. by_step: step -> [layer] of
    (dead, saturated)."""
    last = by_step[steps[-1]]
    n = 0
    for layer, (dead, saturated) in zip(report["layers"], last):
        for name, which, expected in (("dead", 0, dead), ("saturated", 1, saturated)):
            assert [unit["unit"] for unit in layer[name]] == list(np.flatnonzero(expected))
            for unit in layer[name]:
                after, by = unit["since"]
                is_so = lambda step: by_step[step][report["layers"].index(layer)][which][unit["unit"]]
                assert is_so(by) and all(is_so(step) for step in steps if step >= by)
                if after is not None:
                    assert not is_so(after) and by - after <= max(1, by // 50) + 1
                    # The step itself, which the count knows, lies between the two.
                    assert any(is_so(step) and not is_so(step - 1) for step in range(after + 1, by + 1))
                n += 1
    return n


def train(path, steps=240, rate=0.5, plant=True, is_seen=lambda step: True):
    torch.manual_seed(3)
    x, y = spirals()
    probe = x[:200], y[:200]
    model, lossy = MLP(), nn.CrossEntropyLoss()
    optimizer = torch.optim.SGD(model.parameters(), lr=rate, momentum=0.9)
    relu_slope = lambda z: (z > 0).float()
    by_step = {}

    def count(step):
        with torch.no_grad():
            by_step[step] = [dead_and_saturated(z, relu_slope) for z in model.z(probe[0])]

    trace = Trace(model, lambda: lossy(model(probe[0]), probe[1]), optimizer, most_time=math.inf)
    if plant:
        with torch.no_grad():
            model.fc1.bias[4] = -50.0  # dead from the start
    trace(0)
    count(0)
    for step in range(1, steps + 1):
        batch = torch.randint(0, len(x), (32,))
        loss = lossy(model(x[batch]), y[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if plant and step == 90:
            with torch.no_grad():
                model.fc2.bias[7] = -500.0  # dies
                z = model.z(probe[0])[0][:, 2]
                model.fc1.bias[2] -= z.sort().values[-6]  # passes on 5 of 200: saturated
        if is_seen(step):
            trace(step, loss.item())
        count(step)
    trace.save(path)
    return by_step


@pytest.mark.parametrize("rate", [0.002, 0.5])
def test_planted_units_are_reported_at_their_steps(tmp_path, rate):
    path = tmp_path / "run.safetensors"
    by_step = train(path, rate=rate)
    arrays, _ = tensors(path)
    steps = [int(step) for step in arrays["step"]]
    report = told(path)
    assert steps[0] == 0 and steps[-1] == report["steps"] == 240
    assert check_units(report, steps, by_step) >= 3
    # At each probe, not the last alone.
    for record, step in enumerate(steps):
        for layer in (0, 1):
            dead = arrays[f"layer.{layer + 1}.n_zero"][record] == 200
            assert (dead == by_step[step][layer][0]).all(), step
    dead, since = ({unit["unit"]: unit["since"] for unit in layer["dead"]} for layer in report["layers"][:2])
    assert dead[4] == [None, 0]
    if rate < 0.01:  # so slow that next to nothing happens but what was planted
        assert since[7][0] < 90 <= since[7][1]
        saturated = {unit["unit"]: unit["since"] for unit in report["layers"][0]["saturated"]}
        assert saturated[2][0] < 90 <= saturated[2][1]


def test_the_shell_fails_on_request(tmp_path):
    path = tmp_path / "run.safetensors"
    train(path, rate=0.002, steps=30)
    told(path)
    told(path, "--fail-on", "dead", code=1)
    told(path, "--fail-on", "dead-layer")
    told(path, "--fail-on", "not-finite")


class Odd(nn.Module):
    """Functions and methods, in place, a convolution, two inputs, normalization and dropout."""

    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 6, 3)
        self.norm2d = nn.BatchNorm2d(6)
        self.side = nn.Linear(3, 5)
        self.prelu = nn.PReLU(5)
        self.body = nn.Sequential(nn.Linear(6 * 16 + 5, 20), nn.BatchNorm1d(20), nn.ReLU(inplace=True), nn.Dropout(0.3))
        self.out = nn.Linear(20, 1)

    def forward(self, image, more):
        a = F.relu_(self.norm2d(self.conv(image)))
        b = self.prelu(self.side(more))
        a = F.dropout(a.flatten(1), 0.2, self.training)
        return self.out(self.body(torch.cat([a, b], 1)).tanh()).squeeze(1)


def run_odd(with_trace, path=None, is_seen=lambda step: True):
    torch.manual_seed(5)
    model = Odd()
    optimizer = torch.optim.AdamW(model.parameters(), lr=0.01)
    images, more, y = torch.randn(128, 1, 6, 6), torch.randn(128, 3), torch.randn(128)
    loss_of = lambda i: F.mse_loss(model(images[i], more[i]), y[i])
    trace = Trace(model, lambda: loss_of(slice(0, 64)), optimizer, most_time=math.inf) if with_trace else None
    if trace:
        trace(0)
    for step in range(1, 61):
        loss = loss_of(torch.randint(0, 128, (32,)))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if trace and is_seen(step):
            trace(step, loss.item())
    if trace:
        trace.save(path)
    state = [t.clone() for t in model.state_dict().values()]
    for of in optimizer.state_dict()["state"].values():
        state += [torch.as_tensor(value) for value in of.values()]
    state += [p.grad.clone() for p in model.parameters()]
    state += [torch.rand(4), torch.tensor(np.random.rand())]
    return state, model.training


def test_training_is_bit_for_bit_the_same(tmp_path):
    np.random.seed(0)
    alone, _ = run_odd(False)
    np.random.seed(0)
    seen, is_training = run_odd(True, tmp_path / "odd.safetensors")
    assert is_training and len(alone) == len(seen) and all(torch.equal(a, b) for a, b in zip(alone, seen))


def test_calls_of_all_kinds_are_seen(tmp_path):
    path = tmp_path / "odd.safetensors"
    run_odd(True, path)
    report = told(path)
    names = [(layer["name"], layer["shape"], layer["units"]) for layer in report["layers"]]
    assert names == [
        ("relu in Odd.forward", "1 → 6, 3 × 3 relu", 6),
        ("prelu", "3 → 5 PReLU", 5),
        ("body.2", "101 → 20 ReLU", 20),
        ("tanh in Odd.forward", "20 units tanh", 20),
        ("out", "20 → 1", 1),
    ]
    arrays, metadata = tensors(path)
    layers = json.loads(metadata["layers"])
    # A channel is the unit, each of its 4 x 4 positions a sample.
    assert (layers[0]["samples"], layers[0]["positions"]) == (64 * 16, 16)
    assert layers[2]["normalized"] == "body.1" and layers[2]["weights"] == "body.0"
    # In place: z has both signs, and a ReLU's zeros are where z is not positive.
    assert (arrays["layer.1.z_min"] < 0).all()
    assert (arrays["layer.1.n_zero"] == arrays["layer.1.n_negative"]).all()
    assert np.isfinite(arrays["layer.3.z_gradient_rms"]).all()
    # Updates are seen where the step before was kept.
    assert np.isfinite(arrays["layer.3.update_rms"][1:]).all()


def test_gradients_and_updates_are_those_of_autograd(tmp_path):
    torch.manual_seed(0)
    model, lossy = MLP(nn.Tanh, nn.GELU), nn.CrossEntropyLoss()
    x, y = spirals()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    trace = Trace(model, lambda: lossy(model(x), y), optimizer, most_time=math.inf)
    trace(0)
    before = model.fc2.weight.detach().clone()
    lossy(model(x), y).backward()
    gradient = model.fc2.weight.grad.clone()
    optimizer.step()
    trace(1)
    trace.save(tmp_path / "t.safetensors")
    arrays, _ = tensors(tmp_path / "t.safetensors")
    rms = lambda t: t.square().mean().sqrt().item()
    close = lambda a, b: abs(a - b) <= 1e-5 * abs(b)
    assert close(arrays["layer.2.weight_gradient_rms"][0], rms(gradient))
    assert close(arrays["layer.2.update_rms"][1], rms(model.fc2.weight.detach() - before))
    assert np.allclose(arrays["layer.2.g_norm"][0], gradient.norm(dim=1).numpy(), rtol=1e-5)
    # dL/dz by hand.
    with torch.no_grad():
        model.fc2.weight.copy_(before)
    torch.manual_seed(0)
    model = MLP(nn.Tanh, nn.GELU)
    z1, z2 = (z.detach().requires_grad_() for z in model.z(x))
    (of_z,) = torch.autograd.grad(lossy(model.out(model.act2(z2)), y), z2)
    assert close(arrays["layer.2.z_gradient_rms"][0], rms(of_z))
    slope = 1 - model.act1(z1).square()
    assert np.allclose(arrays["layer.1.mean_abs_slope"][0], slope.abs().mean(0).detach().numpy(), rtol=1e-4)


def test_own_classes_and_sequences(tmp_path):
    class Bent(nn.Module):
        def forward(self, z):
            return torch.where(z > 0, z, torch.zeros_like(z)) + 0.0 * torch.sigmoid(z)

    model = nn.Sequential(nn.Linear(3, 8), Bent(), nn.Linear(8, 4), nn.Sigmoid())
    x = torch.randn(10, 7, 3)  # of a sequence each position is a sample
    trace = Trace(model, lambda: model(x).mean(), activations=(Bent,))
    trace(0)
    trace(1)
    trace.save(tmp_path / "t.safetensors")
    layers = json.loads(tensors(tmp_path / "t.safetensors")[1]["layers"])
    seen = [(of["activation"], of["samples"], of["output"]) for of in layers]
    assert seen == [("Bent", 70, False), ("sigmoid", 70, True)]
    report = told(tmp_path / "t.safetensors")
    assert report["layers"][0]["name"] == "1" and report["units"] == 8


def test_frozen_and_evaluated_models_have_no_gradient(tmp_path):
    model = MLP().requires_grad_(False)
    x, y = spirals()
    trace = Trace(model, lambda: F.cross_entropy(model(x), y))
    trace(0)
    trace.save(tmp_path / "t.safetensors")
    arrays, _ = tensors(tmp_path / "t.safetensors")
    assert np.isnan(arrays["layer.1.z_gradient_rms"]).all()
    assert told(tmp_path / "t.safetensors")["layers"][0]["z_gradient_rms"] is None


def test_not_finite_numbers_are_told(tmp_path):
    torch.manual_seed(0)
    model = MLP()
    x, y = spirals()
    trace = Trace(model, lambda: F.cross_entropy(model(x), y))
    trace(0)
    with torch.no_grad():
        model.fc2.weight[3, 3] = math.nan
    trace(1)
    trace.save(tmp_path / "t.safetensors")
    report = told(tmp_path / "t.safetensors", "--fail-on", "not-finite", code=1)
    assert report["caption"] == "Numbers are not finite at step 1: first in layer 2."


def test_large_models_are_thinned(tmp_path):
    model = nn.Sequential(nn.Linear(2, 5000), nn.ReLU(), nn.Linear(5000, 2))
    x, y = spirals(64)
    trace = Trace(model, lambda: F.cross_entropy(model(x), y))
    trace(0)
    trace.save(tmp_path / "t.safetensors")
    report = told(tmp_path / "t.safetensors")
    assert report["layers"][0]["units"] == 2500


class Clock:
    """Time that goes on where something is said to take some."""

    def __init__(self):
        self.seconds = 0.0

    def takes(self, seconds, value=None):
        self.seconds += seconds
        return value


@pytest.mark.parametrize("most_time", [0.1, 0.02, math.inf])
def test_probes_keep_to_their_share_of_the_time(tmp_path, capsys, monkeypatch, most_time):
    clock = Clock()
    monkeypatch.setattr("actiscope_pytorch.time.perf_counter", lambda: clock.seconds)
    model = MLP()
    x, y = spirals(64)
    path = tmp_path / "run.safetensors"
    # A probe takes as long as three steps, to show what there is as long as one.
    live = lambda trace: clock.takes(1.0)
    probe = lambda: clock.takes(3.0, F.cross_entropy(model(x), y))
    trace = Trace(model, probe, save_every=300.0, live=live, most_time=most_time)
    trace(0)
    for step in range(1, 601):
        clock.takes(1.0)
        trace(step)
    trace.save(path)
    arrays, metadata = tensors(path)
    cost = json.loads(metadata["cost"])
    steps = arrays["step"].tolist()
    assert (steps[0], steps[-1]) == (0, 600)
    assert cost["probe_seconds"] - 3.0 <= most_time * cost["total_seconds"]
    planned = [0]
    while (step := planned[-1] + max(1, planned[-1] // 50)) < 600:
        planned.append(step)
    if most_time == math.inf:
        assert steps[:-1] == planned and cost["probes_left_out"] == 0
    else:
        # As many as there is time for, over the whole way, each compared with the step before.
        assert len(steps) >= 0.7 * most_time * cost["total_seconds"] / 3.0
        assert max(b - a for a, b in zip(steps, steps[1:])) <= 4 * 3.0 / most_time
        assert cost["probes_left_out"] >= 100
        assert np.isfinite(arrays["layer.1.update_rms"][1:-1]).all()
    assert f"{len(steps)} probes took" in capsys.readouterr().err


KERAS = """
    import sys
    sys.path.insert(0, {recorders!r})
    import math
    import numpy as np
    import keras
    from keras import ops
    from actiscope_keras import Trace

    rng = np.random.default_rng(0)
    x = rng.standard_normal((400, 4)).astype("float32")
    y = (x[:, 0] * x[:, 1] > 0).astype("int64")
    probe = x[:128]

    def model():
        keras.utils.set_random_seed(1)
        m = keras.Sequential([
            keras.layers.Input((4,)),
            keras.layers.Dense(12, activation="relu", name="first"),
            keras.layers.Dropout(0.2),
            keras.layers.Dense(8, name="second"),
            keras.layers.BatchNormalization(),
            keras.layers.LeakyReLU(negative_slope=0.01, name="leaky"),
            keras.layers.Dense(2, activation="softmax", name="out"),
        ])
        m.compile(keras.optimizers.SGD(0.1, momentum=0.9), "sparse_categorical_crossentropy", metrics=["accuracy"])
        bias = ops.convert_to_numpy(m.get_layer("first").bias).copy()
        bias[3] = -50.0  # dead from the start
        m.get_layer("first").bias.assign(bias)
        return m

    class Planter(keras.callbacks.Callback):
        step, dead = 0, {{}}
        def on_train_batch_end(self, batch, logs=None):
            self.step += 1
            if keras.backend.backend() == "jax":
                self.model.jax_state_sync()
            layer = self.model.get_layer("first")
            if self.step == 12:
                bias = ops.convert_to_numpy(layer.bias).copy()
                bias[5] = -50.0
                layer.bias.assign(bias)
                if keras.backend.backend() == "jax":
                    self.model._jax_state["trainable_variables"] = [v.value for v in self.model.trainable_variables]
            kernel, bias = (ops.convert_to_numpy(v) for v in (layer.kernel, layer.bias))
            self.dead[self.step] = np.flatnonzero((probe @ kernel + bias <= 0).all(0)).tolist()

    states = []
    for with_trace in (False, True):
        m, planter = model(), Planter()
        trace = Trace(probe, y[:128], {path!r}, most_time=math.inf)
        m.fit(x, y, epochs=2, batch_size=16, verbose=0, shuffle=True, callbacks=[planter] + [trace] * with_trace)
        state = [ops.convert_to_numpy(v) for v in m.variables + m.optimizer.variables]
        states.append(state + [np.random.rand(3)])
    assert all(np.array_equal(a, b) for a, b in zip(*states)), "training differs"
    steps = [int(record["step"]) for record in trace._records]
    for record in trace._records[1:]:
        dead = np.flatnonzero(record["layer.1.n_zero"] == 128).tolist()
        assert dead == planter.dead[int(record["step"])], record["step"]

    # Probes keep to their share: one takes as long as three batches.
    import time
    seconds = 0.0
    def takes(n):
        global seconds
        seconds += n
    class Ticking(keras.callbacks.Callback):
        def on_train_batch_end(self, batch, logs=None):
            takes(1.0)
    class Slow(Trace):
        def _mean_loss(self, prediction):
            takes(3.0)
            return super()._mean_loss(prediction)
    time.perf_counter = lambda: seconds
    slow = Slow(probe, y[:128])
    m = model()
    for _ in range(2):
        m.fit(x, y, epochs=2, batch_size=16, verbose=0, callbacks=[Ticking(), slow])
        takes(1000.0)  # between two fits
    assert slow.seconds - 3.0 <= 0.1 * slow._total, (slow.seconds, slow._total)
    assert 3 <= len(slow._records) <= 6 and slow._records[-1]["step"] == 100, slow._records
    print(steps)
"""


@pytest.mark.parametrize("backend", ["torch", "jax", "tensorflow"])
def test_keras_on_each_backend(tmp_path, backend):
    if importlib.util.find_spec("keras") is None or importlib.util.find_spec(backend) is None:
        pytest.skip(f"no {backend}")
    path = tmp_path / "run.safetensors"
    ran = run_keras(backend, KERAS.format(recorders=str(RECORDERS), path=str(path)))
    assert ran.returncode == 0, ran.stderr[-3000:]
    print(ran.stderr.strip().splitlines()[-1])
    report = told(path)
    names = [(layer["name"], layer["shape"]) for layer in report["layers"]]
    assert names == [("first", "4 → 12 relu"), ("leaky", "12 → 8 leaky_relu"), ("out", "8 → 2")]
    since = {unit["unit"]: unit["since"] for unit in report["layers"][0]["dead"]}
    assert since[3] == [None, 0] and since[5][0] < 12 <= since[5][1]
    assert report["layers"][1]["dead"] == []


def run_keras(backend, code):
    environment = dict(os.environ, KERAS_BACKEND=backend)
    code = textwrap.dedent(code)
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)


def test_the_widget_hands_over_a_file():
    pytest.importorskip("anywidget")
    from actiscope_widget import Actiscope

    model = MLP()
    x, y = spirals()
    scope = Actiscope("http://localhost:8080/")
    trace = Trace(model, lambda: F.cross_entropy(model(x), y), live=scope.show, save_every=0.0, most_time=math.inf)
    trace(0)
    trace(1)
    assert scope.file[8:9] == b"{" and b"actiscope-trace" in scope.file[:200]


def main():
    """Small traces that are kept, and that the tests of core and shell read."""
    data = HERE / "data"
    # So that they are small.
    train(data / "planted.trace.safetensors", 100, 0.002, is_seen=lambda step: step % 5 == 0 or 86 < step < 94)
    thrown_off(data / "thrown_off.trace.safetensors", 2.0)
    thrown_off(data / "slower.trace.safetensors", 0.1)
    run_odd(True, data / "odd.trace.safetensors", lambda step: step < 4 or step % 4 == 0)
    code = KERAS.format(recorders=str(RECORDERS), path=str(data / "keras.trace.safetensors"))
    assert run_keras("torch", code).returncode == 0


def thrown_off(path, rate):
    torch.manual_seed(2)
    x, y = spirals()
    model = nn.Sequential(nn.Linear(2, 32), nn.ReLU(), nn.Linear(32, 16), nn.ReLU(), nn.Linear(16, 2))
    optimizer = torch.optim.SGD(model.parameters(), lr=rate, momentum=0.9)
    trace = Trace(model, lambda: F.cross_entropy(model(x[:200]), y[:200]), optimizer, most_time=math.inf)
    trace(0)
    for step in range(1, 61):
        batch = torch.randint(0, len(x), (32,))
        loss = F.cross_entropy(model(x[batch]), y[batch])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if step <= 20 or step % 4 == 0:
            trace(step, loss.item())
    trace.save(path)


if __name__ == "__main__":
    main()
