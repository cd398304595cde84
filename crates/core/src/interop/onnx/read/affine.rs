//! What parts of a formula are affine in the sums that it is of: `scale z + shift`, unit by unit.

use crate::expr::node::{Binary, Node, Unary};

/// A number for each unit, or one for all of them.
pub type Each = Vec<f64>;

/// What a node of a formula is, as a function of `z`.
#[derive(Clone, Debug, PartialEq)]
pub enum Form {
    Constant(Each),
    Affine { scale: Each, shift: Each },
    Other,
}

/// Two of them unit by unit.
pub fn zip(a: &[f64], b: &[f64], f: impl Fn(f64, f64) -> f64) -> Each {
    let n = a.len().max(b.len());
    let at = |of: &[f64], i: usize| of[if of.len() == 1 { 0 } else { i }];
    (0..n).map(|i| f(at(a, i), at(b, i))).collect()
}

/// `n` numbers.
pub fn spread(of: &[f64], n: usize) -> Vec<f64> {
    match of {
        &[one] => vec![one; n],
        each => each.to_vec(),
    }
}

/// The form of a node, those of its operands being known. `vector`: the values of a parameter.
pub fn form_of<'v>(
    node: &Node,
    forms: &[Form],
    vector: impl Fn(&str) -> Option<&'v [f64]>,
) -> Form {
    use Form::{Affine, Constant, Other};
    let of = |id: &u32| &forms[*id as usize];
    match node {
        Node::Number(number) => Constant(vec![number.0]),
        Node::Pi => Constant(vec![std::f64::consts::PI]),
        Node::Param(name) => vector(name).map_or(Other, |values| Constant(values.to_vec())),
        Node::Z => Affine {
            scale: vec![1.0],
            shift: vec![0.0],
        },
        Node::Unary(op, a) => match (op, of(a)) {
            (op, Constant(a)) => Constant(a.iter().map(|&a| op.apply(a)).collect()),
            (Unary::Neg, Affine { scale, shift }) => Affine {
                scale: scale.iter().map(|s| -s).collect(),
                shift: shift.iter().map(|s| -s).collect(),
            },
            _ => Other,
        },
        Node::Binary(op, a, b) => binary(*op, of(a), of(b)),
        Node::Compare(op, a, b) => match (of(a), of(b)) {
            (Constant(a), Constant(b)) => Constant(zip(a, b, |a, b| f64::from(op.holds(a, b)))),
            _ => Other,
        },
        Node::Where(..) => Other,
    }
}

fn binary(op: Binary, a: &Form, b: &Form) -> Form {
    use Form::{Affine, Constant, Other};
    match (op, a, b) {
        (op, Constant(a), Constant(b)) => Constant(zip(a, b, |a, b| op.apply(a, b))),
        (Binary::Add, Affine { scale, shift }, Constant(c))
        | (Binary::Add, Constant(c), Affine { scale, shift }) => Affine {
            scale: scale.clone(),
            shift: zip(shift, c, |s, c| s + c),
        },
        (Binary::Sub, Affine { scale, shift }, Constant(c)) => Affine {
            scale: scale.clone(),
            shift: zip(shift, c, |s, c| s - c),
        },
        (Binary::Sub, Constant(c), Affine { scale, shift }) => Affine {
            scale: scale.iter().map(|s| -s).collect(),
            shift: zip(c, shift, |c, s| c - s),
        },
        (Binary::Mul, Affine { scale, shift }, Constant(c))
        | (Binary::Mul, Constant(c), Affine { scale, shift }) => Affine {
            scale: zip(scale, c, |s, c| s * c),
            shift: zip(shift, c, |s, c| s * c),
        },
        (Binary::Div, Affine { scale, shift }, Constant(c)) => Affine {
            scale: zip(scale, c, |s, c| s / c),
            shift: zip(shift, c, |s, c| s / c),
        },
        (Binary::Add | Binary::Sub, Affine { scale: s, shift: t }, Affine { scale, shift }) => {
            let f = |a: f64, b: f64| op.apply(a, b);
            Affine {
                scale: zip(s, scale, f),
                shift: zip(t, shift, f),
            }
        }
        _ => Other,
    }
}
