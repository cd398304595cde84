//! The story of one unit around one step: where its pre-activations were before and after, what moved
//! them, how they got there, and what would bring the unit back.

use serde::{Deserialize, Serialize};

use super::recovery::Recovery;
use super::{Cause, Health};
use crate::activation::ActivationSpec;
use crate::observe::Histogram;

/// Most steps that a story covers.
pub const MAX_DRIFT_STEPS: u64 = 32;
/// Bins of its histograms, at most.
const MAX_BINS: usize = 48;

/// Which story is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoryRequest {
    /// Layer and unit count from 0.
    pub layer: usize,
    pub unit: usize,
    /// The state after this many updates.
    pub step: u64,
    /// What the unit became then; `None` for whatever it was, changed or not.
    pub to: Option<Health>,
}

/// What happened to a unit at a step, replayed on the CPU.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnitStory {
    pub layer: usize,
    pub unit: usize,
    pub step: u64,
    pub from: Health,
    pub to: Health,
    pub by: By,
    /// Where an update changed a unit that has hidden layers below it.
    pub parts: Option<Parts>,
    /// The function in force after it, with the alpha that the unit has learned.
    pub activation: ActivationSpec,
    /// One update or edit earlier; `None` at step 0.
    pub before: Option<Moment>,
    pub after: Moment,
    /// The last of the steps up to the event, each once: the state after its updates and edits. The
    /// last entry is `after`.
    pub drift: Vec<DriftPoint>,
    /// Where the unit is not alive afterwards.
    pub recovery: Option<Recovery>,
}

/// What changed the unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum By {
    /// Its first weights.
    Start,
    Update(Cause),
    /// An edit, in words.
    Edit {
        text: String,
    },
    /// Nothing: it is as it was a step before. The update is what it lived through.
    Nothing(Option<Cause>),
}

/// What each part of an update, made alone, would have made of the unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parts {
    /// The change of its own parameters.
    pub own: Health,
    /// The change of all others: of those below it, for those above do not reach it.
    pub below: Health,
}

/// A unit over the probe set.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Moment {
    /// Both histograms of a story have the same bins.
    pub z: Histogram,
    pub point: DriftPoint,
    pub weights: Vec<f32>,
    pub bias: f32,
    /// Shift (beta) of batch normalisation.
    pub norm_shift: Option<f32>,
}

/// The crowd of a unit's pre-activations at a step.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct DriftPoint {
    pub step: u64,
    pub z_min: f32,
    /// The quartiles: a quarter of the samples lie at or below the first.
    pub z_q1: f32,
    pub z_q3: f32,
    pub z_max: f32,
    pub z_mean: f32,
    /// Share of samples with f'(z) exactly 0.
    pub zero_slope_share: f32,
}

impl DriftPoint {
    /// `z` and `slopes` (f'(z)): `[n_samples]`, over the probe set.
    pub fn new(step: u64, z: &[f32], slopes: &[f32]) -> Self {
        let mut sorted = z.to_vec();
        sorted.sort_by(f32::total_cmp);
        let at = |share: f64| {
            let index = (share * sorted.len() as f64) as usize;
            let last = sorted.len().saturating_sub(1);
            sorted.get(index.min(last)).copied().unwrap_or(f32::NAN)
        };
        let n = z.len().max(1) as f64;
        let sum: f64 = z.iter().map(|&z| f64::from(z)).sum();
        let n_zero = slopes.iter().filter(|&&slope| slope == 0.0).count();
        Self {
            step,
            z_min: at(0.0),
            z_q1: at(0.25),
            z_q3: at(0.75),
            z_max: at(1.0),
            z_mean: (sum / n) as f32,
            zero_slope_share: (n_zero as f64 / n) as f32,
        }
    }
}

/// Equal bins over all finite values of several samples and some room around 0, with an edge at 0, where
/// most functions bend. Empty counts.
pub fn common_bins(samples: &[&[f32]]) -> Histogram {
    let finite = samples.iter().copied().flatten().filter(|z| z.is_finite());
    let (low, high) = finite.fold((-0.5_f32, 0.5_f32), |(low, high), &z| {
        (low.min(z), high.max(z))
    });
    // One bin less than there may be: rounding both ends outwards costs up to one.
    let width = (high / (MAX_BINS - 1) as f32 - low / (MAX_BINS - 1) as f32).max(f32::MIN_POSITIVE);
    let n_below = (-low / width).ceil();
    let n_above = (high / width).ceil();
    Histogram {
        low: -n_below * width,
        high: n_above * width,
        counts: vec![0; (n_below + n_above) as usize],
    }
}

/// Counts values into empty bins. The outer ones also take what lies beyond; NaN goes nowhere.
pub fn count_into(bins: &Histogram, z: &[f32]) -> Histogram {
    let mut counts = vec![0; bins.counts.len()];
    let bins_per_z = counts.len() as f32 / (bins.high - bins.low);
    for &z in z.iter().filter(|z| !z.is_nan()) {
        // `as` saturates: below the range is bin 0.
        let bin = ((z - bins.low) * bins_per_z) as usize;
        let last = counts.len().saturating_sub(1);
        if let Some(count) = counts.get_mut(bin.min(last)) {
            *count += 1;
        }
    }
    Histogram {
        counts,
        ..bins.clone()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_point_sums_up_its_samples() {
        let z = [3.0, -1.0, 0.0, 1.0, 2.0, -2.0, -3.0, 4.0];
        let slopes = z.map(|z| if z > 0.0 { 1.0 } else { 0.0 });
        let point = DriftPoint::new(7, &z, &slopes);
        let expected = DriftPoint {
            step: 7,
            z_min: -3.0,
            z_q1: -1.0,
            z_q3: 3.0,
            z_max: 4.0,
            z_mean: 0.5,
            zero_slope_share: 0.5,
        };
        assert_eq!(point, expected);
    }

    #[test]
    fn nothing_is_no_number_and_no_panic() {
        let point = DriftPoint::new(0, &[], &[]);
        assert!(point.z_min.is_nan() && point.z_max.is_nan());
        let bins = common_bins(&[&[], &[f32::NAN, f32::INFINITY]]);
        assert!(bins.low < 0.0 && bins.high > 0.0);
        let counted = count_into(&bins, &[f32::NAN, f32::INFINITY, f32::NEG_INFINITY, 0.0]);
        assert_eq!(counted.counts.iter().sum::<u32>(), 3);
    }

    proptest! {
        #[test]
        fn bins_hold_every_value_and_part_at_zero(
            before in prop::collection::vec(-1e4_f32..1e4, 1..40),
            after in prop::collection::vec(-3.0_f32..3.0, 1..40),
        ) {
            let bins = common_bins(&[&before, &after]);
            prop_assert!(bins.counts.len() <= MAX_BINS + 1);
            for z in before.iter().chain(&after) {
                let slack = 1e-5 * (bins.high - bins.low);
                prop_assert!(bins.low - slack <= *z && *z <= bins.high + slack, "{z} {bins:?}");
            }
            let counted = count_into(&bins, &before);
            prop_assert_eq!(counted.counts.iter().sum::<u32>() as usize, before.len());
            // Below 0 and above lie in different bins.
            let width = (bins.high - bins.low) / bins.counts.len() as f32;
            let edge = -bins.low / width;
            prop_assert!((edge - edge.round()).abs() < 1e-3, "{edge}");
        }
    }
}
