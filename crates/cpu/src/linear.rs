//! The three products of a layer, tiled in registers and vectorised over the batch.
//!
//! Rows are units and columns are samples: an array `[n, n_cols]` holds unit `i` at `i * n_cols`, and
//! `n_cols` is a multiple of 8. Every element is summed in one fixed order, whatever the tile and
//! whatever the instruction set, so the bits are the same everywhere.

use fearless_simd::{Simd, SimdBase, f32x4, f32x8, f64x2, prelude::*};

/// Columns of one vector. Batches are padded to a multiple of it.
pub const LANES: usize = 8;

/// `z[j, :] = b[j] + sum_i W[j, i] a[i, :]`, in the order of i.
///
/// `weights`: `[n_out, n_in]`, `biases`: `[n_out]`, `a`: `[n_in, n_cols]`, `z`: `[n_out, n_cols]`.
#[inline(always)]
pub fn affine<S: Simd>(
    simd: S,
    weights: &[f32],
    biases: &[f32],
    a: &[f32],
    n_cols: usize,
    z: &mut [f32],
) {
    let n_in = a.len() / n_cols;
    let mut rows = Rows {
        z,
        weights: weights.chunks_exact(n_in),
        biases,
    };
    // Four units and two vectors keep 8 sums in registers: enough to hide the latency of an addition.
    if S::f32s::LEN >= LANES {
        while rows.biases.len() >= 4 {
            rows.tile::<S, 4, 2>(simd, a, n_cols);
        }
    } else {
        while rows.biases.len() >= 4 {
            rows.tile::<S, 4, 1>(simd, a, n_cols);
        }
    }
    while !rows.biases.is_empty() {
        rows.tile::<S, 1, 4>(simd, a, n_cols);
    }
}

/// The rows of a layer that are still to be computed.
struct Rows<'a> {
    z: &'a mut [f32],
    weights: core::slice::ChunksExact<'a, f32>,
    biases: &'a [f32],
}

impl Rows<'_> {
    /// The next `J` rows, `V` vectors at a time.
    #[inline(always)]
    fn tile<S: Simd, const J: usize, const V: usize>(&mut self, simd: S, a: &[f32], n_cols: usize) {
        let z = core::mem::take(&mut self.z);
        let (z, rest) = z.split_at_mut(J * n_cols);
        let (biases, rest_biases) = self.biases.split_at(J);
        let w: [&[f32]; J] = core::array::from_fn(|_| self.weights.next().unwrap_or(&[]));
        let mut col = 0;
        while col + V * LANES <= n_cols {
            affine_tile::<S, J, V>(simd, w, biases, a, n_cols, col, z);
            col += V * LANES;
        }
        while col < n_cols {
            affine_tile::<S, J, 1>(simd, w, biases, a, n_cols, col, z);
            col += LANES;
        }
        self.z = rest;
        self.biases = rest_biases;
    }
}

#[inline(always)]
fn affine_tile<S: Simd, const J: usize, const V: usize>(
    simd: S,
    w: [&[f32]; J],
    biases: &[f32],
    a: &[f32],
    n_cols: usize,
    col: usize,
    z: &mut [f32],
) {
    let mut sums: [[f32x8<S>; V]; J] = core::array::from_fn(|j| [f32x8::splat(simd, biases[j]); V]);
    let n_in = w[0].len();
    let w = w.map(|row| &row[..n_in]);
    for (i, a) in a.chunks_exact(n_cols).take(n_in).enumerate() {
        let a: [f32x8<S>; V] = vectors(simd, &a[col..col + V * LANES]);
        for j in 0..J {
            let w = f32x8::splat(simd, w[j][i]);
            for v in 0..V {
                sums[j][v] += w * a[v];
            }
        }
    }
    for (sums, z) in sums.iter().zip(z.chunks_exact_mut(n_cols)) {
        store(sums, &mut z[col..col + V * LANES]);
    }
}

/// dL/da[i, :] = sum_j W[j, i] delta[j, :], in the order of j.
///
/// `weights`: `[n_out, n_in]`, `delta` (dL/dz of this layer): `[n_out, n_cols]`, `d_a`: `[n_in, n_cols]`.
#[inline(always)]
pub fn pull_back<S: Simd>(simd: S, weights: &[f32], delta: &[f32], n_cols: usize, d_a: &mut [f32]) {
    let n_in = d_a.len() / n_cols;
    let mut i = 0;
    if S::f32s::LEN >= LANES {
        while i + 4 <= n_in {
            pull_back_rows::<S, 4, 2>(simd, weights, n_in, delta, n_cols, i, d_a);
            i += 4;
        }
    } else {
        while i + 4 <= n_in {
            pull_back_rows::<S, 4, 1>(simd, weights, n_in, delta, n_cols, i, d_a);
            i += 4;
        }
    }
    while i < n_in {
        pull_back_rows::<S, 1, 4>(simd, weights, n_in, delta, n_cols, i, d_a);
        i += 1;
    }
}

