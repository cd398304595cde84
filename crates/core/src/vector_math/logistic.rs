//! sigmoid, tanh, softplus: all of them from e^-|x|, which cannot overflow.

use fearless_simd::{Simd, prelude::*};

use super::exponential::exp_and_expm1_minus_abs;
use super::logarithm::log1p_of_unit;
use super::{V, splat};

/// 1 / (1 + e^-x). Error below 2.2 ulp.
#[inline(always)]
pub fn sigmoid<S: Simd>(x: V<S>) -> V<S> {
    let (e, _) = exp_and_expm1_minus_abs(x);
    let is_negative = splat(x, 0.0).simd_gt(x);
    is_negative.select(e, splat(x, 1.0)) / (e + 1.0)
}

/// [`sigmoid`] of x and of -x, which is 1 - sigmoid(x) with all its digits. Errors below 2.6 ulp.
#[inline(always)]
pub fn sigmoid_pair<S: Simd>(x: V<S>) -> (V<S>, V<S>) {
    let (e, _) = exp_and_expm1_minus_abs(x);
    let large = splat(x, 1.0) / (e + 1.0);
    let small = e * large;
    let is_negative = splat(x, 0.0).simd_gt(x);
    (
        is_negative.select(small, large),
        is_negative.select(large, small),
    )
}

/// Hyperbolic tangent. Error below 2.5 ulp.
///
/// With m = e^(-2|x|) - 1 it is -m / (2 + m), with the sign of x.
#[inline(always)]
pub fn tanh<S: Simd>(x: V<S>) -> V<S> {
    let (_, m) = exp_and_expm1_minus_abs(x + x);
    (-m / (m + 2.0)).copysign(x)
}

/// 1 - tanh(x)^2 with all its digits, also where tanh(x) rounds to 1. Error below 3.6 ulp.
#[inline(always)]
pub fn sech2<S: Simd>(x: V<S>) -> V<S> {
    let (e, _) = exp_and_expm1_minus_abs(x + x);
    let below = e + 1.0;
    e * 4.0 / (below * below)
}

/// [`tanh`] and [`sech2`] for the price of one exponential and one division. Errors below 3 and 4.9
/// ulp.
#[inline(always)]
pub fn tanh_pair<S: Simd>(x: V<S>) -> (V<S>, V<S>) {
    let (e, m) = exp_and_expm1_minus_abs(x + x);
    let inverse = splat(x, 1.0) / (m + 2.0);
    let tanh = (-m * inverse).copysign(x);
    (tanh, e * 4.0 * (inverse * inverse))
}

/// log(1 + e^x). Error below 1.6 ulp.
#[inline(always)]
pub fn softplus<S: Simd>(x: V<S>) -> V<S> {
    let (e, _) = exp_and_expm1_minus_abs(x);
    let zero = splat(x, 0.0);
    // NaN comes through the logarithm.
    x.simd_gt(zero).select(x, zero) + log1p_of_unit(e)
}
