//! Accuracy against f64 on dense grids, limits, and equal bits on every level of this machine.

use fearless_simd::{Level, Simd, dispatch, f32x8, prelude::*};

use super::*;

/// Applies a vector function to a slice whose length is a multiple of 8.
macro_rules! apply {
    ($level:expr, $x:expr, $function:path) => {{
        #[inline(always)]
        fn run<S: Simd>(simd: S, x: &[f32]) -> Vec<f32> {
            let mut out = vec![0.0; x.len()];
            for (x, out) in x.chunks_exact(8).zip(out.chunks_exact_mut(8)) {
                $function(f32x8::from_slice(simd, x)).store_slice(out);
            }
            out
        }
        dispatch!($level, simd => run(simd, $x))
    }};
}

/// One function of a pair, to be run alone.
macro_rules! part_of_pair {
    ($name:ident, $function:path, $index:tt) => {
        #[inline(always)]
        fn $name<S: Simd>(x: V<S>) -> V<S> {
            $function(x).$index
        }
    };
}
part_of_pair!(exp_of_pair, exp_pair, 0);
part_of_pair!(expm1_of_pair, exp_pair, 1);
part_of_pair!(sigmoid_of_negative, sigmoid_pair, 1);
part_of_pair!(sigmoid_of_softplus_pair, softplus_pair, 1);

/// Every 3,989th of all f32 from `low` to `high`, both included: all binades, some 100,000 to
/// 1,000,000 numbers.
fn grid(low: f32, high: f32) -> Vec<f32> {
    // Bits in the order of the numbers.
    let key = |x: f32| {
        let bits = x.to_bits() as i32;
        if bits < 0 { i32::MIN - bits } else { bits }
    };
    let value = |key: i32| {
        f32::from_bits(if key < 0 {
            (i32::MIN - key) as u32
        } else {
            key as u32
        })
    };
    let mut x: Vec<f32> = (i64::from(key(low))..=i64::from(key(high)))
        .step_by(3_989)
        .map(|key| value(key as i32))
        .collect();
    x.push(high);
    // Evenly spaced ones too, for most f32 are tiny.
    x.extend((0..200_000).map(|i| low + (high - low) * (i as f32 / 200_000.0)));
    x.retain(|x| x.is_finite());
    x.resize(x.len().next_multiple_of(8), 0.5 * (low + high));
    x
}

/// Distance between neighbouring f32 at `exact`, of the smallest normal ones at least.
fn ulp(exact: f64) -> f64 {
    let (_, exponent) = libm::frexp(exact);
    libm::ldexp(1.0, (exponent - 24).max(-149))
}

/// Checks the largest error over a grid: at most `max_ulp` units, a unit being an ulp or `min_unit`
/// where that is larger.
#[track_caller]
fn check_error(x: &[f32], got: &[f32], exact: impl Fn(f64) -> f64, max_ulp: f64, min_unit: f64) {
    let mut worst = (0.0, 0.0, 0.0, 0.0);
    for (&x, &got) in x.iter().zip(got) {
        let exact = exact(f64::from(x));
        // What is below the smallest normal number may be 0.
        let is_flushed = exact.abs() < 2.0 * f64::from(f32::MIN_POSITIVE) && got == 0.0;
        let error = (f64::from(got) - exact).abs();
        let in_ulp = error / ulp(exact).max(min_unit);
        if !is_flushed && (in_ulp > worst.0 || error.is_nan()) {
            worst = (
                if error.is_nan() {
                    f64::INFINITY
                } else {
                    in_ulp
                },
                x.into(),
                got.into(),
                exact,
            );
        }
    }
    let (error, at, got, exact) = worst;
    assert!(
        error <= max_ulp,
        "{error:.3} ulp at {at:e}: got {got:e}, exact {exact:e}; allowed {max_ulp}"
    );
    // A bound far above what happens would not notice a loss of digits.
    assert!(
        error > 0.5 * max_ulp - 0.5,
        "only {error:.3} ulp, {max_ulp} allowed: state less"
    );
}

