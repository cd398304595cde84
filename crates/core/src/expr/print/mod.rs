//! Expressions in other notations: our own grammar, WGSL, Python, MathML.

mod dialect;
mod grammar;
mod mathml;
mod python;
mod wgsl;

pub use mathml::{mathml, mathml_definition};
pub use python::{Library, PythonBody, python_body, python_function};
pub use wgsl::{wgsl_function, wgsl_helpers};

#[cfg(test)]
mod tests;
