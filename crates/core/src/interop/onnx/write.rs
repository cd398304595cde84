//! A model as an ONNX file.

use super::fields::{data, entry, model, opset};
use super::functions::{activate, clip};
use super::graph::{Attribute, Graph};
use crate::classify::Squash;
use crate::interop::incoming::told;
use crate::interop::protobuf::Message;
use crate::interop::{Layer, Meaning, Model};
use crate::nn::oracle::batch_norm;

const OPSET: i64 = 20;
const IR_VERSION: i64 = 9;

/// The network from samples as they were given, `input`: `[n, n_inputs]`, to what is said of them.
///
/// For classes `logits` (`[n, n_outputs]`, before anything is made of them), `probabilities` (as
/// [`Model::answers`] tells them) and `label` (`[n]`, the index of the class); for a number `output`, in its own units.
/// Parameters are named `hidden_1.weight` (`[n_out, n_in]`) and so on; `metadata_props` tell functions with their formulas,
/// names of inputs and names of classes.
pub fn write(of: &Model) -> Vec<u8> {
    let mut message = Message::new();
    message.int(model::IR_VERSION, IR_VERSION);
    message.text(model::PRODUCER_NAME, "actiscope");
    message.text(model::PRODUCER_VERSION, env!("CARGO_PKG_VERSION"));
    message.message(model::GRAPH, &graph_of(of));
    let mut set = Message::new();
    set.text(opset::DOMAIN, "");
    set.int(opset::VERSION, OPSET);
    message.message(model::OPSET_IMPORT, &set);
    for (key, value) in told::about(of) {
        let mut pair = Message::new();
        pair.text(entry::KEY, &key);
        pair.text(entry::VALUE, &value);
        message.message(model::METADATA_PROPS, &pair);
    }
    message.into_bytes()
}

fn graph_of(of: &Model) -> Message {
    let mut graph = Graph::new("network");
    graph.input("input", of.network.n_inputs);
    let mut value = scaled(&mut graph, of);
    let n_hidden = of.network.hidden.len();
    for (l, layer) in of.layers().enumerate() {
        value = if l < n_hidden {
            hidden(&mut graph, &format!("hidden_{}", l + 1), layer, &value)
        } else {
            let output = match of.meaning {
                Meaning::Class { .. } => "logits",
                Meaning::Number { .. } => "output.linear",
            };
            linear(&mut graph, "output", layer, &value, output);
            output.to_owned()
        };
    }
    match &of.meaning {
        Meaning::Class { threshold, .. } => classes(&mut graph, of, *threshold),
        Meaning::Number { scale } => number(&mut graph, of, *scale),
    }
    graph.into_message()
}

/// (x - mean) / std, where inputs are scaled.
fn scaled(graph: &mut Graph, of: &Model) -> String {
    if of.input_scale.is_empty() {
        return "input".to_owned();
    }
    let n = of.input_scale.len();
    let part = |i: usize| -> Vec<f32> { of.input_scale.iter().map(|scale| scale[i]).collect() };
    graph.floats("input.mean", &[n], &part(0));
    graph.floats("input.std", &[n], &part(1));
    graph.node("Sub", &["input", "input.mean"], "input.centered", &[]);
    graph.node("Div", &["input.centered", "input.std"], "input.scaled", &[]);
    "input.scaled".to_owned()
}

fn hidden(graph: &mut Graph, name: &str, layer: Layer<'_>, input: &str) -> String {
    let mut z = format!("{name}.linear");
    linear(graph, name, layer, input, &z);
    if let Some(norm) = layer.norm {
        let inputs = [
            ("gamma", norm.gamma),
            ("beta", norm.beta),
            ("running_mean", norm.mean),
            ("running_var", norm.variance),
        ];
        let inputs = inputs.map(|(part, values)| {
            let name = format!("{name}.{part}");
            graph.floats(&name, &[values.len()], values);
            name
        });
        let [gamma, beta, mean, variance] = &inputs;
        let normalized = format!("{name}.normalized");
        let epsilon = Attribute::Float(batch_norm::EPS as f32);
        let op = "BatchNormalization";
        let inputs = [&*z, gamma, beta, mean, variance];
        graph.node(op, &inputs, &normalized, &[("epsilon", epsilon)]);
        z = normalized;
    }
    if let Some(activation) = layer.activation {
        activate(graph, name, activation, layer.alphas, &z, name);
    }
    name.to_owned()
}

fn linear(graph: &mut Graph, name: &str, layer: Layer<'_>, input: &str, output: &str) {
    let (weight, bias) = (format!("{name}.weight"), format!("{name}.bias"));
    graph.floats(&weight, &[layer.n_out, layer.n_in], layer.weights);
    graph.floats(&bias, &[layer.n_out], layer.biases);
    let transposed = [("transB", Attribute::Int(1))];
    graph.node("Gemm", &[input, &weight, &bias], output, &transposed);
}

/// Of `logits`, probabilities and the class.
fn classes(graph: &mut Graph, of: &Model, threshold: f64) {
    let n = of.network.n_outputs;
    match of.squash {
        Squash::Softmax => {
            let last = [("axis", Attribute::Int(-1))];
            graph.node("Softmax", &["logits"], "probabilities", &last);
        }
        Squash::Sigmoid | Squash::Sigmoids => {
            graph.node("Sigmoid", &["logits"], "probabilities", &[]);
        }
        Squash::Plain | Squash::Positive => clip(graph, "logits", [0.0, 1.0], "probabilities"),
    }
    if n == 1 {
        let threshold = graph.scalar(threshold);
        let is_second = graph.unnamed("Greater", &["probabilities", &threshold]);
        let to = [("to", Attribute::Int(data::I64))];
        graph.node("Cast", &[&is_second], "label.column", &to);
        graph.ints("label.axes", &[1]);
        graph.node("Squeeze", &["label.column", "label.axes"], "label", &[]);
    } else {
        let told = [
            ("axis", Attribute::Int(-1)),
            ("keepdims", Attribute::Int(0)),
        ];
        graph.node("ArgMax", &["logits"], "label", &told);
    }
    graph.output("logits", n);
    graph.output("probabilities", n);
    graph.output_of_ints("label");
}

/// Of `output.linear`, the number in its own units.
fn number(graph: &mut Graph, of: &Model, scale: Option<[f32; 2]>) {
    let squashed = match of.squash {
        Squash::Sigmoid => graph.unnamed("Sigmoid", &["output.linear"]),
        Squash::Positive => graph.unnamed("Relu", &["output.linear"]),
        Squash::Softmax | Squash::Sigmoids | Squash::Plain => "output.linear".to_owned(),
    };
    match scale {
        None => graph.node("Identity", &[&squashed], "output", &[]),
        Some([mean, std]) => {
            let (mean, std) = (graph.scalar(mean.into()), graph.scalar(std.into()));
            let stretched = graph.unnamed("Mul", &[&squashed, &std]);
            graph.node("Add", &[&stretched, &mean], "output", &[]);
        }
    }
    graph.output("output", of.network.n_outputs);
}
