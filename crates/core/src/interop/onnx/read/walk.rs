//! From node to node, in the order of the file: what each value of a graph is.

use std::collections::BTreeMap;

use super::affine::{spread, zip};
use super::constant::{Constant, Values};
use super::error::ReadError;
use super::graph::{Graph, Node};
use super::layers::{Layer, Linear, Root, Source, Sums, Wire, tidy};
use super::operators;
use super::split::split;
use crate::expr::node::{Binary, Unary};
use crate::interop::incoming::told::Told;
use crate::interop::incoming::{IncomingError, PartNorm};
use crate::interop::onnx::fields::data;
use crate::nn::spec::limits;

/// Numbers that may be computed of constants: those of the largest network, over and over.
const MAX_COMPUTED: usize = 1 << 24;

/// Layers of all branches of a graph.
const MAX_LAYERS: usize = 4 * limits::HIDDEN_LAYERS;

/// What a value is.
#[derive(Clone, Debug)]
pub enum Value {
    Constant(Constant),
    /// `[n, units]`.
    Wire(Wire),
    /// Softmax of one, over the units.
    Shares(Wire),
    /// What a node makes that is none of these; a sentence's end tells why, where there is more to say.
    Other {
        node: usize,
        why: &'static str,
    },
}

/// A graph that was followed to its end.
pub struct Walked<'a> {
    pub values: BTreeMap<&'a str, Value>,
    pub roots: Vec<Root>,
    pub layers: Vec<Layer>,
    pub notes: Vec<String>,
    /// What the file tells of itself, where it is our own.
    pub told: Told,
    n_computed: usize,
}

pub fn walk<'a>(graph: &'a Graph<'a>) -> Result<Walked<'a>, ReadError> {
    let [input] = &graph.inputs[..] else {
        let names: Vec<&str> = graph
            .inputs
            .iter()
            .map(|input| input.name)
            .take(8)
            .collect();
        let (n, names) = (graph.inputs.len(), names.join(", "));
        return Err(ReadError::Inputs { n, names });
    };
    let mut walked = Walked {
        values: BTreeMap::new(),
        roots: Vec::new(),
        layers: Vec::new(),
        notes: Vec::new(),
        told: Told::new(graph.metadata.clone()),
        n_computed: 0,
    };
    let wire = walked.begin(Sums::default(), input.width);
    walked.values.insert(input.name, Value::Wire(wire));
    for (index, node) in graph.nodes.iter().enumerate() {
        let value = walked.value_of(graph, index, node)?;
        // Others tell of training, or of what is thrown away.
        if let Some(output) = node.outputs.first() {
            walked.values.insert(output, value);
        }
    }
    Ok(walked)
}

/// An input of a node, looked up.
enum Given<'g> {
    Constant(&'g Constant),
    Wire(Wire),
    /// Softmax of a wire, or what is not understood.
    Behind,
    /// Left out.
    None,
}

impl<'a> Walked<'a> {
    /// A formula of new sums: the sums themselves.
    fn begin(&mut self, sums: Sums, width: Option<usize>) -> Wire {
        let mut root = Root::new(sums, width);
        let id = root.z();
        self.roots.push(root);
        Wire {
            root: self.roots.len() - 1,
            id,
        }
    }

