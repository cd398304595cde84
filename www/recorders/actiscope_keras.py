"""Records what happens to the units of a Keras 3 model while it trains, for Actiscope.

    from actiscope_keras import Trace

    trace = Trace(x_probe, y_probe, "run.safetensors")
    model.fit(x, y, callbacks=[trace])    # open run.safetensors in Actiscope

x_probe, y_probe: one fixed batch of the training data, at most 512 samples. Probes lie ever farther apart (steps 0, 1,
2, ... 20, 22, ...), and wait while another would bring them over a tenth of the time, not counting the first; a training
of seconds is seen whole with `most_time=math.inf`. Training is bit for bit what it is without, on all three backends:
nothing that a probe computes is stored.

A unit is dead if its slope is exactly 0 on every probe sample, and saturated if it is below 5 % of the function's
largest slope on at least 95 % of them. Slopes are what the backend's own differentiation makes of the activation.
Seen are the `activation` of any layer, and the layers ReLU, LeakyReLU, PReLU, ELU and Activation. Of a convolution a
channel is the unit, and every position a sample.

What it does not see: functions that are called within a `call` of your own (give them a layer), and what happens within
LSTM and GRU. The batch loss that is recorded is the one that Keras tells: the mean of the epoch so far.

Needs Python 3.9, numpy and Keras alone.
"""

import contextlib
import json
import math
import os
import sys
import time

import keras
import numpy as np
from keras import ops

SMALL_SLOPE_SHARE = 0.05
"""A slope below this share of the largest is small."""
N_BINS = 160
"""Of a layer's histogram of z: even in asinh(z)."""
HISTOGRAM_END = math.asinh(1000.0)
MAX_LAYERS, MAX_UNITS = 64, 4096
"""What Actiscope opens. Of more, every second, third ... is recorded."""
FUNCTION_LAYERS = {
    keras.layers.ReLU: "relu",
    keras.layers.LeakyReLU: "leaky_relu",
    keras.layers.PReLU: "prelu",
    keras.layers.ELU: "elu",
}
NOT_BY_UNIT = ("linear", "softmax", "log_softmax", "sparsemax", "squareplus_softmax", "glu")
"""Functions that leave z as it is, or that mix units."""
NOISE = {
    keras.layers.Dropout: "rate",
    keras.layers.GaussianDropout: "rate",
    keras.layers.AlphaDropout: "rate",
    keras.layers.GaussianNoise: "stddev",
}
ARGUMENTS = ("negative_slope", "max_value", "threshold", "alpha")


