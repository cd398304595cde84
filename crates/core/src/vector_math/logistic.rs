//! sigmoid, tanh, softplus: all of them from e^-|x|, which cannot overflow.

use fearless_simd::{Simd, prelude::*};

use super::exponential::{exp_minus_abs, expm1_minus_abs};
use super::logarithm::log1p_of_unit;
use super::{V, is_nan, splat};

/// 1 / (1 + e^-x). Error below 2.5 ulp.
#[inline(always)]
pub fn sigmoid<S: Simd>(x: V<S>) -> V<S> {
    let e = exp_minus_abs(x);
    let is_negative = splat(x, 0.0).simd_gt(x);
    is_negative.select(e, splat(x, 1.0)) / (e + 1.0)
}

/// sigmoid(x) and sigmoid(-x), which is 1 - sigmoid(x) with all its digits.
#[inline(always)]
pub fn sigmoid_pair<S: Simd>(x: V<S>) -> (V<S>, V<S>) {
    let e = exp_minus_abs(x);
    let is_negative = splat(x, 0.0).simd_gt(x);
    let one = splat(x, 1.0);
    let below = e + 1.0;
    (
        is_negative.select(e, one) / below,
        is_negative.select(one, e) / below,
    )
}

/// Hyperbolic tangent. Error below 3 ulp.
///
/// With m = e^(-2|x|) - 1 it is -m / (2 + m), with the sign of x.
#[inline(always)]
pub fn tanh<S: Simd>(x: V<S>) -> V<S> {
    let m = expm1_minus_abs(x + x);
    (-m / (m + 2.0)).copysign(x)
}

/// 1 - tanh(x)^2, with all its digits also where tanh(x) rounds to 1. Error below 4 ulp.
#[inline(always)]
pub fn sech2<S: Simd>(x: V<S>) -> V<S> {
    let e = exp_minus_abs(x + x);
    let below = e + 1.0;
    e * 4.0 / (below * below)
}

/// [`tanh`] and [`sech2`] at the price of one exponential; `sech2` with an absolute error below
/// 1e-7 and exactly 0 no sooner than e^(-2|x|) is.
#[inline(always)]
pub fn tanh_pair<S: Simd>(x: V<S>) -> (V<S>, V<S>) {
    (tanh(x), sech2(x))
}

/// log(1 + e^x). Error below 2 ulp.
#[inline(always)]
pub fn softplus<S: Simd>(x: V<S>) -> V<S> {
    let tail = log1p_of_unit(exp_minus_abs(x));
    let zero = splat(x, 0.0);
    let positive = x.simd_gt(zero).select(x, zero);
    is_nan(x).select(x, positive + tail)
}
