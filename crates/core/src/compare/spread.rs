//! Median and middle half.

/// Median and quartiles of some numbers.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Spread {
    pub q1: f64,
    pub median: f64,
    pub q3: f64,
}

impl Spread {
    /// Quartiles of all numbers but NaN, by linear interpolation between the two nearest in order: definition 7 of
    /// Hyndman and Fan ("Sample Quantiles in Statistical Packages", The American Statistician 50, 1996), which is
    /// the usual one of NumPy and R. The `p`-quantile of n numbers x0 <= x1 <= ... is x at place p (n - 1).
    ///
    /// A quartile that lies at or next to an infinite number is infinite. `None` without a number.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Option<Self> {
        let mut sorted: Vec<f64> = values.into_iter().filter(|v| !v.is_nan()).collect();
        sorted.sort_by(f64::total_cmp);
        let last = sorted.len().checked_sub(1)?;
        let at = |p: f64| {
            let place = p * last as f64;
            let below = libm::floor(place) as usize;
            let (low, high) = (sorted[below], sorted[(below + 1).min(last)]);
            match place - below as f64 {
                0.0 => low,
                share if high.is_finite() => low + share * (high - low),
                _ => high,
            }
        };
        Some(Self {
            q1: at(0.25),
            median: at(0.5),
            q3: at(0.75),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quartiles_are_numpys() {
        let check = |values: &[f64], expect: [f64; 3]| {
            let [q1, median, q3] = expect;
            let got = Spread::of(values.iter().copied());
            assert_eq!(got, Some(Spread { q1, median, q3 }), "{values:?}");
        };
        check(&[7.0], [7.0; 3]);
        check(&[1.0, 3.0], [1.5, 2.0, 2.5]);
        check(&[4.0, 1.0, 3.0, 2.0], [1.75, 2.5, 3.25]);
        check(&[5.0, 1.0, 4.0, 2.0, 3.0], [2.0, 3.0, 4.0]);
        check(&[f64::NAN, 2.0], [2.0; 3]);
        let never = f64::INFINITY;
        check(&[1.0, 2.0, 3.0, 4.0, never], [2.0, 3.0, 4.0]);
        check(&[1.0, 2.0, never, never], [1.75, never, never]);
        assert_eq!(Spread::of([]), None);
    }
}
