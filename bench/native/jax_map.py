"""JAX maps as a script would: 32 x 32 networks of the page's opening map, 300 steps, by `jit(vmap(scan))`.

Prints the sum of the last losses, which asks for all of them. What is measured is the whole process.
Usage: jax_map.py DATA.json
"""

import json
import sys

import jax
import jax.numpy as jnp

SIZES = [2, 8, 8, 8, 1]
N_STEPS, BATCH, SIDE, N_SAMPLES = 300, 16, 32, 256

with open(sys.argv[1], encoding="utf-8") as file:
    data = json.load(file)
n_batches = N_SAMPLES // BATCH
xs = jnp.asarray(data["x"])[: n_batches * BATCH].reshape(n_batches, BATCH, 2)
ys = jnp.asarray(data["y"])[: n_batches * BATCH].reshape(n_batches, BATCH)


def initial(key):
    params = []
    for n_in, n_out in zip(SIZES, SIZES[1:]):
        key, here = jax.random.split(key)
        weights = jax.random.normal(here, (n_in, n_out)) * (2 / n_in) ** 0.5
        params.append((weights, jnp.zeros(n_out)))
    return params


def loss_of(params, alpha, x, y):
    a = x
    for weights, biases in params[:-1]:
        z = a @ weights + biases
        a = jnp.where(z > 0, z, alpha * z)
    weights, biases = params[-1]
    z = (a @ weights + biases)[:, 0]
    return jnp.mean(jax.nn.softplus(z) - y * z)


def network(rate, alpha):
    """Of one cell: the same first weights in all."""

    def step(params, batch):
        loss, gradient = jax.value_and_grad(loss_of)(params, alpha, xs[batch], ys[batch])
        return jax.tree.map(lambda p, g: p - rate * g, params, gradient), loss

    _, losses = jax.lax.scan(step, initial(jax.random.PRNGKey(2)), jnp.arange(N_STEPS) % n_batches)
    return losses[-1]


rates = jnp.repeat(jnp.logspace(-2, 0, SIDE), SIDE)
alphas = jnp.tile(jnp.linspace(0, 0.5, SIDE), SIDE)
print(float(jnp.sum(jax.jit(jax.vmap(network))(rates, alphas))))