macro_rules! accuracy_test {
    ($name:ident, $function:path, $low:expr, $high:expr, $exact:expr, $max_ulp:expr, $min_unit:expr) => {
        #[test]
        fn $name() {
            let x = grid($low, $high);
            let got = apply!(Level::new(), &x, $function);
            check_error(&x, &got, $exact, $max_ulp, $min_unit);
        }
    };
}

/// The ulp of numbers just below 1.
const ONE: f64 = 1.0 / 16_777_216.0;

fn sigmoid_f64(x: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-x))
}
fn sech2_f64(x: f64) -> f64 {
    let c = libm::cosh(x);
    1.0 / (c * c)
}
fn softplus_f64(x: f64) -> f64 {
    x.max(0.0) + libm::log1p(libm::exp(-x.abs()))
}

accuracy_test!(exp_is_accurate, exp, -86.9, 88.72, libm::exp, 1.5, 0.0);
accuracy_test!(
    expm1_is_accurate,
    expm1,
    -100.0,
    88.72,
    libm::expm1,
    1.7,
    0.0
);
accuracy_test!(log_is_accurate, log, 1e-45, f32::MAX, libm::log, 0.8, 0.0);
accuracy_test!(
    log1p_is_accurate,
    log1p,
    -0.999_999,
    f32::MAX,
    libm::log1p,
    2.5,
    0.0
);
accuracy_test!(
    sigmoid_is_accurate,
    sigmoid,
    -86.0,
    100.0,
    sigmoid_f64,
    2.6,
    0.0
);
accuracy_test!(
    sigmoid_of_negative_is_accurate,
    sigmoid_of_negative,
    -100.0,
    86.0,
    |x| sigmoid_f64(-x),
    2.6,
    0.0
);
accuracy_test!(tanh_is_accurate, tanh, -1e30, 1e30, libm::tanh, 3.0, 0.0);
accuracy_test!(sech2_is_accurate, sech2, -43.0, 43.0, sech2_f64, 4.9, 0.0);
accuracy_test!(
    softplus_is_accurate,
    softplus,
    -86.0,
    1e30,
    softplus_f64,
    1.6,
    0.0
);
accuracy_test!(erf_is_accurate, erf, -1e30, 1e30, libm::erf, 5.1, 0.0);
accuracy_test!(sin_is_accurate, sin, -8_000.0, 8_000.0, libm::sin, 1.6, ONE);
accuracy_test!(cos_is_accurate, cos, -8_000.0, 8_000.0, libm::cos, 1.6, ONE);

/// Runs a function on one number.
macro_rules! at {
    ($function:path, $x:expr) => {
        apply!(Level::new(), &[$x; 8], $function)[0]
    };
}

#[test]
fn limits_are_those_of_the_functions() {
    const INF: f32 = f32::INFINITY;
    macro_rules! check {
        ($function:path, $($x:expr => $expected:expr),+) => {
            $(
                let (got, expected): (f32, f32) = (at!($function, $x), $expected);
                let same = got == expected || (got.is_nan() && expected.is_nan());
                assert!(same, "{}({}) is {got}, not {expected}", stringify!($function), $x);
            )+
            assert!(at!($function, f32::NAN).is_nan(), "{} of NaN", stringify!($function));
        };
    }
    check!(exp, 0.0 => 1.0, -1000.0 => 0.0, 1000.0 => INF, INF => INF, -INF => 0.0, 1e-45 => 1.0);
    check!(expm1, 0.0 => 0.0, -1000.0 => -1.0, 1000.0 => INF, INF => INF, -INF => -1.0, 1e-37 => 1e-37);
    check!(log, 1.0 => 0.0, 0.0 => -INF, -0.0 => -INF, INF => INF, -1.0 => f32::NAN, -INF => f32::NAN);
    check!(log1p, 0.0 => 0.0, -1.0 => -INF, INF => INF, -2.0 => f32::NAN, 1e-37 => 1e-37);
    check!(sigmoid, 0.0 => 0.5, 1000.0 => 1.0, -1000.0 => 0.0, INF => 1.0, -INF => 0.0, 1e-45 => 0.5);
    check!(sigmoid_of_negative, 0.0 => 0.5, 1000.0 => 0.0, -1000.0 => 1.0, INF => 0.0, -INF => 1.0);
    check!(tanh, 0.0 => 0.0, 1000.0 => 1.0, -1000.0 => -1.0, INF => 1.0, -INF => -1.0, 1e-37 => 1e-37);
    check!(sech2, 0.0 => 1.0, 1000.0 => 0.0, -1000.0 => 0.0, INF => 0.0, -INF => 0.0);
    check!(softplus, 0.0 => std::f32::consts::LN_2, 1000.0 => 1000.0, -1000.0 => 0.0, INF => INF, -INF => 0.0);
    check!(erf, 0.0 => 0.0, 5.0 => 1.0, -5.0 => -1.0, INF => 1.0, -INF => -1.0, 1e-38 => 1.128_379_2e-38);
    check!(sin, 0.0 => 0.0, 1e7 => 0.0, INF => f32::NAN, -INF => f32::NAN, 1e-37 => 1e-37);
    check!(cos, 0.0 => 1.0, 1e7 => 1.0, INF => f32::NAN, -INF => f32::NAN, 1e-45 => 1.0);
    check!(sign, 0.0 => 0.0, 3.0 => 1.0, -3.0 => -1.0, INF => 1.0, -INF => -1.0, -1e-45 => -1.0);
}

