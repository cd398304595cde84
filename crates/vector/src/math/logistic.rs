//! sigmoid, tanh, softplus: all of them from e^-|x|, which cannot overflow.
//!
//! The functions that end in `_pair` give two at once for the price of one exponential, and the same
//! bits as the functions they are named after.

use fearless_simd::{Simd, prelude::*};

use super::exponential::exp_and_half_expm1_minus_abs;
use super::logarithm::log1p_of_unit;
use super::{Floats, splat};

/// 1 / (1 + e^-x). Error below 2.6 ulp.
#[inline(always)]
pub fn sigmoid<S: Simd, F: Floats<S>>(x: F) -> F {
    sigmoid_pair(x).0
}

/// [`sigmoid`] of x and of -x, which is 1 - sigmoid(x) with all its digits.
#[inline(always)]
pub fn sigmoid_pair<S: Simd, F: Floats<S>>(x: F) -> (F, F) {
    sigmoids(x, exp_and_half_expm1_minus_abs(x).0)
}

/// sigmoid(x) and sigmoid(-x) from e = e^-|x|.
#[inline(always)]
fn sigmoids<S: Simd, F: Floats<S>>(x: F, e: F) -> (F, F) {
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
/// With e = e^(-2|x|) and h = (e - 1) / 2 it is -h / (1 + h), with the sign of x.
#[inline(always)]
pub fn tanh<S: Simd, F: Floats<S>>(x: F) -> F {
    tanh_pair(x).0
}

/// 1 - tanh(x)^2 with all its digits, also where tanh(x) rounds to 1. Error below 4.9 ulp.
#[inline(always)]
pub fn sech2<S: Simd, F: Floats<S>>(x: F) -> F {
    tanh_pair(x).1
}

/// [`tanh`] and its slope, [`sech2`], which is e / (1 + h)^2.
#[inline(always)]
pub fn tanh_pair<S: Simd, F: Floats<S>>(x: F) -> (F, F) {
    let (e, h) = exp_and_half_expm1_minus_abs(x + x);
    let inverse = splat(x, 1.0) / (h + 1.0);
    ((h * inverse).copysign(x), e * (inverse * inverse))
}

/// log(1 + e^x). Error below 1.6 ulp.
#[inline(always)]
pub fn softplus<S: Simd, F: Floats<S>>(x: F) -> F {
    softplus_pair(x).0
}

/// [`softplus`] and its slope, [`sigmoid`].
#[inline(always)]
pub fn softplus_pair<S: Simd, F: Floats<S>>(x: F) -> (F, F) {
    let (e, _) = exp_and_half_expm1_minus_abs(x);
    let zero = splat(x, 0.0);
    // NaN comes through the logarithm.
    let softplus = x.simd_gt(zero).select(x, zero) + log1p_of_unit(e);
    (softplus, sigmoids(x, e).0)
}
