//! A network from an ONNX graph, whoever wrote it.
//!
//! A graph is followed node by node (`walk`). Each value is a constant, or a formula of one layer's sums `W a + b`: element
//! by element, in our own grammar of expressions, so that it does not matter by which operators a function was written.
//! Where the next weights come, the formula is taken apart (`split`): what is affine goes into weights, batch
//! normalisation stays, and the rest is a function, which is known by its values (`recognize`). What lies behind the last
//! weights tells what is made of the outputs (`ends`).

mod affine;
mod constant;
mod ends;
mod error;
mod graph;
mod layers;
mod operators;
mod recognize;
mod split;
mod walk;

#[cfg(test)]
mod tests;

pub use error::ReadError;

use crate::interop::incoming::{Incoming, assemble};

/// Reads a file; `external` is the second file that large tensors may lie in.
///
/// # Errors
/// If the bytes are no ONNX file, the weights are in another file, or the graph is not that of a fully connected network
/// within the limits of what is trained here.
pub fn read(bytes: &[u8], external: Option<&[u8]>) -> Result<Incoming, ReadError> {
    let graph = graph::parse(bytes, external)?;
    let walked = walk::walk(&graph)?;
    let (parts, ends, notes) = ends::finish(&graph, walked)?;
    Ok(assemble(parts, ends, notes)?)
}
