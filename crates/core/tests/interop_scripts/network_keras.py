"""A network trained in Actiscope, for Keras 3.

1 input, 3 + 2 hidden units, 1 output. The weights are at the end of this file.

    pip install keras torch
    python network.py

Or from a program of yours: from network import load
"""

import base64
import importlib.util
import os

# Keras runs on PyTorch, JAX or TensorFlow: take what is here, unless you said which.
if "KERAS_BACKEND" not in os.environ:
    for backend in ("torch", "jax", "tensorflow"):
        if importlib.util.find_spec(backend):
            os.environ["KERAS_BACKEND"] = backend
            break

import keras
import numpy as np
from keras import layers, ops

INPUT_NAMES = ["x1"]
# The target was standardized for training.
TARGET_MEAN = -0.014535502
TARGET_STD = 0.77658635


def formula_value(z):
    """where(z > 0, z, alpha * expm1(z)), alpha = 0.5"""
    return ops.where(z > 0, z, 0.5 * ops.expm1(z))


def formula_slope(z):
    """The derivative of formula_value."""
    return ops.where(z > 0, 1.0, 0.5 * ops.exp(z))


# Left to themselves, backends multiply the branch of ops.where that was not taken by
# 0, and make NaN of an infinite slope there.
@ops.custom_gradient
def formula_with_slope(z):
    def gradient(*args, upstream=None):
        upstream = args[0] if upstream is None else upstream
        return upstream * formula_slope(z)

    return formula_value(z), gradient


@keras.saving.register_keras_serializable(package="actiscope")
def formula(z):
    return formula_with_slope(z)


def build():
    """The network with weights yet to come: [n, 1] -> [n, 1]."""
    return keras.Sequential([
        keras.Input(shape=(1,)),
        layers.Dense(3, name="hidden_1"),
        layers.BatchNormalization(epsilon=1e-5, momentum=0.9, name="norm_1"),
        layers.Activation(formula, name="activation_1"),
        layers.Dense(2, name="hidden_2"),
        layers.BatchNormalization(epsilon=1e-5, momentum=0.9, name="norm_2"),
        layers.Activation(formula, name="activation_2"),
        layers.Dense(1, name="output"),
    ])


def load():
    """The network with the weights of this file, ready for use."""
    model = build()
    for name, texts in WEIGHTS.items():
        layer = model.get_layer(name)
        tensors = [np.frombuffer(base64.b64decode(text), "<f4") for text in texts]
        shapes = [weight.shape for weight in layer.weights]
        layer.set_weights([t.reshape(shape) for t, shape in zip(tensors, shapes)])
    return model


def predict(model, x):
    """The target of each sample in its own units, [n, 1]."""
    return model.predict(x, verbose=0) * TARGET_STD + TARGET_MEAN


# Little-endian floats of 32 bits in the order of each layer's weights, as base64.
WEIGHTS = {
    "hidden_1": ["7BS8P8Fhkr/zelzA", "AAAAAAAAAAAAAAAA"],
    "norm_1": [
        "AACAPwAAgD8AAIA/", "AAAAAAAAAAAAAAAA", "AAAAAAAAAAAAAAAA",
        "AACAPwAAgD8AAIA/",
    ],
    "hidden_2": ["TFC+Pj+cmz2ZfJU+UGaNv8yOKL/pIaM+", "AAAAAAAAAAA="],
    "norm_2": ["AACAPwAAgD8=", "AAAAAAAAAAA=", "AAAAAAAAAAA=", "AACAPwAAgD8="],
    "output": ["sqMlP3Gkwb4=", "AAAAAA=="],
}


if __name__ == "__main__":
    model = load()
    samples = np.array([[0.5]])
    print(dict(zip(INPUT_NAMES, samples[0].tolist())))
    print(predict(model, samples))
    # To keep the network in a file, and to have it back:
    # model.save("network.keras")
    # model = keras.models.load_model("network.keras")
