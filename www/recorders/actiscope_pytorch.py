"""Records what happens to the units of a PyTorch model while it trains, for Actiscope.

    from actiscope_pytorch import Trace

    trace = Trace(model, lambda: loss_fn(model(x_probe), y_probe), optimizer)
    trace(0)
    for step, (x, y) in enumerate(batches, 1):
        ...                          # as before
        optimizer.step()
        trace(step, loss.item())
    trace.save("run.safetensors")    # open it in Actiscope

The second argument is called at every probe. It returns the loss over one fixed probe batch, at most 512 samples of the
training data. Probes lie ever farther apart (steps 0, 1, 2, ... 100, 102, ...), and wait while another would bring them
over a tenth of the time, not counting the first; a training of seconds is seen whole with `most_time=math.inf`. Training
is bit for bit what it is without: weights, gradients, running statistics and random numbers are untouched.

A unit is dead if its slope is exactly 0 on every probe sample, and saturated if it is below 5 % of the function's
largest slope on at least 95 % of them. Slopes are what autograd makes of the activation's own call, so that functions,
modules and methods all count, in place or not. Of a convolution a channel is the unit, and every position a sample.

What it does not see: `clamp(min=0)`, `maximum(x, 0)`, what happens within LSTM and GRU, classes of your own unless you
name them (`activations=(MyActivation,)`). `x * sigmoid(x)` counts as a sigmoid. Of a compiled or wrapped model pass the
inner one (`model._orig_mod`, `model.module`), and record one rank only. The calls must be the same at each probe.

Needs Python 3.9, numpy and torch alone.
"""

import contextlib
import json
import math
import os
import random
import sys
import time
import warnings

import numpy as np
import torch
import torch.nn.functional as F
from torch.overrides import TorchFunctionMode

SMALL_SLOPE_SHARE = 0.05
"""A slope below this share of the largest is small."""
N_BINS = 160
"""Of a layer's histogram of z: even in asinh(z)."""
HISTOGRAM_END = math.asinh(1000.0)
MAX_LAYERS, MAX_UNITS = 64, 4096
"""What Actiscope opens. Of more, every second, third ... is recorded."""

NAMES = (
    "relu relu6 leaky_relu prelu elu celu selu gelu silu mish softplus softsign hardswish sigmoid tanh hardtanh "
    "hardsigmoid logsigmoid log_sigmoid tanhshrink hardshrink softshrink threshold"
).split()
LINEAR = ["linear"]
CONVOLUTIONS = ["conv1d", "conv2d", "conv3d"]
TRANSPOSED = ["conv_transpose1d", "conv_transpose2d", "conv_transpose3d"]
DROPOUTS = ["dropout", "dropout1d", "dropout2d", "dropout3d", "alpha_dropout", "feature_alpha_dropout"]


def _calls(names):
    """Every function of PyTorch with one of these names, in place or not, and what it is called."""
    places = (F, torch, torch.Tensor, torch._C._nn)
    found = {}
    for name in names:
        for place in places:
            for spelling in (name, name + "_"):
                call = getattr(place, spelling, None)
                if call is not None:
                    found[call] = name
    return found


ACTIVATIONS, WEIGHTED, DROPPING = _calls(NAMES), _calls(LINEAR + CONVOLUTIONS + TRANSPOSED), _calls(DROPOUTS)


