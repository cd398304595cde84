//! An expression as text in our own grammar. Reading the text gives the expression again.

use std::fmt;

use super::dialect::{Binding, Dialect, Text, comparison, print};
use crate::expr::Expr;
use crate::expr::node::{Binary, Comparison, Unary};

/// Trees larger than this are not written out.
const MAX_PRINTED_NODES: u64 = 100_000;

impl fmt::Display for Expr {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let n_nodes = self.tree_size();
        if n_nodes > MAX_PRINTED_NODES {
            return write!(f, "(a formula of {n_nodes} parts, too long to write)");
        }
        for result in print(&Grammar, &[self]).results {
            f.write_str(&result.text)?;
        }
        Ok(())
    }
}

struct Grammar;

impl Dialect for Grammar {
    const NAMES_SHARED_PARTS: bool = false;
    const FOLDS_NUMBERS: bool = false;

    fn number(&self, value: f64) -> Text {
        let binding = if value < 0.0 {
            Binding::Sign
        } else {
            Binding::Atom
        };
        Text::new(shortest(value), binding)
    }

    fn pi(&self) -> Text {
        Text::atom("pi")
    }

    fn param(&self, name: &str) -> Text {
        Text::atom(name)
    }

    fn call(&self, op: Unary, a: Text) -> Text {
        Text::atom(format!("{}({})", op.name(), a.text))
    }

    fn extremum_or_power(&self, op: Binary, a: Text, b: Text, _: Option<f64>) -> Text {
        match op {
            Binary::Min => Text::atom(format!("min({}, {})", a.text, b.text)),
            Binary::Max => Text::atom(format!("max({}, {})", a.text, b.text)),
            _ => {
                let (a, b) = (a.within(Binding::Atom), b.within(Binding::Sign));
                Text::new(format!("{a}^{b}"), Binding::Power)
            }
        }
    }

    // Conditions are numbers here.
    fn compare(&self, op: Comparison, a: Text, b: Text) -> Text {
        Text::new(comparison(op, a, b), Binding::Comparison)
    }

    fn choose(&self, condition: Text, a: Text, b: Text) -> Text {
        Text::atom(format!("where({}, {}, {})", condition.text, a.text, b.text))
    }

    fn number_of(&self, condition: Text) -> Text {
        condition
    }

    fn condition_of(&self, number: Text) -> Text {
        number
    }
}

/// The shortest text that reads as the same number, in our grammar and in Python.
pub fn shortest(value: f64) -> String {
    if value != 0.0 && !(1e-5..1e16).contains(&value.abs()) {
        format!("{value:e}")
    } else {
        format!("{value}")
    }
}
