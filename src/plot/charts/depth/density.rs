//! From a histogram of z to where its mass lies on the screen, for z itself and for a = f(z). As f
//! works on each z alone, the histogram of a is that of z with every bin carried to where f takes it.

use super::Cell;

/// Parts that a bin of z is cut into before f carries it: f is taken as straight within each.
const PARTS: usize = 3;

/// Where the edges of the parts of a cell's bins go: `n_bins * parts + 1` values.
#[derive(Clone, Debug, PartialEq)]
pub struct Edges(Vec<f64>);

impl Edges {
    /// Of z itself.
    pub fn of_z(cell: &Cell) -> Self {
        Self::of(cell, 1, |z| z)
    }

    /// Of a = f(z).
    pub fn of_a(cell: &Cell, f: impl Fn(f64) -> f64) -> Self {
        Self::of(cell, PARTS, f)
    }

    fn of(cell: &Cell, parts: usize, f: impl Fn(f64) -> f64) -> Self {
        let n = cell.shares.len() * parts;
        let (low, high) = (f64::from(cell.low), f64::from(cell.high));
        let at = |i: usize| low + (high - low) * i as f64 / n as f64;
        Self((0..=n).map(|i| f(at(i))).collect())
    }

    /// Each part's two ends and its share of the mass.
    fn pieces<'a>(&'a self, cell: &'a Cell) -> impl Iterator<Item = (f64, f64, f64)> + 'a {
        let parts = (self.0.len() - 1) / cell.shares.len().max(1);
        let scale = 1.0 / (f64::from(u16::MAX) * parts.max(1) as f64);
        let ends = self.0.windows(2).map(|ends| (ends[0], ends[1]));
        ends.enumerate()
            .filter_map(move |(i, (a, b))| match cell.shares[i / parts] {
                0 => None,
                share => Some((a.min(b), a.max(b), f64::from(share) * scale)),
            })
            .filter(|(low, high, _)| low.is_finite() && high.is_finite())
    }

    /// Adds the mass of a cell to `rows`, the first of which begins at `high` and the last of which ends
    /// at `low`. What lies beyond goes to the outer rows.
    pub fn fill(&self, cell: &Cell, (low, high): (f64, f64), rows: &mut [f64]) {
        let n = rows.len();
        if n == 0 || high <= low {
            return;
        }
        let per_value = n as f64 / (high - low);
        let row_of = |v: f64| ((high - v) * per_value).clamp(0.0, n as f64);
        for (a, b, mass) in self.pieces(cell) {
            let (from, to) = (row_of(b), row_of(a));
            let (first, last) = ((from as usize).min(n - 1), (to as usize).min(n - 1));
            if first == last {
                rows[first] += mass;
                continue;
            }
            let per_row = mass / (to - from);
            rows[first] += per_row * (first as f64 + 1.0 - from);
            rows[first + 1..last]
                .iter_mut()
                .for_each(|row| *row += per_row);
            rows[last] += per_row * (to - last as f64);
        }
    }

    /// The values below which the shares `qs` (ascending) of the mass lie; `None` without mass.
    pub fn quantiles<const N: usize>(&self, cell: &Cell, qs: [f64; N]) -> Option<[f64; N]> {
        let mut pieces: Vec<(f64, f64, f64)> = self.pieces(cell).collect();
        // Most functions keep the order.
        if !pieces.is_sorted_by(|a, b| a.0 <= b.0) {
            pieces.sort_by(|a, b| a.0.total_cmp(&b.0));
        }
        let total: f64 = pieces.iter().map(|piece| piece.2).sum();
        let last = pieces.last()?.1;
        Some(qs.map(|q| {
            let mut left = q * total;
            for &(a, b, mass) in &pieces {
                if left <= mass {
                    return a + (b - a) * left / mass;
                }
                left -= mass;
            }
            last
        }))
    }
}
