//! Elementary functions on vectors of f32, the same bits on every machine.
//!
//! Only `+ - * / sqrt`, comparisons, selections and integer operations are used: all of them are
//! exactly defined by IEEE 754, so SSE2, AVX2, AVX-512, NEON, WebAssembly SIMD128 and the scalar
//! fallback give equal bits. No fused multiply-add, no approximate reciprocal, no library function.
//! (A NaN is a NaN everywhere; its payload is not promised.)
//!
//! Polynomials are minimax fits made for this project by Lawson's iteratively reweighted least
//! squares on 4,000 Chebyshev nodes with 40-digit reference values, coefficients rounded to f32.
//! The largest errors stated here, in units in the last place of the exact result, are those that
//! `tests` measures against f64 on dense grids.
//!
//! Results smaller in magnitude than the smallest normal number may be 0.

use fearless_simd::{Simd, f32x8, prelude::*};

mod error_function;
mod exponential;
mod logarithm;
mod logistic;
mod power;
mod trigonometric;

pub use error_function::erf;
pub use exponential::{exp, exp_pair, expm1};
pub use logarithm::{log, log1p};
pub use logistic::{sech2, sigmoid, sigmoid_pair, softplus, softplus_pair, tanh, tanh_pair};
pub use power::{pow, sign};
pub use trigonometric::{cos, sin};

/// Eight lanes.
pub type V<S> = f32x8<S>;

/// Numbers side by side, 8 or 16 of them. What is computed of a number does not depend on how many there are: more of
/// them are more that a processor has in flight.
pub trait Floats<S: Simd>: SimdFloat<S, Element = f32> {}

impl<S: Simd, F: SimdFloat<S, Element = f32>> Floats<S> for F {}

/// The larger; NaN if either is NaN; `a` at a tie.
#[inline(always)]
pub fn max<S: Simd, F: Floats<S>>(a: F, b: F) -> F {
    (b.simd_gt(a) | is_nan(b)).select(b, a)
}

/// The smaller; NaN if either is NaN; `a` at a tie.
#[inline(always)]
pub fn min<S: Simd, F: Floats<S>>(a: F, b: F) -> F {
    (a.simd_gt(b) | is_nan(b)).select(b, a)
}

#[inline(always)]
fn is_nan<S: Simd, F: Floats<S>>(x: F) -> F::Mask {
    !x.simd_eq(x)
}

#[inline(always)]
fn splat<S: Simd, F: Floats<S>>(like: F, value: f32) -> F {
    F::simd_from(like.token(), value)
}

/// `c[0] + c[1] x + ...` by Horner's rule.
#[inline(always)]
fn polynomial<S: Simd, F: Floats<S>, const N: usize>(x: F, coefficients: [f32; N]) -> F {
    let mut sum = splat(x, coefficients[N - 1]);
    for i in (0..N - 1).rev() {
        sum = sum * x + coefficients[i];
    }
    sum
}

/// 2^23 + 2^22: adding it to a number below 2^22 in magnitude rounds that to a whole number, ties to
/// even, and leaves the whole number in the low bits of the sum.
const ROUNDING: f32 = 12_582_912.0;

/// The nearest whole number of `x`, |x| < 2^22, and the bits of `x + ROUNDING`.
#[inline(always)]
fn round_to_whole<S: Simd, F: Floats<S>>(x: F) -> (F, F::Bits) {
    let shifted = x + ROUNDING;
    (shifted - ROUNDING, shifted.to_bits())
}

#[cfg(test)]
mod tests;
