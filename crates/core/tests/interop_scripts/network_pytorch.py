"""A network trained in Actiscope, for PyTorch.

2 inputs, 3 + 2 hidden units, 1 output. The weights are at the end of this
file.

    pip install torch
    python network.py

Or from a program of yours: from network import load
"""

import base64

import torch
from torch import nn

INPUT_NAMES = ["x1", "x2"]
CLASS_NAMES = ["0", "1"]
# The second class is the answer where its probability is over this.
THRESHOLD = 0.7


class Network(nn.Module):
    def __init__(self):
        super().__init__()
        mean = torch.tensor([-0.09967585, -0.015768355])
        self.register_buffer("input_mean", mean)
        std = torch.tensor([0.575379, 0.33750522])
        self.register_buffer("input_std", std)
        self.hidden_1 = nn.Linear(2, 3)
        self.activation_1 = nn.LeakyReLU(negative_slope=0.2)
        self.hidden_2 = nn.Linear(3, 2)
        self.activation_2 = nn.LeakyReLU(negative_slope=0.2)
        self.output = nn.Linear(2, 1)

    def forward(self, x):
        """Outputs for samples as they were measured: [n, 2] -> [n, 1]."""
        x = (x - self.input_mean) / self.input_std
        x = self.activation_1(self.hidden_1(x))
        x = self.activation_2(self.hidden_2(x))
        return self.output(x)

    @torch.no_grad()
    def probabilities(self, x):
        """Probability of the second class, [n, 1]."""
        return torch.sigmoid(self(x))

    def predict(self, x):
        """The class of each sample, by name."""
        classes = self.probabilities(x)[:, -1] > THRESHOLD
        return [CLASS_NAMES[i] for i in classes.tolist()]


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


# Little-endian floats of 32 bits by their names in state_dict(), as base64.
WEIGHTS = {
    "hidden_1.weight": "bv6EP+QDT78x5xvARgVBv83CfT4ieQ47",
    "hidden_1.bias": "AAAAAAAAAAAAAAAA",
    "hidden_2.weight": "TFC+Ppl8lT7Mjii/P5ybPVBmjb/pIaM+",
    "hidden_2.bias": "AAAAAAAAAAA=",
    "output.weight": "sqMlP3Gkwb4=",
    "output.bias": "AAAAAA==",
}


if __name__ == "__main__":
    network = load()
    samples = torch.tensor([[-0.0997, -0.0158]])
    print(dict(zip(INPUT_NAMES, samples[0].tolist())))
    print(network.probabilities(samples))
    print(network.predict(samples))
    # To keep the weights in a file, and to have them back:
    # torch.save(network.state_dict(), "network.pt")
    # network.load_state_dict(torch.load("network.pt"))
