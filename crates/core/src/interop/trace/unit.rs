//! The story of one unit.

use super::words::{percent, sentence, short};
use super::{Column, Count, Trace};
use crate::health::words::health_name;
use crate::observe::Health;

/// A unit over time, and what there is to say of it at one record.
#[derive(Clone, Debug, PartialEq)]
pub struct UnitStory {
    pub layer: usize,
    pub unit: usize,
    pub record: usize,
    pub health: Health,
    /// "Layer 1 unit 17 died between steps 19 and 42."
    pub headline: String,
    /// What moved: sentences.
    pub told: Vec<String>,
    /// At the record: name and value.
    pub numbers: Vec<(&'static str, String)>,
    /// `[T]`.
    pub points: Vec<UnitPoint>,
}

/// A unit at one record; NaN where there is no such number.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UnitPoint {
    pub step: u64,
    pub health: Health,
    /// Share of probe samples on which its slope is not 0.
    pub passing: f32,
    pub z_mean: f32,
    pub z_std: f32,
    pub z_min: f32,
    pub z_max: f32,
    pub bias: f32,
    pub weight_norm: f32,
    pub gradient_norm: f32,
}

impl Trace {
    /// `None` where there is no such unit or record, and of units of the output layer, which are not judged.
    pub fn unit(&self, layer: usize, unit: usize, record: usize) -> Option<UnitStory> {
        let of = &self.layers.get(layer)?.about;
        if of.is_output || unit >= of.n_units || record >= self.n_records() {
            return None;
        }
        let points: Vec<UnitPoint> = (0..self.n_records())
            .map(|r| self.point(layer, unit, r))
            .collect();
        let now = points.get(record)?;
        let n_negative = self.count(layer, Count::Negative, record, unit);
        let numbers = vec![
            ("passes gradient", percent(now.passing)),
            ("z", format!("{} ± {}", short(now.z_mean), short(now.z_std))),
            (
                "z from, to",
                format!("{}, {}", short(now.z_min), short(now.z_max)),
            ),
            ("z ≤ 0", percent(n_negative as f32 / of.n_samples as f32)),
            (
                "mean |slope|",
                short(self.value(layer, Column::MeanAbsSlope, record, unit)),
            ),
            ("bias", told(now.bias)),
            ("weights, norm", told(now.weight_norm)),
            ("their gradient, norm", told(now.gradient_norm)),
        ];
        Some(UnitStory {
            layer,
            unit,
            record,
            health: now.health,
            headline: self.unit_line(layer, unit, record),
            told: self.moved(layer, unit, record, &points),
            numbers,
            points,
        })
    }

    /// What a tile says of its unit: "Layer 1 unit 17: dead, died between steps 19 and 42."
    pub fn unit_line(&self, layer: usize, unit: usize, record: usize) -> String {
        let name = sentence(&format!(
            "{} unit {}",
            self.layer_name(layer),
            self.number_of(layer, unit)
        ));
        let since = self.since(layer, record, unit);
        let when = self.when(since, since);
        match (self.health(layer, record, unit), since) {
            (Health::Dead, 0) => format!("{name} was born dead."),
            (Health::Dead, _) => format!("{name} died {when}."),
            (Health::Saturated, 0) => format!("{name} is saturated from the start."),
            (Health::Saturated, _) => {
                format!("{name} is saturated since {}.", self.since_words(since))
            }
            (Health::Alive, 0) => format!("{name} is alive."),
            (Health::Alive, _) => match self.health(layer, since - 1, unit) {
                Health::Dead => format!("{name} came back {when}."),
                before => format!(
                    "{name} was {} until {}.",
                    health_name(before),
                    self.since_words(since)
                ),
            },
        }
    }

    /// Counted from 1, of all that the layer has.
    pub fn number_of(&self, layer: usize, unit: usize) -> usize {
        let every = self
            .layers
            .get(layer)
            .map_or(1, |layer| layer.about.every());
        unit.saturating_mul(every).saturating_add(1)
    }

    fn since_words(&self, since: usize) -> String {
        let (after, by) = self.span(since, since);
        match by == after + 1 {
            true => format!("step {}", self.step(since)),
            false => format!(
                "some step from {} to {}",
                crate::text::count(after),
                self.step(since)
            ),
        }
    }

    fn point(&self, layer: usize, unit: usize, record: usize) -> UnitPoint {
        let value = |column| self.value(layer, column, record, unit);
        UnitPoint {
            step: self.steps.get(record).copied().unwrap_or_default(),
            health: self.health(layer, record, unit),
            passing: self.passing(layer, record, unit),
            z_mean: value(Column::ZMean),
            z_std: value(Column::ZStd),
            z_min: value(Column::ZMin),
            z_max: value(Column::ZMax),
            bias: value(Column::Bias),
            weight_norm: value(Column::WeightNorm),
            gradient_norm: value(Column::GradientNorm),
        }
    }

    /// What changed between the records around the last change of its health.
    fn moved(&self, layer: usize, unit: usize, record: usize, points: &[UnitPoint]) -> Vec<String> {
        let since = self.since(layer, record, unit);
        let (Some(before), Some(then)) = (
            since.checked_sub(1).and_then(|r| points.get(r)),
            points.get(since),
        ) else {
            return Vec::new();
        };
        let when = self.when(since, since);
        let mut told = vec![format!(
            "{} its z went from {} ± {} to {} ± {}.",
            sentence(&when),
            short(before.z_mean),
            short(before.z_std),
            short(then.z_mean),
            short(then.z_std)
        )];
        let own = [
            ("Its bias", before.bias, then.bias),
            (
                "The norm of its weights",
                before.weight_norm,
                then.weight_norm,
            ),
        ];
        for (what, from, to) in own {
            if from.is_finite() && to.is_finite() {
                told.push(match short(from) == short(to) {
                    true => format!("{what} stood still at {}.", short(from)),
                    false => format!("{what} went from {} to {}.", short(from), short(to)),
                });
            }
        }
        let stood_still = own.iter().all(|&(_, from, to)| from == to);
        if stood_still && layer > 0 {
            told.push(format!(
                "{} moved under it.",
                sentence(&self.layer_name(layer - 1))
            ));
        }
        if then.health == Health::Dead {
            told.push(
                "No probe sample gives it a gradient: by itself it does not come back.".into(),
            );
        }
        told
    }
}

fn told(value: f32) -> String {
    match value.is_nan() {
        true => "not recorded".into(),
        false => short(value),
    }
}
