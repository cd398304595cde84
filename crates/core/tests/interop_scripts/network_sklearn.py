"""A network trained in Actiscope, for scikit-learn.

2 inputs, 3 + 2 hidden units, 2 outputs. The weights are at the end of this
file. Batch normalization is part of them. Two outputs have become their
difference.

    pip install scikit-learn
    python network.py

Or from a program of yours: from network import load
"""

import base64

import numpy as np
from sklearn.neural_network import MLPClassifier
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

INPUT_NAMES = ["x1", "x2"]
# In scikit-learn's order.
CLASS_NAMES = ["0", "1"]


def load():
    """The network with the weights of this file, ready to predict."""
    sizes = (3, 2)
    network = MLPClassifier(hidden_layer_sizes=sizes, activation="tanh")
    # One step of training makes the arrays, whose numbers are then replaced.
    network.partial_fit(np.zeros((2, 2)), CLASS_NAMES, classes=CLASS_NAMES)
    for layer, (weights, biases) in enumerate(WEIGHTS):
        shape = network.coefs_[layer].shape
        network.coefs_[layer] = decoded(weights).reshape(shape)
        network.intercepts_[layer] = decoded(biases)
    scaler = StandardScaler()
    scaler.mean_ = np.array([-0.09967585, -0.015768355])
    scaler.scale_ = np.array([0.575379, 0.33750522])
    scaler.var_ = scaler.scale_**2
    scaler.n_features_in_ = 2
    return make_pipeline(scaler, network)


def decoded(text):
    return np.frombuffer(base64.b64decode(text), "<f8").copy()


# Weights [n_in, n_out] and biases of each layer: little-endian floats of 64 bits, as
# base64.
WEIGHTS = [
    (
        "qPx3Tcif8D/e9j+933wDwFzFJDtPuM8/SPpNBXTg6b/wKAzYoCDov+pZEmoez2E/",
        "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
    ),
    (
        "yH1utAHK1z8m0VGAgXOzP9KthwCNr9I/igdUNcSs8b9gfo6Y0hHlv8/qcXE2ZNQ/",
        "AAAAAAAAAAAAAAAAAAAAAA==",
    ),
    ("AAAAoPYT778AAABIveTzPw==", "AAAAAAAAAAA="),
]


if __name__ == "__main__":
    model = load()
    samples = np.array([[-0.0997, -0.0158]])
    print(dict(zip(INPUT_NAMES, samples[0].tolist())))
    print(model.predict_proba(samples))
    print(model.predict(samples))
    # To keep it in a file: joblib.dump(model, "network.joblib")
