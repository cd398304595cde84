//! The loss of a lane over its steps.

use super::Spread;
use crate::protocol::Measure;

/// The losses of a lane's seeds at one look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CurvePoint {
    pub step: u64,
    /// Of the seeds that had not diverged.
    pub loss: Spread,
    /// Seeds that had. They are counted, and not averaged in as infinite.
    pub n_diverged: usize,
}

/// Of each step at which a seed was seen alive. `seeds`: the measures of each, in the order of their steps.
pub fn curve(seeds: &[&[Measure]]) -> Vec<CurvePoint> {
    let alive = |measure: &&Measure| measure.diverged_at.is_none() && measure.loss.is_finite();
    let all = seeds.iter().flat_map(|seed| seed.iter());
    let mut steps: Vec<u64> = all.filter(alive).map(|measure| measure.step).collect();
    steps.sort_unstable();
    steps.dedup();
    let points = steps.into_iter().filter_map(|step| {
        let losses = seeds.iter().filter_map(|seed| {
            let at = seed.binary_search_by_key(&step, |measure| measure.step);
            at.ok().map(|at| &seed[at]).filter(alive)
        });
        let has_diverged = |seed: &&&[Measure]| {
            seed.iter()
                .any(|m| m.diverged_at.is_some_and(|at| at <= step))
        };
        Some(CurvePoint {
            step,
            loss: Spread::of(losses.map(|measure| f64::from(measure.loss)))?,
            n_diverged: seeds.iter().filter(has_diverged).count(),
        })
    });
    points.collect()
}
