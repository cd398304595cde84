//! exp and expm1.

use fearless_simd::{Simd, prelude::*};

use super::{Floats, polynomial, round_to_whole, splat};

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

/// exp overflows here, and 2^128 is the largest power of two that [`reduced`] can give.
const MAX_ARGUMENT: f32 = 88.73;
/// exp is below the smallest normal number (and 0 here) below.
const MIN_ARGUMENT: f32 = -86.9;

/// e^x. Error below 1.5 ulp. inf above 88.72, 0 below -86.9.
///
/// x = k ln 2 + r with |r| <= ln(2) / 2 by a two-part ln 2 (Cody and Waite 1980), then
/// 2^k (1 + r + r^2 P(r)).
#[inline(always)]
pub fn exp<S: Simd, F: Floats<S>>(x: F) -> F {
    let (x, is_low) = clamp(x);
    let (expm1_r, half_scale) = reduced(x);
    is_low.select(splat(x, 0.0), scaled_exp(expm1_r, half_scale))
}

/// e^x - 1. Error below 1.7 ulp. inf above 88.72.
///
/// As [`exp`], then 2^k expm1(r) + (2^k - 1), so that nothing cancels near 0.
#[inline(always)]
pub fn expm1<S: Simd, F: Floats<S>>(x: F) -> F {
    let (expm1_r, half_scale) = reduced(clamp(x).0);
    scaled_expm1(expm1_r, half_scale)
}

/// [`exp`] and [`expm1`] for the price of one.
#[inline(always)]
pub fn exp_pair<S: Simd, F: Floats<S>>(x: F) -> (F, F) {
    let (x, is_low) = clamp(x);
    let (expm1_r, half_scale) = reduced(x);
    let exp = is_low.select(splat(x, 0.0), scaled_exp(expm1_r, half_scale));
    (exp, scaled_expm1(expm1_r, half_scale))
}

/// e^-|x|, no larger than 1, and (e^-|x| - 1) / 2, from -1/2 to 0. NaN stays NaN.
#[inline(always)]
pub(super) fn exp_and_half_expm1_minus_abs<S: Simd, F: Floats<S>>(x: F) -> (F, F) {
    let (x, is_low) = raise(-x.abs());
    let (expm1_r, half_scale) = reduced(x);
    let e = is_low.select(splat(x, 0.0), scaled_exp(expm1_r, half_scale));
    (e, half_scaled_expm1(expm1_r, half_scale))
}

/// Clamps to what [`reduced`] takes, and tells where `x` is too low. Clamped at the top, the result
/// overflows to inf of itself. NaN stays NaN, here and in what follows.
#[inline(always)]
fn clamp<S: Simd, F: Floats<S>>(x: F) -> (F, F::Mask) {
    let (x, is_low) = raise(x);
    let high = splat(x, MAX_ARGUMENT);
    (x.simd_gt(high).select(high, x), is_low)
}

/// As [`clamp`], but at the bottom only.
#[inline(always)]
fn raise<S: Simd, F: Floats<S>>(x: F) -> (F, F::Mask) {
    let low = splat(x, MIN_ARGUMENT);
    let is_low = low.simd_gt(x);
    (is_low.select(low, x), is_low)
}

#[inline(always)]
fn scaled_exp<S: Simd, F: Floats<S>>(expm1_r: F, half_scale: F) -> F {
    (expm1_r + 1.0) * half_scale * 2.0
}

/// Half of everything, then doubled, for 2^128 is not a number of f32.
#[inline(always)]
fn scaled_expm1<S: Simd, F: Floats<S>>(expm1_r: F, half_scale: F) -> F {
    half_scaled_expm1(expm1_r, half_scale) * 2.0
}

#[inline(always)]
fn half_scaled_expm1<S: Simd, F: Floats<S>>(expm1_r: F, half_scale: F) -> F {
    expm1_r * half_scale + (half_scale - 0.5)
}

/// `x = k ln 2 + r`: expm1(r) and 2^(k - 1), for x from -86.9 to 88.73.
#[inline(always)]
fn reduced<S: Simd, F: Floats<S>>(x: F) -> (F, F) {
    let (k, k_bits) = round_to_whole(x * LOG2_E);
    let r = (x - k * LN2_HIGH) - k * LN2_LOW;
    let expm1_r = r + r * r * polynomial(r, EXPM1);
    // The low bits hold k; 126 + k is the biased exponent of 2^(k - 1), which is finite and normal
    // for every k from -125 to 128.
    let half_scale = F::from_bits((k_bits + 126) << 23);
    (expm1_r, half_scale)
}