#[inline(always)]
fn pull_back_rows<S: Simd, const I: usize, const V: usize>(
    simd: S,
    weights: &[f32],
    n_in: usize,
    delta: &[f32],
    n_cols: usize,
    i: usize,
    d_a: &mut [f32],
) {
    let d_a = &mut d_a[i * n_cols..(i + I) * n_cols];
    let mut col = 0;
    while col + V * LANES <= n_cols {
        pull_back_tile::<S, I, V>(simd, weights, n_in, delta, n_cols, i, col, d_a);
        col += V * LANES;
    }
    while col < n_cols {
        pull_back_tile::<S, I, 1>(simd, weights, n_in, delta, n_cols, i, col, d_a);
        col += LANES;
    }
}

#[inline(always)]
#[expect(
    clippy::too_many_arguments,
    reason = "a tile is defined by its corner and its two operands"
)]
fn pull_back_tile<S: Simd, const I: usize, const V: usize>(
    simd: S,
    weights: &[f32],
    n_in: usize,
    delta: &[f32],
    n_cols: usize,
    i: usize,
    col: usize,
    d_a: &mut [f32],
) {
    let mut sums: [[f32x8<S>; V]; I] = [[f32x8::splat(simd, 0.0); V]; I];
    for (w, delta) in weights.chunks_exact(n_in).zip(delta.chunks_exact(n_cols)) {
        let delta: [f32x8<S>; V] = vectors(simd, &delta[col..col + V * LANES]);
        let w = &w[i..i + I];
        for (sums, &w) in sums.iter_mut().zip(w) {
            let w = f32x8::splat(simd, w);
            for v in 0..V {
                sums[v] += w * delta[v];
            }
        }
    }
    for (sums, d_a) in sums.iter().zip(d_a.chunks_exact_mut(n_cols)) {
        store(sums, &mut d_a[col..col + V * LANES]);
    }
}

/// `dL/dW[j, i] = sum over samples of delta[j, :] a[i, :]`; `dL/db[j] = sum over samples of delta[j, :]`.
///
/// Sums run over columns c, c + 8, c + 16 ... for c = 0..8, and then as in [`sum`].
/// `delta`: `[n_out, n_cols]`, `a`: `[n_in, n_cols]`, `d_weights`: `[n_out, n_in]`, `d_biases`: `[n_out]`.
#[inline(always)]
pub fn weight_gradients<S: Simd>(
    simd: S,
    delta: &[f32],
    a: &[f32],
    n_cols: usize,
    d_weights: &mut [f32],
    d_biases: &mut [f32],
) {
    let n_in = a.len() / n_cols;
    let n_out = delta.len() / n_cols;
    let mut j = 0;
    if S::f32s::LEN >= LANES {
        while j + 2 <= n_out {
            gradient_rows::<S, 2>(simd, delta, a, n_cols, n_in, j, d_weights);
            j += 2;
        }
    }
    while j < n_out {
        gradient_rows::<S, 1>(simd, delta, a, n_cols, n_in, j, d_weights);
        j += 1;
    }
    for (d_bias, delta) in d_biases.iter_mut().zip(delta.chunks_exact(n_cols)) {
        let mut total = f32x8::splat(simd, 0.0);
        for delta in delta.as_chunks::<LANES>().0 {
            total += f32x8::load_array_ref(simd, delta);
        }
        *d_bias = sum(total);
    }
}

/// Rows `j .. j + J` of dL/dW, four columns at a time.
#[inline(always)]
fn gradient_rows<S: Simd, const J: usize>(
    simd: S,
    delta: &[f32],
    a: &[f32],
    n_cols: usize,
    n_in: usize,
    j: usize,
    d_weights: &mut [f32],
) {
    let delta = &delta[j * n_cols..(j + J) * n_cols];
    let d_weights = &mut d_weights[j * n_in..(j + J) * n_in];
    let mut i = 0;
    while i + 4 <= n_in {
        let sums = gradient_tile::<S, J, 4>(simd, delta, &a[i * n_cols..(i + 4) * n_cols], n_cols);
        for (sums, row) in sums.into_iter().zip(d_weights.chunks_exact_mut(n_in)) {
            sum4(sums).store_slice(&mut row[i..i + 4]);
        }
        i += 4;
    }
    while i < n_in {
        let sums = gradient_tile::<S, J, 1>(simd, delta, &a[i * n_cols..(i + 1) * n_cols], n_cols);
        for ([total], row) in sums.into_iter().zip(d_weights.chunks_exact_mut(n_in)) {
            row[i] = sum(total);
        }
        i += 1;
    }
}