    fn look<'s>(
        &'s self,
        graph: &'s Graph<'a>,
        node: &Node<'_>,
        name: &str,
    ) -> Result<Given<'s>, ReadError> {
        if name.is_empty() {
            return Ok(Given::None);
        }
        match self.values.get(name) {
            Some(Value::Constant(constant)) => return Ok(Given::Constant(constant)),
            Some(Value::Wire(wire)) => return Ok(Given::Wire(*wire)),
            Some(Value::Shares(_) | Value::Other { .. }) => return Ok(Given::Behind),
            None => {}
        }
        let constant = graph.constants.get(name).map(Given::Constant);
        constant.ok_or_else(|| ReadError::Missing {
            node: node.shown().to_owned(),
            op: node.op.to_owned(),
            value: name.to_owned(),
        })
    }

    fn value_of(
        &mut self,
        graph: &'a Graph<'a>,
        index: usize,
        node: &'a Node<'a>,
    ) -> Result<Value, ReadError> {
        let other = |why| Ok(Value::Other { node: index, why });
        if node.op == "Constant" {
            return Ok(constant_of(node).map_or(
                Value::Other {
                    node: index,
                    why: "",
                },
                Value::Constant,
            ));
        }
        let (mut constants, mut wires) = (Vec::new(), Vec::new());
        let mut is_behind = false;
        for name in &node.inputs {
            let (constant, wire) = match self.look(graph, node, name)? {
                Given::Constant(constant) => (Some(constant), None),
                Given::Wire(wire) => (None, Some(wire)),
                Given::Behind => {
                    is_behind = true;
                    (None, None)
                }
                Given::None => (None, None),
            };
            constants.push(constant);
            wires.push(wire);
        }
        if is_behind {
            return other("");
        }
        let mut found = wires.iter().flatten();
        let Some(&wire) = found.next() else {
            let folded = compute(node, &constants);
            let n: usize = folded.as_ref().map_or(0, |c| c.dims.iter().product());
            self.n_computed = self.n_computed.saturating_add(n);
            let is_affordable = self.n_computed <= MAX_COMPUTED;
            let folded = folded.filter(|_| is_affordable).map(Value::Constant);
            return Ok(folded.unwrap_or(Value::Other {
                node: index,
                why: "",
            }));
        };
        if found.any(|other| other.root != wire.root) {
            return other(", which joins two branches");
        }
        let n_copied: usize = constants
            .iter()
            .flatten()
            .map(|c| c.dims.iter().product::<usize>())
            .sum();
        let constants: Vec<Option<Constant>> = constants
            .into_iter()
            .map(Option::<&Constant>::cloned)
            .collect();
        // The largest that is taken is copied gladly; those that are too large to be taken only so often.
        if n_copied > limits::UNITS_PER_LAYER * (limits::UNITS_PER_LAYER + 2) {
            self.n_computed = self.n_computed.saturating_add(n_copied);
            if self.n_computed > MAX_COMPUTED {
                return other(", too large for a network here");
            }
        }
        let at = |i: usize| constants.get(i).and_then(Option::as_ref);
        let is_first = wires[0].is_some();
        match (node.domain, node.op) {
            ("" | "ai.onnx", "Identity" | "Dropout") if is_first => Ok(Value::Wire(wire)),
            ("" | "ai.onnx", "Cast") => match node.int("to") {
                Some(data::F32 | data::F64 | data::F16 | data::BF16) => Ok(Value::Wire(wire)),
                _ => other(""),
            },
            ("" | "ai.onnx", "Flatten") if node.int("axis").unwrap_or(1) == 1 => {
                Ok(Value::Wire(wire))
            }
            ("" | "ai.onnx", "Reshape") if self.keeps_columns(wire, at(1)) => Ok(Value::Wire(wire)),
            ("" | "ai.onnx", "Softmax" | "LogSoftmax") => {
                let usual = if graph.opset < 13 { 1 } else { -1 };
                match node.int("axis").unwrap_or(usual) {
                    1 | -1 => Ok(Value::Shares(wire)),
                    _ => other(" over samples"),
                }
            }
            ("" | "ai.onnx", "MatMul") => match at(1) {
                Some(b) if is_first => self.multiply(index, wire, b.transposed(), None),
                _ => other(" of two values that depend on the input"),
            },
            ("" | "ai.onnx", "Gemm") => self.gemm(index, node, wire, &constants),
            ("" | "ai.onnx", "BatchNormalization") if is_first => Ok(self
                .normalize(node, wire, &constants)
                .unwrap_or(Value::Other {
                    node: index,
                    why: " whose statistics are not in the file",
                })),
            ("ai.onnx.ml", "Scaler") => {
                let root = &mut self.roots[wire.root];
                let values = |name: &str| -> Vec<f64> {
                    node.floats(name).iter().map(|&v| v.into()).collect()
                };
                let (offset, scale) = (values("offset"), values("scale"));
                let n = offset.len().max(scale.len());
                let fits = [offset.len(), scale.len()]
                    .iter()
                    .all(|&len| len == n || len == 1);
                let width = *root.width.get_or_insert(n);
                if !fits || (n != 1 && n != width) {
                    return other(" whose numbers are not as many as columns");
                }
                let shift = zip(&offset, &scale, |offset, scale| -offset * scale);
                let spread = |of: &[f64]| spread(of, width.min(limits::UNITS_PER_LAYER));
                let id = root.scaled(wire.id, spread(&scale), spread(&shift));
                Ok(Value::Wire(Wire { id, ..wire }))
            }
            ("" | "ai.onnx", _) => {
                let root = &mut self.roots[wire.root];
                if !root.has_room() {
                    return other(" of a function that is too long");
                }
                let mut inputs = Vec::with_capacity(wires.len());
                for (wire, constant) in wires.iter().zip(&constants) {
                    let constant = constant.as_ref().map(|constant| root.constant(constant));
                    match (wire, constant) {
                        (Some(wire), _) => inputs.push(Some(wire.id)),
                        (None, Some(None)) => {
                            return other(" with numbers that are not as many as units");
                        }
                        (None, id) => inputs.push(id.flatten()),
                    }
                }
                let made = operators::apply(root, node, &inputs);
                Ok(made.map_or(
                    Value::Other {
                        node: index,
                        why: "",
                    },
                    |id| Value::Wire(Wire { id, ..wire }),
                ))
            }
            _ => other(""),
        }
    }

    /// Whether a reshape leaves samples and columns what they are.
    fn keeps_columns(&self, wire: Wire, shape: Option<&Constant>) -> bool {
        match shape.map(|shape| &shape.values) {
            Some(Values::Ints(dims)) => match dims[..] {
                [-1 | 0, columns] => {
                    let width = self.roots[wire.root]
                        .width
                        .and_then(|width| i64::try_from(width).ok());
                    columns == 0 || Some(columns) == width || (columns == -1 && dims[0] == 0)
                }
                _ => false,
            },
            _ => false,
        }
    }

    /// alpha A B + beta C.
    fn gemm(
        &mut self,
        index: usize,
        node: &Node<'_>,
        a: Wire,
        constants: &[Option<Constant>],
    ) -> Result<Value, ReadError> {
        let other = |why| Ok(Value::Other { node: index, why });
        let constant = |i: usize| constants.get(i).and_then(Option::as_ref);
        let Some(b) = constant(1) else {
            return other(" of two values that depend on the input");
        };
        if node.int("transA").unwrap_or(0) != 0 {
            return other(" that exchanges samples and columns");
        }
        let times = |name: &str, of: &Constant| {
            let factor = f64::from(node.float(name).unwrap_or(1.0));
            of.map(|value| value * factor)
        };
        let weights = match node.int("transB").unwrap_or(0) {
            0 => b.transposed(),
            _ => Some(b.clone()),
        };
        let weights = weights.and_then(|weights| times("alpha", &weights));
        let has_biases = node.inputs.len() > 2;
        let biases = constant(2).and_then(|c| times("beta", c));
        if has_biases && biases.is_none() {
            return other(" whose biases depend on the input");
        }
        self.multiply(index, a, weights, biases)
    }

    /// Sums of what comes along a wire. `weights`: `[n_out, n_in]`.
    fn multiply(
        &mut self,
        index: usize,
        wire: Wire,
        weights: Option<Constant>,
        biases: Option<Constant>,
    ) -> Result<Value, ReadError> {
        let other = |why| Ok(Value::Other { node: index, why });
        let weights = weights.and_then(|weights| Some((weights.to_floats()?, weights.dims)));
        let Some((weights, dims)) = weights else {
            return other(" whose weights are no matrix");
        };
        let [n_out, n_in] = dims[..] else {
            return other(" whose weights are no matrix");
        };
        let root = &mut self.roots[wire.root];
        let is_input = root.sums.parent.is_none() && root.sums.linear.is_none();
        let given = *root.width.get_or_insert(n_in);
        if is_input && n_in > limits::INPUTS {
            return Err(IncomingError::Inputs { n: n_in }.into());
        }
        let source = self.source(wire)?;
        let layer = self.layers_to(source.sums.parent) + 1;
        if layer > limits::HIDDEN_LAYERS + 1 {
            return Err(IncomingError::Layers { n: layer - 1 }.into());
        }
        if n_in != given {
            return Err(IncomingError::Chain { layer, n_in, given }.into());
        }
        if n_out > limits::UNITS_PER_LAYER {
            return Err(IncomingError::Units { layer, n: n_out }.into());
        }
        if n_out == 0 || n_in == 0 {
            return Err(IncomingError::NoUnits { layer }.into());
        }
        let biases = match biases.as_ref().and_then(Constant::to_floats) {
            None => vec![0.0; n_out],
            Some(biases) if biases.len() == 1 || biases.len() == n_out => spread(&biases, n_out),
            Some(_) => return other(" whose biases are not as many as units"),
        };
        let linear = Linear {
            n_in,
            weights,
            biases,
        };
        let sums = self.behind(source, linear);
        Ok(Value::Wire(self.begin(sums, Some(n_out))))
    }

    /// Layers before the sums of a wire.
    pub fn depth(&self, wire: Wire) -> usize {
        self.layers_to(self.roots[wire.root].sums.parent)
    }

    /// How many layers there are up to one, that one included.
    fn layers_to(&self, last: Option<usize>) -> usize {
        std::iter::successors(last, |&layer| self.layers[layer].parent).count()
    }

    /// What comes along a wire as an affine map of sums, or of the activations of a layer, which is made if the wire is
    /// more than affine.
    pub fn source(&mut self, wire: Wire) -> Result<Source, ReadError> {
        let depth = self.depth(wire);
        let split = split(&mut self.roots[wire.root], wire.id, depth, &self.told)?;
        let sums = self.roots[wire.root].sums.clone();
        let Some(part) = split.part else {
            return Ok(Source {
                sums,
                scale: split.scale,
                shift: split.shift,
            });
        };
        let n = self.layers.len() + 1;
        if n > MAX_LAYERS {
            return Err(IncomingError::Layers { n }.into());
        }
        self.notes.extend(split.note);
        self.layers.push(Layer {
            parent: sums.parent,
            part,
            input_scale: sums.input_scale,
        });
        Ok(Source {
            sums: Sums {
                parent: Some(self.layers.len() - 1),
                ..Sums::default()
            },
            scale: split.scale,
            shift: split.shift,
        })
    }

    /// Sums of what a source gives.
    fn behind(&mut self, source: Source, next: Linear) -> Sums {
        let Source {
            mut sums,
            scale,
            shift,
        } = source;
        let n_in = next.n_in;
        let (mut scale, mut shift) = (spread(&scale, n_in), spread(&shift, n_in));
        let is_plain = scale.iter().all(|&s| s == 1.0) && shift.iter().all(|&s| s == 0.0);
        let is_input = sums.parent.is_none() && sums.linear.is_none();
        if is_input && !is_plain && scale.iter().all(|&s| s != 0.0) {
            let pairs = scale.iter().zip(&shift);
            sums.input_scale = pairs
                .map(|(s, t)| [(-t / s) as f32, (1.0 / s) as f32])
                .collect();
            (scale, shift) = (vec![1.0; n_in], vec![0.0; n_in]);
        }
        // b + W (s x + t) = (b + W t) + (W s) x.
        let mut biases = next.biases;
        let mut weights = next.weights;
        for (row, bias) in weights.chunks_exact_mut(n_in).zip(&mut biases) {
            for ((w, s), t) in row.iter_mut().zip(&scale).zip(&shift) {
                *bias += *w * t;
                *w *= s;
            }
        }
        sums.linear = Some(match sums.linear.take() {
            None => Linear {
                n_in,
                weights,
                biases,
            },
            Some(first) => {
                self.notes
                    .push("Linear layers without a function between them became one.".to_owned());
                product(
                    &first,
                    &Linear {
                        n_in,
                        weights,
                        biases,
                    },
                )
            }
        });
        sums
    }

    /// With running statistics.
    fn normalize(
        &mut self,
        node: &Node<'_>,
        wire: Wire,
        constants: &[Option<Constant>],
    ) -> Option<Value> {
        let mut values = Vec::new();
        for i in 1..5 {
            values.push(constants.get(i)?.as_ref()?.to_floats()?);
        }
        let root = &mut self.roots[wire.root];
        let n = *root.width.get_or_insert(values[0].len());
        if values.iter().any(|values| values.len() != n)
            || node.int("training_mode").unwrap_or(0) != 0
        {
            return None;
        }
        let mut values = values.into_iter();
        let norm = PartNorm {
            gamma: values.next()?,
            beta: values.next()?,
            mean: values.next()?,
            variance: values.next()?,
            eps: tidy(node.float("epsilon").unwrap_or(1e-5).into()),
        };
        let deviation = norm
            .variance
            .iter()
            .map(|v| Unary::Sqrt.apply(v + norm.eps));
        let scale: Vec<f64> = norm
            .gamma
            .iter()
            .zip(deviation)
            .map(|(g, d)| g / d)
            .collect();
        let moved = norm.mean.iter().zip(&scale).map(|(m, s)| m * s);
        let shift: Vec<f64> = norm.beta.iter().zip(moved).map(|(b, m)| b - m).collect();
        if !scale.iter().chain(&shift).all(|value| value.is_finite()) {
            return None;
        }
        let id = root.scaled(wire.id, scale, shift);
        root.norms.push((id, wire.id, norm));
        Some(Value::Wire(Wire { id, ..wire }))
    }
}

