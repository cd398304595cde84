//! Symbolic derivatives.
//!
//! At a kink the slope is PyTorch's: `abs` has 0 at 0, `max` and `min` of something and a constant
//! have 0 at the tie (so `max(z, 0)` is ReLU with slope 0 at 0), `max` and `min` of two variable
//! arguments share the slope at a tie, and `where` has the slope of the branch that it takes.

use super::Expr;
use super::builder::Builder;
use super::node::{Binary, Comparison, Id, Node, Unary};

impl Expr {
    /// d(self)/d(name), simplified. `name` is `z` or a parameter.
    pub fn derivative(&self, name: &str) -> Self {
        let mut builder = Builder::default();
        let zero = builder.number(0.0);
        // By the node's place in this expression: its simplified value and its derivative.
        let mut values: Vec<Id> = Vec::with_capacity(self.nodes().len());
        let mut slopes: Vec<Id> = Vec::with_capacity(self.nodes().len());
        for node in self.nodes() {
            let mut operand_slopes = [zero; 3];
            let mut i = 0;
            node.for_each_operand(|id| {
                operand_slopes[i] = slopes[id as usize];
                i += 1;
            });
            let node = node.map_operands(|id| values[id as usize]);
            let value = builder.simplified(&node);
            let slope = derivative_of(&mut builder, &node, value, name, operand_slopes);
            values.push(value);
            slopes.push(slope);
        }
        builder.finish(slopes[slopes.len() - 1])
    }
}

/// The derivative of one node from the derivatives of its operands, in their order. `value` is the
/// node itself, simplified.
fn derivative_of(
    b: &mut Builder,
    node: &Node,
    value: Id,
    name: &str,
    operand_slopes: [Id; 3],
) -> Id {
    let zero = b.number(0.0);
    let one = b.number(1.0);
    let [du, dv, dw] = operand_slopes;
    match *node {
        Node::Number(_) | Node::Pi | Node::Compare(..) => zero,
        Node::Z => {
            if name == "z" {
                one
            } else {
                zero
            }
        }
        Node::Param(ref param) => {
            if &**param == name {
                one
            } else {
                zero
            }
        }
        Node::Unary(op, u) => {
            if du == zero {
                return zero;
            }
            let outer = unary_slope(b, op, u, value);
            b.mul(outer, du)
        }
        Node::Binary(op, u, v) => {
            if du == zero && dv == zero {
                return zero;
            }
            match op {
                Binary::Add => b.add(du, dv),
                Binary::Sub => b.sub(du, dv),
                Binary::Mul => {
                    let left = b.mul(du, v);
                    let right = b.mul(u, dv);
                    b.add(left, right)
                }
                Binary::Div if dv == zero => b.div(du, v),
                Binary::Div => {
                    let left = b.mul(du, v);
                    let right = b.mul(u, dv);
                    let above = b.sub(left, right);
                    let two = b.number(2.0);
                    let below = b.pow(v, two);
                    b.div(above, below)
                }
                Binary::Pow => power_slope(b, (u, du), (v, dv), value),
                Binary::Min => extremum_slope(b, Comparison::Lt, (u, du), (v, dv)),
                Binary::Max => extremum_slope(b, Comparison::Gt, (u, du), (v, dv)),
            }
        }
        // The condition's own slope (`du`) plays no part.
        Node::Where(c, _, _) => b.choose(c, dv, dw),
    }
}

/// d op(u) / du; `value` is op(u).
fn unary_slope(b: &mut Builder, op: Unary, u: Id, value: Id) -> Id {
    let one = b.number(1.0);
    match op {
        Unary::Neg => b.number(-1.0),
        Unary::Abs => b.unary(Unary::Sign, u),
        Unary::Sign | Unary::Floor => b.number(0.0),
        Unary::Exp => value,
        Unary::Expm1 => b.unary(Unary::Exp, u),
        Unary::Log => b.div(one, u),
        Unary::Log1p => {
            let below = b.add(one, u);
            b.div(one, below)
        }
        Unary::Sqrt => {
            let two = b.number(2.0);
            let below = b.mul(two, value);
            b.div(one, below)
        }
        Unary::Sin => b.unary(Unary::Cos, u),
        Unary::Cos => {
            let sin = b.unary(Unary::Sin, u);
            b.neg(sin)
        }
        // 1 - sigmoid(u) loses all digits where sigmoid rounds to 1; sigmoid(-u) is the same, exactly.
        Unary::Sigmoid => {
            let minus_u = b.neg(u);
            let other = b.unary(Unary::Sigmoid, minus_u);
            b.mul(value, other)
        }
        Unary::Tanh => b.unary(Unary::Sech2, u),
        Unary::Sech2 => {
            let tanh = b.unary(Unary::Tanh, u);
            let product = b.mul(tanh, value);
            let minus_two = b.number(-2.0);
            b.mul(minus_two, product)
        }
        Unary::Softplus => b.unary(Unary::Sigmoid, u),
        Unary::Erf => {
            // 2 / sqrt(pi) exp(-u^2)
            let two = b.number(2.0);
            let square = b.pow(u, two);
            let minus_square = b.neg(square);
            let bell = b.unary(Unary::Exp, minus_square);
            let pi = b.intern(Node::Pi);
            let root = b.unary(Unary::Sqrt, pi);
            let scaled = b.mul(two, bell);
            b.div(scaled, root)
        }
    }
}

/// d u^v: v u^(v - 1) u' + u^v log(u) v', the part of a constant base or exponent left out.
fn power_slope(b: &mut Builder, (u, du): (Id, Id), (v, dv): (Id, Id), value: Id) -> Id {
    let zero = b.number(0.0);
    let one = b.number(1.0);
    let by_base = if du == zero {
        zero
    } else {
        let exponent = b.sub(v, one);
        let power = b.pow(u, exponent);
        let outer = b.mul(v, power);
        b.mul(outer, du)
    };
    let by_exponent = if dv == zero {
        zero
    } else {
        let log = b.unary(Unary::Log, u);
        let outer = b.mul(value, log);
        b.mul(outer, dv)
    };
    b.add(by_base, by_exponent)
}

/// Slope of `max` (`wins` is >) or `min` (<).
fn extremum_slope(b: &mut Builder, wins: Comparison, (u, du): (Id, Id), (v, dv): (Id, Id)) -> Id {
    let zero = b.number(0.0);
    let u_wins = b.compare(wins, u, v);
    if dv == zero {
        return b.choose(u_wins, du, zero);
    }
    let v_wins = b.compare(wins, v, u);
    if du == zero {
        return b.choose(v_wins, dv, zero);
    }
    let two = b.number(2.0);
    let sum = b.add(du, dv);
    let shared = b.div(sum, two);
    let rest = b.choose(v_wins, dv, shared);
    b.choose(u_wins, du, rest)
}
