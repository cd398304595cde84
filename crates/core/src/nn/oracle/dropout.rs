//! Dropout after an activation: a becomes m a; see [`dropout`](crate::nn::dropout).
//!
//! Shapes: m, a `[n, n_units]`, row-major.

use crate::nn::dropout::Dropout;

/// m_sj of update `step`.
pub fn mask(dropout: &Dropout, step: u64, layer: usize, n: usize, n_units: usize) -> Vec<f64> {
    let places = (0..n).flat_map(|s| (0..n_units).map(move |j| (s, j)));
    places
        .map(|(s, j)| dropout.factor(step, layer, j, s))
        .collect()
}

/// m_sj a_sj.
pub fn forward(mask: &[f64], a: &[f64]) -> Vec<f64> {
    mask.iter().zip(a).map(|(m, a)| m * a).collect()
}

/// dL/da_sj = m_sj dL/d(m a)_sj.
pub fn backward(mask: &[f64], d_dropped: &[f64]) -> Vec<f64> {
    mask.iter().zip(d_dropped).map(|(m, d)| m * d).collect()
}
