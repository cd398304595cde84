//! How a signal travels through a wide network with random weights, from theory: whether it dies out
//! or grows with depth, and where between the two a function is best begun.
//!
//! Weights N(0, sw2 / n_in), biases N(0, sb2) (Poole et al. 2016, arXiv 1606.05340; Schoenholz et al. 2017,
//! arXiv 1611.01232). Integrals over x ~ N(0, 1) are midpoint sums.

use core::f64::consts::TAU;

/// The variance of pre-activations that depth leads to, and what becomes of small differences there.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MeanField {
    /// q*: the fixed point of q = sw2 E[f(sqrt(q) x)^2] + sb2.
    pub q: f64,
    /// sw2 E[f'(sqrt(q*) x)^2]: factor by which a layer changes the squared length of a gradient, and of
    /// the difference of two near inputs. Under 1 they vanish with depth, over 1 they explode.
    pub chi1: f64,
}

/// Follows the variance from 1 through layer after layer. `None` if it does not settle: it grows
/// without bound, or takes more than 100,000 layers.
pub fn mean_field(
    f: impl Fn(f64) -> f64,
    slope: impl Fn(f64) -> f64,
    sw2: f64,
    sb2: f64,
) -> Option<MeanField> {
    let mut q = 1.0;
    for _ in 0..100_000 {
        let next = next_variance(&f, sw2, sb2, q);
        if !next.is_finite() {
            return None;
        }
        let has_settled = (next - q).abs() <= 1e-13 * next.max(1e-300);
        q = next;
        if has_settled {
            let chi1 = sw2 * gaussian_mean(|x| square(slope(libm::sqrt(q) * x)));
            return Some(MeanField { q, chi1 });
        }
    }
    None
}

/// Variance of the pre-activations of the layer after one with variance `q`.
pub fn next_variance(f: impl Fn(f64) -> f64, sw2: f64, sb2: f64, q: f64) -> f64 {
    sw2 * gaussian_mean(|x| square(f(libm::sqrt(q) * x))) + sb2
}

/// The edge of chaos: the sw2 in `low..high` at which chi1 = 1, to 1e-9. `None` if chi1 is not below 1
/// at `low` and above 1 at `high`.
pub fn critical_weight_variance(
    f: impl Fn(f64) -> f64,
    slope: impl Fn(f64) -> f64,
    sb2: f64,
    low: f64,
    high: f64,
) -> Option<f64> {
    let chi1 = |sw2| mean_field(&f, &slope, sw2, sb2).map(|at| at.chi1);
    if chi1(low)? > 1.0 || chi1(high)? < 1.0 {
        return None;
    }
    let (mut low, mut high) = (low, high);
    while high - low > 1e-9 {
        let middle = 0.5 * (low + high);
        match chi1(middle)? < 1.0 {
            true => low = middle,
            false => high = middle,
        }
    }
    Some(0.5 * (low + high))
}

/// E[g(x)], x ~ N(0, 1).
///
/// Midpoint rule on [-12, 12] with step 1/100: exact to rounding for smooth g, and no node lies on 0, where
/// most kinks are.
pub fn gaussian_mean(g: impl Fn(f64) -> f64) -> f64 {
    const STEPS_PER_UNIT: i32 = 100;
    let h = 1.0 / f64::from(STEPS_PER_UNIT);
    let n = 12 * STEPS_PER_UNIT;
    let sum: f64 = (-n..n)
        .map(|i| (f64::from(i) + 0.5) * h)
        .map(|x| libm::exp(-0.5 * x * x) * g(x))
        .sum();
    h / libm::sqrt(TAU) * sum
}

fn square(x: f64) -> f64 {
    x * x
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(value: f64, expected: f64, tolerance: f64) {
        assert!(
            (value - expected).abs() <= tolerance,
            "{value}, not {expected}"
        );
    }

    #[test]
    fn gaussian_moments() {
        check(gaussian_mean(|_| 1.0), 1.0, 1e-14);
        check(gaussian_mean(|x| x), 0.0, 1e-14);
        check(gaussian_mean(|x| x.powi(4)), 3.0, 1e-13);
        check(
            gaussian_mean(|x| if x > 0.0 { 1.0 } else { 0.0 }),
            0.5,
            1e-14,
        );
        // E|x| = sqrt(2 / pi); the kink costs h^2 / 24 times its jump.
        check(
            gaussian_mean(f64::abs),
            libm::sqrt(2.0 / core::f64::consts::PI),
            1e-5,
        );
        check(gaussian_mean(libm::cos), libm::exp(-0.5), 1e-14);
    }

    /// f(z) = z: q* = sb2 / (1 - sw2) and chi1 = sw2.
    #[test]
    fn the_identity_settles_below_weight_variance_1() {
        let at = mean_field(|z| z, |_| 1.0, 0.5, 0.3).expect("settles");
        check(at.q, 0.6, 1e-11);
        check(at.chi1, 0.5, 1e-11);
        assert_eq!(mean_field(|z| z, |_| 1.0, 1.5, 0.3), None);
    }
}
