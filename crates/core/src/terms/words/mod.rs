//! What is said of a sample's numbers: names, numbers as they are written, captions and explanations.

mod captions;
mod loss;
mod names;
mod sayings;

pub use captions::{Said, Stage, Tone, caption, moved, next_label, story_of_slopes};
pub use loss::{loss_line, loss_name, squash_name};
pub use names::{
    factor_name, factor_says, input_name, param_name, path_name, term_name, unit_short, unit_title,
};
pub use sayings::Saying;

use crate::text::{decimals, fixed};

/// Inputs, weights, z and a.
pub fn plain(value: f64) -> String {
    match value.abs() < 1e4 {
        true => decimals(value, 2),
        false => fixed(value, 3),
    }
}

/// A loss: three decimals.
pub fn loss(value: f64) -> String {
    slope(value)
}

/// A slope: three decimals.
pub fn slope(value: f64) -> String {
    match value.abs() {
        0.0 => "0".into(),
        size if !(5e-4..1e4).contains(&size) => fixed(value, 2),
        _ => decimals(value, 3),
    }
}

/// Anything of a gradient: three digits, under 1e-4 with a power of ten.
pub fn gradient(value: f64) -> String {
    if value == 0.0 {
        "0".into()
    } else {
        fixed(value, 3)
    }
}

/// A factor of a product: two decimals, and two digits where these would be zeros.
pub fn factor(value: f64) -> String {
    match value.abs() {
        0.0 => "0".into(),
        size if size < 0.1 => fixed(value, 2),
        _ => plain(value),
    }
}

/// A relative error: one digit, `4e−9`.
pub fn error(value: f64) -> String {
    format!("{value:.0e}").replace('-', "−")
}

/// "10 times", "2.5 times".
fn times(ratio: f64) -> String {
    let text = match ratio {
        r if (9.95..1e6).contains(&r) => decimals(r, 0),
        r if r >= 1.0 => fixed(r, 2),
        r => fixed(r, 3),
    };
    format!("{text} times")
}
