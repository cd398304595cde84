"""Trains a network of Actiscope again, with Keras 3.

It has the same samples, first weights and batches, so that the loss of each
batch is the one that Actiscope shows. Rounding differs, and grows: where the
learning rate is large two runs part after some hundred steps.

    pip install keras torch
    python train.py 100
"""

import base64
import functools
import importlib.util
import math
import os
import sys

# Keras runs on PyTorch, JAX or TensorFlow: take what is here, unless you said which.
if "KERAS_BACKEND" not in os.environ:
    for backend in ("torch", "jax", "tensorflow"):
        if importlib.util.find_spec(backend):
            os.environ["KERAS_BACKEND"] = backend
            break

import keras
import numpy as np
from keras import layers, ops

SEED = 2
N_INPUTS = 2
N_TRAIN = 10
BATCH_SIZE = 16
# A learning rate of its own for each layer.
RATES = {
    "hidden_1": 0.1,
    "activation_1": 0.1,
    "hidden_2": 1.6,
    "activation_2": 1.6,
    "output": 1.6,
}
L1 = 0.0
L2 = 0.01
DROPOUT = 0.1


def philox(counters, stream, sub_stream):
    """Random bits that depend on SEED and on their place alone: Philox4x32-10.

    Salmon et al. 2011, "Parallel random numbers: as easy as 1, 2, 3".
    """
    low = 0xFFFFFFFF
    a, b = counters & low, counters >> 32
    c, d = np.full_like(counters, stream), np.full_like(counters, sub_stream)
    key_1, key_2 = SEED, 0
    for _ in range(10):
        first, second = a * 0xD2511F53, c * 0xCD9E8D57
        a, b = (second >> 32) ^ b ^ key_1, second & low
        c, d = (first >> 32) ^ d ^ key_2, first & low
        key_1, key_2 = (key_1 + 0x9E3779B9) & low, (key_2 + 0xBB67AE85) & low
    return np.stack([a, b, c, d], axis=1).ravel()


