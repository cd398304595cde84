//! A function as a thumbnail beside its name.

use std::fmt::Write;

/// The path of an SVG of this size: f over z from -4 to 4, 0 kept in view.
pub fn thumb_path(f: impl Fn(f64) -> f64, width: f64, height: f64) -> String {
    const N: i32 = 32;
    let values: Vec<f64> = (0..=N)
        .map(|i| f(-4.0 + 8.0 * f64::from(i) / f64::from(N)).clamp(-2.0, 3.0))
        .collect();
    let finite = || values.iter().copied().filter(|v| v.is_finite());
    let (low, high) = (finite().fold(-0.2, f64::min), finite().fold(1.0, f64::max));
    let mut path = String::new();
    let mut is_down = false;
    for (i, value) in values.iter().enumerate() {
        if !value.is_finite() {
            is_down = false;
            continue;
        }
        let x = 1.0 + (width - 2.0) * i as f64 / f64::from(N);
        let y = 1.0 + (height - 2.0) * (high - value) / (high - low);
        let pen = if is_down { 'L' } else { 'M' };
        // Writing to a string cannot fail.
        let _ = write!(path, "{pen}{x:.1} {y:.1}");
        is_down = true;
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_drawn_where_it_is_defined() {
        let whole = thumb_path(|z| z.max(0.0), 32.0, 20.0);
        assert!(whole.starts_with("M1.0 ") && whole.matches('M').count() == 1);
        let half = thumb_path(f64::sqrt, 32.0, 20.0);
        assert!(half.starts_with("M16.0 "), "{half}");
        assert_eq!(thumb_path(|_| f64::NAN, 32.0, 20.0), "");
    }
}