#[test]
fn bounded_functions_stay_within_their_bounds() {
    let x = grid(-f32::MAX, f32::MAX);
    macro_rules! check {
        ($function:path, $low:expr, $high:expr) => {
            for (x, y) in x.iter().zip(apply!(Level::new(), &x, $function)) {
                assert!(
                    ($low..=$high).contains(&y),
                    "{}({x}) is {y}",
                    stringify!($function)
                );
            }
        };
    }
    check!(sigmoid, 0.0, 1.0);
    check!(tanh, -1.0, 1.0);
    // Rounding may go an ulp over.
    check!(sech2, 0.0, 1.000_000_2);
    check!(erf, -1.0, 1.0);
    check!(sin, -1.0, 1.0);
    check!(cos, -1.0, 1.0);
    check!(softplus, 0.0, f32::MAX);
}

#[test]
fn max_and_min_pass_nan_on() {
    #[inline(always)]
    fn both<S: Simd>(simd: S, a: f32, b: f32) -> (f32, f32) {
        let (a, b) = (f32x8::splat(simd, a), f32x8::splat(simd, b));
        (max(a, b)[0], min(a, b)[0])
    }
    let check = |a: f32, b: f32, expected: (f32, f32)| {
        let got = dispatch!(Level::new(), simd => both(simd, a, b));
        assert_eq!(
            format!("{got:?}"),
            format!("{expected:?}"),
            "of {a} and {b}"
        );
    };
    check(1.0, 2.0, (2.0, 1.0));
    check(2.0, 1.0, (2.0, 1.0));
    check(f32::NAN, 1.0, (f32::NAN, f32::NAN));
    check(1.0, f32::NAN, (f32::NAN, f32::NAN));
    check(f32::NEG_INFINITY, 1.0, (1.0, f32::NEG_INFINITY));
    // The first at a tie.
    check(-0.0, 0.0, (-0.0, -0.0));
    check(0.0, -0.0, (0.0, 0.0));
}

#[test]
fn powers_follow_cs_rules() {
    #[inline(always)]
    fn pow_of<S: Simd>(simd: S, x: f32, y: f32) -> f32 {
        pow(f32x8::splat(simd, x), f32x8::splat(simd, y))[0]
    }
    let check = |x: f32, y: f32| {
        let got = f64::from(dispatch!(Level::new(), simd => pow_of(simd, x, y)));
        let exact = libm::pow(f64::from(x), f64::from(y));
        // In f32 the exact value is inf, or may be 0.
        let exact = if exact.abs() > f64::from(f32::MAX) {
            f64::INFINITY.copysign(exact)
        } else {
            exact
        };
        let exact = if exact.abs() < f64::from(f32::MIN_POSITIVE) {
            0.0
        } else {
            exact
        };
        let size = (f64::from(y) * libm::log(f64::from(x.abs()))).abs();
        let tolerance = 2e-7 * (1.0 + size) * exact.abs();
        let is_same = got == exact || (got.is_nan() && exact.is_nan());
        assert!(
            is_same || (got - exact).abs() <= tolerance,
            "{x}^{y}: got {got}, exact {exact}"
        );
    };
    for x in [
        -3.5,
        -2.0,
        -1.0,
        -0.3,
        0.0,
        0.3,
        1.0,
        2.0,
        7.5,
        1e10,
        f32::INFINITY,
    ] {
        for y in [
            -40.0, -3.0, -2.5, -1.0, -0.5, 0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 17.0, 40.0,
        ] {
            check(x, y);
        }
    }
    check(f32::NAN, 2.0);
    check(2.0, f32::NAN);
    check(f32::NAN, 0.0);
}

