//! What a recorder wrote of somebody's own model while it trained: read, judged and said.
//!
//! A trace holds counts and sizes of each unit at some steps, and neither weights nor samples. Health is judged by the same
//! rule as everywhere ([`judge`](crate::health::judge)); whose slope was 0 is the user's framework's to say.
//!
//! | file | holds |
//! |---|---|
//! | [`about`] | what the file says of the model |
//! | [`read`] | from bytes to a [`Trace`], with everything that is checked |
//! | [`numbers`] | what was counted and measured of a unit at a record |
//! | [`events`] | what happened, by layer: deaths, returns, a peak of the loss, the first that is not finite |
//! | [`unit`](mod@unit) | the story of one unit |
//! | [`rows`] | the layers at one record: tiles, histogram, columns |
//! | [`charts`] | depth over time |
//! | [`doctor`] | cause, evidence, and what may mend it, in the words of the framework |
//! | [`code`] | those words |
//! | [`compared`] | another trace of the same model: what came of a change |
//! | [`view`] | all that a page draws of the whole run |
//!
//! Layers count from 0 here and from 1 in sentences; hidden ones come first, then the output layer if there is one.
//! A record is a step at which the units were looked at.

pub mod about;
pub mod charts;
pub mod code;
pub mod compared;
pub mod doctor;
pub mod events;
mod histogram;
pub mod numbers;
pub mod read;
pub mod rows;
pub mod unit;
pub mod view;
mod words;

pub use about::{About, Cost, Framework, LayerAbout, Optimizer};
pub use charts::{Chart, Line};
pub use compared::{Tried, compare};
pub use doctor::{Finding, Remedy, TraceCause};
pub use events::{Event, EventKind};
pub use numbers::{Column, Count};
pub use read::{TraceError, limits};
pub use rows::{Bar, Histogram, Measured, Order, Row, Rows, Tile};
pub use unit::{UnitPoint, UnitStory};
pub use view::{Caption, Fact, Facts, Tick, TraceView};

use crate::observe::Health;
use numbers::Numbers;

/// A trace that was read and judged. `[T]` is by record, `[T, U]` by record and unit.
#[derive(Clone, Debug)]
pub struct Trace {
    pub about: About,
    /// `[T]`, rising.
    pub steps: Vec<u64>,
    /// `[T]`: over the probe batch.
    pub loss: Vec<f32>,
    /// `[T]`: of the training's own batch, NaN where it was not told.
    pub train_loss: Vec<f32>,
    /// `[T]`.
    pub learning_rate: Vec<f32>,
    /// What else was told, by name; `[T]`, NaN where it was not.
    pub metrics: Vec<(String, Vec<f32>)>,
    pub layers: Vec<Layer>,
    /// Of a file that is cut off: what is missing, in one sentence.
    pub cut: Option<String>,
    /// The whole file, of which units' numbers are read where they are asked for.
    bytes: Vec<u8>,
}

/// One layer over time.
#[derive(Clone, Debug)]
pub struct Layer {
    pub about: LayerAbout,
    /// `[T]`: units that are dead; 0 of the output layer.
    pub dead: Vec<u32>,
    /// `[T]`: units that are saturated; 0 of the output layer.
    pub saturated: Vec<u32>,
    /// `[T]`: whether a pre-activation was not finite.
    pub is_finite: Vec<bool>,
    /// `[T]`: standard deviation of z over units and samples.
    pub z_spread: Vec<f32>,
    /// `[T]`: RMS of dL/dz over units and samples, NaN where there is none.
    pub z_gradient_rms: Vec<f32>,
    /// `[T]`: RMS of dL/dW.
    pub weight_gradient_rms: Vec<f32>,
    /// `[T]`: RMS of one update over RMS of the weights, NaN where the step before was not kept.
    pub update_ratio: Vec<f32>,
    /// `[T, U]`.
    verdicts: Vec<Health>,
    numbers: Numbers,
}

impl Trace {
    pub fn n_records(&self) -> usize {
        self.steps.len()
    }

    /// Layers whose units are judged.
    pub fn hidden(&self) -> impl DoubleEndedIterator<Item = (usize, &Layer)> {
        let layers = self.layers.iter().enumerate();
        layers.filter(|(_, layer)| !layer.about.is_output)
    }

    /// Of all hidden layers.
    pub fn n_units(&self) -> usize {
        self.hidden().map(|(_, layer)| layer.about.n_units).sum()
    }

    /// Dead units of all hidden layers at a record.
    pub fn n_dead(&self, record: usize) -> usize {
        let dead = self
            .hidden()
            .filter_map(|(_, layer)| layer.dead.get(record));
        dead.map(|&n| n as usize).sum()
    }

    /// Saturated units of all hidden layers at a record.
    pub fn n_saturated(&self, record: usize) -> usize {
        let saturated = self
            .hidden()
            .filter_map(|(_, layer)| layer.saturated.get(record));
        saturated.map(|&n| n as usize).sum()
    }

    /// Alive where there is no such unit or record.
    pub fn health(&self, layer: usize, record: usize, unit: usize) -> Health {
        let layer = self.layers.get(layer);
        layer.map_or(Health::Alive, |layer| layer.health(record, unit))
    }

    /// The record since which a unit is without a break what it is at this one.
    pub fn since(&self, layer: usize, record: usize, unit: usize) -> usize {
        let now = self.health(layer, record, unit);
        let is_same = |&earlier: &usize| self.health(layer, earlier, unit) == now;
        (0..record)
            .rev()
            .take_while(is_same)
            .last()
            .unwrap_or(record)
    }

    fn last(&self) -> usize {
        self.n_records().saturating_sub(1)
    }
}

impl Layer {
    /// Alive where there is no such unit or record.
    pub fn health(&self, record: usize, unit: usize) -> Health {
        let n_units = self.about.n_units;
        let verdict = self.verdicts.get(record * n_units + unit);
        verdict
            .copied()
            .filter(|_| unit < n_units)
            .unwrap_or_default()
    }

    /// All of its units are dead.
    pub fn is_all_dead(&self, record: usize) -> bool {
        let dead = self.dead.get(record).map_or(0, |&n| n as usize);
        dead > 0 && dead == self.about.n_units
    }
}
