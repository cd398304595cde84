//! erf.

use fearless_simd::{Simd, prelude::*};

use super::{Floats, polynomial, splat};

/// erf is 1 in f32 from here on.
const LIMIT: f32 = 3.92;

/// erf(x) / x = N(x^2) / D(x^2) for |x| <= 3.92, relative error 2^-25.7. All coefficients are
/// positive, so nothing cancels.
const N: [f32; 6] = [
    std::f32::consts::FRAC_2_SQRT_PI,
    0.190_407_07,
    0.052_748_807,
    0.003_765_644,
    2.848_836e-4,
    2.050_085_9e-6,
];
const D: [f32; 6] = [
    1.0,
    0.502_076_6,
    0.114_109_36,
    0.014_969_27,
    0.001_162_542_6,
    3.809_174_8e-5,
];

/// The error function. Error below 5.1 ulp; exactly 1 or -1 beyond 3.92.
#[inline(always)]
pub fn erf<S: Simd, F: Floats<S>>(x: F) -> F {
    let limit = splat(x, LIMIT);
    let size = x.abs();
    let is_beyond = size.simd_gt(limit);
    let inner = is_beyond.select(limit, x);
    let square = inner * inner;
    let value = inner * polynomial(square, N) / polynomial(square, D);
    let one = splat(x, 1.0);
    let value = (is_beyond | value.abs().simd_gt(one)).select(one, value);
    // NaN is not beyond and went through the polynomials.
    value.copysign(x)
}