/// `next` behind `first`.
fn product(first: &Linear, next: &Linear) -> Linear {
    let (n_in, n_middle) = (first.n_in, next.n_in);
    let mut weights = Vec::with_capacity(next.biases.len() * n_in);
    let mut biases = next.biases.clone();
    for (row, bias) in next.weights.chunks_exact(n_middle).zip(&mut biases) {
        let mut sums = vec![0.0; n_in];
        for (w, (inner, inner_bias)) in row
            .iter()
            .zip(first.weights.chunks_exact(n_in).zip(&first.biases))
        {
            *bias += w * inner_bias;
            sums.iter_mut()
                .zip(inner)
                .for_each(|(sum, inner)| *sum += w * inner);
        }
        weights.extend(sums);
    }
    Linear {
        n_in,
        weights,
        biases,
    }
}

/// What a node of a constant holds.
fn constant_of(node: &Node<'_>) -> Option<Constant> {
    if let Some(tensor) = node.tensor("value") {
        return Some(tensor.clone());
    }
    if let Some(value) = node.float("value_float") {
        return Some(Constant::floats(Vec::new(), vec![value.into()]));
    }
    let ints = |dims: Vec<usize>, values: Vec<i64>| Constant {
        dims,
        values: Values::Ints(values),
    };
    if let Some(value) = node.int("value_int") {
        return Some(ints(Vec::new(), vec![value]));
    }
    let (floats, whole) = (node.floats("value_floats"), node.ints("value_ints"));
    if !floats.is_empty() {
        let floats: Vec<f64> = floats.iter().map(|&value| value.into()).collect();
        return Some(Constant::floats(vec![floats.len()], floats));
    }
    (!whole.is_empty()).then(|| ints(vec![whole.len()], whole.to_vec()))
}