class Trace:
    """The record of one training. Call it after every step; see the module's documentation.

    model:        any module that is trained
    probe_loss:   () -> loss (a scalar tensor) of `model` on the probe batch
    optimizer:    for its name and learning rate
    activations:  classes of your own that apply a function to each number by itself
    path:         a file that is written every `save_every` seconds while training goes on, and can be opened meanwhile
    live:         called with this trace every `save_every` seconds and at the end, such as a widget's `show`
    most_time:    the share of time that probes may take; the first and the last step have one in any case
    """

    def __init__(
        self,
        model,
        probe_loss,
        optimizer=None,
        activations=(),
        path=None,
        live=None,
        save_every=10.0,
        most_time=0.1,
    ):
        self.model, self.probe_loss, self.optimizer = model, probe_loss, optimizer
        self.activations = tuple(activations)
        self.path, self.live, self.save_every, self.most_time = path, live, save_every, most_time
        self.seconds = 0.0  # that probes took, and what belongs to them
        self.n_left_out = 0
        self._last_seconds = 0.0  # that the last one took
        self._first_seconds = 0.0  # that the first one took, in which much is done once: not held against the limit
        self._records, self._layers = [], []
        self._every = 1  # unit of a layer that is recorded
        self._max_slopes = {}  # by the number of the call, looked for once
        self._next, self._is_due, self._last = None, False, None
        self._kept = (None, [])  # step and weights of it
        self._began = self._saved = time.perf_counter()

    def __call__(self, step, loss=math.nan, **metrics):
        """After `step` updates. loss: of the batch; metrics: numbers to be kept, such as accuracy=0.97."""
        self._last = (step, loss, metrics)
        if self._next is None:
            self._began = time.perf_counter()
            self._is_due = True
        if self._is_due:
            self._record()
            self._plan(step)
        if step + 1 >= self._next and self._may_probe():
            self._is_due = True  # at the next step, which is compared with this one
            with self._counted():
                # What is no parameter, but computed of some, is another tensor at each step.
                weights = [layer["weight"] for layer in self._layers]
                copies = [w.detach().clone() if isinstance(w, torch.nn.Parameter) else None for w in weights]
                self._kept = (step, copies)
        if time.perf_counter() - self._saved > self.save_every:
            with self._counted():
                if self.path is not None:
                    self._write(self.path)
                if self.live is not None:
                    self.live(self)
            self._saved = time.perf_counter()

    def _plan(self, step):
        """The next probe after one at `step`; those that this one was planned before are left out."""
        self._is_due = False
        planned = step if self._next is None else self._next
        while (after := _after(planned)) <= step:
            planned = after
            self.n_left_out += 1
        self._next = _after(step)

    def _may_probe(self):
        """Whether one more, and one for the last step, stay within the limit."""
        elapsed = time.perf_counter() - self._began
        return elapsed >= (self.seconds - self._first_seconds + 2 * self._last_seconds) / self.most_time

    @contextlib.contextmanager
    def _counted(self):
        began = time.perf_counter()
        yield
        self.seconds += time.perf_counter() - began

    def save(self, path=None):
        """Writes the file, with the last step in it, and says what recording cost. Returns its path."""
        if self._last is not None and (not self._records or self._records[-1]["step"] < self._last[0]):
            self._record()
        path = os.fspath(self.path if path is None else path)
        self._write(path)
        if self.live is not None:
            self.live(self)
        total = max(time.perf_counter() - self._began, 1e-9)
        print(
            f"{path}: {len(self._records)} probes took {self.seconds:.1f} s of {total:.1f} s "
            f"({100 * self.seconds / total:.0f} %); {self.n_left_out} were left out.",
            file=sys.stderr,
        )
        return path

    def to_bytes(self):
        """The file's bytes, of all that was recorded so far."""
        return _safetensors(self._metadata(), _stacked(self._records))

    def _write(self, path):
        # Whole under another name first: who opens it meanwhile never sees a half of it.
        beside = f"{os.fspath(path)}.part"
        with open(beside, "wb") as file:
            file.write(self.to_bytes())
        os.replace(beside, path)

    def _record(self):
        if torch.cuda.is_available() and torch.cuda.is_initialized():
            torch.cuda.synchronize()  # what training still computes is not the probe's time
        seconds_before = self.seconds
        with self._counted(), _undisturbed(self.model):
            watch = _Watch(self.model, self.activations, self._max_slopes)
            loss = watch.run(self.probe_loss)
            layers = watch.chosen()
            if not layers:
                raise ValueError(
                    "no activation was seen: probe_loss must call the model, and classes of your own are named by "
                    "activations=(MyActivation,)"
                )
            if not self._layers:
                self._every = _every(layers)
            if self._layers and [_key(layer) for layer in layers] != [_key(layer) for layer in self._layers]:
                warnings.warn(f"step {self._last[0]}: other activations were called than at the first probe: left out")
            else:
                self._records.append(self._measured(loss, layers))
                # Without what holds the probe's graph in memory.
                self._layers = [{"about": layer["about"], "weight": layer["weight"]} for layer in layers]
        self._last_seconds = self.seconds - seconds_before
        if len(self._records) == 1:
            # What the next one takes is not known yet.
            self._first_seconds, self._last_seconds = self._last_seconds, 0.0

    def _measured(self, loss, layers):
        step, train_loss, metrics = self._last
        record = {
            "step": np.int64(step),
            "loss": np.float32(loss.detach().float().item()),
            "train_loss": np.float32(float(train_loss)),
            "learning_rate": np.float32(_learning_rate(self.optimizer)),
        }
        record.update({f"metric.{name}": np.float32(float(value)) for name, value in metrics.items()})
        gradients = _gradients(loss, layers)
        kept_step, kept = self._kept
        for i, (layer, of_output, of_weight) in enumerate(zip(layers, *gradients), 1):
            before = kept[i - 1] if kept_step == step - 1 else None
            for name, value in _layer_numbers(layer, of_output, of_weight, before, self._every).items():
                record[f"layer.{i}.{name}"] = value
        return record

    def _metadata(self):
        optimizer = self.optimizer
        numbers = {} if optimizer is None else optimizer.defaults
        numbers = {k: v for k, v in numbers.items() if isinstance(v, (bool, int, float, str, tuple))}
        total = time.perf_counter() - self._began
        return {
            "format": "actiscope-trace",
            "version": "1",
            "framework": "pytorch",
            "framework_version": torch.__version__,
            "model": type(self.model).__name__,
            "parameters": str(sum(p.numel() for p in self.model.parameters())),
            "optimizer": "" if optimizer is None else type(optimizer).__name__,
            "optimizer_args": json.dumps(numbers),
            "cost": json.dumps(
                {"probe_seconds": self.seconds, "total_seconds": total, "probes_left_out": self.n_left_out}
            ),
            "layers": json.dumps([layer["about"] for layer in self._layers]),
        }


