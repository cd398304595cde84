//! An expression as text in our own grammar. Reading the text gives the expression again.

use std::fmt;

use super::Expr;
use super::node::{Binary, Id, Node, Number, Unary};

/// How tightly the outermost operator of a text binds; see the parser.
#[derive(Clone, Copy, PartialEq, PartialOrd)]
enum Binding {
    Comparison,
    Sum,
    Product,
    Sign,
    Power,
    Atom,
}

/// Trees larger than this are not written out.
const MAX_PRINTED_NODES: u64 = 100_000;

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n_nodes = self.tree_size();
        if n_nodes > MAX_PRINTED_NODES {
            return write!(f, "(a formula of {n_nodes} parts, too long to write)");
        }
        write(self, f, self.root(), Binding::Comparison)
    }
}

/// Writes a node, in parentheses if it binds less tightly than `at_least`.
fn write(expr: &Expr, f: &mut fmt::Formatter<'_>, id: Id, at_least: Binding) -> fmt::Result {
    let node = expr.node(id);
    if binding(node) < at_least {
        f.write_str("(")?;
        write(expr, f, id, Binding::Comparison)?;
        return f.write_str(")");
    }
    let infix = |f: &mut fmt::Formatter<'_>, a, symbol: &str, b, left, right| {
        write(expr, f, a, left)?;
        f.write_str(symbol)?;
        write(expr, f, b, right)
    };
    let call = |f: &mut fmt::Formatter<'_>, name: &str, arguments: &[Id]| {
        write!(f, "{name}(")?;
        for (i, &argument) in arguments.iter().enumerate() {
            if i > 0 {
                f.write_str(", ")?;
            }
            write(expr, f, argument, Binding::Comparison)?;
        }
        f.write_str(")")
    };
    match *node {
        Node::Number(Number(value)) => f.write_str(&number(value)),
        Node::Pi => f.write_str("pi"),
        Node::Z => f.write_str("z"),
        Node::Param(ref name) => f.write_str(name),
        Node::Unary(Unary::Neg, a) => {
            f.write_str("-")?;
            write(expr, f, a, Binding::Sign)
        }
        Node::Unary(op, a) => call(f, op.name(), &[a]),
        Node::Binary(op, a, b) => match op {
            Binary::Add => infix(f, a, " + ", b, Binding::Sum, Binding::Product),
            Binary::Sub => infix(f, a, " - ", b, Binding::Sum, Binding::Product),
            Binary::Mul => infix(f, a, " * ", b, Binding::Product, Binding::Sign),
            Binary::Div => infix(f, a, " / ", b, Binding::Product, Binding::Sign),
            Binary::Pow => infix(f, a, "^", b, Binding::Atom, Binding::Sign),
            Binary::Min => call(f, "min", &[a, b]),
            Binary::Max => call(f, "max", &[a, b]),
        },
        Node::Compare(op, a, b) => {
            let symbol = format!(" {} ", op.symbol());
            infix(f, a, &symbol, b, Binding::Sum, Binding::Sum)
        }
        Node::Where(c, a, b) => call(f, "where", &[c, a, b]),
    }
}

fn binding(node: &Node) -> Binding {
    match node {
        Node::Number(Number(value)) if value.is_sign_negative() => Binding::Sign,
        Node::Unary(Unary::Neg, _) => Binding::Sign,
        Node::Binary(Binary::Add | Binary::Sub, ..) => Binding::Sum,
        Node::Binary(Binary::Mul | Binary::Div, ..) => Binding::Product,
        Node::Binary(Binary::Pow, ..) => Binding::Power,
        Node::Compare(..) => Binding::Comparison,
        _ => Binding::Atom,
    }
}

/// The shortest text that reads as the same number.
pub fn number(value: f64) -> String {
    if value != 0.0 && !(1e-5..1e16).contains(&value.abs()) {
        format!("{value:e}")
    } else {
        format!("{value}")
    }
}
