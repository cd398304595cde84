//! What lies behind the last layer: which value is the network's outputs, and what is made of them.

use std::collections::BTreeSet;

use super::affine::{Form, spread};
use super::constant::Constant;
use super::error::ReadError;
use super::graph::{Graph, Node};
use super::layers::{Source, Wire};
use super::split::unit_matrix;
use super::walk::{Value, Walked};
use crate::activation::ActivationSpec;
use crate::classify::Squash;
use crate::expr::node::{Binary, Node as Op, Number, Unary};
use crate::interop::incoming::{Ends, IncomingError, Part};

/// Operators that make labels of outputs: they are gone through to what they are made of.
const PLUMBING: [&str; 25] = [
    "ArgMax",
    "ArgMin",
    "ArrayFeatureExtractor",
    "Binarizer",
    "Cast",
    "Concat",
    "Equal",
    "Expand",
    "Flatten",
    "Gather",
    "Greater",
    "GreaterOrEqual",
    "Identity",
    "LabelEncoder",
    "Less",
    "Normalizer",
    "Not",
    "OneHot",
    "Reshape",
    "Shape",
    "Slice",
    "Squeeze",
    "Unsqueeze",
    "Where",
    "ZipMap",
];

/// What an end of a graph is made by, the best evidence first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Made {
    Softmax,
    Sigmoid,
    /// min(max(y, 0), 1).
    Clip,
    Affine,
    Other,
}

/// The layers, what is before and behind, and notes.
pub fn finish(
    graph: &Graph<'_>,
    mut walked: Walked<'_>,
) -> Result<(Vec<Part>, Ends, Vec<String>), ReadError> {
    let frontier = frontier(graph, &walked)?;
    let told_names = walked.told.texts("class_names");
    // What our own files make of a number is part of the number.
    let is_number = walked.told.is_ours() && told_names.is_empty();
    let (made, wire) = outputs(&mut walked, &frontier.found, is_number)?;
    let width = walked.roots[wire.root].width;
    let source = walked.source(wire)?;
    let output = output_layer(&mut walked.notes, source, width)?;
    let told_squash = walked.told.squash().filter(|_| !is_number);
    let n_outputs = output.part.n_out;
    let squash = told_squash.or(match made {
        Made::Softmax => Some(Squash::Softmax),
        Made::Sigmoid if n_outputs == 1 => Some(Squash::Sigmoid),
        Made::Sigmoid => Some(Squash::Sigmoids),
        Made::Clip => Some(Squash::Plain),
        Made::Affine | Made::Other => None,
    });
    let (parts, input_scale) = chain(&mut walked, output);
    let ends = Ends {
        input_names: walked.told.texts("input_names"),
        input_scale,
        target_scale: None,
        class_names: if told_names.is_empty() {
            frontier.class_names
        } else {
            told_names
        },
        squash,
        threshold: walked.told.number("threshold"),
    };
    Ok((parts, ends, walked.notes))
}

/// Values of layers that outputs of the graph are made of, and names of classes that were met.
struct Frontier {
    /// With whether a softmax is made of them.
    found: Vec<(Wire, bool)>,
    class_names: Vec<String>,
}

fn frontier(graph: &Graph<'_>, walked: &Walked<'_>) -> Result<Frontier, ReadError> {
    let (mut found, mut class_names) = (Vec::new(), Vec::new());
    let mut seen = BTreeSet::new();
    let mut todo: Vec<&str> = graph.outputs.iter().rev().copied().collect();
    while let Some(name) = todo.pop() {
        if !seen.insert(name) {
            continue;
        }
        match walked.values.get(name) {
            Some(Value::Wire(wire)) => found.push((*wire, false)),
            Some(Value::Shares(wire)) => found.push((*wire, true)),
            Some(Value::Other { node, why }) => {
                let node = &graph.nodes[*node];
                if !PLUMBING.contains(&node.op) || !why.is_empty() {
                    return Err(unsupported(graph, walked, node, why));
                }
                if class_names.is_empty() {
                    class_names = names_of_classes(graph, node);
                }
                todo.extend(node.inputs.iter().rev());
            }
            Some(Value::Constant(_)) | None => {}
        }
    }
    Ok(Frontier { found, class_names })
}

/// That a node cannot be read: it, or the first before it that could not.
fn unsupported(
    graph: &Graph<'_>,
    walked: &Walked<'_>,
    node: &Node<'_>,
    why: &'static str,
) -> ReadError {
    let (mut blamed, mut at) = ((node, why), node);
    // What follows the first input of a reshape or a slice is of shapes.
    let before = |node: &Node<'_>| {
        let n = if PLUMBING.contains(&node.op) {
            1
        } else {
            node.inputs.len()
        };
        let inputs = node.inputs.iter().take(n);
        inputs
            .filter_map(|name| walked.values.get(name))
            .find_map(|value| match value {
                Value::Other { node, why } => Some((*node, *why)),
                _ => None,
            })
    };
    while let Some((index, why)) = before(at) {
        at = &graph.nodes[index];
        if !PLUMBING.contains(&at.op) || !why.is_empty() {
            blamed = (at, why);
        }
    }
    let (node, why) = blamed;
    ReadError::Unsupported {
        node: node.shown().to_owned(),
        op: node.op.to_owned(),
        why,
    }
}

