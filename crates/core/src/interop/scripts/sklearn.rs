//! A network as a program for scikit-learn, where its multi-layer perceptrons can be it.

use thiserror::Error;

use super::functions::shape_in_words;
use super::keras::transposed;
use super::python::{blob, column, float, float32, list, quoted, wrapped};
use super::sample;
use crate::classify::Squash;
use crate::interop::{Layer, Meaning, Model, base64};
use crate::nn::oracle::batch_norm::EPS;

/// What a library cannot be told, as a sentence to show.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Inexpressible {
    #[error(
        "scikit-learn knows identity, logistic, tanh and relu: it has no {function} (layer {layer}). Choose one of these, or take the script for PyTorch or Keras"
    )]
    Function { function: String, layer: usize },
    #[error(
        "scikit-learn has one function for all layers, and here there are {first} and {second}. Take the script for PyTorch or Keras"
    )]
    UnlikeFunctions { first: String, second: String },
    #[error(
        "scikit-learn's networks end with a logistic function, softmax or the number itself, and this one with {end}. Choose cross-entropy, or for numbers squared error, or take the script for PyTorch or Keras"
    )]
    Output { end: &'static str },
    #[error(
        "{library} has no class for {function}, so that a line cannot say it. Take the whole script: it defines the function"
    )]
    NoClass {
        library: &'static str,
        function: String,
    },
}

/// One file that runs as it is: an `MLPClassifier` or `MLPRegressor`, after a `StandardScaler` where inputs are
/// standardized, that predicts at once. Batch normalization goes into the weights, two logits become one.
///
/// # Errors
/// If a function, or what is made of the outputs, is none that scikit-learn has.
pub fn sklearn(model: &Model) -> Result<String, Inexpressible> {
    let function = function(model)?;
    let layers = folded(model)?;
    let parts = [
        head(model) + "\n\n" + &constants(model),
        load(model, function),
        weights(&layers),
        main(model),
    ];
    Ok(parts.join("\n\n\n") + "\n")
}

/// scikit-learn's name of the function of all hidden layers.
fn function(model: &Model) -> Result<&'static str, Inexpressible> {
    let title = |layer: usize| {
        let activation = &model.activations[layer];
        activation
            .entry
            .map_or_else(|| activation.f.to_string(), |entry| entry.name.to_owned())
    };
    let known = [
        ("identity", "identity"),
        ("sigmoid", "logistic"),
        ("tanh", "tanh"),
        ("relu", "relu"),
    ];
    let mut first = None;
    for (layer, activation) in model.activations.iter().enumerate() {
        let id = activation.entry.map(|entry| entry.id);
        let Some(&(_, name)) = known.iter().find(|(known, _)| Some(*known) == id) else {
            return Err(Inexpressible::Function {
                function: title(layer),
                layer: layer + 1,
            });
        };
        if *first.get_or_insert(name) != name {
            return Err(Inexpressible::UnlikeFunctions {
                first: title(0),
                second: title(layer),
            });
        }
    }
    // Without hidden layers no function is asked for.
    Ok(first.unwrap_or("identity"))
}

/// `u = W a + b`, with `[n_out, n_in]` weights.
struct Linear {
    n_in: usize,
    weights: Vec<f64>,
    biases: Vec<f64>,
}

/// The layers as scikit-learn has them: outputs in the order of the sorted class names, targets in their own units.
fn folded(model: &Model) -> Result<Vec<Linear>, Inexpressible> {
    let mut layers: Vec<Linear> = model.layers().map(without_norm).collect();
    let Some(output) = layers.pop() else {
        return Ok(layers);
    };
    let output = match (&model.meaning, model.squash) {
        (Meaning::Number { scale }, Squash::Plain) => scaled(output, *scale),
        (Meaning::Class { names, .. }, Squash::Sigmoid) => {
            let sign = if names[0] <= names[1] { 1.0 } else { -1.0 };
            combined(&output, &[vec![(0, sign)]])
        }
        (Meaning::Class { names, .. }, Squash::Softmax) => {
            let order = sorted(names);
            let rows = match order[..] {
                [first, second] => vec![vec![(second, 1.0), (first, -1.0)]],
                _ => order.iter().map(|&class| vec![(class, 1.0)]).collect(),
            };
            combined(&output, &rows)
        }
        (_, squash) => return Err(Inexpressible::Output { end: end(squash) }),
    };
    layers.push(output);
    Ok(layers)
}

