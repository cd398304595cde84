//! What a map is coloured by.

use crate::compare::Spread;
use crate::protocol::Measure;

/// A number of a cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MapValue {
    Loss,
    Accuracy,
    /// Share of the units.
    Dead,
    Saturated,
    DeadOrSaturated,
    FirstDeath,
    /// Share of the seeds.
    Diverged,
}

impl MapValue {
    pub const ALL: [Self; 7] = [
        Self::Loss,
        Self::Accuracy,
        Self::Dead,
        Self::Saturated,
        Self::DeadOrSaturated,
        Self::FirstDeath,
        Self::Diverged,
    ];

    /// What links and the shell call it.
    pub fn id(self) -> &'static str {
        match self {
            Self::Loss => "loss",
            Self::Accuracy => "accuracy",
            Self::Dead => "dead",
            Self::Saturated => "saturated",
            Self::DeadOrSaturated => "either",
            Self::FirstDeath => "first_death",
            Self::Diverged => "diverged",
        }
    }

    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|value| value.id() == id)
    }

    /// What a picture calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Loss => "Loss",
            Self::Accuracy => "Accuracy",
            Self::Dead => "Dead units",
            Self::Saturated => "Saturated units",
            Self::DeadOrSaturated => "Dead or saturated units",
            Self::FirstDeath => "Step of the first death",
            Self::Diverged => "Seeds that diverged",
        }
    }

    /// Of one network: 0 or 1 for diverged; the others `None` where it has no such number.
    pub fn of(self, measure: &Measure) -> Option<f64> {
        let share = |n: u16| f64::from(n) / f64::from(measure.n_units.max(1));
        let value = match self {
            Self::Loss => f64::from(measure.loss),
            Self::Accuracy => f64::from(measure.accuracy?),
            Self::Dead => share(measure.n_dead),
            Self::Saturated => share(measure.n_saturated),
            Self::DeadOrSaturated => share(measure.n_dead + measure.n_saturated),
            Self::FirstDeath => measure.first_death? as f64,
            Self::Diverged => f64::from(u8::from(measure.diverged_at.is_some())),
        };
        value.is_finite().then_some(value)
    }

    /// Of a cell: the mean over its seeds; of loss and first death the median. Seeds that diverged are left out,
    /// and where they are half or more there is no value, but for their share itself. `None` of no network.
    pub fn of_cell<'a>(self, cell: impl Iterator<Item = &'a Measure> + Clone) -> Option<f64> {
        let n = cell.clone().count();
        let lasting = cell.clone().filter(|measure| measure.diverged_at.is_none());
        let n_lasting = lasting.clone().count();
        if n == 0 {
            return None;
        }
        if self == Self::Diverged {
            return Some((n - n_lasting) as f64 / n as f64);
        }
        if 2 * n_lasting <= n {
            return None;
        }
        let values: Vec<f64> = lasting.filter_map(|measure| self.of(measure)).collect();
        match self {
            Self::Loss | Self::FirstDeath => Spread::of(values).map(|spread| spread.median),
            _ if values.is_empty() => None,
            _ => Some(values.iter().sum::<f64>() / values.len() as f64),
        }
    }
}
