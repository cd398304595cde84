//! log and log1p.

use fearless_simd::{Simd, prelude::*};

use super::{Floats, is_nan, polynomial, splat};

const LN2_HIGH: f32 = 0.693_359_4;
const LN2_LOW: f32 = -2.121_944_4e-4;
const SQRT_HALF: f32 = std::f32::consts::FRAC_1_SQRT_2;

/// (log1p(f) - f + f^2 / 2) / f^3 for f from sqrt(1/2) - 1 to sqrt(2) - 1, relative error of log1p
/// 2^-27.
const LOG1P: [f32; 8] = [
    0.333_333_3,
    -0.250_008_26,
    0.200_012_36,
    -0.166_231_44,
    0.142_013_68,
    -0.131_620_03,
    0.127_654_28,
    -0.076_343_89,
];

/// k ln 2 + log1p(f).
#[inline(always)]
fn log_of_parts<S: Simd, F: Floats<S>>(k: F, f: F) -> F {
    let square = f * f;
    let tail = f * square * polynomial(f, LOG1P) - square * 0.5;
    // Small parts first.
    k * LN2_HIGH + (f + (tail + k * LN2_LOW))
}

/// x = 2^k m with m from sqrt(1/2) to sqrt(2), for normal x > 0: k and m - 1.
#[inline(always)]
fn split<S: Simd, F: Floats<S>>(x: F) -> (F, F) {
    // Measured from sqrt(1/2), the exponent bits are k and the mantissa bits are those of m.
    let offset = x.to_bits() - SQRT_HALF.to_bits();
    // 0 <= (offset >> 23) + 128 < 512: below 2^23 the bits of a float's mantissa are a whole number.
    let biased = ((offset >> 23) + 128) & 511;
    let k = F::from_bits(biased | 0x4b00_0000) - (8_388_608.0 + 128.0);
    let mantissa = F::from_bits((offset & 0x007f_ffff) + SQRT_HALF.to_bits());
    (k, mantissa - 1.0)
}

/// Natural logarithm. Error below 0.8 ulp. -inf at 0, NaN below.
#[inline(always)]
pub fn log<S: Simd, F: Floats<S>>(x: F) -> F {
    // Subnormal numbers are scaled into the normal ones.
    let is_small = splat(x, f32::MIN_POSITIVE).simd_gt(x);
    let (k, f) = split(is_small.select(x * 8_388_608.0, x));
    let k = is_small.select(k - 23.0, k);
    let value = log_of_parts(k, f);
    limits(x, x, value)
}

/// log(1 + x). Error below 2.5 ulp. -inf at -1, NaN below.
///
/// Where |x| is small it is the polynomial's argument as it is.
#[inline(always)]
pub fn log1p<S: Simd, F: Floats<S>>(x: F) -> F {
    let u = x + 1.0;
    let (k, f) = split(u);
    let is_near = x.simd_gt(SQRT_HALF - 1.0) & splat(x, std::f32::consts::SQRT_2 - 1.0).simd_gt(x);
    let k = is_near.select(splat(x, 0.0), k);
    let value = log_of_parts(k, is_near.select(x, f));
    limits(x, u, value)
}

/// `value`, but for what a logarithm of `u` is at 0, below, at infinity and for NaN.
#[inline(always)]
fn limits<S: Simd, F: Floats<S>>(x: F, u: F, value: F) -> F {
    let zero = splat(x, 0.0);
    let value = u.simd_gt(f32::MAX).select(splat(x, f32::INFINITY), value);
    let value = u.simd_eq(zero).select(splat(x, f32::NEG_INFINITY), value);
    let is_invalid = zero.simd_gt(u) | is_nan(x);
    is_invalid.select(splat(x, f32::NAN), value)
}

/// log(1 + e) for e from 0 to 1: no limits to look after. NaN stays NaN.
#[inline(always)]
pub(super) fn log1p_of_unit<S: Simd, F: Floats<S>>(e: F) -> F {
    let is_far = e.simd_gt(std::f32::consts::SQRT_2 - 1.0);
    // (1 + e) / 2 - 1 without rounding: e - 1 is exact for e >= 1/2.
    let f = is_far.select((e - 1.0) * 0.5, e);
    let k = is_far.select(splat(e, 1.0), splat(e, 0.0));
    log_of_parts(k, f)
}
