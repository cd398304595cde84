//! How large tiles can be.

use super::layout::MAP_FROM_PX;

const MAX_TILE_PX: f64 = 52.0;
const MIN_TILE_PX: f64 = 0.5;

/// A size of tiles, and whether layers may take several columns.
#[derive(Clone, Copy)]
pub(super) struct Fit {
    pub tile: f64,
    pub gap: f64,
    /// Tiles that fit above each other.
    max_rows: usize,
}

impl Fit {
    fn new(tile: f64, height: f64) -> Self {
        let gap = (0.2 * tile).clamp(0.25, 8.0);
        Self {
            tile,
            gap,
            max_rows: (((height + gap) / (tile + gap)).floor() as usize).max(1),
        }
    }

    /// The largest tiles that fit `width` and `height`.
    pub fn find(hidden: &[usize], width: f64, height: f64, scale: f64) -> Self {
        let sizes = |from: f64| {
            std::iter::successors(Some(from), |tile| Some(tile * 0.97))
                .take_while(|tile| *tile >= MIN_TILE_PX)
                .map(|tile| Fit::new(tile, height))
        };
        let fits = |fit: &Fit| fit.needed_width(hidden) <= width;
        let most_units = hidden.iter().copied().max().unwrap_or(0);
        let single = sizes(MAX_TILE_PX * scale)
            .filter(|fit| fit.max_rows >= most_units)
            .find(fits);
        let wrapped = sizes(MAX_TILE_PX * scale).find(fits);
        match (single, wrapped) {
            // One column is easier to follow, unless its tiles are much smaller or too small to read.
            (Some(one), Some(many)) => {
                let gain = if one.tile >= MAP_FROM_PX { 1.5 } else { 1.0 };
                if many.tile > gain * one.tile {
                    many
                } else {
                    one.with_air(most_units, height)
                }
            }
            (Some(one), None) => one.with_air(most_units, height),
            (None, Some(many)) => many,
            (None, None) => Fit::new(MIN_TILE_PX, height),
        }
    }

    /// Lets a single column of `most_units` tiles breathe where the height allows it.
    fn with_air(self, most_units: usize, height: f64) -> Self {
        let n_gaps = most_units.saturating_sub(1).max(1) as f64;
        let most = (height - most_units as f64 * self.tile) / n_gaps;
        Self {
            gap: most.min(0.7 * self.tile).max(self.gap),
            ..self
        }
    }

    pub fn n_columns(&self, n_units: usize) -> usize {
        n_units.div_ceil(self.max_rows)
    }

    /// Length of so many tiles in a row.
    pub fn extent(&self, n: usize) -> f64 {
        (n as f64 * (self.tile + self.gap) - self.gap).max(0.0)
    }

    pub fn tiles_width(&self, hidden: &[usize]) -> f64 {
        hidden.iter().map(|&n| self.extent(self.n_columns(n))).sum()
    }

    /// With the least air between layers that still tells them apart.
    fn needed_width(&self, hidden: &[usize]) -> f64 {
        let layer_gap = (1.1 * self.tile).max(3.0 * self.gap).max(1.0);
        self.tiles_width(hidden) + (hidden.len() + 1) as f64 * layer_gap
    }
}
