//! ONNX: a network as a graph of operators (<https://onnx.ai/onnx/repo-docs/IR.html>), which other programs run.
//! Operator set 20, intermediate representation 9.
//!
//! | module | holds |
//! |---|---|
//! | `fields` | numbers of fields and of kinds of data |
//! | `graph`, `write` | a graph being written; a model as one |
//! | `functions`, `formula` | activations as operators |
//! | `read` | a network from a graph |

mod fields;
mod formula;
mod functions;
mod graph;
mod read;
mod write;

pub use read::{ReadError, read};
pub use write::write;