fn end(squash: Squash) -> &'static str {
    match squash {
        Squash::Sigmoid => "a sigmoid of a number",
        Squash::Softmax => "softmax of a number",
        Squash::Sigmoids => "a sigmoid for each class by itself",
        Squash::Plain => "an output that is taken for a probability as it is",
        Squash::Positive => "the positive part of an output",
    }
}

/// gamma (W a + b - mean) / sqrt(variance + eps) + beta is linear in a.
fn without_norm(layer: Layer<'_>) -> Linear {
    let mut linear = Linear {
        n_in: layer.n_in,
        weights: layer.weights.iter().map(|&w| f64::from(w)).collect(),
        biases: layer.biases.iter().map(|&b| f64::from(b)).collect(),
    };
    if let Some(norm) = layer.norm {
        for unit in 0..layer.n_out {
            let of = |values: &[f32]| f64::from(values[unit]);
            let factor = of(norm.gamma) / libm::sqrt(of(norm.variance) + EPS);
            let row = &mut linear.weights[unit * layer.n_in..(unit + 1) * layer.n_in];
            row.iter_mut().for_each(|w| *w *= factor);
            let bias = &mut linear.biases[unit];
            *bias = (*bias - of(norm.mean)) * factor + of(norm.beta);
        }
    }
    linear
}

/// Outputs times the deviation of the targets, plus their mean.
fn scaled(mut output: Linear, scale: Option<[f32; 2]>) -> Linear {
    let [mean, std] = scale.unwrap_or([0.0, 1.0]).map(f64::from);
    output.weights.iter_mut().for_each(|w| *w *= std);
    output.biases.iter_mut().for_each(|b| *b = *b * std + mean);
    output
}

/// Rows that are sums of rows: (which, how much of it).
fn combined(output: &Linear, rows: &[Vec<(usize, f64)>]) -> Linear {
    let n_in = output.n_in;
    let sum = |row: &[(usize, f64)], of: &dyn Fn(usize) -> f64| -> f64 {
        row.iter().map(|&(unit, share)| share * of(unit)).sum()
    };
    let weights = rows
        .iter()
        .flat_map(|row| (0..n_in).map(|i| sum(row, &|unit| output.weights[unit * n_in + i])));
    Linear {
        n_in,
        weights: weights.collect(),
        biases: rows
            .iter()
            .map(|row| sum(row, &|unit| output.biases[unit]))
            .collect(),
    }
}

/// Places of the names in the order of Python's `sorted`: that of the code points.
fn sorted(names: &[String]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by(|&a, &b| names[a].cmp(&names[b]));
    order
}

