//! A map: a population over two settings. Page and shell show the same cells, which are made here.
//!
//! | file | does |
//! |---|---|
//! | [`axis_text`] | `lr:1e-3:10:64:log` to an axis |
//! | [`value`] | what a cell is coloured by: of one network, and of a cell's seeds together |
//! | `file` | the map as CSV |
//! | [`key`](mod@key) | from a value to a place on the colour scale |
//! | [`presets`] | maps that are often asked for |

use crate::protocol::{FleetResults, FleetSpec, Lanes, Measure, Part, affordable_looks};
use crate::scenario::{Axis, Scenario};

pub mod axis_text;
mod file;
pub mod key;
pub mod presets;
#[cfg(test)]
mod tests;
pub mod value;

pub use axis_text::{AxisTextError, axis};
pub use key::Key;
pub use presets::{PRESETS, Preset};
pub use value::MapValue;

/// The fleet of a map: `seeds` networks a cell, looked at as often as a twentieth of their training allows, at the
/// same steps wherever it is trained, because the first death is the first one seen.
pub fn fleet(base: Scenario, x: Axis, y: Axis, seeds: u32, n_steps: u64) -> FleetSpec {
    FleetSpec {
        n_looks: affordable_looks(&base, n_steps),
        base,
        lanes: Lanes::Grid { x, y },
        seeds,
        n_steps,
        keeps_curves: false,
        part: Part::WHOLE,
    }
}

/// What came of a map so far.
#[derive(Clone, Debug, PartialEq)]
pub struct Map {
    pub x: Axis,
    pub y: Axis,
    pub seeds: u32,
    /// Of the first network of a cell; the others count on from it.
    first_seed: u32,
    /// Of each network the newest.
    newest: Vec<Option<Measure>>,
}

impl Map {
    /// `None` of a fleet that is no grid.
    pub fn new(spec: &FleetSpec, results: &FleetResults) -> Option<Self> {
        let n_networks = spec.n_networks();
        let newest = (0..n_networks).map(|network| results.newest(network).copied());
        Self::of(spec, newest.collect())
    }

    /// Of the newest measure of each network, in the order of their numbers. `None` of a fleet that is no
    /// grid, or has another number of networks.
    pub fn of(spec: &FleetSpec, newest: Vec<Option<Measure>>) -> Option<Self> {
        let Lanes::Grid { x, y } = spec.lanes else {
            return None;
        };
        let n_networks = spec.n_networks();
        (newest.len() == n_networks).then_some(Self {
            x,
            y,
            seeds: spec.seeds,
            first_seed: spec.base.seed,
            newest,
        })
    }

    /// The networks of the cell at column `ix` and row `iy` that were measured.
    pub fn cell(&self, ix: u32, iy: u32) -> impl Iterator<Item = &Measure> + Clone {
        let lane = (iy * self.x.n + ix) as usize;
        let n_seeds = self.seeds as usize;
        let networks = self.newest.get(lane * n_seeds..(lane + 1) * n_seeds);
        networks.unwrap_or_default().iter().flatten()
    }

    /// What the cell shows: see [`MapValue::of_cell`].
    pub fn value(&self, ix: u32, iy: u32, value: MapValue) -> Option<f64> {
        value.of_cell(self.cell(ix, iy))
    }

    /// Row by row from the low end of `y`, [`Map::value`].
    pub fn values(&self, value: MapValue) -> Vec<Vec<Option<f64>>> {
        let row = |iy| {
            (0..self.x.n)
                .map(move |ix| self.value(ix, iy, value))
                .collect()
        };
        (0..self.y.n).map(row).collect()
    }

    /// Networks that were measured, and those of them that diverged.
    pub fn counts(&self) -> (usize, usize) {
        let measured = self.newest.iter().flatten();
        let diverged = measured.clone().filter(|m| m.diverged_at.is_some());
        (measured.count(), diverged.count())
    }
}
