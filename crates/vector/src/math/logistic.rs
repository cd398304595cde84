//! sigmoid, tanh, softplus: all of them from e^-|x|, which cannot overflow.
//!
//! The functions that end in `_pair` give two at once for the price of one exponential, and the same
//! bits as the functions they are named after.

use fearless_simd::{Simd, prelude::*};

use super::exponential::exp_and_expm1_minus_abs;
use super::logarithm::log1p_of_unit;
use super::{V, splat};

/// 1 / (1 + e^-x). Error below 2.6 ulp.
#[inline(always)]
pub fn sigmoid<S: Simd>(x: V<S>) -> V<S> {
    sigmoid_pair(x).0
}

/// [`sigmoid`] of x and of -x, which is 1 - sigmoid(x) with all its digits.
#[inline(always)]
pub fn sigmoid_pair<S: Simd>(x: V<S>) -> (V<S>, V<S>) {
    sigmoids(x, exp_and_expm1_minus_abs(x).0)
}

/// sigmoid(x) and sigmoid(-x) from e = e^-|x|.
#[inline(always)]
fn sigmoids<S: Simd>(x: V<S>, e: V<S>) -> (V<S>, V<S>) {
    let large = splat(x, 1.0) / (e + 1.0);
    let small = e * large;
    let is_negative = splat(x, 0.0).simd_gt(x);
    (
        is_negative.select(small, large),
        is_negative.select(large, small),
    )
}

/// Hyperbolic tangent. Error below 3 ulp.
///
/// With m = e^(-2|x|) - 1 it is -m / (2 + m), with the sign of x.
#[inline(always)]
pub fn tanh<S: Simd>(x: V<S>) -> V<S> {
    tanh_pair(x).0
}

/// 1 - tanh(x)^2 with all its digits, also where tanh(x) rounds to 1. Error below 4.9 ulp.
#[inline(always)]
pub fn sech2<S: Simd>(x: V<S>) -> V<S> {
    tanh_pair(x).1
}

/// [`tanh`] and its slope, [`sech2`].
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
    softplus_pair(x).0
}

/// [`softplus`] and its slope, [`sigmoid`].
#[inline(always)]
pub fn softplus_pair<S: Simd>(x: V<S>) -> (V<S>, V<S>) {
    let (e, _) = exp_and_expm1_minus_abs(x);
    let zero = splat(x, 0.0);
    // NaN comes through the logarithm.
    let softplus = x.simd_gt(zero).select(x, zero) + log1p_of_unit(e);
    (softplus, sigmoids(x, e).0)
}
