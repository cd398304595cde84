//! Evidence with what several verdicts ask of it.

use std::collections::BTreeSet;

use super::{Evidence, Row};
use crate::health::{Health, HealthEvent, What};
use crate::observe::{HistoryPoint, Snapshot};
use crate::scenario::Scenario;

/// What is known of a run, counted.
pub(super) struct Case<'a> {
    pub(super) scenario: &'a Scenario,
    pub(super) snapshot: &'a Snapshot,
    pub(super) events: &'a [HealthEvent],
    /// Up to the snapshot.
    pub(super) history: &'a [HistoryPoint],
    /// Dead and saturated units of each hidden layer, and all its units.
    pub(super) layers: Vec<LayerCount>,
    pub(super) n_units: usize,
    pub(super) n_dead: usize,
    pub(super) n_saturated: usize,
}

#[derive(Clone, Copy)]
pub(super) struct LayerCount {
    pub(super) units: usize,
    pub(super) dead: usize,
    pub(super) saturated: usize,
}

impl<'a> Case<'a> {
    pub(super) fn new(evidence: Evidence<'a>) -> Self {
        let Evidence {
            scenario,
            snapshot,
            events,
            history,
        } = evidence;
        let n_events = events.partition_point(|event| event.step <= snapshot.step);
        let n_points = history.partition_point(|point| point.step <= snapshot.step);
        let n_hidden = snapshot.layers.len().saturating_sub(1);
        let layers: Vec<LayerCount> = snapshot.layers[..n_hidden]
            .iter()
            .map(|layer| {
                let count = |health| layer.units.iter().filter(|u| u.health == health).count();
                LayerCount {
                    units: layer.units.len(),
                    dead: count(Health::Dead),
                    saturated: count(Health::Saturated),
                }
            })
            .collect();
        Self {
            scenario,
            snapshot,
            events: &events[..n_events],
            history: &history[..n_points],
            n_units: layers.iter().map(|layer| layer.units).sum(),
            n_dead: layers.iter().map(|layer| layer.dead).sum(),
            n_saturated: layers.iter().map(|layer| layer.saturated).sum(),
            layers,
        }
    }

    pub(super) fn step(&self) -> u64 {
        self.snapshot.step
    }

    pub(super) fn first_loss(&self) -> Option<f64> {
        let first = self.history.first().filter(|point| point.step == 0)?;
        Some(f64::from(first.loss))
    }

    /// Deaths that are still in force, the latest first: (event, layer, unit).
    pub(super) fn deaths(&self) -> impl Iterator<Item = (&'a HealthEvent, usize, usize)> {
        let layers = &self.snapshot.layers;
        self.events
            .iter()
            .rev()
            .filter_map(|event| match event.what {
                What::Unit {
                    layer,
                    unit,
                    to: Health::Dead,
                    ..
                } if layers
                    .get(layer)
                    .and_then(|layer| layer.units.get(unit))
                    .is_some_and(|unit| unit.health == Health::Dead) =>
                {
                    Some((event, layer, unit))
                }
                _ => None,
            })
    }

    /// Dead units by when they last died: with their first weights, and in training.
    pub(super) fn born_and_died(&self) -> (usize, usize) {
        let (mut seen, mut n_born) = (BTreeSet::new(), 0);
        for (event, layer, unit) in self.deaths() {
            if seen.insert((layer, unit)) {
                n_born += usize::from(event.step == 0);
            }
        }
        (n_born, seen.len() - n_born)
    }

    /// ", most in layer 1", by a count of each layer; nothing where no layer stands out.
    pub(super) fn mostly(&self, count: impl Fn(&LayerCount) -> usize) -> String {
        let total: usize = self.layers.iter().map(&count).sum();
        let Some((layer, most)) = self
            .layers
            .iter()
            .map(count)
            .enumerate()
            .max_by_key(|&(layer, n)| (n, std::cmp::Reverse(layer)))
        else {
            return String::new();
        };
        if self.layers.len() < 2 || 2 * most <= total {
            String::new()
        } else if most == total {
            format!(", all in layer {}", layer + 1)
        } else {
            format!(", most in layer {}", layer + 1)
        }
    }

    /// A row for each layer with such units: "5 of 8 units", "layer 2".
    pub(super) fn rows_by_layer(
        &self,
        what: &str,
        count: impl Fn(&LayerCount) -> usize,
    ) -> Vec<Row> {
        let layers = self.layers.iter().enumerate();
        layers
            .filter(|(_, layer)| count(layer) > 0)
            .map(|(l, layer)| {
                let value = format!("{} of {} units", count(layer), layer.units);
                Row::new(what, value, format!("layer {}", l + 1))
            })
            .collect()
    }

    /// RMS of dL/dz in the first hidden and the output layer.
    pub(super) fn gradient_ends(&self) -> Option<(f64, f64)> {
        let first = self.snapshot.layers.first()?.z_gradient_rms;
        let output = self.snapshot.layers.last()?.z_gradient_rms;
        Some((f64::from(first), f64::from(output)))
    }
}
