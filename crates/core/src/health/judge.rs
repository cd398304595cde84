//! From slopes to a verdict. The test is on |f'(z)| alone, so it holds for every function: a leaky
//! unit on its flat side is saturated and not dead, for a gradient still reaches it.

use super::Health;

/// A slope is small below this share of max |f'|.
pub const SMALL_SLOPE_SHARE: f64 = 0.05;
/// A unit is saturated if its slope is small on at least this share of the probe samples.
pub const SATURATED_SAMPLE_SHARE: f64 = 0.95;

/// The slope below which |f'(z)| is small: 5 % of max |f'|.
pub fn small_slope(max_abs_slope: f64) -> f64 {
    SMALL_SLOPE_SHARE * max_abs_slope
}

/// What of a unit's slopes decides its health; an engine counts as it goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SlopeCounts {
    pub n_samples: u32,
    /// Samples with f'(z) exactly 0.
    pub n_zero: u32,
    /// Samples with |f'(z)| < [`small_slope`], those with 0 among them.
    pub n_small: u32,
}

impl SlopeCounts {
    /// Counts the slopes of one unit, one a probe sample.
    pub fn new(slopes: impl IntoIterator<Item = f64>, max_abs_slope: f64) -> Self {
        let small_slope = small_slope(max_abs_slope);
        let mut counts = Self::default();
        for slope in slopes {
            counts.n_samples += 1;
            counts.n_zero += u32::from(slope == 0.0);
            counts.n_small += u32::from(slope.abs() < small_slope);
        }
        counts
    }

    /// The verdict. A unit that was never seen is alive.
    pub fn health(self) -> Health {
        let n_samples = f64::from(self.n_samples);
        if self.n_samples == 0 {
            Health::Alive
        } else if self.n_zero == self.n_samples {
            Health::Dead
        } else if f64::from(self.n_small) / n_samples >= SATURATED_SAMPLE_SHARE {
            Health::Saturated
        } else {
            Health::Alive
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(slopes: &[f64], max_abs_slope: f64, expected: Health) {
        let counts = SlopeCounts::new(slopes.iter().copied(), max_abs_slope);
        assert_eq!(counts.health(), expected, "{slopes:?}");
    }

    #[test]
    fn verdicts() {
        check(&[], 1.0, Health::Alive);
        check(&[0.0, -0.0, 0.0], 1.0, Health::Dead);
        check(&[0.0, 0.0, 1e-300], 1.0, Health::Saturated);
        check(&[0.01; 4], 1.0, Health::Saturated);
        check(&[0.2; 4], 1.0, Health::Alive);
        check(&[-0.01, 0.01], 1.0, Health::Saturated);
        check(&[0.04, -1.0], 1.0, Health::Alive);
    }

    #[test]
    fn five_percent_of_the_steepest_slope_is_not_small() {
        check(&[0.05], 1.0, Health::Alive);
        check(&[0.0499], 1.0, Health::Saturated);
        check(&[0.0124], 0.25, Health::Saturated);
        check(&[0.0125], 0.25, Health::Alive);
    }

    #[test]
    fn ninety_five_percent_of_the_samples_are_enough() {
        let of_100 = |n_small: u32| SlopeCounts {
            n_samples: 100,
            n_zero: 0,
            n_small,
        };
        assert_eq!(of_100(94).health(), Health::Alive);
        assert_eq!(of_100(95).health(), Health::Saturated);
        assert_eq!(of_100(100).health(), Health::Saturated);
    }
}