/// What a node makes of constants alone.
fn compute(node: &Node<'_>, inputs: &[Option<&Constant>]) -> Option<Constant> {
    let a = inputs.first().copied().flatten()?;
    let b = inputs.get(1).copied().flatten();
    let with = |op: Binary| a.zip(b?, |a, b| op.apply(a, b));
    match node.op {
        "Identity" | "Cast" | "Dropout" => Some(a.clone()),
        "Transpose" => match node.ints("perm") {
            [] | [1, 0] => a.transposed(),
            _ => None,
        },
        "Reshape" | "Unsqueeze" | "Squeeze" | "Flatten" => reshaped(node, a, b),
        "Neg" => a.map(|a| -a),
        "Sqrt" => a.map(|a| Unary::Sqrt.apply(a)),
        "Reciprocal" => a.map(|a| 1.0 / a),
        "Exp" => a.map(|a| Unary::Exp.apply(a)),
        "Abs" => a.map(f64::abs),
        "Add" => with(Binary::Add),
        "Sub" => with(Binary::Sub),
        "Mul" => with(Binary::Mul),
        "Div" => with(Binary::Div),
        "Pow" => with(Binary::Pow),
        "Not" => a.map(|a| f64::from(a == 0.0)),
        "Equal" => a.zip(b?, |a, b| f64::from(a == b)),
        "Greater" => a.zip(b?, |a, b| f64::from(a > b)),
        "Less" => a.zip(b?, |a, b| f64::from(a < b)),
        _ => None,
    }
}

