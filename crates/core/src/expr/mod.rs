//! Expressions: parse, simplify, differentiate, evaluate, print.
//!
//! An activation function is an [`Expr`] in the pre-activation `z` and named parameters. One
//! expression gives everything: its value and derivatives in f64 ([`Expr::eval`],
//! [`Expr::derivative`]), the vector code of the CPU engine ([`compile()`], for [`Program`]), and the formula as WGSL,
//! MathML and Python ([`mod@print`]).
//!
//! ```
//! use actiscope_core::expr::Expr;
//!
//! let f = Expr::parse("where(z > 0, z, alpha * z)")?;
//! let slope = f.derivative("z");
//! assert_eq!(slope.to_string(), "where(z > 0, 1, alpha)");
//! assert_eq!(slope.eval(-3.0, &[("alpha", 0.1)]), 0.1);
//! # Ok::<(), actiscope_core::expr::ParseError>(())
//! ```

use std::sync::Arc;

pub(crate) mod builder;
mod compile;
mod derive;
mod error;
mod eval;
mod lexer;
mod names;
pub(crate) mod node;
mod parse;
pub mod print;
mod ratio;
mod simplify;

pub use actiscope_vector::Program;
pub use compile::compile;
pub use error::{ParseError, ParseErrorKind};
pub use parse::MAX_BYTES;

use builder::Builder;
use node::Node;

/// A formula in `z` and named parameters. Immutable, cheap to clone.
///
/// Held as a directed acyclic graph: equal subexpressions are one node, operands stand before their
/// users and the last node is the root. Nothing but printing recurses, so depth costs no stack.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Expr {
    nodes: Arc<[Node]>,
}

impl Expr {
    fn from_nodes(nodes: Vec<Node>) -> Self {
        Self {
            nodes: nodes.into(),
        }
    }

    /// Nodes in post-order.
    pub(crate) fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// A number.
    ///
    /// # Panics
    /// If `value` is not finite.
    pub fn number(value: f64) -> Self {
        assert!(value.is_finite(), "an expression holds finite numbers only");
        let mut builder = Builder::default();
        let root = builder.number(value);
        builder.finish(root)
    }

    /// How many distinct nodes the expression has.
    pub fn n_nodes(&self) -> usize {
        self.nodes.len()
    }

    /// How many nodes the expression has when written out as a tree. Grows faster than
    /// [`Expr::n_nodes`] where parts are shared.
    pub fn tree_size(&self) -> u64 {
        let mut sizes: Vec<u64> = Vec::with_capacity(self.nodes.len());
        for node in self.nodes() {
            let mut size = 1_u64;
            node.for_each_operand(|id| size = size.saturating_add(sizes[id as usize]));
            sizes.push(size);
        }
        sizes[sizes.len() - 1]
    }

    /// Names of the parameters in the order in which they first appear in the text.
    pub fn parameters(&self) -> Vec<String> {
        // Post-order keeps the order of the leaves.
        self.nodes
            .iter()
            .filter_map(|node| match node {
                Node::Param(name) => Some(name.to_string()),
                _ => None,
            })
            .collect()
    }

    /// True if the value depends on `z`.
    pub fn depends_on_z(&self) -> bool {
        self.nodes.contains(&Node::Z)
    }
}

#[cfg(test)]
mod tests;
