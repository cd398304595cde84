//! Operators that work element by element, as parts of a formula: <https://onnx.ai/onnx/operators>.

use super::graph::Node;
use super::layers::{Root, tidy};
use crate::activation::entry;
use crate::expr::Expr;
use crate::expr::node::{Binary, Comparison, Id, Node as Part, Unary};

/// What `node` makes of `inputs` (`None`: one that is left out). `None` if it is no such operator, or has inputs that it
/// cannot have.
pub fn apply(root: &mut Root, node: &Node<'_>, inputs: &[Option<Id>]) -> Option<Id> {
    let input = |i: usize| inputs.get(i).copied().flatten();
    let x = input(0)?;
    if let Some(op) = unary(node.op) {
        return Some(root.formula.raw_unary(op, x));
    }
    if let Some(op) = binary(node.op) {
        // Min and Max take any number of values.
        let mut rest = inputs.iter().skip(1);
        return rest.try_fold(x, |a, b| Some(root.formula.raw_binary(op, a, (*b)?)));
    }
    if let Some(op) = comparison(node.op) {
        return Some(root.formula.raw_compare(op, x, input(1)?));
    }
    let mut number = |name: &str, usual: f64| {
        let value = node.float(name).map_or(usual, |value| tidy(value.into()));
        value.is_finite().then(|| root.formula.number(value))
    };
    match node.op {
        "Relu" => function(root, "relu", x, &[]),
        "LeakyRelu" => {
            let alpha = number("alpha", 0.01)?;
            function(root, "leaky_relu", x, &[alpha])
        }
        "PRelu" => {
            let made = function(root, "prelu", x, &[input(1)?])?;
            root.prelus.push(made);
            Some(made)
        }
        "Elu" => {
            let alpha = number("alpha", 1.0)?;
            function(root, "elu", x, &[alpha])
        }
        "Celu" => {
            let alpha = number("alpha", 1.0)?;
            function(root, "celu", x, &[alpha])
        }
        "Selu" => {
            let (gamma, alpha) = (number("gamma", SELU_GAMMA)?, number("alpha", SELU_ALPHA)?);
            let elu = function(root, "elu", x, &[alpha])?;
            Some(root.formula.raw_binary(Binary::Mul, gamma, elu))
        }
        "Gelu" => match node.text("approximate") {
            Some(b"tanh") => function(root, "gelu_tanh", x, &[]),
            _ => function(root, "gelu", x, &[]),
        },
        "Mish" => function(root, "mish", x, &[]),
        "Softsign" => function(root, "softsign", x, &[]),
        "HardSwish" => function(root, "hard_swish", x, &[]),
        "Swish" => {
            let beta = number("alpha", 1.0)?;
            function(root, "swish", x, &[beta])
        }
        "HardSigmoid" => {
            let (alpha, beta) = (number("alpha", 0.2)?, number("beta", 0.5)?);
            let product = root.formula.raw_binary(Binary::Mul, alpha, x);
            let sum = root.formula.raw_binary(Binary::Add, product, beta);
            let (zero, one) = (root.formula.number(0.0), root.formula.number(1.0));
            let low = root.formula.raw_binary(Binary::Max, sum, zero);
            Some(root.formula.raw_binary(Binary::Min, low, one))
        }
        "ThresholdedRelu" => {
            let alpha = number("alpha", 1.0)?;
            let zero = root.formula.number(0.0);
            let is_over = root.formula.raw_compare(Comparison::Gt, x, alpha);
            Some(root.formula.intern(Part::Where(is_over, x, zero)))
        }
        "Clip" => {
            // Bounds were attributes before operator set 11.
            let mut bound = |i: usize, name: &str| {
                let told = node.float(name).filter(|value| value.abs() < f32::MAX);
                input(i).or_else(|| Some(root.formula.number(tidy(told?.into()))))
            };
            let (low, high) = (bound(1, "min"), bound(2, "max"));
            let x = low.map_or(x, |low| root.formula.raw_binary(Binary::Max, x, low));
            Some(high.map_or(x, |high| root.formula.raw_binary(Binary::Min, x, high)))
        }
        "Reciprocal" => {
            let one = root.formula.number(1.0);
            Some(root.formula.raw_binary(Binary::Div, one, x))
        }
        "Where" => Some(root.formula.intern(Part::Where(x, input(1)?, input(2)?))),
        "Not" => {
            let zero = root.formula.number(0.0);
            Some(root.formula.raw_compare(Comparison::Eq, x, zero))
        }
        "And" => Some(root.formula.raw_binary(Binary::Min, x, input(1)?)),
        "Or" => Some(root.formula.raw_binary(Binary::Max, x, input(1)?)),
        _ => None,
    }
}

/// What the operator has where nothing is said.
const SELU_ALPHA: f64 = 1.6732632423543772;
const SELU_GAMMA: f64 = 1.0507009873554805;

fn unary(op: &str) -> Option<Unary> {
    Some(match op {
        "Neg" => Unary::Neg,
        "Abs" => Unary::Abs,
        "Sign" => Unary::Sign,
        "Exp" => Unary::Exp,
        "Log" => Unary::Log,
        "Sqrt" => Unary::Sqrt,
        "Sin" => Unary::Sin,
        "Cos" => Unary::Cos,
        "Sigmoid" => Unary::Sigmoid,
        "Tanh" => Unary::Tanh,
        "Softplus" => Unary::Softplus,
        "Erf" => Unary::Erf,
        "Floor" => Unary::Floor,
        _ => return None,
    })
}

fn binary(op: &str) -> Option<Binary> {
    Some(match op {
        "Add" | "Sum" => Binary::Add,
        "Sub" => Binary::Sub,
        "Mul" => Binary::Mul,
        "Div" => Binary::Div,
        "Pow" => Binary::Pow,
        "Min" => Binary::Min,
        "Max" => Binary::Max,
        _ => return None,
    })
}

fn comparison(op: &str) -> Option<Comparison> {
    Some(match op {
        "Less" => Comparison::Lt,
        "LessOrEqual" => Comparison::Le,
        "Greater" => Comparison::Gt,
        "GreaterOrEqual" => Comparison::Ge,
        "Equal" => Comparison::Eq,
        _ => return None,
    })
}

/// The formula of an entry of the catalogue, with these values of its parameters.
fn function(root: &mut Root, id: &str, z: Id, params: &[Id]) -> Option<Id> {
    let entry = entry(id)?;
    let f = Expr::parse(entry.formula).ok()?;
    let mut ids: Vec<Id> = Vec::with_capacity(f.n_nodes());
    for node in f.nodes() {
        ids.push(match node {
            Part::Z => z,
            Part::Param(name) => {
                let index = entry
                    .params
                    .iter()
                    .position(|param| param.name == &**name)?;
                *params.get(index)?
            }
            node => {
                let node = node.map_operands(|id| ids[id as usize]);
                root.formula.intern(node)
            }
        });
    }
    ids.last().copied()
}
