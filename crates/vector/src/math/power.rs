//! Powers and signs.

use fearless_simd::{Simd, prelude::*};

use super::{Floats, exp, is_nan, log, splat};

/// -1, 0 or 1; zero keeps its sign; NaN stays NaN.
#[inline(always)]
pub fn sign<S: Simd, F: Floats<S>>(x: F) -> F {
    let zero = splat(x, 0.0);
    let value = x.simd_gt(zero).select(splat(x, 1.0), x);
    zero.simd_gt(x).select(splat(x, -1.0), value)
}

/// x^y by exp(y log|x|). Relative error below 2e-7 (1 + |y log x|).
///
/// C's rules: x^0 is 1; a negative base has whole exponents only, else NaN; 0 to a negative power is
/// inf. (A negative zero counts as zero.)
#[inline(always)]
pub fn pow<S: Simd, F: Floats<S>>(x: F, y: F) -> F {
    let zero = splat(x, 0.0);
    let one = splat(x, 1.0);
    let size = exp(y * log(x.abs()));
    // A whole number has no fraction; an odd one keeps a fraction when halved.
    let is_whole = y.floor().simd_eq(y);
    let half = y * 0.5;
    let is_odd = is_whole & !half.floor().simd_eq(half);
    let is_negative = zero.simd_gt(x);
    let value = (is_negative & is_odd).select(-size, size);
    let value = (is_negative & !is_whole).select(splat(x, f32::NAN), value);
    let value = (is_nan(x) | is_nan(y)).select(splat(x, f32::NAN), value);
    (y.simd_eq(zero) | x.simd_eq(one)).select(one, value)
}
