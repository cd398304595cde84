//! Dropout (Hinton et al. 2012, arXiv 1207.0580; Srivastava et al. 2014, JMLR 15): each update takes each hidden unit out
//! of each of its samples with probability p, so that no unit can count on another.
//!
//! PyTorch's meaning (`nn.Dropout` after each hidden activation): in training a is multiplied by m, which is 0 with
//! probability p and otherwise 1 / (1 - p), so that its expectation stays; wherever a network is judged or asked, m is 1.
//!
//! m is a function of seed, step, layer, unit and the sample's place in its batch, and of nothing else: a run that is
//! replayed, sought, checkpointed or moved to another engine meets the same masks.

use crate::random::pcg4d;

/// Units that share a draw.
pub const GROUP: usize = 4;
/// Groups that a layer may have.
pub const GROUPS_PER_LAYER: usize = super::spec::limits::UNITS_PER_LAYER / GROUP;

/// The masks of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Dropout {
    /// A unit is taken out where its random word is below this: p 2^32.
    pub threshold: u32,
    /// 1 / (1 - p).
    pub scale: f64,
    pub seed: u32,
}

impl Dropout {
    /// With probability `p`, from 0 to below 1; `None` where it is 0, as there is nothing to multiply then. Seeds below 2^32
    /// have masks of their own.
    pub fn new(p: f64, seed: u64) -> Option<Self> {
        (p > 0.0).then(|| Self {
            // `as` saturates.
            threshold: libm::round(p * 4_294_967_296.0) as u32,
            scale: 1.0 / (1.0 - p),
            seed: (seed ^ (seed >> 32)) as u32,
        })
    }

    /// What the draws of a group of units are made of: the sample's place in its batch, layer and group, step, seed. Steps
    /// 2^32 apart share their masks, which no run lives to see.
    pub fn counter(&self, step: u64, layer: usize, group: usize, sample: usize) -> [u32; 4] {
        let row = layer * GROUPS_PER_LAYER + group;
        [sample as u32, row as u32, step as u32, self.seed]
    }

    /// m of a unit in update `step`, counted from 0: 0, or [`Dropout::scale`].
    pub fn factor(&self, step: u64, layer: usize, unit: usize, sample: usize) -> f64 {
        let words = pcg4d(self.counter(step, layer, unit / GROUP, sample));
        match words[unit % GROUP] < self.threshold {
            true => 0.0,
            false => self.scale,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 1 where a unit is taken out, at 20,000 places (step, layer, unit, sample), each moved by `by`.
    fn draws(seed: u64, by: (u64, usize, usize, usize)) -> Vec<f64> {
        let dropout = Dropout::new(0.3, seed).expect("p is not 0");
        let one = |i: usize| {
            let (step, layer, unit, sample) = (i as u64 / 640, i / 320 % 2, i / 32 % 10, i % 32);
            let m = dropout.factor(step + by.0, layer + by.1, unit + by.2, sample + by.3);
            f64::from(m == 0.0)
        };
        (0..20_000).map(one).collect()
    }

    /// Mean and covariances are within four standard deviations of what independent draws give.
    #[test]
    fn units_are_taken_out_with_probability_p_and_alone() {
        let draws_here = draws(5, (0, 0, 0, 0));
        let n = draws_here.len() as f64;
        let mean = draws_here.iter().sum::<f64>() / n;
        assert!((mean - 0.3).abs() < 4.0 * 0.46 / n.sqrt(), "{mean}");
        let beside = [(0, 0, 0, 1), (0, 0, 1, 0), (0, 0, 4, 0), (0, 1, 0, 0)];
        let later = [(1, 0, 0, 0), (16, 0, 0, 0)];
        let others = beside.into_iter().chain(later).map(|by| (5, by));
        for (seed, by) in others.chain([4, 6].map(|seed| (seed, (0, 0, 0, 0)))) {
            let pairs = draws_here.iter().zip(draws(seed, by));
            let products: f64 = pairs.map(|(a, b)| (a - 0.3) * (b - 0.3)).sum();
            let covariance = products / n;
            assert!(
                covariance.abs() < 4.0 * 0.21 / n.sqrt(),
                "seed {seed}, {by:?}: {covariance}"
            );
        }
    }

    #[test]
    fn what_is_kept_is_scaled_and_none_is_no_dropout() {
        assert_eq!(Dropout::new(0.0, 1), None);
        let dropout = Dropout::new(0.75, 1).expect("p is not 0");
        assert_eq!((dropout.scale, dropout.threshold), (4.0, 3 << 30));
    }
}
