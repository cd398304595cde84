//! What the CPU engine computes functions with: [`math`], elementary functions on eight f32 at a time, and
//! [`Program`], several formulas as one straight line of such operations. `actiscope_core::expr` compiles
//! them.
//!
//! It is a crate of its own because it is nearly all of what training a small network takes: whoever trains
//! has it at full speed, and whoever does not has none of it.

pub mod math;
mod program;

pub use program::{Instruction, OUTPUT, Op, PAIRS, Program, Z_ROW};
