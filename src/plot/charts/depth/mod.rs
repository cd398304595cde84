//! What depth does to a signal: the distribution of z and a of each layer over the steps of a run as
//! strips of heat ([`strips`]), and by layer, beside what theory says, how large z, the gradient and the
//! updates are ([`dots`]; [`update`] and [`signal`] say of what).
//!
//! A run is given as [`Column`]s, a column a step that was kept.

mod density;
pub mod dots;
pub mod signal;
pub mod strips;
pub mod update;

use actiscope_core::protocol::Histogram;

pub use dots::{DotsGeometry, dots_scene};
pub use strips::{Strips, StripsGeometry, describe_strips, strips_scene};

/// One step of a run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Column {
    pub step: u64,
    /// Hidden layers, then the output layer.
    pub layers: Vec<Cell>,
}

/// One layer at one step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// The layer's function at that step, by its number among those of the run.
    pub function: usize,
    /// Histogram of z: equal bins over `low..=high`, in 1/65,535 of all of z.
    pub low: f32,
    pub high: f32,
    pub shares: Vec<u16>,
    /// PReLU's learned alpha, the mean over units.
    pub alpha: Option<f32>,
    /// RMS of dL/dz.
    pub gradient_rms: f32,
    /// RMS of the last update of the weights over RMS of the weights.
    pub update_ratio: f32,
}

impl Cell {
    /// Takes a histogram's ends, and the shares of its counts.
    pub fn set_histogram(&mut self, histogram: &Histogram) {
        let total: u64 = histogram.counts.iter().map(|&n| u64::from(n)).sum();
        let share = |n: u32| (u64::from(n) * u64::from(u16::MAX) / total.max(1)) as u16;
        (self.low, self.high) = (histogram.low, histogram.high);
        self.shares.clear();
        self.shares
            .extend(histogram.counts.iter().map(|&n| share(n)));
    }
}

/// The column that shows a step: the last at or before it, else the first.
pub fn column_at(columns: &[Column], step: u64) -> Option<&Column> {
    let after = columns.partition_point(|column| column.step <= step);
    columns.get(after.saturating_sub(1))
}

/// `layer 3`, `output`.
pub fn layer_name(layer: usize, n_layers: usize) -> String {
    if layer + 1 == n_layers {
        "output".into()
    } else {
        format!("layer {}", layer + 1)
    }
}

#[cfg(test)]
mod tests;
