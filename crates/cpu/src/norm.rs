//! Batch normalisation between a linear layer and its activation: u_hat = (u - mean) / sqrt(variance +
//! eps), z = gamma u_hat + beta. f32 counterpart of `actiscope_core::nn::oracle::batch_norm`.
//!
//! Arrays are `[n_units, n_cols]`; `n` of the columns are samples. Sums run over columns c, c + 8 ...
//! for c = 0..8 with padding counted as 0, and then as in [`super::linear::sum`].

use actiscope_core::nn::layout::ParamLayout;
use actiscope_core::nn::oracle::batch_norm::{EPS, MOMENTUM};
use fearless_simd::{Simd, f32x8, prelude::*};

use super::linear::{load, sum_of_samples};

/// The samples among the columns.
#[derive(Clone, Copy)]
pub struct Columns {
    pub n: usize,
    pub n_cols: usize,
}

/// Learned scale and shift of a layer: `[n_units]` each.
#[derive(Clone, Copy)]
pub struct ScaleShift<'a> {
    pub gamma: &'a [f32],
    pub beta: &'a [f32],
}

/// Normalises with the statistics of the batch itself. `u_hat` holds u when called; `inv_std`
/// (`[n_units]`) is 1 / sqrt(variance + eps). `statistics` (means, then variances) are the batch's.
#[inline(always)]
pub fn forward_batch<S: Simd>(
    simd: S,
    columns: Columns,
    layer: ScaleShift<'_>,
    u_hat: &mut [f32],
    inv_std: &mut [f32],
    z: &mut [f32],
    statistics: &mut [f32],
) {
    let Columns { n, n_cols } = columns;
    let (means, variances) = statistics.split_at_mut(layer.gamma.len());
    let per_sample = 1.0 / n as f32;
    for (unit, (u_hat, z)) in u_hat
        .chunks_exact_mut(n_cols)
        .zip(z.chunks_exact_mut(n_cols))
        .enumerate()
    {
        let mean = per_sample * sum_of_samples(simd, n, |v| load(simd, u_hat, v));
        let mean_vector = f32x8::splat(simd, mean);
        let variance = per_sample
            * sum_of_samples(simd, n, |v| {
                let d = load(simd, u_hat, v) - mean_vector;
                d * d
            });
        inv_std[unit] = 1.0 / (variance + EPS as f32).sqrt();
        scale_and_shift(mean, inv_std[unit], layer, unit, u_hat, z);
        (means[unit], variances[unit]) = (mean, variance);
    }
}

/// Moves running statistics towards those of a batch of `n` samples. Both lie as `layout` says.
///
/// The running variance is the unbiased one, as in PyTorch. That of one sample, which PyTorch refuses,
/// is 0.
#[inline(always)]
pub fn update_running(running: &mut [f32], layout: &ParamLayout, of_batch: &[f32], n: usize) {
    let unbiased = n as f32 / n.saturating_sub(1).max(1) as f32;
    for layer in layout.hidden() {
        let running = &mut running[layer.running.clone()];
        let (means, variances) = running.split_at_mut(running.len() / 2);
        let (batch_means, batch_variances) = of_batch[layer.running.clone()].split_at(means.len());
        for (running, mean) in means.iter_mut().zip(batch_means) {
            *running += MOMENTUM as f32 * (mean - *running);
        }
        for (running, variance) in variances.iter_mut().zip(batch_variances) {
            *running += MOMENTUM as f32 * (unbiased * variance - *running);
        }
    }
}

/// Normalises with the statistics gathered while training. `u_hat` holds u when called.
#[inline(always)]
pub fn forward_running(
    columns: Columns,
    layer: ScaleShift<'_>,
    running: &[f32],
    u_hat: &mut [f32],
    z: &mut [f32],
) {
    let n_cols = columns.n_cols;
    let (means, variances) = running.split_at(layer.gamma.len());
    for (unit, (u_hat, z)) in u_hat
        .chunks_exact_mut(n_cols)
        .zip(z.chunks_exact_mut(n_cols))
        .enumerate()
    {
        let inv_std = 1.0 / (variances[unit] + EPS as f32).sqrt();
        scale_and_shift(means[unit], inv_std, layer, unit, u_hat, z);
    }
}

/// u to u_hat and z, elementwise.
#[inline(always)]
fn scale_and_shift(
    mean: f32,
    inv_std: f32,
    layer: ScaleShift<'_>,
    unit: usize,
    u_hat: &mut [f32],
    z: &mut [f32],
) {
    let (gamma, beta) = (layer.gamma[unit], layer.beta[unit]);
    for (u_hat, z) in u_hat.iter_mut().zip(z) {
        *u_hat = (*u_hat - mean) * inv_std;
        *z = gamma * *u_hat + beta;
    }
}

/// What [`forward_batch`] left of a layer.
#[derive(Clone, Copy)]
pub struct Normalized<'a> {
    pub gamma: &'a [f32],
    /// `[n_units, n_cols]`.
    pub u_hat: &'a [f32],
    /// `[n_units]`.
    pub inv_std: &'a [f32],
}

/// Turns `delta` from dL/dz into dL/du, where mean and variance depend on u too:
/// dL/du = gamma inv_std (dz - mean(dz) - u_hat mean(dz u_hat)), means over the samples.
/// d_gamma = sum dz u_hat; d_beta = sum dz. Padding of `delta` is 0 before and after.
#[inline(always)]
pub fn backward<S: Simd>(
    simd: S,
    columns: Columns,
    layer: Normalized<'_>,
    delta: &mut [f32],
    d_gamma: &mut [f32],
    d_beta: &mut [f32],
) {
    let Columns { n, n_cols } = columns;
    let per_sample = 1.0 / n as f32;
    for (unit, (delta, u_hat)) in delta
        .chunks_exact_mut(n_cols)
        .zip(layer.u_hat.chunks_exact(n_cols))
        .enumerate()
    {
        let sum_d_z = sum_of_samples(simd, n, |v| load(simd, delta, v));
        let sum_product = sum_of_samples(simd, n, |v| load(simd, delta, v) * load(simd, u_hat, v));
        (d_gamma[unit], d_beta[unit]) = (sum_product, sum_d_z);
        let (mean_d_z, mean_product) = (per_sample * sum_d_z, per_sample * sum_product);
        let slope = layer.gamma[unit] * layer.inv_std[unit];
        for (delta, u_hat) in delta.iter_mut().zip(u_hat) {
            *delta = slope * (*delta - mean_d_z - u_hat * mean_product);
        }
        delta[n..].fill(0.0);
    }
}
