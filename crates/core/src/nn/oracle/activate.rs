//! Activation: a = f(z), unit by unit and sample by sample.
//!
//! Shapes: z, a `[n, n_units]`, row-major. `alphas` are PReLU's learned ones: `[1]` shared by the layer,
//! `[n_units]`, or empty for every other function.

use crate::activation::Activation;

/// a_sj = f(z_sj).
pub fn forward(f: &Activation, alphas: &[f64], n_units: usize, z: &[f64]) -> Vec<f64> {
    match alphas {
        [] => z.iter().map(|&z| f.f(z)).collect(),
        _ => with_alpha(alphas, n_units, z)
            .map(|(alpha, z)| f.f_with(z, &[alpha]))
            .collect(),
    }
}

/// f'(z_sj).
pub fn slopes(f: &Activation, alphas: &[f64], n_units: usize, z: &[f64]) -> Vec<f64> {
    match alphas {
        [] => z.iter().map(|&z| f.slope(z)).collect(),
        _ => with_alpha(alphas, n_units, z)
            .map(|(alpha, z)| f.slope_with(z, &[alpha]))
            .collect(),
    }
}

pub struct Gradient {
    /// `[n, n_units]`: dL/dz_sj = dL/da_sj f'(z_sj).
    pub z: Vec<f64>,
    /// As `alphas`: the sum of dL/da_sj df/dalpha(z_sj) over the samples and units that share it.
    pub alphas: Vec<f64>,
}

/// `d_a`: dL/da, `[n, n_units]`.
pub fn backward(
    f: &Activation,
    alphas: &[f64],
    n_units: usize,
    z: &[f64],
    d_a: &[f64],
) -> Gradient {
    let slopes = slopes(f, alphas, n_units, z);
    let d_z = slopes.iter().zip(d_a).map(|(slope, d_a)| d_a * slope);
    let mut d_alphas = vec![0.0; alphas.len()];
    if !alphas.is_empty() {
        for (i, (alpha, z)) in with_alpha(alphas, n_units, z).enumerate() {
            d_alphas[i % n_units % alphas.len()] += d_a[i] * f.d_param_with(0, z, &[alpha]);
        }
    }
    Gradient {
        z: d_z.collect(),
        alphas: d_alphas,
    }
}

/// Each z with the alpha of its unit.
fn with_alpha<'a>(
    alphas: &'a [f64],
    n_units: usize,
    z: &'a [f64],
) -> impl Iterator<Item = (f64, f64)> + 'a {
    let alpha_of = move |i: usize| alphas[i % n_units % alphas.len()];
    z.iter().enumerate().map(move |(i, &z)| (alpha_of(i), z))
}
