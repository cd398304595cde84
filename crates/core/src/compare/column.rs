//! The columns of a comparison's table.

use super::{Comparison, LaneResult, Spread, Target};

/// A number of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Steps,
    Loss,
    Accuracy,
    TestLoss,
    TestAccuracy,
    /// Of class 1 of two.
    Recall,
    Precision,
    Dead,
    Saturated,
    GradientRatio,
    /// Multiply-adds of a step, reckoned.
    Work,
}

/// Which number of a column is the best.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Better {
    Less,
    More,
    /// By factors: a half is as far from 1 as two.
    NearOne,
}

impl Column {
    pub const ALL: [Self; 11] = [
        Self::Steps,
        Self::Loss,
        Self::Accuracy,
        Self::TestLoss,
        Self::TestAccuracy,
        Self::Recall,
        Self::Precision,
        Self::Dead,
        Self::Saturated,
        Self::GradientRatio,
        Self::Work,
    ];

    /// What files and the shell call it.
    pub fn key(self) -> &'static str {
        match self {
            Self::Steps => "steps_to_target",
            Self::Loss => "loss",
            Self::Accuracy => "accuracy",
            Self::TestLoss => "test_loss",
            Self::TestAccuracy => "test_accuracy",
            Self::Recall => "recall",
            Self::Precision => "precision",
            Self::Dead => "dead",
            Self::Saturated => "saturated",
            Self::GradientRatio => "gradient_ratio",
            Self::Work => "multiply_adds",
        }
    }

    /// What the page calls it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Steps => "Steps to target",
            Self::Loss => "Train loss",
            Self::Accuracy => "Train accuracy",
            Self::TestLoss => "Test loss",
            Self::TestAccuracy => "Test accuracy",
            Self::Recall => "Recall of class 1",
            Self::Precision => "Precision of class 1",
            Self::Dead => "Dead units",
            Self::Saturated => "Saturated units",
            Self::GradientRatio => "Gradient, layer 1 over last",
            Self::Work => "Multiply-adds a step",
        }
    }

    pub fn better(self) -> Better {
        match self {
            Self::Steps
            | Self::Loss
            | Self::TestLoss
            | Self::Dead
            | Self::Saturated
            | Self::Work => Better::Less,
            Self::Accuracy | Self::TestAccuracy | Self::Recall | Self::Precision => Better::More,
            Self::GradientRatio => Better::NearOne,
        }
    }

    /// It is a number of a loss, which lanes of unlike loss do not share.
    fn is_of_loss(self, target: Target) -> bool {
        match self {
            Self::Loss | Self::TestLoss => true,
            Self::Steps => matches!(target, Target::Loss(_)),
            _ => false,
        }
    }
}

impl LaneResult {
    /// Median and quartiles of a column, over the seeds that did not diverge; of the steps, over all seeds, one
    /// that never arrives being infinite.
    pub fn spread(&self, column: Column) -> Option<Spread> {
        Spread::of(self.values(column))
    }

    /// Of each seed that has a number in this column.
    pub fn values(&self, column: Column) -> Vec<f64> {
        let share = |n: u16, of: u16| f64::from(n) / f64::from(of.max(1));
        if column == Column::Steps {
            let seeds = self.seeds.iter();
            let steps = seeds.map(|seed| seed.arrived_at.map_or(f64::INFINITY, |step| step as f64));
            return steps.collect();
        }
        let lasting = self.seeds.iter().filter(|seed| !seed.has_diverged());
        let values = lasting.filter_map(|seed| {
            let newest = &seed.newest;
            let value = |value: Option<f32>| value.map(f64::from);
            match column {
                Column::Steps => None,
                Column::Work => Some(self.multiply_adds as f64),
                Column::Loss => Some(f64::from(newest.loss)),
                Column::Accuracy => value(newest.accuracy),
                Column::TestLoss => value(seed.test_loss),
                Column::TestAccuracy => value(seed.test_accuracy),
                Column::Recall => value(seed.recall),
                Column::Precision => value(seed.precision),
                Column::Dead => Some(share(newest.n_dead, newest.n_units)),
                Column::Saturated => Some(share(newest.n_saturated, newest.n_units)),
                Column::GradientRatio => value(seed.gradient_ratio),
            }
        });
        values.collect()
    }

    /// How good the lane's numbers are: less is better.
    fn rank(&self, column: Column) -> Option<Spread> {
        let values = self.values(column).into_iter();
        match column.better() {
            Better::Less => Spread::of(values),
            Better::More => Spread::of(values.map(|value| -value)),
            Better::NearOne => Spread::of(values.map(|value| libm::log(value).abs())),
        }
    }
}

impl Comparison {
    /// The lane with the best median of a column, if that is more than luck: the middle half of its seeds and that
    /// of the next best have nothing in common. A lane of which a seed diverged is never the best, and no lane
    /// is where the numbers cannot be compared.
    pub fn best(&self, column: Column) -> Option<usize> {
        if column.is_of_loss(self.target) && self.unlike.is_some() {
            return None;
        }
        let ranked = self.lanes.iter().enumerate();
        let mut ranked: Vec<(usize, Spread)> = ranked
            .filter_map(|(i, lane)| Some((i, lane.rank(column)?)))
            .collect();
        ranked.sort_by(|(_, a), (_, b)| a.median.total_cmp(&b.median));
        let [(first, leader), (_, next), ..] = ranked[..] else {
            return None;
        };
        let is_clear = leader.q3 < next.q1 && self.lanes[first].n_diverged() == 0;
        is_clear.then_some(first)
    }

    /// The lanes in the order of a column's medians. Those without a number, or that never arrive, come last
    /// either way; equal ones keep their order.
    pub fn sorted_by(&self, column: Column, falling: bool) -> Vec<usize> {
        let medians: Vec<Option<f64>> = self
            .lanes
            .iter()
            .map(|lane| lane.spread(column).map(|spread| spread.median))
            .map(|median| median.filter(|median| median.is_finite()))
            .collect();
        let mut order: Vec<usize> = (0..self.lanes.len()).collect();
        order.sort_by(|&a, &b| match (medians[a], medians[b]) {
            (Some(a), Some(b)) if falling => b.total_cmp(&a),
            (Some(a), Some(b)) => a.total_cmp(&b),
            (a, b) => a.is_none().cmp(&b.is_none()),
        });
        order
    }
}
