//! The values that a slider stops at. Pure, so that it is tested natively.

use std::sync::Arc;

use actiscope_core::scenario::ranges::Range;

/// Rising values, at least one. Cheap to clone.
#[derive(Clone, Debug, PartialEq)]
pub struct Stops(Arc<[f64]>);

impl Stops {
    pub fn of_range(range: &Range) -> Self {
        Self(range.stops().into())
    }

    /// Of rising values, at least one.
    pub fn of(values: &[f64]) -> Self {
        Self(values.into())
    }

    /// These and one more beyond the last.
    pub fn and(&self, last: f64) -> Self {
        Self(self.0.iter().copied().chain([last]).collect())
    }

    pub fn last_index(&self) -> usize {
        self.0.len().saturating_sub(1)
    }

    /// The stop at an index; the nearest end beyond them.
    pub fn at(&self, index: usize) -> f64 {
        self.0[index.min(self.last_index())]
    }

    /// Index of the stop nearest to a value; 0 for what is no number.
    pub fn nearest(&self, value: f64) -> usize {
        let above = self.0.partition_point(|stop| *stop < value);
        if above == 0 || value.is_nan() {
            return 0;
        }
        if above > self.last_index() {
            return self.last_index();
        }
        if value - self.0[above - 1] < self.0[above] - value {
            above - 1
        } else {
            above
        }
    }

    /// Where a value lies along the slider, 0..=1.
    pub fn share(&self, value: f64) -> f64 {
        match self.last_index() {
            0 => 0.0,
            last => self.nearest(value) as f64 / last as f64,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_from_elsewhere_have_a_place() {
        let stops = Stops(Arc::from([1.0, 2.0, 4.0, 8.0]));
        for (value, index) in [
            (f64::NEG_INFINITY, 0),
            (f64::NAN, 0),
            (1.4, 0),
            (2.9, 1),
            (3.1, 2),
            (8.0, 3),
            (1e9, 3),
        ] {
            assert_eq!(stops.nearest(value), index, "{value}");
        }
        assert_eq!(stops.at(99), 8.0);
        assert_eq!(stops.share(4.0), 2.0 / 3.0);
        assert_eq!(stops.and(1e9).at(4), 1e9);
    }
}
