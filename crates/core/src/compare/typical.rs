//! The seed that stands for the others where only one can be shown.

use super::{Comparison, LaneResult, SeedResult, Spread};

/// As far as a seed that diverges is from a lane that does not, and the other way round: farther than any loss, which
/// are factors of e.
const APART: f64 = 100.0;

impl Comparison {
    /// Which seed is most like all of them: the place, the same in all lanes, whose losses lie nearest by factors to the
    /// medians of their lanes. `None` before every network was measured.
    pub fn most_typical(&self) -> Option<usize> {
        let n_seeds = self.lanes.first()?.seeds.len();
        if n_seeds == 0 || self.lanes.iter().any(|lane| lane.seeds.len() != n_seeds) {
            return None;
        }
        let distance = |i: usize| {
            let lanes = self.lanes.iter();
            lanes.map(|lane| lane.distance(i)).sum::<f64>()
        };
        // The first of several that are as near.
        (0..n_seeds).min_by(|a, b| distance(*a).total_cmp(&distance(*b)))
    }
}

impl LaneResult {
    /// How far the loss of a seed is from the median.
    fn distance(&self, seed: usize) -> f64 {
        let losses = self.seeds.iter().map(loss);
        let median = Spread::of(losses).map_or(f64::INFINITY, |spread| spread.median);
        let own = loss(&self.seeds[seed]);
        match (own.is_finite(), median.is_finite()) {
            (true, true) => (libm::log(own.max(1e-12)) - libm::log(median.max(1e-12))).abs(),
            (false, false) => 0.0,
            _ => APART,
        }
    }
}

/// A seed that has diverged counts as an infinite loss.
fn loss(seed: &SeedResult) -> f64 {
    let loss = f64::from(seed.newest.loss);
    match loss.is_finite() && !seed.has_diverged() {
        true => loss,
        false => f64::INFINITY,
    }
}
