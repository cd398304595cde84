"""JAX: `jit(scan)` over the steps of one lane, `jit(vmap(scan))` over those of a population.

On all cores of the CPU, or on the GPU that this installation of JAX has.
Usage: jax_contender.py DATA.json cpu|gpu
"""

import sys

import jax
import jax.numpy as jnp

from answer import serve

# Steps compiled into one call: enough that a call's own cost is under a percent, and few enough for a
# window.
CHUNK = {"one": 500, "many": 8}


def loss_of(params, x, y, activation):
    a = x
    for weights, biases in params[:-1]:
        a = activation(a @ weights + biases)
    weights, biases = params[-1]
    z = (a @ weights + biases)[:, 0]
    # Binary cross-entropy of a logit: softplus(z) - y z.
    return jnp.mean(jax.nn.softplus(z) - y * z)


def initial(key, sizes):
    params = []
    for n_in, n_out in zip(sizes, sizes[1:]):
        key, here = jax.random.split(key)
        limit = (6 / (n_in + n_out)) ** 0.5
        weights = jax.random.uniform(here, (n_in, n_out), minval=-limit, maxval=limit)
        params.append((weights, jnp.zeros(n_out)))
    return params


def device_of(kind):
    """The device that everything is put on from now on."""
    try:
        device = jax.devices(kind)[0]
    except RuntimeError as error:
        raise RuntimeError(f"this JAX has no {kind}") from error
    jax.config.update("jax_default_device", device)
    return device


class Run:
    def __init__(self, network, data):
        device = device_of(sys.argv[2])
        activation = {"tanh": jnp.tanh, "relu": jax.nn.relu}[network["activation"]]
        rate, size, n_lanes = data["learning_rate"], network["batch_size"], network["n_lanes"]
        n_batches = len(data["y"]) // size
        # Batches are laid out before the clock starts, and follow each other.
        xs = jnp.asarray(data["x"])[: n_batches * size].reshape(n_batches, size, 2)
        ys = jnp.asarray(data["y"])[: n_batches * size].reshape(n_batches, size)
        self.chunk = CHUNK["one" if n_lanes == 1 else "many"]
        order = jnp.arange(self.chunk) % n_batches
        sizes = [2, *network["hidden"], 1]

        def step(params, batch):
            loss, gradient = jax.value_and_grad(loss_of)(params, xs[batch], ys[batch], activation)
            return jax.tree.map(lambda p, g: p - rate * g, params, gradient), loss

        def steps(params):
            params, losses = jax.lax.scan(step, params, order)
            return params, losses[-1]

        keys = jax.random.split(jax.random.PRNGKey(1), n_lanes)
        if n_lanes == 1:
            self.params = initial(keys[0], sizes)
        else:
            self.params = jax.vmap(lambda key: initial(key, sizes))(keys)
            steps = jax.vmap(steps)
        self.steps = jax.jit(steps, donate_argnums=0)
        form = "jit(scan)" if n_lanes == 1 else "jit(vmap(scan))"
        self.note = f"{form} on {device.device_kind}, jax {jax.__version__}"

    def train(self, n_steps):
        n_chunks = -(-n_steps // self.chunk)
        for _ in range(n_chunks):
            self.params, loss = self.steps(self.params)
        return n_chunks * self.chunk, jnp.mean(loss).block_until_ready()


serve(sys.argv[1], lambda _contender, network, data: Run(network, data))
