//! Backward pass of one lane over one batch: from dL/d(outputs) to dL/d(params).

use fearless_simd::Simd;

use super::activate;
use super::batch::Batch;
use super::dropout;
use super::lane::Network;
use super::linear::{pull_back, sum_of_squares, weight_gradients};
use super::norm::{self, Columns, Normalized};
use super::scratch::Scratch;

/// After `forward` on the same batch, with dL/d(outputs) in the output layer's rows of
/// `scratch.slope` (0 in padded columns). Fills `gradient` (`[n_params]`) and, if given,
/// `d_z_squares` (`[n_layers]`): sums of squares of dL/dz.
pub fn backward<S: Simd>(
    simd: S,
    network: &Network,
    params: &[f32],
    batch: Batch<'_>,
    scratch: &mut Scratch,
    gradient: &mut [f32],
    d_z_squares: Option<&mut [f32]>,
) {
    simd.vectorize(
        #[inline(always)]
        || backward_with(simd, network, params, batch, scratch, gradient, d_z_squares),
    )
}

#[inline(always)]
fn backward_with<S: Simd>(
    simd: S,
    network: &Network,
    params: &[f32],
    batch: Batch<'_>,
    scratch: &mut Scratch,
    gradient: &mut [f32],
    mut d_z_squares: Option<&mut [f32]>,
) {
    let n_cols = batch.n_cols;
    for (l, layer) in network.layout.layers.iter().enumerate().rev() {
        let rows = scratch.rows(l, n_cols);
        let input = match l {
            0 => batch.x,
            _ => &scratch.a[scratch.rows(l - 1, n_cols)],
        };
        // Weights and biases of a layer lie side by side.
        let (d_weights, d_biases) =
            gradient[layer.weights.start..layer.biases.end].split_at_mut(layer.weights.len());
        weight_gradients(
            simd,
            &scratch.slope[rows.clone()],
            input,
            n_cols,
            d_weights,
            d_biases,
        );
        if let (Some(squares), true) = (d_z_squares.as_deref_mut(), layer.gamma.is_empty()) {
            squares[l] = sum_of_squares(simd, &scratch.slope[rows.clone()]);
        }
        let Some(below) = l.checked_sub(1) else {
            return;
        };

        // dL/da of the layer below, then through its activation and normalisation.
        let rows_below = scratch.rows(below, n_cols);
        let units_below = scratch.units(below);
        let d_a = &mut scratch.d_a[..rows_below.len()];
        let weights = &params[layer.weights.clone()];
        pull_back(simd, weights, &scratch.slope[rows], n_cols, d_a);
        let layer = &network.layout.layers[below];
        let delta = &mut scratch.slope[rows_below.clone()];
        for (delta, d_a) in delta.iter_mut().zip(&*d_a) {
            *delta *= d_a;
        }
        if !layer.alpha.is_empty() {
            // The slopes have been multiplied by the masks, dL/da has not.
            if let Some(masks) = &scratch.masks {
                dropout::apply(simd, masks, below, n_cols, [&mut *d_a]);
            }
            activate::alpha_gradients(
                simd,
                network.activation(below),
                &params[layer.alpha.clone()],
                n_cols,
                &scratch.z[rows_below.clone()],
                d_a,
                &mut scratch.d_f,
                &mut gradient[layer.alpha.clone()],
            );
        }
        if !layer.gamma.is_empty() {
            if let Some(squares) = d_z_squares.as_deref_mut() {
                squares[below] = sum_of_squares(simd, delta);
            }
            let (d_gamma, d_beta) =
                gradient[layer.gamma.start..layer.beta.end].split_at_mut(layer.gamma.len());
            let normalized = Normalized {
                gamma: &params[layer.gamma.clone()],
                u_hat: &scratch.u_hat[rows_below],
                inv_std: &scratch.inv_std[units_below],
            };
            let columns = Columns { n: batch.n, n_cols };
            norm::backward(simd, columns, normalized, delta, d_gamma, d_beta);
        }
    }
}