class _Watch(TorchFunctionMode):
    """Sees every call of an activation and of a layer with weights, in their order."""

    def __init__(self, model, activations, max_slopes):
        super().__init__()
        self.model, self.classes, self.max_slopes = model, activations, max_slopes
        self.calls = []
        self.modules = []  # that are being called, the innermost last
        self.within = 0  # classes of the user's own
        self.weighted = None  # the last layer with weights
        self.normalized = ""
        self.n_calls = {}
        self.names = {id(p): name for name, p in model.named_parameters()}

    def run(self, probe_loss):
        handles = []
        for name, module in self.model.named_modules():
            enter = module.register_forward_pre_hook(lambda m, args, name=name: self.enter(name, m, args))
            leave = module.register_forward_hook(lambda m, args, out: self.leave(m, out))
            handles += [enter, leave]
        try:
            with torch.enable_grad(), self:
                return probe_loss()
        finally:
            for handle in handles:
                handle.remove()

    def enter(self, name, module, args):
        self.modules.append((name, module))
        if isinstance(module, self.classes):
            if not self.within:
                self.note(module.forward, type(module).__name__, args, {})
            self.within += 1
        elif isinstance(module, torch.nn.modules.batchnorm._NormBase) or "Norm" in type(module).__name__:
            self.normalized = name

    def leave(self, module, out):
        self.modules.pop()
        if isinstance(module, self.classes):
            self.within -= 1
            if not self.within:
                self.calls[-1]["out"] = out

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        if self.within:
            return func(*args, **kwargs)
        if func in DROPPING:
            return args[0] if args else kwargs["input"]
        if func in ACTIVATIONS:
            self.note(func, ACTIVATIONS[func], args, kwargs)
            out = func(*args, **kwargs)
            self.calls[-1]["out"] = out
            return out
        out = func(*args, **kwargs)
        if func in WEIGHTED:
            self.weigh(WEIGHTED[func], args, kwargs, out)
        return out

    def note(self, func, name, args, kwargs):
        """An activation is about to be called."""
        z = (args[0] if args else kwargs["input"]).detach()
        module_name, module = self.modules[-1] if self.modules else ("", self.model)
        # A module of PyTorch's for this function, or one of the user's own; else a call within a forward.
        is_module = isinstance(module, self.classes) or type(module).__module__ == "torch.nn.modules.activation"
        n_calls = self.n_calls[module_name, name] = self.n_calls.get((module_name, name), 0) + 1
        weighted, self.weighted = self.weighted, None
        self.calls.append(
            {
                "z": z.clone(),  # before it is overwritten in place
                "func": func,
                "args": args[1:],
                "kwargs": {k: v for k, v in kwargs.items() if k != "input"},
                "weighted": weighted,
                "about": {
                    "module": module_name,
                    "class": type(module).__name__,
                    "is_module": is_module,
                    "call": n_calls,
                    "activation": name,
                    "args": _numbers(module, is_module, args[1:], kwargs),
                    "normalized": self.normalized,
                    "output": False,
                },
            }
        )
        self.normalized = ""

    def weigh(self, name, args, kwargs, out):
        """A layer with weights was called."""
        given = dict(zip(("input", "weight", "bias"), args), **kwargs)
        weight, bias = given["weight"], given.get("bias")
        self.weighted = {
            "weight": weight,
            "bias": bias,
            "out": out,
            "axis": -1 if name in LINEAR else 1 if out.dim() == given["input"].dim() == weight.dim() else 0,
            "unit_axis": 1 if name in TRANSPOSED else 0,
            "kind": name,
            "name": self.names.get(id(weight), "").rpartition(".")[0],
        }
        self.normalized = ""

    def chosen(self):
        """The layers to be recorded, MAX_LAYERS of them at most."""
        calls = [(i, call) for i, call in enumerate(self.calls) if torch.is_tensor(call.get("out"))]
        layers = [_layer(call, i, self.max_slopes) for i, call in calls]
        if self.weighted is not None:
            layers.append(_output(self.weighted))
        elif layers:
            layers[-1]["about"]["output"] = True
        every = -(-len(layers) // MAX_LAYERS)
        # From the end, so that the output is among them.
        return layers[::-1][::every][::-1]


def _layer(call, number, max_slopes):
    """What is recorded of a call: z as [samples, units], slopes alike."""
    weighted, about, z = call["weighted"], call["about"], call["z"]
    axis = weighted["axis"] if weighted else (1 if z.dim() in (4, 5) else -1)
    z = _by_unit(z, axis)
    with torch.enable_grad():
        leaf = call["z"].requires_grad_()
        # A copy, for it may be overwritten in place.
        out = call["func"](leaf.clone(), *_detached(call["args"]), **call["kwargs"])
        (slope,) = torch.autograd.grad(out.sum(), leaf)
    if number not in max_slopes or about["activation"] == "prelu":  # whose alpha is trained
        max_slopes[number] = _max_slope(call, z)
    max_slope = max_slopes[number]
    about["max_slope"] = max_slope if isinstance(max_slope, float) else None
    layer = {"z": z.detach(), "slope": _by_unit(slope, axis), "out": call["out"], "axis": axis, "about": about}
    layer["max_slope"] = max_slope
    return _described(layer, weighted)


def _output(weighted):
    """The last layer with weights, after which no activation comes."""
    about = {"module": weighted["name"], "activation": "identity", "output": True, "max_slope": 1.0, "args": {}}
    z = _by_unit(weighted["out"].detach(), weighted["axis"])
    layer = {"z": z, "slope": None, "out": weighted["out"], "axis": weighted["axis"], "about": about, "max_slope": 1.0}
    return _described(layer, weighted)


def _described(layer, weighted):
    about, (samples, units) = layer["about"], layer["z"].shape
    layer["weight"] = layer["bias"] = None
    if weighted is not None:
        weight = weighted["weight"]
        about.update(weights=weighted["name"], kind=weighted["kind"], shape=list(weight.shape))
        # Units that were put together of others have no weights of their own.
        if weight.shape[weighted["unit_axis"]] == units:
            layer.update(weight=weight, bias=weighted["bias"], unit_axis=weighted["unit_axis"])
    positions = max(1, samples // max(1, layer["out"].shape[0]))
    about.update(samples=samples, positions=positions, of=units)
    return layer


def _every(layers):
    """Which units are recorded: every one of a layer, or every second, third ..."""
    counts = [layer["about"]["of"] for layer in layers]
    every = max(1, math.ceil(sum(counts) / MAX_UNITS))
    while sum(math.ceil(n / every) for n in counts) > MAX_UNITS:
        every += 1
    return every


def _key(layer):
    about = layer["about"]
    return (about["module"], about["activation"], about["of"], about["samples"])


def _gradients(loss, layers):
    """dL/da and dL/dW of each layer; None where there is none."""
    wanted = [layer["out"] for layer in layers] + [layer["weight"] for layer in layers]
    found = [None] * len(wanted)
    places = [i for i, t in enumerate(wanted) if t is not None and t.requires_grad]
    if loss.requires_grad and places:
        gradients = torch.autograd.grad(loss, [wanted[i] for i in places], allow_unused=True)
        for i, gradient in zip(places, gradients):
            found[i] = gradient
    return found[: len(layers)], found[len(layers) :]


def _layer_numbers(layer, of_output, of_weight, before, every):
    """The numbers of one layer at one probe, by the names of the file."""
    z, slope, weight = layer["z"].float(), layer["slope"], layer["weight"]
    layer["about"]["units"] = math.ceil(z.shape[1] / every)
    counts = np.uint16 if z.shape[0] < 65536 else np.uint32
    if slope is None:
        slope = torch.ones_like(layer["z"])
    magnitude = slope.abs()
    is_small = magnitude < SMALL_SLOPE_SHARE * layer["max_slope"]
    is_finite = torch.isfinite(z)
    of_units = {
        "n_zero": ((slope == 0).sum(0), counts),
        "n_small": (is_small.sum(0), counts),
        "n_negative": ((z <= 0).sum(0), counts),
        "n_not_finite": ((~is_finite).sum(0), counts),
        "z_mean": (z.mean(0), np.float32),
        "z_std": (z.std(0, unbiased=False), np.float32),
        "z_min": (z.amin(0), np.float32),
        "z_max": (z.amax(0), np.float32),
        "mean_abs_slope": (magnitude.float().mean(0), np.float32),
        "bias": (_or_nan(layer["bias"], z.shape[1]), np.float32),
        "w_norm": (_norms(weight, layer), np.float32),
        "g_norm": (_norms(of_weight, layer), np.float32),
    }
    numbers = {name: value.detach().cpu().numpy()[::every].astype(kind) for name, (value, kind) in of_units.items()}
    bins = (torch.asinh(z[is_finite]) / HISTOGRAM_END + 1) * (N_BINS / 2)
    bins = bins.long().clamp(0, N_BINS - 1)
    numbers["z_histogram"] = torch.bincount(bins, minlength=N_BINS).cpu().numpy().astype(np.uint32)
    of_z = None if of_output is None else slope.float() * _by_unit(of_output, layer["axis"]).float()
    numbers["z_gradient_rms"] = _rms(of_z)
    numbers["weight_gradient_rms"] = _rms(of_weight)
    numbers["weight_rms"] = _rms(weight)
    numbers["update_rms"] = _rms(None if before is None or weight is None else weight.detach() - before)
    return numbers


def _by_unit(tensor, axis):
    """As [samples, units]."""
    if tensor.dim() == 1:
        return tensor.reshape(-1, 1)
    return tensor.movedim(axis, -1).reshape(-1, tensor.shape[axis])


def _norms(weight, layer):
    """The norm of each unit's own weights, or of their gradient."""
    if weight is None:
        return torch.full((layer["z"].shape[1],), math.nan)
    return weight.detach().float().movedim(layer["unit_axis"], 0).flatten(1).norm(dim=1)


def _or_nan(bias, units):
    return torch.full((units,), math.nan) if bias is None or bias.numel() != units else bias.detach().float()


def _rms(values):
    return np.float32(math.nan if values is None else values.detach().float().square().mean().sqrt().item())


def _max_slope(call, z):
    """max |f'| on 40,001 points of [-20, 20]; of PReLU max(1, |alpha|) by unit."""
    if call["about"]["activation"] == "prelu":
        alpha = call["args"][0] if call["args"] else call["kwargs"]["weight"]
        return alpha.detach().abs().clamp(min=1.0).expand(z.shape[1])
    with torch.enable_grad():
        points = torch.linspace(-20.0, 20.0, 40001, dtype=torch.float32, device=z.device)
        try:
            leaf = points.requires_grad_()
            out = call["func"](leaf.clone(), *_detached(call["args"]), **call["kwargs"])
        except RuntimeError:  # it has a number for each unit
            leaf = points.detach()[:, None].repeat(1, z.shape[1]).requires_grad_()
            out = call["func"](leaf.clone(), *_detached(call["args"]), **call["kwargs"])
        (slope,) = torch.autograd.grad(out.sum(), leaf)
    return float(slope.abs().max())


def _detached(args):
    return [arg.detach() if torch.is_tensor(arg) else arg for arg in args]


def _numbers(module, is_module, args, kwargs):
    """What the function was given beside z, as it is written in code."""
    named = ("negative_slope", "alpha", "beta", "lambd", "min_val", "max_val", "approximate", "num_parameters")
    given = {k: getattr(module, k) for k in named if hasattr(module, k)} if is_module else dict(kwargs)
    if not is_module:
        given.update({str(i): value for i, value in enumerate(args, 1)})
    return {k: v for k, v in given.items() if isinstance(v, (int, float, str)) and not isinstance(v, bool)}


def _learning_rate(optimizer):
    return math.nan if optimizer is None else float(optimizer.param_groups[0]["lr"])


def _after(step):
    """When the next probe after one at this step is planned."""
    return step + max(1, step // 50)


@contextlib.contextmanager
def _undisturbed(model):
    """Leaves running statistics, dropout and all random numbers as they were."""
    modules = list(model.modules())
    norms = [m for m in modules if isinstance(m, torch.nn.modules.batchnorm._NormBase) and m.track_running_stats]
    drops = [m for m in modules if isinstance(m, torch.nn.modules.dropout._DropoutNd) and m.training]
    states = random.getstate(), np.random.get_state()
    try:
        for norm in norms:
            norm.track_running_stats = False
        for drop in drops:
            drop.training = False
        has_cuda = torch.cuda.is_available() and torch.cuda.is_initialized()
        with torch.random.fork_rng(devices=range(torch.cuda.device_count()) if has_cuda else []):
            yield
    finally:
        for norm in norms:
            norm.track_running_stats = True
        for drop in drops:
            drop.training = True
        random.setstate(states[0])
        np.random.set_state(states[1])


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