#[inline(always)]
fn gradient_tile<S: Simd, const J: usize, const I: usize>(
    simd: S,
    delta: &[f32],
    a: &[f32],
    n_cols: usize,
) -> [[f32x8<S>; I]; J] {
    let n_vectors = n_cols / LANES;
    let delta: [&[[f32; LANES]]; J] =
        core::array::from_fn(|j| &delta[j * n_cols..(j + 1) * n_cols].as_chunks().0[..n_vectors]);
    let a: [&[[f32; LANES]]; I] =
        core::array::from_fn(|i| &a[i * n_cols..(i + 1) * n_cols].as_chunks().0[..n_vectors]);
    let mut sums = [[f32x8::splat(simd, 0.0); I]; J];
    for v in 0..n_vectors {
        let a: [f32x8<S>; I] = core::array::from_fn(|i| f32x8::load_array_ref(simd, &a[i][v]));
        for j in 0..J {
            let delta = f32x8::load_array_ref(simd, &delta[j][v]);
            for i in 0..I {
                sums[j][i] += delta * a[i];
            }
        }
    }
    sums
}

/// Sum of the eight columns: with s_k = x_k + x_(k+4), (s_0 + s_2) + (s_1 + s_3).
#[inline(always)]
pub fn sum<S: Simd>(x: f32x8<S>) -> f32 {
    let (low, high) = x.split();
    let s = low + high;
    (s[0] + s[2]) + (s[1] + s[3])
}

/// Sum over the first `n` columns; `vector(v)` holds columns `8 v .. 8 v + 8`. Padding counts as 0.
#[inline(always)]
pub fn sum_of_samples<S: Simd>(simd: S, n: usize, vector: impl Fn(usize) -> f32x8<S>) -> f32 {
    let mut total = f32x8::splat(simd, 0.0);
    let n_whole = n / LANES;
    for v in 0..n_whole {
        total += vector(v);
    }
    if !n.is_multiple_of(LANES) {
        let is_sample = column(simd, 0).simd_lt((n % LANES) as f32);
        total += is_sample.select(vector(n_whole), f32x8::splat(simd, 0.0));
    }
    sum(total)
}

/// Of whole vectors.
#[inline(always)]
pub fn sum_of_squares<S: Simd>(simd: S, values: &[f32]) -> f32 {
    let mut squares = f32x8::splat(simd, 0.0);
    for v in values.as_chunks::<LANES>().0 {
        let v = f32x8::load_array_ref(simd, v);
        squares += v * v;
    }
    sum(squares)
}

/// Numbers of the columns of vector `v`.
#[inline(always)]
pub fn column<S: Simd>(simd: S, v: usize) -> f32x8<S> {
    f32x8::load_array(simd, [0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0]) + (v * LANES) as f32
}

/// Columns `8 v .. 8 v + 8` of a row.
#[inline(always)]
pub fn load<S: Simd>(simd: S, row: &[f32], v: usize) -> f32x8<S> {
    f32x8::from_slice(simd, &row[v * LANES..(v + 1) * LANES])
}

/// [`sum`] of four vectors at once: the same additions, four at a time.
#[inline(always)]
fn sum4<S: Simd>(x: [f32x8<S>; 4]) -> f32x4<S> {
    let s = x.map(|x| {
        let (low, high) = x.split();
        low + high
    });
    // [s0_0 + s0_2, s1_0 + s1_2, s0_1 + s0_3, s1_1 + s1_3], and the same of s2 and s3.
    let pairs = |a: f32x4<S>, b: f32x4<S>| a.zip_low(b) + a.zip_high(b);
    let (first, second) = (pairs(s[0], s[1]), pairs(s[2], s[3]));
    let halves = |v: f32x4<S>| v.bitcast::<f64x2<S>>();
    let even: f32x4<S> = halves(first).zip_low(halves(second)).bitcast();
    let odd: f32x4<S> = halves(first).zip_high(halves(second)).bitcast();
    even + odd
}

#[inline(always)]
fn vectors<S: Simd, const V: usize>(simd: S, columns: &[f32]) -> [f32x8<S>; V] {
    core::array::from_fn(|v| f32x8::from_slice(simd, &columns[v * LANES..(v + 1) * LANES]))
}

#[inline(always)]
fn store<S: Simd, const V: usize>(values: &[f32x8<S>; V], columns: &mut [f32]) {
    for (value, columns) in values.iter().zip(columns.chunks_exact_mut(LANES)) {
        value.store_slice(columns);
    }
}