/// The same numbers in another shape, as far as it can be told: a row, a column, or none.
fn reshaped(node: &Node<'_>, a: &Constant, shape: Option<&Constant>) -> Option<Constant> {
    let n: usize = a.dims.iter().product();
    let dims = match (node.op, shape.map(|shape| &shape.values)) {
        ("Reshape", Some(Values::Ints(wanted))) => {
            let known: usize = (wanted.iter().filter(|&&dim| dim > 0))
                .try_fold(1_usize, |n, &dim| n.checked_mul(usize::try_from(dim).ok()?))?;
            let dim = |(i, &wanted): (usize, &i64)| match wanted {
                0 => a.dims.get(i).copied(),
                -1 => n.checked_div(known),
                dim => usize::try_from(dim).ok(),
            };
            wanted
                .iter()
                .enumerate()
                .map(dim)
                .collect::<Option<Vec<usize>>>()?
        }
        ("Squeeze", _) => a.dims.iter().copied().filter(|&dim| dim != 1).collect(),
        // A row for all samples.
        ("Unsqueeze", _) if a.dims.len() <= 1 => vec![1, n],
        _ => return None,
    };
    let product = dims
        .iter()
        .try_fold(1_usize, |n, &dim| n.checked_mul(dim))?;
    (product == n).then(|| Constant {
        dims,
        values: a.values.clone(),
    })
}
