"""PyTorch, eager, with the gradient written by hand: fewer operations than its autograd records.

A population is one tensor more in rank, and each layer one batched product. On a GPU where PyTorch has
one, else on the CPU with the number of threads that is faster for the network.
Usage: torch_contender.py DATA.json
"""

import sys
import time

import torch

from answer import serve

DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
ONE = torch.ones((), device=DEVICE)


class Run:
    def __init__(self, network, data):
        self.relu = network["activation"] == "relu"
        size, n_lanes = network["batch_size"], network["n_lanes"]
        self.rate = data["learning_rate"] / size
        x = torch.tensor(data["x"], device=DEVICE)
        y = torch.tensor(data["y"], device=DEVICE)[:, None]
        n_batches = len(x) // size
        self.batches = [
            (x[i * size : (i + 1) * size].expand(n_lanes, -1, -1).contiguous(), y[i * size : (i + 1) * size])
            for i in range(n_batches)
        ]
        if n_lanes == 1:
            self.batches = [(x[0], y) for x, y in self.batches]
        lead = [] if n_lanes == 1 else [n_lanes]
        sizes = [2, *network["hidden"], 1]
        self.layers = []
        for n_in, n_out in zip(sizes, sizes[1:]):
            limit = (6 / (n_in + n_out)) ** 0.5
            weights = (torch.rand([*lead, n_in, n_out], device=DEVICE) * 2 - 1) * limit
            biases = torch.zeros([*lead, 1, n_out] if lead else [n_out], device=DEVICE)
            self.layers.append((weights, biases))
        self.add_product = torch.baddbmm if lead else torch.addmm
        self.add_product_to = torch.Tensor.baddbmm_ if lead else torch.Tensor.addmm_
        self.at = 0
        self.choose_threads()

    def choose_threads(self):
        if DEVICE.type == "cuda":
            self.n_threads = 1
            self.note = f"eager on {torch.cuda.get_device_name()}, torch {torch.__version__}"
            return
        seconds = {}
        for n_threads in {1, torch.get_num_threads()}:
            self.n_threads = n_threads
            self.train(1)
            n_steps, end = 0, time.perf_counter() + 0.5
            begin = time.perf_counter()
            while time.perf_counter() < end:
                self.train(1)
                n_steps += 1
            seconds[n_threads] = (time.perf_counter() - begin) / n_steps
        self.n_threads = min(seconds, key=seconds.get)
        self.note = f"eager on the CPU, {self.n_threads} threads, torch {torch.__version__}"

    @torch.inference_mode()
    def train(self, n_steps):
        if torch.get_num_threads() != self.n_threads:
            torch.set_num_threads(self.n_threads)
        for _ in range(n_steps):
            z, y = self.step()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(z, y.expand_as(z))
        return n_steps, loss.item()

    def step(self):
        self.at = (self.at + 1) % len(self.batches)
        x, y = self.batches[self.at]
        a = [x]
        for weights, biases in self.layers[:-1]:
            z = self.add_product(biases, a[-1], weights)
            a.append(z.relu_() if self.relu else z.tanh_())
        weights, biases = self.layers[-1]
        z = self.add_product(biases, a[-1], weights)
        dz = (torch.sigmoid(z) - y).mul_(-self.rate)
        for i in range(len(self.layers) - 1, -1, -1):
            weights, biases = self.layers[i]
            back = dz @ weights.mT if i > 0 else None
            # `dz` has the learning rate and the sign in it.
            self.add_product_to(weights, a[i].mT, dz)
            biases.add_(dz.sum(-2, keepdim=biases.dim() > 1))
            if i > 0:
                slope = (a[i] > 0) if self.relu else torch.addcmul(ONE, a[i], a[i], value=-1)
                dz = back.mul_(slope)
        return z, y


serve(sys.argv[1], lambda _contender, network, data: Run(network, data))
