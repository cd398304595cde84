//! sin and cos.

use fearless_simd::{Simd, prelude::*, u32x8};

use super::{V, polynomial, round_to_whole, splat};

const TWO_OVER_PI: f32 = std::f32::consts::FRAC_2_PI;
/// pi / 2 in three parts; the first two have few bits, so that products with whole numbers up to
/// 2^13 are exact.
const HALF_PI: [f32; 3] = [1.570_312_5, 4.837_513e-4, 7.549_79e-8];

/// Beyond this, neighbouring f32 are half a unit apart and the phase means nothing.
const MAX_ARGUMENT: f32 = 5.0e6;

/// (sin(r) - r) / r^3 as a polynomial in r^2 for |r| <= pi / 4, relative error of sin 2^-28.
const SIN: [f32; 3] = [-0.166_666_55, 0.008_332_156, -1.951_463_2e-4];
/// (cos(r) - 1 + r^2 / 2) / r^4 likewise, 2^-33.
const COS: [f32; 3] = [0.041_666_646, -0.001_388_731, 2.443_241_3e-5];

/// Sine. Error below 1e-7 for |x| <= 8,000 (and below 0.8 ulp where |x| <= pi / 4); beyond, that of
/// rounding x itself; 0 beyond 5e6; NaN at infinity.
#[inline(always)]
pub fn sin<S: Simd>(x: V<S>) -> V<S> {
    with_phase(x, 0)
}

/// Cosine, as [`sin`]; 1 beyond 5e6.
#[inline(always)]
pub fn cos<S: Simd>(x: V<S>) -> V<S> {
    with_phase(x, 1)
}

/// sin(x + quarter_turns pi / 2): x = k pi / 2 + r with |r| <= pi / 4, then sin(r) or cos(r) with a sign by
/// the quadrant.
#[inline(always)]
fn with_phase<S: Simd>(x: V<S>, quarter_turns: u32) -> V<S> {
    let is_far = x.abs().simd_gt(MAX_ARGUMENT);
    let inner = is_far.select(splat(x, 0.0), x);
    let (k, k_bits) = round_to_whole(inner * TWO_OVER_PI);
    let r = inner - k * HALF_PI[0] - k * HALF_PI[1] - k * HALF_PI[2];
    let square = r * r;
    let sin_r = r + r * square * polynomial(square, SIN);
    let cos_r = square * square * polynomial(square, COS) + (1.0 - square * 0.5);
    let quadrant = k_bits + quarter_turns;
    let odd: u32x8<S> = quadrant & 1;
    let value = odd.simd_eq(1_u32).select(cos_r, sin_r);
    // Quadrants 2 and 3 are negative: bit 1 becomes the sign bit.
    let value = V::<S>::from_bits(value.to_bits() ^ ((quadrant & 2) << 30));
    // Infinite or NaN times 0 is NaN.
    value + x * 0.0
}
