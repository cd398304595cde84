//! A setting that takes one value after the other: an axis of a map.

use serde::{Deserialize, Serialize};

use super::ranges::shortest;
use super::{Scenario, Setting};

/// `n` values of a setting from `from` to `to`, which are the first and the last. By equal factors from 0 it has 0 and,
/// above it, three decades up to `to`: what is switched off beside how much of it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Axis {
    pub setting: Setting,
    pub from: f64,
    pub to: f64,
    pub n: u32,
    pub scale: AxisScale,
}

/// How far the values of an axis are apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum AxisScale {
    /// Equally far.
    #[default]
    Linear,
    /// By equal factors.
    Log,
}

/// Why a scenario cannot be varied along an axis, and what to do.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum AxisError {
    #[error("{name} is no number of this scenario: choose {}", numbers.join(", "))]
    NoNumber { name: String, numbers: Vec<String> },
    #[error("{name} from {from} to {to} is out of range: choose {allowed}")]
    OutOfRange {
        name: String,
        from: String,
        to: String,
        allowed: String,
    },
    #[error(
        "{name} from {from} by equal factors: begin at 0 or above, end above 0, or go by equal steps"
    )]
    NoFactor { name: String, from: String },
    #[error("an axis of {n} values: choose 1 or more")]
    NoValues { n: u32 },
}

/// The least value above 0, as a share of the greatest, of an axis by equal factors from 0.
const LEAST_SHARE: f64 = 1e-3;

impl Axis {
    /// It has 0 and goes on above it by equal factors: the first value stands apart.
    pub fn has_zero_apart(&self) -> bool {
        self.scale == AxisScale::Log && self.from == 0.0 && self.n > 1
    }

    /// The `i`-th value, whole where the setting is. The last for what lies beyond it.
    pub fn value(&self, i: u32) -> f64 {
        let Self { from, to, .. } = *self;
        let last = self.n.saturating_sub(1);
        let value = if i == 0 {
            from
        } else if i >= last {
            to
        } else {
            let share = |i: u32, last: u32| f64::from(i) / f64::from(last);
            match self.scale {
                AxisScale::Linear => from + share(i, last) * (to - from),
                AxisScale::Log if from == 0.0 => {
                    LEAST_SHARE * to * libm::pow(1.0 / LEAST_SHARE, share(i - 1, last - 1))
                }
                AxisScale::Log => from * libm::pow(to / from, share(i, last)),
            }
        };
        if self.setting.range().is_whole() {
            libm::round(value)
        } else {
            value
        }
    }

    /// Whether `base` can be varied along it.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self, base: &Scenario) -> Result<(), AxisError> {
        let Self {
            setting,
            from,
            to,
            n,
            ..
        } = *self;
        let name = setting.name_in(base);
        let numbers = Setting::numbers_of(base);
        if !numbers.contains(&setting) {
            let numbers = numbers.iter().map(|number| number.name_in(base)).collect();
            return Err(AxisError::NoNumber { name, numbers });
        }
        if n == 0 {
            return Err(AxisError::NoValues { n });
        }
        let range = setting.range_in(base);
        if ![from, to].iter().all(|end| range.contains(*end)) {
            return Err(AxisError::OutOfRange {
                name,
                from: shortest(from),
                to: shortest(to),
                allowed: range.describe(),
            });
        }
        if self.scale == AxisScale::Log && (from < 0.0 || to <= 0.0) {
            let from = shortest(from);
            return Err(AxisError::NoFactor { name, from });
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activation::ActivationSpec;

    fn axis(setting: Setting, from: f64, to: f64, n: u32, scale: AxisScale) -> Axis {
        Axis {
            setting,
            from,
            to,
            n,
            scale,
        }
    }

    #[test]
    fn values_go_from_end_to_end() {
        let check = |axis: Axis, expect: &[f64]| {
            let values: Vec<f64> = (0..axis.n).map(|i| axis.value(i)).collect();
            assert!(
                values
                    .iter()
                    .zip(expect)
                    .all(|(a, b)| (a - b).abs() <= 1e-12 * b.abs()),
                "{values:?}",
            );
            assert_eq!((values[0], values[values.len() - 1]), (axis.from, axis.to));
            assert_eq!(values.len(), expect.len());
        };
        let (linear, log) = (AxisScale::Linear, AxisScale::Log);
        check(
            axis(Setting::Gain, 0.5, 2.0, 4, linear),
            &[0.5, 1.0, 1.5, 2.0],
        );
        check(
            axis(Setting::LearningRate, 1e-3, 10.0, 5, log),
            &[1e-3, 1e-2, 0.1, 1.0, 10.0],
        );
        check(
            axis(Setting::Width, 1.0, 128.0, 4, log),
            &[1.0, 5.0, 25.0, 128.0],
        );
        check(axis(Setting::Depth, 5.0, 1.0, 3, linear), &[5.0, 3.0, 1.0]);
        assert_eq!(axis(Setting::Gain, 0.5, 2.0, 1, linear).value(0), 0.5);
        let from_zero = axis(Setting::L2, 0.0, 0.1, 5, log);
        check(from_zero, &[0.0, 1e-4, 1e-3, 1e-2, 0.1]);
        assert!(from_zero.has_zero_apart());
        check(axis(Setting::L2, 0.0, 0.1, 2, log), &[0.0, 0.1]);
    }

    #[test]
    fn what_cannot_be_varied_is_told() {
        let mut base = Scenario::default();
        base.network.activation = ActivationSpec::new("leaky_relu");
        let check = |axis: Axis, expect: &str| {
            let error = axis.check(&base).err();
            assert_eq!(error.map_or("ok".into(), |error| error.to_string()), expect);
        };
        let (linear, log) = (AxisScale::Linear, AxisScale::Log);
        check(axis(Setting::LearningRate, 1e-3, 1.0, 64, log), "ok");
        check(axis(Setting::Param(0), 0.0, 0.5, 64, linear), "ok");
        check(axis(Setting::Param(0), 0.0, 0.5, 64, log), "ok");
        check(
            axis(Setting::Param(0), 0.5, 0.0, 64, log),
            "alpha from 0.5 by equal factors: begin at 0 or above, end above 0, or go by equal steps",
        );
        check(
            axis(Setting::Param(0), 0.0, 3.0, 64, linear),
            "alpha from 0 to 3 is out of range: choose 0 to 1",
        );
        let error = axis(Setting::Momentum, 0.0, 0.9, 4, linear).check(&base);
        let text = error.map_err(|error| error.to_string()).unwrap_err();
        let (told, choices) = text.split_once(" of this scenario: choose ").unwrap();
        let choices: Vec<&str> = choices.split(", ").collect();
        assert_eq!(told, "momentum is no number");
        assert!(
            ["lr", "width", "alpha"]
                .iter()
                .all(|key| choices.contains(key)),
            "{text}"
        );
        assert!(
            !["a", "momentum"].iter().any(|key| choices.contains(key)),
            "{text}"
        );
        check(
            axis(Setting::Gain, 0.5, 2.0, 0, linear),
            "an axis of 0 values: choose 1 or more",
        );
        assert_eq!(Setting::named("alpha", &base), Some(Setting::Param(0)));
        assert_eq!(Setting::named("lr", &base), Some(Setting::LearningRate));
        assert_eq!(Setting::named("o", &base), None);
    }
}
