"""Trains a network of Actiscope again, with PyTorch.

It has the same samples, first weights and batches, so that the loss of each
batch is the one that Actiscope shows. Rounding differs, and grows: where the
learning rate is large two runs part after some hundred steps.

    pip install torch numpy
    python train.py 100
"""

import base64
import functools
import math
import sys

import numpy as np
import torch
import torch.nn.functional as F
from torch import nn

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


class Dropout(nn.Module):
    """nn.Dropout with the masks of the run."""

    step = 0  # Of all layers.

    def __init__(self, layer):
        super().__init__()
        self.layer = layer

    def forward(self, a):
        if not self.training:
            return a
        return a * torch.from_numpy(dropout_mask(Dropout.step, self.layer, *a.shape))


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        self.hidden_1 = nn.Linear(2, 3)
        self.activation_1 = nn.PReLU()
        self.dropout_1 = Dropout(0)
        self.hidden_2 = nn.Linear(3, 2)
        self.activation_2 = nn.PReLU()
        self.dropout_2 = Dropout(1)
        self.output = nn.Linear(2, 1)

    def forward(self, x):
        """Outputs for samples: [n, 2] -> [n, 1]."""
        x = self.dropout_1(self.activation_1(self.hidden_1(x)))
        x = self.dropout_2(self.activation_2(self.hidden_2(x)))
        return self.output(x)


def loss_of(outputs, y):
    """Binary cross-entropy on logits, mean over the batch."""
    y = y[:, None]
    return F.binary_cross_entropy_with_logits(outputs, y)


def penalty(network):
    """L1 and L2 of the weights; biases go free."""
    layers = [part for part in network.children() if isinstance(part, nn.Linear)]
    weights = [layer.weight for layer in layers]
    return sum(L1 * w.abs().sum() + L2 / 2 * w.square().sum() for w in weights)


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
    network = Network()
    state = network.state_dict()
    for name, text in WEIGHTS.items():
        values = bytearray(base64.b64decode(text))
        values = torch.frombuffer(values, dtype=torch.float32)
        state[name] = values.reshape(state[name].shape)
    network.load_state_dict(state)
    return network.eval()


def train(network, n_steps):
    """Yields the loss of every batch, before its update."""
    x_train = torch.from_numpy(decoded(X_TRAIN).reshape(-1, N_INPUTS))
    y_train = torch.from_numpy(decoded(Y_TRAIN))
    groups = [
        {"params": network.get_submodule(name).parameters(), "lr": rate}
        for name, rate in RATES.items()
    ]
    optimizer = torch.optim.AdamW(
        groups, betas=(0.9, 0.999), eps=1e-8, weight_decay=0.01,
    )
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, rate_factor)
    network.train()
    for step in range(n_steps):
        rows = batch(step)
        Dropout.step = step
        optimizer.zero_grad()
        loss = loss_of(network(x_train[rows]), y_train[rows])
        (loss + penalty(network)).backward()
        optimizer.step()
        schedule.step()
        yield loss.item()


# Little-endian floats of 32 bits by their names in state_dict(), as base64.
WEIGHTS = {
    "hidden_1.weight": "bv6EP+QDT78x5xvARgVBv83CfT4ieQ47",
    "hidden_1.bias": "AAAAAAAAAAAAAAAA",
    "activation_1.weight": "AACAPg==",
    "hidden_2.weight": "TFC+Ppl8lT7Mjii/P5ybPVBmjb/pIaM+",
    "hidden_2.bias": "AAAAAAAAAAA=",
    "activation_2.weight": "AACAPg==",
    "output.weight": "sqMlP3Gkwb4=",
    "output.bias": "AAAAAA==",
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
    network = load()
    n_steps = int(sys.argv[1]) if len(sys.argv) > 1 else 100
    for step, loss in enumerate(train(network, n_steps)):
        print(f"{step:6d}  {loss:.6f}")
    network.eval()
    x_test = torch.from_numpy(decoded(X_TEST).reshape(-1, N_INPUTS))
    with torch.no_grad():
        loss = loss_of(network(x_test), torch.from_numpy(decoded(Y_TEST)))
    print(f"test loss {loss.item():.6f}")