@functools.lru_cache(maxsize=1)
def order_of_epoch(epoch):
    """All samples in a random order (Fisher and Yates; Durstenfeld 1964)."""
    blocks = np.arange(N_TRAIN // 4 + 1, dtype=np.uint64)
    bits = philox(blocks, 4, epoch)
    order = np.arange(N_TRAIN)
    for last in range(N_TRAIN - 1, 0, -1):
        pick = int(bits[last]) * (last + 1) >> 32
        order[[last, pick]] = order[[pick, last]]
    return order


def batch(step):
    """Indices of the samples of an update, which are counted from 0."""
    size = min(BATCH_SIZE, N_TRAIN)
    epoch, place = divmod(step, math.ceil(N_TRAIN / size))
    return order_of_epoch(epoch)[place * size : (place + 1) * size]


def dropout_mask(step, layer, n_samples, n_units):
    """What multiplies activations, [n_samples, n_units]: 0, or 1 / (1 - DROPOUT).

    It depends on SEED and on these places alone: pcg4d (Jarzynski and Olano 2020,
    "Hash Functions for GPU Rendering"), one draw for 4 units.
    """

    def mixed(x, y, z, w):
        x = x + y * w
        y = y + z * x
        z = z + x * y
        w = w + y * z
        return x, y, z, w

    shape = (n_samples, math.ceil(n_units / 4))
    sample, group = np.indices(shape, dtype=np.uint32)
    row = layer * 32 + group
    words = [sample, row, np.full_like(row, step), np.full_like(row, SEED)]
    words = mixed(*[word * 1664525 + 1013904223 for word in words])
    words = mixed(*[word ^ (word >> 16) for word in words])
    words = np.stack(words, axis=2).reshape(n_samples, -1)[:, :n_units]
    is_out = words < round(DROPOUT * 2**32)
    return np.where(is_out, 0, 1 / (1 - DROPOUT)).astype(np.float32)


HIDDEN = [3, 2]


def build():
    """Masks of dropout come as inputs, one for each hidden layer."""
    # Keras' L2 is not halved.
    penalty = keras.regularizers.L1L2(l1=L1, l2=L2 / 2)
    x = keras.Input(shape=(N_INPUTS,))
    masks = [keras.Input(shape=(n_units,)) for n_units in HIDDEN]
    a = layers.Dense(3, kernel_regularizer=penalty, name="hidden_1")(x)
    a = layers.PReLU(shared_axes=[1], name="activation_1")(a)
    a = layers.Multiply()([a, masks[0]])
    a = layers.Dense(2, kernel_regularizer=penalty, name="hidden_2")(a)
    a = layers.PReLU(shared_axes=[1], name="activation_2")(a)
    a = layers.Multiply()([a, masks[1]])
    a = layers.Dense(1, kernel_regularizer=penalty, name="output")(a)
    return keras.Model([x, *masks], a)


def loss_of(y, outputs):
    """Binary cross-entropy on logits, mean over the batch."""
    y = ops.reshape(y, (-1, 1))
    # -y log p - (1 - y) log(1 - p) with p = sigmoid(outputs).
    loss = ops.softplus(outputs) - y * outputs
    return ops.mean(loss)


class AdamW(keras.optimizers.Optimizer):
    """PyTorch's: epsilon is added after the corrections, not before."""

    def build(self, variables):
        super().build(variables)
        self.layers = [v.path.split("/")[-2] for v in variables]
        self.first = [
            self.add_variable_from_reference(v, name="first") for v in variables
        ]
        self.second = [
            self.add_variable_from_reference(v, name="second") for v in variables
        ]

    def update_step(self, gradient, variable, learning_rate):
        index = self._get_variable_index(variable)
        learning_rate = learning_rate * RATES[self.layers[index]]
        first = self.first[index]
        second = self.second[index]
        variable.assign(variable * (1 - learning_rate * 0.01))
        first.assign(0.9 * first + (1 - 0.9) * gradient)
        second.assign(0.999 * second + (1 - 0.999) * gradient**2)
        step = ops.cast(self.iterations + 1, "float32")
        mean = first / (1 - ops.power(0.9, step))
        root = ops.sqrt(second / (1 - ops.power(0.999, step)))
        variable.assign(variable - learning_rate * mean / (root + 1e-8))


def rate_factor(step):
    """What an update multiplies the learning rate by; the first has step 0."""
    if step < 5:
        return (step + 1) / 5
    return 1.0


def decoded(text):
    """Numbers from base64."""
    return np.frombuffer(base64.b64decode(text), "<f4").copy()


def load():
    """The network with the weights of this file, ready for use."""
    model = build()
    for name, texts in WEIGHTS.items():
        layer = model.get_layer(name)
        tensors = [np.frombuffer(base64.b64decode(text), "<f4") for text in texts]
        shapes = [weight.shape for weight in layer.weights]
        layer.set_weights([t.reshape(shape) for t, shape in zip(tensors, shapes)])
    return model


def train(model, n_steps):
    """Yields the loss of every batch, before its update."""
    x_train = decoded(X_TRAIN).reshape(-1, N_INPUTS)
    y_train = decoded(Y_TRAIN)
    optimizer = AdamW(learning_rate=1.0)
    # The loss that Keras tells has the penalty in it.
    plain = keras.metrics.MeanMetricWrapper(loss_of, name="plain")
    model.compile(optimizer, loss_of, metrics=[plain])
    for step in range(n_steps):
        optimizer.learning_rate = 1.0 * rate_factor(step)
        rows = batch(step)
        sizes = enumerate(HIDDEN)
        masks = [dropout_mask(step, i, len(rows), n) for i, n in sizes]
        x, y = [x_train[rows], *masks], y_train[rows]
        logs = model.train_on_batch(x, y, return_dict=True)
        yield float(logs["plain"])


# Little-endian floats of 32 bits in the order of each layer's weights, as base64.
WEIGHTS = {
    "hidden_1": ["bv6EPzHnG8DNwn0+5ANPv0YFQb8ieQ47", "AAAAAAAAAAAAAAAA"],
    "activation_1": ["AACAPg=="],
    "hidden_2": ["TFC+Pj+cmz2ZfJU+UGaNv8yOKL/pIaM+", "AAAAAAAAAAA="],
    "activation_2": ["AACAPg=="],
    "output": ["sqMlP3Gkwb4=", "AAAAAA=="],
}


# Samples: little-endian floats of 32 bits, as base64.
X_TRAIN = """
249iv7SwRT77t6e+CsFVPE3jNr/qWa8+Aff2Pu4r6r4tryG/NmvOPsZGRT+EUqW9fMB5v6HLD7wP
uZe9zZzyPtNzYD5NnBu/XL82PIqQsL4=
"""
Y_TRAIN = "AAAAAAAAgD8AAAAAAACAPwAAAAAAAIA/AAAAAAAAAAAAAIA/AACAPw=="
X_TEST = "YKEVP2V6mb4iTLA+UvE8Pg=="
Y_TEST = "AACAPwAAAAA="


if __name__ == "__main__":
    model = load()
    n_steps = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    for step, loss in enumerate(train(model, n_steps)):
        print(f"{step:6d}  {loss:.6f}")
    x_test = decoded(X_TEST).reshape(-1, N_INPUTS)
    masks = [np.ones((len(x_test), n)) for n in HIDDEN]
    outputs = model.predict([x_test, *masks], verbose=0)
    loss = loss_of(decoded(Y_TEST), ops.convert_to_tensor(outputs))
    print(f"test loss {float(loss):.6f}")
