//! The value of an expression in f64: the meaning that every other form is tested against.

use super::Expr;
use super::node::{Node, Number};

/// Expressions up to this many nodes are evaluated without an allocation.
const N_ON_STACK: usize = 64;

impl Expr {
    /// The value at `z`, every parameter given by name.
    ///
    /// A parameter that is not given makes what depends on it NaN.
    pub fn eval(&self, z: f64, params: &[(&str, f64)]) -> f64 {
        self.eval_with(z, |name| {
            params
                .iter()
                .find(|(given, _)| *given == name)
                .map_or(f64::NAN, |&(_, value)| value)
        })
    }

    /// The value at `z`, parameters looked up by `param_of`.
    pub fn eval_with(&self, z: f64, param_of: impl Fn(&str) -> f64) -> f64 {
        let n = self.nodes().len();
        let mut on_stack = [0.0; N_ON_STACK];
        let mut on_heap = Vec::new();
        let values = if n <= N_ON_STACK {
            &mut on_stack[..n]
        } else {
            on_heap.resize(n, 0.0);
            &mut on_heap[..]
        };
        for (i, node) in self.nodes().iter().enumerate() {
            values[i] = match node {
                Node::Number(Number(value)) => *value,
                Node::Pi => std::f64::consts::PI,
                Node::Z => z,
                Node::Param(name) => param_of(name),
                Node::Unary(op, a) => op.apply(values[*a as usize]),
                Node::Binary(op, a, b) => op.apply(values[*a as usize], values[*b as usize]),
                Node::Compare(op, a, b) => {
                    f64::from(op.holds(values[*a as usize], values[*b as usize]))
                }
                Node::Where(c, a, b) => {
                    let chosen = if values[*c as usize] != 0.0 { a } else { b };
                    values[*chosen as usize]
                }
            };
        }
        values[n - 1]
    }
}