/// Classes that a node makes of their indices.
fn names_of_classes(graph: &Graph<'_>, node: &Node<'_>) -> Vec<String> {
    match node.op {
        "ArrayFeatureExtractor" => {
            let names = node
                .inputs
                .first()
                .and_then(|name| graph.constants.get(name));
            names.map_or_else(Vec::new, Constant::to_texts)
        }
        "ZipMap" => {
            let (texts, numbers) = (
                node.texts("classlabels_strings"),
                node.ints("classlabels_int64s"),
            );
            let numbers = numbers.iter().map(i64::to_string);
            texts.iter().cloned().chain(numbers).collect()
        }
        "LabelEncoder" => node.texts("values_strings").to_vec(),
        _ => Vec::new(),
    }
}

/// The network's outputs, and what is made of them: of those behind most layers the one that tells most.
fn outputs(
    walked: &mut Walked<'_>,
    found: &[(Wire, bool)],
    is_number: bool,
) -> Result<(Made, Wire), ReadError> {
    let depth = found.iter().map(|(wire, _)| walked.depth(*wire)).max();
    let mut best: Option<(Made, Wire)> = None;
    for &(wire, is_softmax) in found {
        if Some(walked.depth(wire)) < depth {
            continue;
        }
        let (made, wire) = match is_softmax {
            true => (Made::Softmax, wire),
            false if is_number => (Made::Other, wire),
            false => made_by(walked, wire),
        };
        if best.is_none_or(|(than, _)| made < than) {
            best = Some((made, wire));
        }
    }
    best.ok_or(ReadError::NoOutput)
}

/// By what a value is made of another one that is affine, and that one.
fn made_by(walked: &mut Walked<'_>, wire: Wire) -> (Made, Wire) {
    let root = &mut walked.roots[wire.root];
    root.forms();
    let is_affine = |id: u32, forms: &[Form]| matches!(forms[id as usize], Form::Affine { .. });
    let is = |id: u32, value: f64| *root.formula.node(id) == Op::Number(Number(value));
    let (made, id) = match *root.formula.node(wire.id) {
        Op::Unary(Unary::Sigmoid, a) => (Made::Sigmoid, a),
        Op::Binary(Binary::Min, low, one) if is(one, 1.0) => match *root.formula.node(low) {
            Op::Binary(Binary::Max, a, zero) if is(zero, 0.0) => (Made::Clip, a),
            _ => (Made::Other, wire.id),
        },
        _ => (Made::Affine, wire.id),
    };
    if is_affine(id, root.forms()) {
        (made, Wire { id, ..wire })
    } else {
        (Made::Other, wire)
    }
}

/// The last layer, which has no function.
struct Output {
    part: Part,
    parent: Option<usize>,
    input_scale: Vec<[f32; 2]>,
}

fn output_layer(
    notes: &mut Vec<String>,
    source: Source,
    width: Option<usize>,
) -> Result<Output, ReadError> {
    let Source { sums, scale, shift } = source;
    let width = width.ok_or(IncomingError::NoLayers)?;
    let linear = match (sums.linear, sums.parent) {
        (Some(linear), _) => linear,
        (None, Some(_)) => {
            notes.push(
                "The function of the outputs became a hidden layer, behind which an output layer passes on what comes."
                    .to_owned(),
            );
            unit_matrix(width)
        }
        (None, None) => return Err(IncomingError::NoLayers.into()),
    };
    let (scale, shift) = (spread(&scale, width), spread(&shift, width));
    let (mut weights, mut biases) = (linear.weights, linear.biases);
    let rows = weights.chunks_exact_mut(linear.n_in.max(1));
    for (((row, bias), s), t) in rows.zip(&mut biases).zip(&scale).zip(&shift) {
        row.iter_mut().for_each(|w| *w *= s);
        *bias = *bias * s + t;
    }
    Ok(Output {
        part: Part {
            n_in: linear.n_in,
            n_out: width,
            weights,
            biases,
            norm: None,
            function: ActivationSpec::new("identity"),
            alphas: Vec::new(),
        },
        parent: sums.parent,
        input_scale: sums.input_scale,
    })
}

/// The layers up to the last, the first of them first, and what its inputs are scaled by.
fn chain(walked: &mut Walked<'_>, output: Output) -> (Vec<Part>, Vec<[f32; 2]>) {
    let mut parts = vec![output.part];
    let mut input_scale = output.input_scale;
    let mut next = output.parent;
    while let Some(layer) = next {
        let layer = &mut walked.layers[layer];
        next = layer.parent;
        input_scale = std::mem::take(&mut layer.input_scale);
        parts.push(layer.part.clone());
    }
    parts.reverse();
    (parts, input_scale)
}
