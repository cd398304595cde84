//! A network as a program for Keras 3.

use super::functions::{Functions, Own, Written, shape_in_words};
use super::python::{blob_f32, column, float32, list, quoted, wrapped};
use super::pytorch::{layer_name, meaning};
use super::sample;
use crate::activation::Framework;
use crate::classify::Squash;
use crate::expr::print::Library;
use crate::interop::{Layer, Meaning, Model};

/// One file that runs as it is, on PyTorch, JAX or TensorFlow: a `keras.Sequential` with its weights inside, from samples as
/// they were measured to what is said of them. `load()` gives it ready for use.
pub fn keras(model: &Model) -> String {
    let functions = Functions::new(model, Framework::Keras);
    let mut parts: Vec<String> = functions.own.iter().map(own_function).collect();
    parts.extend([
        build(model, &functions),
        load(),
        answers(model),
        weights(model),
        main(model),
    ]);
    let rest = parts.join("\n\n\n");
    let of_keras = if rest.contains("ops.") {
        "layers, ops"
    } else {
        "layers"
    };
    let head = head(model, of_keras);
    format!("{head}\n\n{}\n\n\n{rest}\n", constants(model))
}

fn head(model: &Model, of_keras: &str) -> String {
    let about = format!(
        "{}. The weights are at the end of this file.",
        shape_in_words(&model.network)
    );
    format!(
        r#""""A network trained in Actiscope, for Keras 3.

{}

    pip install keras torch
    python network.py

Or from a program of yours: from network import load
"""

import base64
{}"#,
        wrapped(&about, ""),
        imports(&[], of_keras)
    )
}

/// From the modules of Python on, of which these are some, to Keras and what is taken from it by name.
pub(super) fn imports(modules: &[&str], of_keras: &str) -> String {
    let mut modules = modules.to_vec();
    modules.extend(["importlib.util", "os"]);
    modules.sort_unstable();
    let modules: Vec<String> = modules
        .iter()
        .map(|name| format!("import {name}"))
        .collect();
    format!(
        r#"{}

# Keras runs on PyTorch, JAX or TensorFlow: take what is here, unless you said which.
if "KERAS_BACKEND" not in os.environ:
    for backend in ("torch", "jax", "tensorflow"):
        if importlib.util.find_spec(backend):
            os.environ["KERAS_BACKEND"] = backend
            break

import keras
import numpy as np
from keras import {of_keras}"#,
        modules.join(
            "
"
        )
    )
}

fn constants(model: &Model) -> String {
    let names: Vec<String> = model.input_names.iter().map(|name| quoted(name)).collect();
    let mut lines = vec![list(0, "INPUT_NAMES = [", &names, "]")];
    lines.extend(meaning(model));
    lines.join("\n")
}

/// A function that Keras does not have, with its slope, registered so that it is saved and loaded with a model.
pub(super) fn own_function(own: &Own) -> String {
    let name = &own.name;
    let definitions = own.definitions(Library::Keras);
    format!(
        r#"{definitions}


# Left to themselves, backends multiply the branch of ops.where that was not taken by
# 0, and make NaN of an infinite slope there.
@ops.custom_gradient
def {name}_with_slope(z):
    def gradient(*args, upstream=None):
        upstream = args[0] if upstream is None else upstream
        return upstream * {name}_slope(z)

    return {name}_value(z), gradient


@keras.saving.register_keras_serializable(package="actiscope")
def {name}(z):
    return {name}_with_slope(z)"#
    )
}

/// The layers as expressions, with names: standardization, then linear, normalization and function of each.
fn layers(model: &Model, functions: &Functions) -> Vec<String> {
    let n_inputs = model.network.n_inputs;
    let mut items = vec![format!("keras.Input(shape=({n_inputs},))")];
    if !model.input_scale.is_empty() {
        items.push("layers.Normalization(mean=INPUT_MEAN, variance=INPUT_STD**2)".to_owned());
    }
    for (l, layer) in model.layers().enumerate() {
        items.extend(layer_items(model, functions, l, layer, false));
    }
    items
}

/// One layer. `has_penalty`: on its weights, by the name `penalty`.
pub(super) fn layer_items(
    model: &Model,
    functions: &Functions,
    l: usize,
    layer: Layer<'_>,
    has_penalty: bool,
) -> Vec<String> {
    let (number, n_out) = (l + 1, layer.n_out);
    let name = layer_name(model, l);
    let penalty = if has_penalty {
        ", kernel_regularizer=penalty"
    } else {
        ""
    };
    let mut items = vec![format!("layers.Dense({n_out}{penalty}, name=\"{name}\")")];
    if layer.norm.is_some() {
        // PyTorch's epsilon, and 1 less its momentum.
        items.push(format!(
            "layers.BatchNormalization(epsilon=1e-5, momentum=0.9, name=\"norm_{number}\")"
        ));
    }
    match functions.of_layers.get(l) {
        Some(Written::Class(class)) => items.push(named(class, number)),
        Some(Written::Own(name)) => {
            items.push(named(&format!("layers.Activation({name})"), number));
        }
        None => {}
    }
    items
}

/// `layers.PReLU()` with the name of its layer's activation.
fn named(class: &str, number: usize) -> String {
    let open = class.strip_suffix(')').unwrap_or(class);
    let comma = if open.ends_with('(') { "" } else { ", " };
    format!("{open}{comma}name=\"activation_{number}\")")
}

fn build(model: &Model, functions: &Functions) -> String {
    let mut scale = String::new();
    if !model.input_scale.is_empty() {
        for (i, name) in ["MEAN", "STD"].into_iter().enumerate() {
            let values = model.input_scale.iter().map(|pair| float32(pair[i]));
            let values: Vec<String> = values.collect();
            scale += &list(0, &format!("INPUT_{name} = np.array(["), &values, "])");
            scale.push('\n');
        }
        scale += "\n\n";
    }
    let (n_in, n_out) = (model.network.n_inputs, model.network.n_outputs);
    let model = column(
        1,
        "return keras.Sequential([",
        &layers(model, functions),
        "])",
    );
    format!(
        r#"{scale}def build():
    """The network with weights yet to come: [n, {n_in}] -> [n, {n_out}]."""
{model}"#
    )
}

pub(super) fn load() -> String {
    r#"def load():
    """The network with the weights of this file, ready for use."""
    model = build()
    for name, texts in WEIGHTS.items():
        layer = model.get_layer(name)
        tensors = [np.frombuffer(base64.b64decode(text), "<f4") for text in texts]
        shapes = [weight.shape for weight in layer.weights]
        layer.set_weights([t.reshape(shape) for t, shape in zip(tensors, shapes)])
    return model"#
        .to_owned()
}

fn answers(model: &Model) -> String {
    let n_outputs = model.network.n_outputs;
    let outputs = "model.predict(x, verbose=0)";
    match &model.meaning {
        Meaning::Number { scale } => {
            let outputs = match model.squash {
                Squash::Positive => format!("np.maximum({outputs}, 0)"),
                Squash::Sigmoid => format!("ops.convert_to_numpy(ops.sigmoid({outputs}))"),
                _ => outputs.to_owned(),
            };
            let scaled = match scale {
                Some(_) => format!("{outputs} * TARGET_STD + TARGET_MEAN"),
                None => outputs,
            };
            format!(
                r#"def predict(model, x):
    """The target of each sample in its own units, [n, {n_outputs}]."""
    return {scaled}"#
            )
        }
        Meaning::Class { names, .. } => {
            let (what, shares) = match model.squash {
                Squash::Softmax => ("Probabilities of the classes", "ops.softmax(outputs)"),
                Squash::Sigmoid => ("Probability of the second class", "ops.sigmoid(outputs)"),
                Squash::Sigmoids => (
                    "Probability of each class by itself",
                    "ops.sigmoid(outputs)",
                ),
                Squash::Plain | Squash::Positive if n_outputs == 1 => {
                    ("Probability of the second class", "ops.clip(outputs, 0, 1)")
                }
                Squash::Plain | Squash::Positive => (
                    "Probability of each class by itself",
                    "ops.clip(outputs, 0, 1)",
                ),
            };
            let label = match names.len() {
                2 => "probabilities(model, x)[:, -1] > THRESHOLD",
                _ => "probabilities(model, x).argmax(axis=1)",
            };
            format!(
                r#"def probabilities(model, x):
    """{what}, [n, {n_outputs}]."""
    outputs = {outputs}
    return ops.convert_to_numpy({shares})


def predict(model, x):
    """The class of each sample, by name."""
    classes = {label}
    return [CLASS_NAMES[i] for i in classes.astype(int)]"#
            )
        }
    }
}

/// The tensors of each layer that has some, in the order of its `weights`.
pub(super) fn weights(model: &Model) -> String {
    let mut items = Vec::new();
    let mut push = |name: String, tensors: &[&[f32]]| {
        let blobs: Vec<String> = tensors.iter().map(|values| blob_f32(values)).collect();
        let item = list(1, &format!("\"{name}\": ["), &blobs, "]");
        items.push(item.trim_start().to_owned());
    };
    for (l, layer) in model.layers().enumerate() {
        let kernel = transposed(layer.weights, layer.n_in);
        push(layer_name(model, l), &[&kernel, layer.biases]);
        if let Some(norm) = layer.norm {
            let all = [norm.gamma, norm.beta, norm.mean, norm.variance];
            push(format!("norm_{}", l + 1), &all);
        }
        if !layer.alphas.is_empty() {
            push(format!("activation_{}", l + 1), &[layer.alphas]);
        }
    }
    let about =
        "# Little-endian floats of 32 bits in the order of each layer's weights, as base64.\n";
    about.to_owned() + &column(0, "WEIGHTS = {", &items, "}")
}

/// `[n_in, n_out]` of `[n_out, n_in]`.
pub(super) fn transposed<T: Copy>(weights: &[T], n_in: usize) -> Vec<T> {
    let of_input = |i: usize| weights.iter().skip(i).step_by(n_in).copied();
    (0..n_in).flat_map(of_input).collect()
}

fn main(model: &Model) -> String {
    let shown = match model.meaning {
        Meaning::Class { .. } => "\n    print(probabilities(model, samples))",
        Meaning::Number { .. } => "",
    };
    let sample = list(1, "samples = np.array([[", &sample(model), "]])");
    format!(
        r#"if __name__ == "__main__":
    model = load()
{sample}
    print(dict(zip(INPUT_NAMES, samples[0].tolist()))){shown}
    print(predict(model, samples))
    # To keep the network in a file, and to have it back:
    # model.save("network.keras")
    # model = keras.models.load_model("network.keras")"#
    )
}
