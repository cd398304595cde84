//! How far a share may be from the truth.

/// The 95 % quantile of a standard normal distribution, on both sides.
const Z: f64 = 1.959_963_984_540_054;

/// The interval (low, high) that holds the true share in 95 of 100 cases, where `n_right` of `n` were seen
/// (Wilson 1927, "Probable inference, the law of succession, and statistical inference"):
/// (p + z^2 / 2n +- z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n). Where nothing was seen, all of 0..=1.
///
/// # Panics
/// Where more were right than there are.
pub fn wilson(n_right: usize, n: usize) -> (f64, f64) {
    assert!(n_right <= n, "{n_right} of {n} cannot be right");
    if n == 0 {
        return (0.0, 1.0);
    }
    let n_f = n as f64;
    let share = n_right as f64 / n_f;
    let scale = 1.0 + Z * Z / n_f;
    let middle = share + Z * Z / (2.0 * n_f);
    let reach = Z * libm::sqrt(share * (1.0 - share) / n_f + Z * Z / (4.0 * n_f * n_f));
    // Rounding leaves a little where none was right, or all were.
    let low = if n_right == 0 {
        0.0
    } else {
        (middle - reach) / scale
    };
    let high = if n_right == n {
        1.0
    } else {
        (middle + reach) / scale
    };
    (low, high)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Expected: Newcombe 1998 ("Two-sided confidence intervals for the single proportion"), table I, method 3.
    #[test]
    fn intervals_are_those_of_the_literature() {
        fn check(n_right: usize, n: usize, expected: (f64, f64)) {
            let (low, high) = wilson(n_right, n);
            let is_close = |a: f64, b: f64| (a - b).abs() < 5e-5;
            assert!(
                is_close(low, expected.0) && is_close(high, expected.1),
                "{n_right} of {n}: {low}, {high}"
            );
        }
        check(81, 263, (0.2553, 0.3662));
        check(15, 148, (0.0624, 0.1605));
        check(0, 20, (0.0, 0.1611));
        check(1, 29, (0.0061, 0.1718));
        check(29, 29, (0.8830, 1.0));
        check(0, 0, (0.0, 1.0));
    }

    #[test]
    fn more_samples_say_more_and_the_share_lies_within() {
        for n in [1, 10, 100, 1000] {
            for n_right in 0..=n {
                let (low, high) = wilson(n_right, n);
                let share = n_right as f64 / n as f64;
                assert!(0.0 <= low && low <= share && share <= high && high <= 1.0);
                let (more_low, more_high) = wilson(10 * n_right, 10 * n);
                assert!(more_high - more_low < high - low);
            }
        }
    }
}