class Trace(keras.callbacks.Callback):
    """The record of one training; see the module's documentation.

    path:       the file, written every `save_every` seconds and at the end; it can be opened meanwhile
    loss:       (y, prediction) -> loss of each sample, or their mean; the model's own if it is not given
    live:       called with this trace every `save_every` seconds and at the end, such as a widget's `show`
    most_time:  the share of time that probes may take; the first and the last step have one in any case
    """

    def __init__(self, x_probe, y_probe, path=None, loss=None, live=None, save_every=10.0, most_time=0.1):
        super().__init__()
        self.x, self.y, self.path, self.live = x_probe, y_probe, path, live
        self.loss, self.save_every, self.most_time = loss, save_every, most_time
        self.seconds = 0.0  # that probes took, and what belongs to them
        self.n_left_out = 0
        self._last_seconds = 0.0  # that the last one took
        self._first_seconds = 0.0  # that the first one took, in which much is done once: not held against the limit
        self._total = 0.0  # of the fits before this one
        self.step, self._next, self._is_due = 0, 0, False
        self._records, self._layers, self._every = [], [], 1
        self._kept = (None, [])  # step and weights of it
        self._said = {}

    def on_train_begin(self, logs=None):
        self._saved = time.perf_counter()
        self._began = self._saved - self._total  # of several fits the time between them does not count
        if not self._records:
            self._look()

    def on_train_batch_end(self, batch, logs=None):
        self.step += 1
        self._said = dict(logs or {})
        self._look()

    def on_epoch_end(self, epoch, logs=None):
        self._said = dict(logs or {})

    def on_train_end(self, logs=None):
        if self._records[-1]["step"] < self.step:
            self._record()
        self._tell()
        self._total = total = max(time.perf_counter() - self._began, 1e-9)
        print(
            f"actiscope: {len(self._records)} probes took {self.seconds:.1f} s of {total:.1f} s "
            f"({100 * self.seconds / total:.0f} %); {self.n_left_out} were left out.",
            file=sys.stderr,
        )

    def save(self, path):
        """Writes the file with all that was recorded so far. Returns its path."""
        # Whole under another name first: who opens it meanwhile never sees a half of it.
        beside = f"{os.fspath(path)}.part"
        with open(beside, "wb") as file:
            file.write(self.to_bytes())
        os.replace(beside, path)
        return path

    def to_bytes(self):
        """The file's bytes, of all that was recorded so far."""
        return _safetensors(self._metadata(), _stacked(self._records))

    def _look(self):
        if self._is_due or not self._records:
            self._record()
            self._plan()
        if self.step + 1 >= self._next and self._may_probe():
            self._is_due = True  # at the next step, which is compared with this one
            with self._counted():
                self._sync()
                kernels = [None if layer["kernel"] is None else _numpy(layer["kernel"]) for layer in self._layers]
                self._kept = (self.step, kernels)
        if time.perf_counter() - self._saved > self.save_every:
            self._tell()

    def _plan(self):
        """The next probe after this one; those that it was planned before are left out."""
        self._is_due = False
        planned = self._next
        while (after := _after(planned)) <= self.step:
            planned = after
            self.n_left_out += 1
        self._next = _after(self.step)

    def _may_probe(self):
        """Whether one more, and one for the last step, stay within the limit."""
        elapsed = time.perf_counter() - self._began
        return elapsed >= (self.seconds - self._first_seconds + 2 * self._last_seconds) / self.most_time

    @contextlib.contextmanager
    def _counted(self):
        began = time.perf_counter()
        yield
        self.seconds += time.perf_counter() - began

    def _tell(self):
        with self._counted():
            if self.path is not None:
                self.save(self.path)
            if self.live is not None:
                self.live(self)
        self._saved = time.perf_counter()

    def _sync(self):
        # While JAX trains, the newest weights are not in the model.
        if keras.backend.backend() == "jax" and hasattr(self.model, "jax_state_sync"):
            self.model.jax_state_sync()

    def _record(self):
        self._sync()
        seconds_before = self.seconds
        with self._counted(), _watched(self.model) as watch:
            with keras.StatelessScope():  # of which nothing is stored: to see what is called
                watch.run(self.model, self.x)
            layers = watch.chosen()
            if not layers:
                raise ValueError("no activation was seen: give a layer its `activation`, or functions their layers")
            loss = _differentiate(watch, self.model, self.x, self._mean_loss, layers)
            if self._layers:
                for layer, known in zip(layers, self._layers):
                    layer["max_slope"] = known["max_slope"]
            else:
                self._every = _every(layers)
            record = {
                "step": np.int64(self.step),
                "loss": np.float32(loss),
                "train_loss": np.float32(self._said.get("loss", math.nan)),
                "learning_rate": np.float32(self._learning_rate()),
            }
            others = {k: v for k, v in self._said.items() if k != "loss"}
            record.update({f"metric.{name}": np.float32(value) for name, value in others.items()})
            kept_step, kept = self._kept
            for i, layer in enumerate(layers, 1):
                before = kept[i - 1] if kept_step == self.step - 1 and self._layers else None
                for name, value in _layer_numbers(layer, before, self._every).items():
                    record[f"layer.{i}.{name}"] = value
        self._records.append(record)
        self._layers = [{k: layer[k] for k in ("about", "kernel", "max_slope")} for layer in layers]
        self._last_seconds = self.seconds - seconds_before
        if len(self._records) == 1:
            # What the next one takes is not known yet.
            self._first_seconds, self._last_seconds = self._last_seconds, 0.0

    def _mean_loss(self, prediction):
        loss = keras.losses.get(self.loss or self.model.loss)
        return ops.mean(loss(ops.convert_to_tensor(self.y), prediction))

    def _learning_rate(self):
        optimizer = getattr(self.model, "optimizer", None)
        return math.nan if optimizer is None else float(_numpy(optimizer.learning_rate))

    def _metadata(self):
        optimizer = getattr(self.model, "optimizer", None)
        numbers = {} if optimizer is None else optimizer.get_config()
        numbers = {k: v for k, v in numbers.items() if isinstance(v, (bool, int, float, str))}
        cost = {
            "probe_seconds": self.seconds,
            "total_seconds": time.perf_counter() - self._began,
            "probes_left_out": self.n_left_out,
        }
        return {
            "format": "actiscope-trace",
            "version": "1",
            "framework": "keras",
            "framework_version": f"{keras.__version__} on {keras.backend.backend()}",
            "model": self.model.name,
            "parameters": str(self.model.count_params()),
            "optimizer": "" if optimizer is None else type(optimizer).__name__,
            "optimizer_args": json.dumps(numbers),
            "cost": json.dumps(cost),
            "layers": json.dumps([layer["about"] for layer in self._layers]),
        }


