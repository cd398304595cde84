//! Small pictures of the lessons, as paths of SVGs of the page's own: a function without its name, a run without its
//! cause, and what was learnt so far.

mod curve;
mod learnt;
mod proof;
mod run;

pub use curve::{CurvePaths, curve_paths, describe_curve};
pub use learnt::{LinePaths, Squares, bars, line, squares};
pub use proof::{Proof, Series};
pub use run::{RunPaths, RunSeen, describe_run, run_paths};

/// Pictures of this height and more have room for words.
pub const WORDS_FROM: f64 = 120.0;

/// Adds a point to a path: where the pen is up it is put down there.
fn add(path: &mut String, is_down: &mut bool, x: f64, y: f64) {
    let letter = if *is_down { 'L' } else { 'M' };
    path.push_str(&format!("{letter}{x:.1} {y:.1}"));
    *is_down = true;
}
