//! Dropout: a and f'(z) of hidden layers times m, which is 0 or 1 / (1 - p). f32 counterpart of
//! `actiscope_core::nn::dropout`, with the same draws, for eight samples at a time.
//!
//! Rows are `n_cols` long. What padded columns get is of no effect, as their gradient is 0.

use actiscope_core::nn::dropout::{Dropout, GROUP};
use fearless_simd::{Simd, f32x8, prelude::*, u32x8};

use super::linear::LANES;

/// The masks of one update.
#[derive(Clone, Copy, Debug)]
pub struct Masks {
    pub dropout: Dropout,
    /// Updates made before.
    pub step: u64,
}

/// Multiplies arrays of layer `l`, `[n_units, n_cols]` each, by m.
#[inline(always)]
pub fn apply<S: Simd, const N: usize>(
    simd: S,
    masks: &Masks,
    l: usize,
    n_cols: usize,
    mut arrays: [&mut [f32]; N],
) {
    let dropout = &masks.dropout;
    let (zero, scale) = (
        f32x8::splat(simd, 0.0),
        f32x8::splat(simd, dropout.scale as f32),
    );
    let n_units = arrays.first().map_or(0, |array| array.len() / n_cols);
    for first in (0..n_units).step_by(GROUP) {
        for col in (0..n_cols).step_by(LANES) {
            let [_, row, step, seed] = dropout.counter(masks.step, l, first / GROUP, col);
            let samples = u32x8::from_fn(simd, |i| (col + i) as u32);
            let rest = [row, step, seed].map(|v| u32x8::splat(simd, v));
            let words = pcg4d([samples, rest[0], rest[1], rest[2]]);
            for (unit, word) in (first..n_units).zip(words) {
                let m = word.simd_lt(dropout.threshold).select(zero, scale);
                let at = unit * n_cols + col;
                for array in &mut arrays {
                    let values = &mut array[at..at + LANES];
                    (f32x8::from_slice(simd, values) * m).store_slice(values);
                }
            }
        }
    }
}

/// As `actiscope_core::random::pcg4d`, eight at a time.
#[inline(always)]
fn pcg4d<S: Simd>(counter: [u32x8<S>; 4]) -> [u32x8<S>; 4] {
    let v = counter.map(
        #[inline(always)]
        |c| c * 1_664_525 + 1_013_904_223,
    );
    let v = mix_words(v).map(
        #[inline(always)]
        |v| v ^ (v >> 16),
    );
    mix_words(v)
}

#[inline(always)]
fn mix_words<S: Simd>([mut x, mut y, mut z, mut w]: [u32x8<S>; 4]) -> [u32x8<S>; 4] {
    x += y * w;
    y += z * x;
    z += x * y;
    w += y * z;
    [x, y, z, w]
}