class _Watch:
    """Sees each activation and each layer with a kernel, in the order of their calls."""

    def __init__(self):
        self.sites, self.shifts = [], None

    def run(self, model, x, shifts=None):
        """The prediction, in training mode. shifts: zeros to be added to z, so that dL/dz is the gradient by them."""
        self.sites, self.shifts, self.kernel_layer, self.normalized = [], shifts, None, ""
        return model(x, training=True)

    def site(self, layer, function, z, is_layer=False):
        """A function is about to be applied to z. Returns z, with its shift added."""
        name = FUNCTION_LAYERS.get(type(function), getattr(function, "__name__", type(function).__name__))
        if is_layer:
            name = FUNCTION_LAYERS.get(type(layer), name)
        kernel_layer = self.kernel_layer
        if name not in NOT_BY_UNIT:
            self.kernel_layer = None  # else its function may be a layer of its own, further on
        arguments = {k: getattr(function, k, None) for k in ARGUMENTS}
        about = {
            "module": layer.name,
            "class": type(layer).__name__,
            "is_module": is_layer,
            "call": 1 + sum(site["layer"] is layer for site in self.sites),
            "activation": "identity" if name in NOT_BY_UNIT else name,
            "args": {k: v for k, v in arguments.items() if isinstance(v, (int, float))},
            "normalized": self.normalized,
            "output": name in NOT_BY_UNIT,
        }
        self.normalized = ""
        self.sites.append({"z": z, "function": function, "layer": layer, "kernel_layer": kernel_layer, "about": about})
        return z if self.shifts is None else z + self.shifts[len(self.sites) - 1]

    def chosen(self):
        """The layers to be recorded, MAX_LAYERS of them at most, each with the number of its site."""
        chosen = []
        for i, site in enumerate(self.sites):
            # Of kernels without a function only the last is a layer: the output.
            is_last = i == len(self.sites) - 1
            site["about"]["output"] = is_last
            if is_last or site["about"]["activation"] != "identity":
                chosen.append(_layer(i, site))
        if not any(layer["about"]["activation"] != "identity" for layer in chosen):
            return []
        every = -(-len(chosen) // MAX_LAYERS)
        # From the end, so that the output is among them.
        return chosen[::-1][::every][::-1]


def _after(step):
    """When the next probe after one at this step is planned. It is not compiled, and so takes longer than a step."""
    return step + max(1, step // 10)


@contextlib.contextmanager
def _watched(model):
    """Puts a watch before each function, takes noise away, and puts all back as it was."""
    watch, changed = _Watch(), []

    def replace(layer, name, value):
        # Past what Keras and PyTorch do when an attribute is set: nothing is to be tracked.
        own = vars(layer)
        changed.append((own, name, name in own, own.get(name)))
        own[name] = value

    layers = list(model._flatten_layers(include_self=False))
    # Functions that are layers, but belong to another.
    inner = {id(getattr(layer, "activation", None)) for layer in layers}
    try:
        for layer in layers:
            function = getattr(layer, "activation", None)
            if type(layer) in FUNCTION_LAYERS and id(layer) not in inner:
                replace(layer, "call", _before(watch, layer, layer.call, is_layer=True))
            elif callable(function):
                is_layer = isinstance(layer, keras.layers.Activation)
                replace(layer, "activation", _before(watch, layer, function, is_layer))
            elif "Normalization" in type(layer).__name__:
                replace(layer, "call", _normalizing(watch, layer, layer.call))
            for kind, name in NOISE.items():
                if isinstance(layer, kind):
                    replace(layer, name, 0.0)
        yield watch
    finally:
        for own, name, was_there, value in reversed(changed):
            if was_there:
                own[name] = value
            else:
                del own[name]


def _before(watch, layer, function, is_layer):
    has_kernel = getattr(layer, "kernel", None) is not None

    def seen(z, *args, **kwargs):
        if has_kernel:
            watch.kernel_layer = layer
        name = getattr(function, "__name__", "")
        if name in NOT_BY_UNIT and not has_kernel:
            return function(z, *args, **kwargs)
        return function(watch.site(layer, function, z, is_layer), *args, **kwargs)

    return seen


def _normalizing(watch, layer, call):
    def seen(*args, **kwargs):
        watch.normalized = layer.name
        return call(*args, **kwargs)

    return seen


def _layer(number, site):
    """What is recorded of a site."""
    layer, about, kernel_layer = site["layer"], site["about"], site["kernel_layer"]
    z = site["z"]
    data_format = getattr(kernel_layer or layer, "data_format", None)
    axis = 1 if data_format == "channels_first" and len(z.shape) > 2 else -1
    kernel = bias = None
    if kernel_layer is not None:
        kernel, bias = kernel_layer.kernel, getattr(kernel_layer, "bias", None)
        about.update(weights=kernel_layer.name, kind=type(kernel_layer).__name__, shape=list(kernel.shape))
    units = z.shape[axis]
    # Kernels are [..., in, out], and the other way round of transposed convolutions.
    unit_axis = -2 if "Transpose" in type(kernel_layer).__name__ else -1
    if kernel is not None and kernel.shape[unit_axis] != units:
        kernel = bias = None
    samples = math.prod(z.shape) // units
    about.update(samples=samples, positions=max(1, samples // max(1, z.shape[0])), of=units)
    return {"site": number, "about": about, "z": z, "axis": axis, "unit_axis": unit_axis, "kernel": kernel} | {
        "bias": bias,
        "function": site["function"],
        "layer": layer,
        "max_slope": None,
    }


def _differentiate(watch, model, x, mean_loss, layers):
    """The loss; puts dL/dz and dL/dW into the layers."""
    shifts = [ops.zeros_like(site["z"]) for site in watch.sites]
    variables = [layer["kernel"] for layer in layers if layer["kernel"] is not None]
    variables = list({id(variable): variable for variable in variables}.values())

    def loss_of(shifts, kernels):
        with keras.StatelessScope(state_mapping=list(zip(variables, kernels))):
            return mean_loss(watch.run(model, x, shifts))

    loss, of_shifts, of_kernels = _gradients(loss_of, shifts, [variable.value for variable in variables])
    by_variable = {id(variable): gradient for variable, gradient in zip(variables, of_kernels)}
    for layer in layers:
        layer["of_z"], layer["of_kernel"] = of_shifts[layer["site"]], by_variable.get(id(layer["kernel"]))
    return float(_numpy(loss))


def _gradients(function, first, second):
    """function(first, second) with its gradients by both lists of tensors, by the backend's own differentiation."""
    backend = keras.backend.backend()
    if backend == "torch":
        import torch

        with torch.enable_grad():
            first = [t.detach().clone().requires_grad_() for t in first]
            second = [t.detach().clone().requires_grad_() for t in second]
            value = function(first, second)
            found = torch.autograd.grad(value, first + second, allow_unused=True)
    elif backend == "jax":
        import jax

        value, (of_first, of_second) = jax.value_and_grad(function, argnums=(0, 1))(first, second)
        found = [*of_first, *of_second]
    elif backend == "tensorflow":
        import tensorflow as tf

        second = [tf.convert_to_tensor(t) for t in second]
        with tf.GradientTape() as tape:
            tape.watch(first + second)
            value = function(first, second)
        found = tape.gradient(value, first + second)
    else:
        raise ValueError(f"the backend {backend} does not differentiate: choose torch, jax or tensorflow")
    return value, found[: len(first)], found[len(first) :]


def _slope(function, z):
    """f'(z), number by number."""
    _, (slope,), _ = _gradients(lambda zs, _: ops.sum(function(zs[0])), [z], [])
    return _numpy(slope)


def _layer_numbers(layer, before, every):
    """The numbers of one layer at one probe, by the names of the file."""
    about, axis = layer["about"], layer["axis"]
    z = _by_unit(_numpy(layer["z"]).astype(np.float32), axis)
    samples, units = z.shape
    if about["activation"] == "identity":
        slope, layer["max_slope"] = np.ones_like(z), 1.0
    else:
        slope = _by_unit(_slope(layer["function"], layer["z"]), axis)
    max_slope = layer["max_slope"] = _max_slope(layer) if layer["max_slope"] is None else layer["max_slope"]
    if about["activation"] == "prelu":
        max_slope, layer["max_slope"] = _by_unit(np.broadcast_to(max_slope, layer["z"].shape), axis), None
    about.update(max_slope=max_slope if isinstance(max_slope, float) else None, units=math.ceil(units / every))
    magnitude, is_finite = np.abs(slope), np.isfinite(z)
    kernel = None if layer["kernel"] is None else _numpy(layer["kernel"])
    of_kernel = None if layer["of_kernel"] is None else _numpy(layer["of_kernel"])
    counts = np.uint16 if samples < 65536 else np.uint32
    with np.errstate(all="ignore"):
        numbers = {
            "n_zero": (slope == 0).sum(0).astype(counts),
            "n_small": (magnitude < SMALL_SLOPE_SHARE * max_slope).sum(0).astype(counts),
            "n_negative": (z <= 0).sum(0).astype(counts),
            "n_not_finite": (~is_finite).sum(0).astype(counts),
            "z_mean": z.mean(0),
            "z_std": z.std(0),
            "z_min": z.min(0),
            "z_max": z.max(0),
            "mean_abs_slope": magnitude.mean(0, dtype=np.float32),
            "bias": np.full(units, math.nan, np.float32) if layer["bias"] is None else _numpy(layer["bias"]),
            "w_norm": _norms(kernel, layer["unit_axis"], units),
            "g_norm": _norms(of_kernel, layer["unit_axis"], units),
        }
        numbers = {k: v[::every].astype(v.dtype if v.dtype == counts else np.float32) for k, v in numbers.items()}
        bins = (np.arcsinh(z[is_finite]) / HISTOGRAM_END + 1) * (N_BINS / 2)
        bins = np.clip(bins.astype(np.int64), 0, N_BINS - 1)
        numbers["z_histogram"] = np.bincount(bins, minlength=N_BINS).astype(np.uint32)
        numbers["z_gradient_rms"] = _rms(None if layer["of_z"] is None else _numpy(layer["of_z"]))
        numbers["weight_gradient_rms"] = _rms(of_kernel)
        numbers["weight_rms"] = _rms(kernel)
        numbers["update_rms"] = _rms(None if before is None or kernel is None else kernel - before)
    return numbers


def _max_slope(layer):
    """max |f'| on 40,001 points of [-20, 20]; of PReLU max(1, |alpha|) by unit."""
    if layer["about"]["activation"] == "prelu":
        return np.maximum(1.0, np.abs(_numpy(layer["layer"].alpha)))
    points = ops.convert_to_tensor(np.linspace(-20.0, 20.0, 40001, dtype=np.float32))
    return float(np.abs(_slope(layer["function"], points)).max())


def _every(layers):
    """Which units are recorded: every one of a layer, or every second, third ..."""
    counts = [layer["about"]["of"] for layer in layers]
    every = max(1, math.ceil(sum(counts) / MAX_UNITS))
    while sum(math.ceil(n / every) for n in counts) > MAX_UNITS:
        every += 1
    return every


def _numpy(tensor):
    return ops.convert_to_numpy(tensor)


def _by_unit(values, axis):
    """As [samples, units]."""
    return np.moveaxis(values, axis, -1).reshape(-1, values.shape[axis])


def _norms(kernel, unit_axis, units):
    """The norm of each unit's own weights, or of their gradient."""
    if kernel is None:
        return np.full(units, math.nan, np.float32)
    rows = np.moveaxis(kernel, unit_axis, 0).reshape(units, -1)
    return np.sqrt((rows.astype(np.float32) ** 2).sum(1))


def _rms(values):
    return np.float32(math.nan if values is None else np.sqrt(np.mean(np.square(values.astype(np.float32)))))


def _stacked(records):
    """Arrays [records, ...] by name; NaN where a metric was not given."""
    names = list(dict.fromkeys(name for record in records for name in record))
    return {name: np.stack([record.get(name, np.float32(math.nan)) for record in records]) for name in names}


def _safetensors(metadata, arrays):
    """https://huggingface.co/docs/safetensors"""
    kinds = {"int64": "I64", "float32": "F32", "uint16": "U16", "uint32": "U32"}
    header, parts, end = {"__metadata__": metadata}, [], 0
    # Layer by layer, so that of a file that is cut off whole layers can be read. All lie on multiples of 4 bytes.
    for name, array in arrays.items():
        part = array.astype(array.dtype.newbyteorder("<")).tobytes()
        header[name] = {
            "dtype": kinds[array.dtype.name],
            "shape": list(array.shape),
            "data_offsets": [end, end + len(part)],
        }
        parts.append(part)
        end += len(part)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    return b"".join([len(text).to_bytes(8, "little"), text, *parts])
