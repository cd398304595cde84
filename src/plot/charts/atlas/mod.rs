//! The charts of the Atlas: functions over each other in f, f' and f'', and the gradient through depth.

mod curves;
mod depth;
mod sample;
#[cfg(test)]
mod tests;
mod thumb;

pub use curves::{CurvesData, CurvesGeometry, Drawn, curves_csv, curves_scene, describe_curves};
pub use depth::{DepthChartData, DepthGeometry, DepthLine, depth_csv, depth_scene, describe_depth};
pub use sample::FunctionSamples;
pub use thumb::thumb_path;

use crate::text::decimals;

/// A value as it is read beside a line: three decimals, or one significant digit and a power of ten where three
/// would show nothing. What is no number is not defined there.
pub fn reading(value: f64) -> String {
    if value.is_nan() {
        return "undefined".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "∞" } else { "−∞" }.to_owned();
    }
    if value == 0.0 {
        return "0".to_owned();
    }
    let magnitude = value.abs();
    if (0.0005..1e4).contains(&magnitude) {
        let n_decimals = match magnitude {
            m if m < 10.0 => 3,
            m if m < 100.0 => 2,
            m if m < 1000.0 => 1,
            _ => 0,
        };
        return decimals(value, n_decimals);
    }
    let text = format!("{magnitude:.0e}");
    let (digit, exponent) = text.split_once('e').unwrap_or((&text, "0"));
    let sign = if value < 0.0 { "−" } else { "" };
    format!("{sign}{digit} × 10{}", raised(exponent))
}

fn raised(exponent: &str) -> String {
    const DIGITS: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    let digit = |c: char| match c.to_digit(10) {
        Some(d) => DIGITS[d as usize],
        None => '⁻',
    };
    exponent.chars().map(digit).collect()
}
