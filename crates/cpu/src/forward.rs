//! Forward pass of one lane over one batch: layer by layer linear, normalisation, activation.

use fearless_simd::Simd;

use super::activate;
use super::batch::Batch;
use super::dropout::{self, Masks};
use super::lane::Network;
use super::linear::affine;
use super::norm::{self, Columns, ScaleShift};
use super::scratch::Scratch;

/// Which mean and variance batch normalisation uses. Of no effect without it.
#[derive(Clone, Copy)]
pub enum Statistics<'a> {
    /// Those of the batch, which `scratch` keeps: in training, and when health is judged.
    Batch,
    /// These, gathered while training: for predictions.
    Running(&'a [f32]),
}

/// Leaves z, a and f'(z) of every layer in `scratch`, a and f'(z) times the `masks` in training with dropout; z of the
/// last layer are the outputs. `params`: `[n_params]`, in the order of the layout.
pub fn forward<S: Simd>(
    simd: S,
    network: &Network,
    params: &[f32],
    statistics: Statistics<'_>,
    masks: Option<Masks>,
    batch: Batch<'_>,
    scratch: &mut Scratch,
) {
    simd.vectorize(
        #[inline(always)]
        || forward_with(simd, network, params, statistics, masks, batch, scratch),
    )
}

#[inline(always)]
fn forward_with<S: Simd>(
    simd: S,
    network: &Network,
    params: &[f32],
    statistics: Statistics<'_>,
    masks: Option<Masks>,
    batch: Batch<'_>,
    scratch: &mut Scratch,
) {
    let n_cols = batch.n_cols;
    scratch.masks = masks;
    let n_hidden = network.layout.layers.len() - 1;
    for (l, layer) in network.layout.layers.iter().enumerate() {
        let rows = scratch.rows(l, n_cols);
        let input = match l {
            0 => batch.x,
            _ => &scratch.a[scratch.rows(l - 1, n_cols)],
        };
        let weights = &params[layer.weights.clone()];
        let biases = &params[layer.biases.clone()];
        if layer.gamma.is_empty() {
            affine(
                simd,
                weights,
                biases,
                input,
                n_cols,
                &mut scratch.z[rows.clone()],
            );
        } else {
            let units = scratch.units(l);
            let u_hat = &mut scratch.u_hat[rows.clone()];
            affine(simd, weights, biases, input, n_cols, u_hat);
            let columns = Columns { n: batch.n, n_cols };
            let scale_shift = ScaleShift {
                gamma: &params[layer.gamma.clone()],
                beta: &params[layer.beta.clone()],
            };
            let z = &mut scratch.z[rows.clone()];
            let inv_std = &mut scratch.inv_std[units];
            match statistics {
                Statistics::Batch => {
                    let of_batch = &mut scratch.statistics[layer.running.clone()];
                    norm::forward_batch(simd, columns, scale_shift, u_hat, inv_std, z, of_batch);
                }
                Statistics::Running(running) => {
                    let running = &running[layer.running.clone()];
                    norm::forward_running(columns, scale_shift, running, u_hat, z);
                }
            }
        }
        if l < n_hidden {
            activate::forward(
                simd.level(),
                network.activation(l),
                &params[layer.alpha.clone()],
                n_cols,
                &scratch.z[rows.clone()],
                &mut scratch.a[rows.clone()],
                &mut scratch.slope[rows.clone()],
            );
            if let Some(masks) = &masks {
                let (a, slope) = (&mut scratch.a[rows.clone()], &mut scratch.slope[rows]);
                dropout::apply(simd, masks, l, n_cols, [a, slope]);
            }
        }
    }
}
