//! A formula as operators, one or a few each for what our grammar has. Floats are 32 bits there, so that what is exact
//! near 0 in ours is written in a form that stays so.

use super::fields::data;
use super::graph::{Attribute, Graph};
use crate::expr::Expr;
use crate::expr::node::{Binary, Comparison, Node, Unary};

/// What a node of the expression has become.
#[derive(Clone)]
enum Made {
    /// Without `z`: parameters have their values.
    Number(f64),
    /// The name of a value of floats.
    Float(String),
    /// The name of a value of truths.
    Truth(String),
}

/// Adds nodes that make `output` of `z`, both `[n, units]`. `param` gives the values of parameters.
pub fn decompose(graph: &mut Graph, f: &Expr, param: impl Fn(&str) -> f64, z: &str, output: &str) {
    let mut made: Vec<Made> = Vec::with_capacity(f.n_nodes());
    for node in f.nodes() {
        let number = |id: u32| match made[id as usize] {
            Made::Number(value) => Some(value),
            _ => None,
        };
        let folded = match node {
            Node::Param(name) => Some(param(name)),
            node => node.fold(number),
        };
        let next = match folded {
            Some(value) => Made::Number(value),
            None => node_of(graph, node, &made, z),
        };
        made.push(next);
    }
    match made.pop() {
        // A constant is one for each unit of each sample.
        Some(Made::Number(value)) => {
            let value = graph.scalar(value);
            let is_number = graph.unnamed("Equal", &[z, z]);
            graph.node("Where", &[&is_number, &value, &value], output, &[]);
        }
        Some(Made::Truth(name)) => to_float(graph, &name, output),
        Some(Made::Float(name)) => graph.node("Identity", &[&name], output, &[]),
        None => {}
    }
}

fn node_of(graph: &mut Graph, node: &Node, made: &[Made], z: &str) -> Made {
    let of = |id: &u32| &made[*id as usize];
    let text = match node {
        Node::Number(_) | Node::Pi | Node::Param(_) => return Made::Number(f64::NAN),
        Node::Z => z.to_owned(),
        Node::Unary(op, a) => {
            let a = float(graph, of(a));
            unary(graph, *op, &a)
        }
        Node::Binary(op, a, b) => {
            let (a, b) = (float(graph, of(a)), float(graph, of(b)));
            let op = match op {
                Binary::Add => "Add",
                Binary::Sub => "Sub",
                Binary::Mul => "Mul",
                Binary::Div => "Div",
                Binary::Pow => "Pow",
                Binary::Min => "Min",
                Binary::Max => "Max",
            };
            graph.unnamed(op, &[&a, &b])
        }
        Node::Compare(op, a, b) => {
            let (a, b) = (float(graph, of(a)), float(graph, of(b)));
            return Made::Truth(compare(graph, *op, &a, &b));
        }
        Node::Where(condition, a, b) => {
            let condition = match of(condition) {
                Made::Truth(name) => name.clone(),
                // The same for all z: there is no choice.
                Made::Number(value) => return of(if *value != 0.0 { a } else { b }).clone(),
                Made::Float(number) => {
                    let zero = graph.scalar(0.0);
                    compare(graph, Comparison::Ne, number, &zero)
                }
            };
            let (a, b) = (float(graph, of(a)), float(graph, of(b)));
            graph.unnamed("Where", &[&condition, &a, &b])
        }
    };
    Made::Float(text)
}

/// The name of a value of floats.
fn float(graph: &mut Graph, made: &Made) -> String {
    match made {
        Made::Number(value) => graph.scalar(*value),
        Made::Float(name) => name.clone(),
        Made::Truth(name) => {
            let output = graph.new_name();
            to_float(graph, name, &output);
            output
        }
    }
}

fn to_float(graph: &mut Graph, truth: &str, output: &str) {
    graph.node(
        "Cast",
        &[truth],
        output,
        &[("to", Attribute::Int(data::F32))],
    );
}

fn compare(graph: &mut Graph, op: Comparison, a: &str, b: &str) -> String {
    let op = match op {
        Comparison::Lt => "Less",
        Comparison::Le => "LessOrEqual",
        Comparison::Gt => "Greater",
        Comparison::Ge => "GreaterOrEqual",
        Comparison::Eq => "Equal",
        Comparison::Ne => {
            let equal = graph.unnamed("Equal", &[a, b]);
            return graph.unnamed("Not", &[&equal]);
        }
    };
    graph.unnamed(op, &[a, b])
}

fn unary(graph: &mut Graph, op: Unary, x: &str) -> String {
    let op = match op {
        Unary::Neg => "Neg",
        Unary::Abs => "Abs",
        Unary::Sign => "Sign",
        Unary::Exp => "Exp",
        Unary::Log => "Log",
        Unary::Sqrt => "Sqrt",
        Unary::Sin => "Sin",
        Unary::Cos => "Cos",
        Unary::Sigmoid => "Sigmoid",
        Unary::Tanh => "Tanh",
        Unary::Softplus => "Softplus",
        Unary::Erf => "Erf",
        Unary::Floor => "Floor",
        Unary::Expm1 => return expm1(graph, x),
        Unary::Log1p => return log1p(graph, x),
        Unary::Sech2 => return sech2(graph, x),
    };
    graph.unnamed(op, &[x])
}

/// tanh(x / 2) (exp(x) + 1), which is exp(x) - 1 and does not cancel near 0.
fn expm1(graph: &mut Graph, x: &str) -> String {
    let (half, one) = (graph.scalar(0.5), graph.scalar(1.0));
    let half_x = graph.unnamed("Mul", &[x, &half]);
    let tanh = graph.unnamed("Tanh", &[&half_x]);
    let exp = graph.unnamed("Exp", &[x]);
    let sum = graph.unnamed("Add", &[&exp, &one]);
    graph.unnamed("Mul", &[&tanh, &sum])
}

/// With u = 1 + x rounded: log(u) x / (u - 1), for the rounding is the same above and below (Kahan's, in W. Kahan and
/// others, HP-15C Advanced Functions Handbook, 1982); x where u is 1, log(u) from |x| = 1 on.
fn log1p(graph: &mut Graph, x: &str) -> String {
    let (zero, one) = (graph.scalar(0.0), graph.scalar(1.0));
    let u = graph.unnamed("Add", &[x, &one]);
    let log = graph.unnamed("Log", &[&u]);
    let rounded = graph.unnamed("Sub", &[&u, &one]);
    let ratio = graph.unnamed("Div", &[x, &rounded]);
    let mended = graph.unnamed("Mul", &[&log, &ratio]);
    let size = graph.unnamed("Abs", &[x]);
    let is_small = graph.unnamed("Less", &[&size, &one]);
    let is_none = graph.unnamed("Equal", &[&rounded, &zero]);
    let other = graph.unnamed("Where", &[&is_small, &mended, &log]);
    graph.unnamed("Where", &[&is_none, x, &other])
}

/// 4 sigmoid(2 x) sigmoid(-2 x).
fn sech2(graph: &mut Graph, x: &str) -> String {
    let (two, four) = (graph.scalar(2.0), graph.scalar(4.0));
    let twice = graph.unnamed("Mul", &[x, &two]);
    let negative = graph.unnamed("Neg", &[&twice]);
    let (a, b) = (
        graph.unnamed("Sigmoid", &[&twice]),
        graph.unnamed("Sigmoid", &[&negative]),
    );
    let product = graph.unnamed("Mul", &[&a, &b]);
    graph.unnamed("Mul", &[&product, &four])
}