fn head(model: &Model) -> String {
    let class = match model.meaning {
        Meaning::Class { .. } => "MLPClassifier",
        Meaning::Number { .. } => "MLPRegressor",
    };
    let mut about = format!(
        "{}. The weights are at the end of this file.",
        shape_in_words(&model.network)
    );
    if model.network.batch_norm {
        about += " Batch normalization is part of them.";
    }
    if model.squash == Squash::Softmax && model.class_names().len() == 2 {
        about += " Two outputs have become their difference.";
    }
    let scaler = match model.input_scale.is_empty() {
        true => "",
        false => {
            "\nfrom sklearn.pipeline import make_pipeline\nfrom sklearn.preprocessing import StandardScaler"
        }
    };
    format!(
        r#""""A network trained in Actiscope, for scikit-learn.

{}

    pip install scikit-learn
    python network.py

Or from a program of yours: from network import load
"""

import base64

import numpy as np
from sklearn.neural_network import {class}{scaler}"#,
        wrapped(&about, "")
    )
}

fn constants(model: &Model) -> String {
    let names: Vec<String> = model.input_names.iter().map(|name| quoted(name)).collect();
    let mut lines = vec![list(0, "INPUT_NAMES = [", &names, "]")];
    if let Meaning::Class { names, threshold } = &model.meaning {
        let order = sorted(names);
        let in_order: Vec<String> = order.iter().map(|&class| quoted(&names[class])).collect();
        lines.push("# In scikit-learn's order.".to_owned());
        lines.push(list(0, "CLASS_NAMES = [", &in_order, "]"));
        if names.len() == 2 && *threshold != 0.5 {
            lines.push(
                "# predict() of scikit-learn says the more probable class: predict() below"
                    .to_owned(),
            );
            lines.push(format!(
                "# says {} from this probability on.",
                quoted(&names[1])
            ));
            lines.push(format!("THRESHOLD = {}", float(*threshold)));
        }
    }
    lines.join("\n")
}

fn load(model: &Model, function: &str) -> String {
    let n_inputs = model.network.n_inputs;
    let sizes: Vec<String> = model.network.hidden.iter().map(usize::to_string).collect();
    let comma = if sizes.len() == 1 { "," } else { "" };
    let (class, targets) = match model.meaning {
        Meaning::Class { .. } => ("MLPClassifier", "CLASS_NAMES, classes=CLASS_NAMES"),
        Meaning::Number { .. } => ("MLPRegressor", "np.zeros(1)"),
    };
    let n_rows = model.class_names().len().max(1);
    let sizes = list(1, "sizes = (", &sizes, &format!("{comma})"));
    let mut text = format!(
        r#"def load():
    """The network with the weights of this file, ready to predict."""
{sizes}
    network = {class}(hidden_layer_sizes=sizes, activation="{function}")
    # One step of training makes the arrays, whose numbers are then replaced.
    network.partial_fit(np.zeros(({n_rows}, {n_inputs})), {targets})
    for layer, (weights, biases) in enumerate(WEIGHTS):
        shape = network.coefs_[layer].shape
        network.coefs_[layer] = decoded(weights).reshape(shape)
        network.intercepts_[layer] = decoded(biases)
"#
    );
    if model.input_scale.is_empty() {
        text += "    return network";
    } else {
        text += "    scaler = StandardScaler()\n";
        for (i, name) in ["mean_", "scale_"].into_iter().enumerate() {
            let values = model.input_scale.iter().map(|pair| float32(pair[i]));
            let values: Vec<String> = values.collect();
            text += &list(1, &format!("scaler.{name} = np.array(["), &values, "])");
            text.push('\n');
        }
        text += "    scaler.var_ = scaler.scale_**2\n";
        text += &format!("    scaler.n_features_in_ = {n_inputs}\n");
        text += "    return make_pipeline(scaler, network)";
    }
    text += r#"


def decoded(text):
    return np.frombuffer(base64.b64decode(text), "<f8").copy()"#;
    text + &threshold(model)
}

/// A threshold that scikit-learn does not have.
fn threshold(model: &Model) -> String {
    match &model.meaning {
        Meaning::Class { names, threshold } if names.len() == 2 && *threshold != 0.5 => {
            let (no, yes) = (quoted(&names[0]), quoted(&names[1]));
            let column = sorted(names)
                .iter()
                .position(|&class| class == 1)
                .unwrap_or(1);
            format!(
                r#"


def predict(model, x):
    """The class of each sample, by name."""
    is_over = model.predict_proba(x)[:, {column}] > THRESHOLD
    return np.where(is_over, {yes}, {no})"#
            )
        }
        _ => String::new(),
    }
}

fn weights(layers: &[Linear]) -> String {
    let blob_f64 = |values: &[f64]| {
        let bytes: Vec<u8> = values
            .iter()
            .flat_map(|value| value.to_le_bytes())
            .collect();
        blob(&base64::encode(&bytes))
    };
    let items: Vec<String> = layers
        .iter()
        .map(|layer| {
            let weights = transposed(&layer.weights, layer.n_in);
            let blobs = [blob_f64(&weights), blob_f64(&layer.biases)];
            list(1, "(", &blobs, ")").trim_start().to_owned()
        })
        .collect();
    let about = "# Weights [n_in, n_out] and biases of each layer: little-endian floats of 64 bits, as\n# base64.\n";
    about.to_owned() + &column(0, "WEIGHTS = [", &items, "]")
}

fn main(model: &Model) -> String {
    let predict = match threshold(model).is_empty() {
        true => "model.predict(samples)",
        false => "predict(model, samples)",
    };
    let shown = match model.meaning {
        Meaning::Class { .. } => "\n    print(model.predict_proba(samples))",
        Meaning::Number { .. } => "",
    };
    let sample = list(1, "samples = np.array([[", &sample(model), "]])");
    format!(
        r#"if __name__ == "__main__":
    model = load()
{sample}
    print(dict(zip(INPUT_NAMES, samples[0].tolist()))){shown}
    print({predict})
    # To keep it in a file: joblib.dump(model, "network.joblib")"#
    )
}