/// The levels that this machine has, the least first.
fn levels() -> Vec<(&'static str, Level)> {
    let best = Level::new();
    #[cfg(target_arch = "x86_64")]
    {
        let known = [
            ("SSE2", best.as_sse2().map(Level::Sse2)),
            ("SSE4.2", best.as_sse4_2().map(Level::Sse4_2)),
            ("AVX2", best.as_avx2().map(Level::Avx2)),
            ("AVX-512", best.as_avx512().map(Level::Avx512)),
        ];
        let known = known.into_iter();
        known
            .filter_map(|(name, level)| Some((name, level?)))
            .collect()
    }
    #[cfg(not(target_arch = "x86_64"))]
    vec![("the only level", best)]
}

#[test]
fn every_level_gives_equal_bits() {
    let mut x = grid(-f32::MAX, f32::MAX);
    x.extend([
        f32::NAN,
        f32::INFINITY,
        f32::NEG_INFINITY,
        0.0,
        -0.0,
        1e-45,
        -1e-45,
        1e-40,
    ]);
    macro_rules! check {
        ($($function:path),+) => {
            $(
                let (_, least) = levels()[0];
                let expected = apply!(least, &x, $function);
                for (name, level) in levels() {
                    let got = apply!(level, &x, $function);
                    for i in 0..x.len() {
                        let (got, expected) = (got[i], expected[i]);
                        let same = got.to_bits() == expected.to_bits()
                            || (got.is_nan() && expected.is_nan());
                        assert!(
                            same,
                            "{} of {} on {name}: {got:e}, not {expected:e}",
                            stringify!($function), x[i]
                        );
                    }
                }
            )+
        };
    }
    check!(
        exp, expm1, log, log1p, sin, cos, sigmoid, tanh, sech2, softplus, erf, sign
    );
}

accuracy_test!(
    sin_near_0_keeps_its_digits,
    sin,
    -0.78,
    0.78,
    libm::sin,
    0.8,
    0.0
);

#[test]
fn sines_of_large_numbers_are_off_by_no_more_than_the_numbers_are() {
    let x = grid(8_000.0, 4.9e6);
    let sines = apply!(Level::new(), &x, sin);
    let cosines = apply!(Level::new(), &x, cos);
    for i in 0..x.len() {
        let exact = f64::from(x[i]);
        let tolerance = 1e-7 + ulp(exact);
        assert!(
            (f64::from(sines[i]) - libm::sin(exact)).abs() < tolerance,
            "sin({})",
            x[i]
        );
        assert!(
            (f64::from(cosines[i]) - libm::cos(exact)).abs() < tolerance,
            "cos({})",
            x[i]
        );
    }
}

#[test]
fn pairs_give_the_bits_of_their_parts() {
    let x = grid(-100.0, 100.0);
    macro_rules! check {
        ($part:path, $alone:path) => {
            let (part, alone) = (
                apply!(Level::new(), &x, $part),
                apply!(Level::new(), &x, $alone),
            );
            assert!(part == alone, "{}", stringify!($part));
        };
    }
    check!(exp_of_pair, exp);
    check!(expm1_of_pair, expm1);
    check!(sigmoid_of_softplus_pair, sigmoid);
    let negative: Vec<f32> = x.iter().map(|x| -x).collect();
    let expected = apply!(Level::new(), &negative, sigmoid);
    assert!(apply!(Level::new(), &x, sigmoid_of_negative) == expected);
}
