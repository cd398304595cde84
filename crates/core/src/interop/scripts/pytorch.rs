//! A network as a program for PyTorch.

use super::functions::{Functions, Own, Written, shape_in_words};
use super::python::{blob_f32, column, float, float32, list, quoted, wrapped};
use super::sample;
use crate::activation::Framework;
use crate::classify::Squash;
use crate::expr::print::Library;
use crate::interop::{Layer, Meaning, Model};

/// One file that runs as it is: an `nn.Module` with its weights inside, from samples as they were measured to what is said
/// of them. `load()` gives it ready for use.
pub fn pytorch(model: &Model) -> String {
    let functions = Functions::new(model, Framework::PyTorch);
    let network = Network {
        model,
        functions: &functions,
        norm: "nn.BatchNorm1d",
        has_dropout: false,
        standardizes: !model.input_scale.is_empty(),
        answers: true,
    };
    let mut parts = vec![head(model) + "\n\n" + &constants(model)];
    parts.extend(functions.own.iter().map(own_function));
    parts.extend([network.class(), load(), weights(model), main(model)]);
    parts.join("\n\n\n") + "\n"
}

fn head(model: &Model) -> String {
    let shape = shape_in_words(&model.network);
    let about = format!("{shape}. The weights are at the end of this file.");
    format!(
        r#""""A network trained in Actiscope, for PyTorch.

{}

    pip install torch
    python network.py

Or from a program of yours: from network import load
"""

import base64

import torch
from torch import nn"#,
        wrapped(&about, "")
    )
}

/// What the class and the sample at the end of the script name.
fn constants(model: &Model) -> String {
    let names: Vec<String> = model.input_names.iter().map(|name| quoted(name)).collect();
    let mut lines = vec![list(0, "INPUT_NAMES = [", &names, "]")];
    lines.extend(meaning(model));
    lines.join("\n")
}

/// Names of the classes and the threshold, or the scale of the target.
pub(super) fn meaning(model: &Model) -> Vec<String> {
    match &model.meaning {
        Meaning::Number { scale: None } => Vec::new(),
        Meaning::Number {
            scale: Some([mean, std]),
        } => vec![
            "# The target was standardized for training.".to_owned(),
            format!("TARGET_MEAN = {}", float32(*mean)),
            format!("TARGET_STD = {}", float32(*std)),
        ],
        Meaning::Class { names, threshold } => {
            let quoted: Vec<String> = names.iter().map(|name| quoted(name)).collect();
            let mut lines = vec![list(0, "CLASS_NAMES = [", &quoted, "]")];
            if names.len() == 2 {
                lines.push(
                    "# The second class is the answer where its probability is over this.".into(),
                );
                lines.push(format!("THRESHOLD = {}", float(*threshold)));
            }
            lines
        }
    }
}

/// A function that has no class in PyTorch.
pub(super) fn own_function(own: &Own) -> String {
    let (name, class) = (&own.name, own.class_name());
    let definitions = own.definitions(Library::Torch);
    format!(
        r#"{definitions}


class {class}(torch.autograd.Function):
    """{name}_value with its slope. Autograd would multiply the branch of torch.where
    that was not taken by 0, and make NaN of an infinite slope there.
    """

    @staticmethod
    def forward(ctx, z):
        ctx.save_for_backward(z)
        return {name}_value(z)

    @staticmethod
    def backward(ctx, gradient):
        (z,) = ctx.saved_tensors
        return gradient * {name}_slope(z)"#
    )
}

/// The `nn.Module`.
pub(super) struct Network<'a> {
    pub model: &'a Model,
    pub functions: &'a Functions<'a>,
    /// The class of batch normalization.
    pub norm: &'static str,
    /// Whether hidden layers end with the script's `Dropout(layer)`.
    pub has_dropout: bool,
    /// It takes samples as they were measured.
    pub standardizes: bool,
    /// Whether it tells classes or numbers in their own units.
    pub answers: bool,
}

impl Network<'_> {
    pub fn class(&self) -> String {
        let mut lines = vec!["class Network(nn.Module):".to_owned()];
        lines.extend(self.init());
        lines.push(String::new());
        lines.extend(self.forward());
        let text = lines.join("\n");
        if self.answers {
            text + "\n\n" + &answers(self.model)
        } else {
            text
        }
    }

    fn init(&self) -> Vec<String> {
        let mut lines = vec![
            "    def __init__(self):".to_owned(),
            "        super().__init__()".to_owned(),
        ];
        if self.standardizes {
            let scale = &self.model.input_scale;
            for (i, name) in ["mean", "std"].into_iter().enumerate() {
                let values: Vec<String> = scale.iter().map(|pair| float32(pair[i])).collect();
                let open = format!("{name} = torch.tensor([");
                lines.push(list(2, &open, &values, "])"));
                lines.push(format!(
                    "        self.register_buffer(\"input_{name}\", {name})"
                ));
            }
        }
        for (l, layer) in self.model.layers().enumerate() {
            let (name, n_in, n_out) = (self.layer_name(l), layer.n_in, layer.n_out);
            lines.push(format!("        self.{name} = nn.Linear({n_in}, {n_out})"));
            let number = l + 1;
            if layer.norm.is_some() {
                let class = self.norm;
                lines.push(format!("        self.norm_{number} = {class}({n_out})"));
            }
            if let Some(Written::Class(class)) = self.functions.of_layers.get(l) {
                lines.push(format!("        self.activation_{number} = {class}"));
            }
            if self.has_dropout && layer.activation.is_some() {
                lines.push(format!("        self.dropout_{number} = Dropout({l})"));
            }
        }
        lines
    }

    fn forward(&self) -> Vec<String> {
        let (n_in, n_out) = (self.model.network.n_inputs, self.model.network.n_outputs);
        let samples = match self.standardizes {
            true => "samples as they were measured",
            false => "samples",
        };
        let mut lines = vec![
            "    def forward(self, x):".to_owned(),
            format!("        \"\"\"Outputs for {samples}: [n, {n_in}] -> [n, {n_out}].\"\"\""),
        ];
        if self.standardizes {
            lines.push("        x = (x - self.input_mean) / self.input_std".to_owned());
        }
        for (l, layer) in self.model.layers().enumerate() {
            let mut text = format!("self.{}(x)", self.layer_name(l));
            let number = l + 1;
            if layer.norm.is_some() {
                text = format!("self.norm_{number}({text})");
            }
            text = match self.functions.of_layers.get(l) {
                Some(Written::Class(_)) => format!("self.activation_{number}({text})"),
                Some(Written::Own(name)) => {
                    let own = self.functions.own.iter().find(|own| own.name == *name);
                    format!(
                        "{}.apply({text})",
                        own.map_or_else(String::new, Own::class_name)
                    )
                }
                None => text,
            };
            if self.has_dropout && layer.activation.is_some() {
                text = format!("self.dropout_{number}({text})");
            }
            let start = if layer.activation.is_some() {
                "x ="
            } else {
                "return"
            };
            lines.push(format!("        {start} {text}"));
        }
        lines
    }

    fn layer_name(&self, l: usize) -> String {
        layer_name(self.model, l)
    }
}

/// `hidden_1` or `output`.
pub(super) fn layer_name(model: &Model, l: usize) -> String {
    match l < model.activations.len() {
        true => format!("hidden_{}", l + 1),
        false => "output".to_owned(),
    }
}

/// What is made of outputs, as methods.
fn answers(model: &Model) -> String {
    let (squash, n_outputs) = (model.squash, model.network.n_outputs);
    match &model.meaning {
        Meaning::Number { scale } => {
            let outputs = match squash {
                Squash::Positive => "torch.relu(self(x))",
                Squash::Sigmoid => "torch.sigmoid(self(x))",
                _ => "self(x)",
            };
            let scaled = match scale {
                Some(_) => format!("{outputs} * TARGET_STD + TARGET_MEAN"),
                None => outputs.to_owned(),
            };
            format!(
                r#"    @torch.no_grad()
    def predict(self, x):
        """The target of each sample in its own units, [n, {n_outputs}]."""
        return {scaled}"#
            )
        }
        Meaning::Class { names, .. } => {
            let (what, shares) = match squash {
                Squash::Softmax => (
                    "Probabilities of the classes",
                    "torch.softmax(self(x), dim=1)",
                ),
                Squash::Sigmoid => ("Probability of the second class", "torch.sigmoid(self(x))"),
                Squash::Sigmoids => (
                    "Probability of each class by itself",
                    "torch.sigmoid(self(x))",
                ),
                Squash::Plain | Squash::Positive if n_outputs == 1 => {
                    ("Probability of the second class", "self(x).clamp(0, 1)")
                }
                Squash::Plain | Squash::Positive => {
                    ("Probability of each class by itself", "self(x).clamp(0, 1)")
                }
            };
            let label = match names.len() {
                2 => "self.probabilities(x)[:, -1] > THRESHOLD",
                _ => "self.probabilities(x).argmax(dim=1)",
            };
            format!(
                r#"    @torch.no_grad()
    def probabilities(self, x):
        """{what}, [n, {n_outputs}]."""
        return {shares}

    def predict(self, x):
        """The class of each sample, by name."""
        classes = {label}
        return [CLASS_NAMES[i] for i in classes.tolist()]"#
            )
        }
    }
}

pub(super) fn load() -> String {
    r#"def load():
    """The network with the weights of this file, ready for use."""
    network = Network()
    state = network.state_dict()
    for name, text in WEIGHTS.items():
        values = bytearray(base64.b64decode(text))
        values = torch.frombuffer(values, dtype=torch.float32)
        state[name] = values.reshape(state[name].shape)
    network.load_state_dict(state)
    return network.eval()"#
        .to_owned()
}

/// Every tensor by its name in the `state_dict`.
pub(super) fn weights(model: &Model) -> String {
    let mut items = Vec::new();
    for (l, layer) in model.layers().enumerate() {
        let tensors = tensors(layer, &layer_name(model, l), l + 1);
        let tensors = tensors.into_iter();
        items.extend(tensors.map(|(name, values)| format!("\"{name}\": {}", blob_f32(values))));
    }
    let about = "# Little-endian floats of 32 bits by their names in state_dict(), as base64.\n";
    about.to_owned() + &column(0, "WEIGHTS = {", &items, "}")
}

/// (name in the `state_dict`, numbers) of a layer that has this number, from 1.
fn tensors<'a>(layer: Layer<'a>, name: &str, number: usize) -> Vec<(String, &'a [f32])> {
    let mut tensors = vec![
        (format!("{name}.weight"), layer.weights),
        (format!("{name}.bias"), layer.biases),
    ];
    if let Some(norm) = layer.norm {
        let of = [
            ("weight", norm.gamma),
            ("bias", norm.beta),
            ("running_mean", norm.mean),
            ("running_var", norm.variance),
        ];
        tensors.extend(of.map(|(what, values)| (format!("norm_{number}.{what}"), values)));
    }
    if !layer.alphas.is_empty() {
        tensors.push((format!("activation_{number}.weight"), layer.alphas));
    }
    tensors
}

fn main(model: &Model) -> String {
    let shown = match model.meaning {
        Meaning::Class { .. } => "\n    print(network.probabilities(samples))",
        Meaning::Number { .. } => "",
    };
    let sample = list(1, "samples = torch.tensor([[", &sample(model), "]])");
    format!(
        r#"if __name__ == "__main__":
    network = load()
{sample}
    print(dict(zip(INPUT_NAMES, samples[0].tolist()))){shown}
    print(network.predict(samples))
    # To keep the weights in a file, and to have them back:
    # torch.save(network.state_dict(), "network.pt")
    # network.load_state_dict(torch.load("network.pt"))"#
    )
}
