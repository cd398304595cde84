//! exp and expm1.

use fearless_simd::{Simd, f32x8, prelude::*};

use super::{V, from_bits, is_nan, polynomial, round_to_whole, splat};

const LOG2_E: f32 = std::f32::consts::LOG2_E;
/// ln 2 in two parts; the first has 9 bits, so that its product with a small whole number is exact.
const LN2_HIGH: f32 = 0.693_359_4;
const LN2_LOW: f32 = -2.121_944_4e-4;

/// (expm1(r) - r) / r^2 for |r| <= ln(2) / 2, relative error of expm1 2^-26.
const EXPM1: [f32; 5] = [
    0.499_999_97,
    0.166_665_43,
    0.041_667_2,
    0.008_366_547_5,
    0.001_388_251_7,
];

/// exp overflows above.
const MAX_ARGUMENT: f32 = 88.722_83;
/// exp is below the smallest normal number (and 0 here) below.
const MIN_ARGUMENT: f32 = -86.9;

/// `x = k ln 2 + r`: expm1(r) and 2^(k - 1), for x from -86.9 to 88.73.
#[inline(always)]
fn reduced<S: Simd>(x: V<S>) -> (V<S>, V<S>) {
    let (k, k_bits) = round_to_whole(x * LOG2_E);
    let r = (x - k * LN2_HIGH) - k * LN2_LOW;
    let expm1_r = r + r * r * polynomial(r, EXPM1);
    // The low bits hold k; 126 + k is the biased exponent of 2^(k - 1), which is finite and normal
    // for every k from -125 to 128.
    let half_scale = from_bits((k_bits + 126) << 23);
    (expm1_r, half_scale)
}

/// Clamps to [low, high]; NaN becomes `low`.
#[inline(always)]
fn clamp<S: Simd>(x: V<S>, low: f32, high: f32) -> V<S> {
    let (low, high) = (splat(x, low), splat(x, high));
    let x = x.simd_gt(low).select(x, low);
    high.simd_gt(x).select(x, high)
}

/// e^x. Error below 1.1 ulp. inf above 88.72, 0 below -86.9.
///
/// x = k ln 2 + r with |r| <= ln(2) / 2 by a two-part ln 2 (Cody and Waite 1980), then
/// 2^k (1 + r + r^2 P(r)).
#[inline(always)]
pub fn exp<S: Simd>(x: V<S>) -> V<S> {
    let (expm1_r, half_scale) = reduced(clamp(x, MIN_ARGUMENT, MAX_ARGUMENT));
    let value = (expm1_r + 1.0) * half_scale * 2.0;
    finish(x, value, 0.0)
}

/// e^x - 1. Error below 1.6 ulp. inf above 88.72.
///
/// As [`exp`], then 2^k expm1(r) + (2^k - 1), so that nothing cancels near 0.
#[inline(always)]
pub fn expm1<S: Simd>(x: V<S>) -> V<S> {
    let (expm1_r, half_scale) = reduced(clamp(x, MIN_ARGUMENT, MAX_ARGUMENT));
    // Half of everything, for 2^128 is not a number of f32.
    let value = (expm1_r * half_scale + (half_scale - 0.5)) * 2.0;
    finish(x, value, -1.0)
}

/// Puts in what the clamped argument cannot say: the limits and NaN.
#[inline(always)]
fn finish<S: Simd>(x: V<S>, value: V<S>, limit: f32) -> V<S> {
    let infinity = f32x8::splat(x.simd, f32::INFINITY);
    let value = x.simd_gt(MAX_ARGUMENT).select(infinity, value);
    let value = splat(x, MIN_ARGUMENT)
        .simd_gt(x)
        .select(splat(x, limit), value);
    is_nan(x).select(x, value)
}

/// e^-|x|, no larger than 1, with fewer limits to look after. NaN stays NaN.
#[inline(always)]
pub(super) fn exp_minus_abs<S: Simd>(x: V<S>) -> V<S> {
    let x = -x.abs();
    let low = splat(x, MIN_ARGUMENT);
    // False for NaN, which goes through the polynomial and stays NaN.
    let is_low = low.simd_gt(x);
    let (expm1_r, half_scale) = reduced(is_low.select(low, x));
    let value = (expm1_r + 1.0) * half_scale * 2.0;
    is_low.select(splat(x, 0.0), value)
}

/// e^-|x| - 1, from -1 to 0. NaN stays NaN.
#[inline(always)]
pub(super) fn expm1_minus_abs<S: Simd>(x: V<S>) -> V<S> {
    let x = -x.abs();
    let low = splat(x, MIN_ARGUMENT);
    let is_low = low.simd_gt(x);
    let (expm1_r, half_scale) = reduced(is_low.select(low, x));
    let value = (expm1_r * half_scale + (half_scale - 0.5)) * 2.0;
    is_low.select(splat(x, -1.0), value)
}
