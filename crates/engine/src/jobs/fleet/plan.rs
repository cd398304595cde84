//! What a fleet is to train: its lanes as groups that one trainer can train together.

use std::sync::Arc;

use actiscope_core::data::{DataError, DataSpec, Dataset};
use actiscope_core::nn::layout::ParamLayout;
use actiscope_core::nn::spec::limits;
use actiscope_core::protocol::{FleetPlan, FleetSpec, Lanes};
use actiscope_core::scenario::{AxisError, Scenario};
use thiserror::Error;

use crate::backend::lane_spec;
use crate::cpu::LaneSpec;

/// Most networks of one lane.
const MAX_SEEDS: u32 = 64;
/// Most lanes of a grid of which a few are trained at a time.
const MAX_CELLS: usize = 128 * 128;
/// Bytes that the states of all networks may take together.
const MAX_BYTES: usize = 1 << 30;

/// Why a fleet cannot be trained, and what to do.
#[derive(Debug, Error)]
pub enum FleetError {
    #[error(
        "there is nothing to train: give a fleet at least one lane, one seed, one step and one look"
    )]
    Nothing,
    #[error("{n} {what}: choose {max} at most")]
    TooMany {
        what: &'static str,
        n: usize,
        max: usize,
    },
    #[error(
        "{n_networks} networks of this size need {needed} MB, and {allowed} MB can be had: choose fewer lanes or narrower networks"
    )]
    Memory {
        n_networks: usize,
        needed: usize,
        allowed: usize,
    },
    #[error("{0}")]
    Axis(#[from] AxisError),
    #[error("no lane of the fleet can be run: {0}")]
    Refused(String),
    #[error("{0}")]
    NotLoaded(#[from] crate::jobs::NotLoaded),
}

/// Networks of one shape, on the same data in the same order.
#[derive(Clone, Debug)]
pub struct Group {
    /// Of the fleet's networks.
    pub numbers: Vec<u32>,
    pub lanes: Vec<LaneSpec>,
    /// Of each lane, a probability: its accuracy is at it.
    pub thresholds: Vec<f64>,
    pub data: Arc<Dataset>,
    pub order_seed: u64,
    /// Those of a lower one are trained first.
    pub pass: u32,
    layout: ParamLayout,
}

impl Group {
    /// Multiply-adds of one step of one network, about.
    pub fn work_per_step(&self) -> usize {
        3 * self.layout.n_params * self.lanes[0].training.batch_size.min(self.data.n_train())
    }

    /// What it takes to look at one network in full, beyond its health, in samples carried forward: there and
    /// back on the probe set, and the test set.
    pub fn full_look_work(&self) -> usize {
        2 * crate::cpu::probe::n_samples(&self.data) + self.data.n_test()
    }

    /// Of one step, in the same unit.
    pub fn step_work(&self) -> usize {
        3 * self.lanes[0].training.batch_size.min(self.data.n_train())
    }

    fn n_bytes(&self) -> usize {
        // Parameters, those of before, two moments, a gradient.
        5 * size_of::<f32>() * self.layout.n_params * self.lanes.len()
    }

    /// Some of the networks.
    pub fn part(&self, range: std::ops::Range<usize>) -> Self {
        Self {
            numbers: self.numbers[range.clone()].to_vec(),
            lanes: self.lanes[range.clone()].to_vec(),
            thresholds: self.thresholds[range].to_vec(),
            data: Arc::clone(&self.data),
            order_seed: self.order_seed,
            pass: self.pass,
            layout: self.layout.clone(),
        }
    }

    fn takes(
        &self,
        scenario: &Scenario,
        data: &Arc<Dataset>,
        layout: &ParamLayout,
        pass: u32,
    ) -> bool {
        let (mine, other) = (&self.lanes[0].training, &scenario.training);
        self.pass == pass
            && Arc::ptr_eq(&self.data, data)
            && self.layout == *layout
            && self.order_seed == u64::from(scenario.seed)
            && (mine.order, mine.batch_size) == (other.order, other.batch_size)
    }
}

/// The groups of the fleet's part, in the order in which they are trained, and what to tell of them.
///
/// # Errors
/// If there is nothing that can be trained, or too much.
pub fn plan(spec: &FleetSpec) -> Result<(FleetPlan, Vec<Group>), FleetError> {
    let n_lanes = spec.lanes.len();
    let most = |what, n: usize, max: usize| match n <= max {
        true => Ok(()),
        false => Err(FleetError::TooMany { what, n, max }),
    };
    let n_parts = spec.part.of.max(1) as usize;
    let is_coarse_first = spec.is_coarse_first();
    let max_lanes = match is_coarse_first {
        true => MAX_CELLS,
        false => limits::LANES,
    };
    most("lanes", n_lanes.div_ceil(n_parts), max_lanes)?;
    most("seeds", spec.seeds as usize, MAX_SEEDS as usize)?;
    let numbers = [
        n_lanes as u64,
        spec.seeds.into(),
        spec.n_steps,
        spec.n_looks.into(),
    ];
    if numbers.contains(&0) {
        return Err(FleetError::Nothing);
    }
    if let Lanes::Grid { x, y } = &spec.lanes {
        x.check(&spec.base)?;
        y.check(&spec.base)?;
    }

    let mut plan = FleetPlan::default();
    let mut groups: Vec<Group> = Vec::new();
    let mut known = KnownData::default();
    for lane in 0..n_lanes {
        let seeds = (0..spec.seeds).map(|seed| (lane as u32 * spec.seeds + seed, seed));
        let mine: Vec<(u32, u32)> = seeds
            .filter(|&(number, _)| spec.part.holds(number as usize))
            .collect();
        if mine.is_empty() {
            continue;
        }
        let mut scenario = spec.base.clone();
        for edit in spec.lanes.edits(lane) {
            edit.apply(&mut scenario);
        }
        let pass = match is_coarse_first {
            true => spec.lanes.pass(lane),
            false => 0,
        };
        if let Err(error) = add(&mut groups, &mut known, &scenario, &mine, pass) {
            plan.refused.push((lane as u32, error));
        }
    }
    plan.n_networks = groups.iter().map(|group| group.lanes.len() as u32).sum();
    plan.n_groups = groups.len() as u32;
    if let (true, Some((_, why))) = (groups.is_empty(), plan.refused.first()) {
        return Err(FleetError::Refused(why.clone()));
    }
    groups.sort_by_key(|group| group.pass);
    let needed = groups.iter().map(Group::n_bytes).sum::<usize>();
    // Coarse first no more are held than are trained.
    if needed > MAX_BYTES && !is_coarse_first {
        return Err(FleetError::Memory {
            n_networks: plan.n_networks as usize,
            needed: needed >> 20,
            allowed: MAX_BYTES >> 20,
        });
    }
    Ok((plan, groups))
}

/// Adds the networks of a lane to the groups of its pass that they belong to. `numbers`: of each network its number
/// and its seed's.
///
/// # Errors
/// If the lane cannot be run, why.
fn add(
    groups: &mut Vec<Group>,
    known: &mut KnownData,
    scenario: &Scenario,
    numbers: &[(u32, u32)],
    pass: u32,
) -> Result<(), String> {
    crate::jobs::run::check(scenario).map_err(|error| error.to_string())?;
    let layout = ParamLayout::new(&scenario.network);
    let mut scenario = scenario.clone();
    let first_seed = scenario.seed;
    for &(number, seed) in numbers {
        scenario.seed = first_seed.wrapping_add(seed);
        let data = known
            .generate(&scenario)
            .map_err(|error| error.to_string())?;
        let found = groups
            .iter()
            .position(|group| group.takes(&scenario, &data, &layout, pass));
        let at = found.unwrap_or_else(|| {
            groups.push(Group {
                numbers: Vec::new(),
                lanes: Vec::new(),
                thresholds: Vec::new(),
                data,
                order_seed: u64::from(scenario.seed),
                pass,
                layout: layout.clone(),
            });
            groups.len() - 1
        });
        let group = &mut groups[at];
        group.numbers.push(number);
        group.lanes.push(lane_spec(&scenario));
        group.thresholds.push(scenario.view.threshold);
    }
    Ok(())
}

/// Data sets that were made, so that lanes share them.
#[derive(Default)]
struct KnownData {
    made: Vec<(DataSpec, u32, Arc<Dataset>)>,
}

impl KnownData {
    fn generate(&mut self, scenario: &Scenario) -> Result<Arc<Dataset>, DataError> {
        let Scenario { seed, data, .. } = scenario;
        let found = self.made.iter().find(|(d, s, _)| (s, d) == (seed, data));
        if let Some((_, _, made)) = found {
            return Ok(Arc::clone(made));
        }
        let made = Arc::new(data.generate(*seed)?);
        self.made.push((data.clone(), *seed, Arc::clone(&made)));
        Ok(made)
    }
}

/// Steps at which networks are measured: 0, then `n_looks` at most, ever farther apart, `n_steps` last.
pub fn look_steps(n_steps: u64, n_looks: u32) -> Vec<u64> {
    let mut steps = vec![0];
    for i in 1..=n_looks {
        let share = f64::from(i) / f64::from(n_looks);
        let step = libm::round(libm::pow(n_steps as f64, share)) as u64;
        // At the beginning there is no room for all of them.
        let last = steps.last().copied().unwrap_or(0);
        let step = step.max(last + 1).min(n_steps);
        if step > last {
            steps.push(step);
        }
    }
    if let Some(last) = steps.last_mut() {
        *last = n_steps;
    }
    steps
}

/// Every how many looks, counted from the last one back, networks are measured in full (on the test set, and
/// with their gradient): as often as a twentieth of the training's work allows. `work`: of training and of
/// what one full look takes beyond health, in any unit.
pub fn full_look_every(n_looks: usize, training: usize, full: usize) -> usize {
    (20 * n_looks * full).div_ceil(training.max(1)).max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_looks_take_a_twentieth_of_the_training() {
        let check = |n_looks, training, full, expect| {
            assert_eq!(full_look_every(n_looks, training, full), expect);
        };
        check(10, 100_000, 1, 1);
        check(40, 28_800, 768, 22);
        check(40, 1_000_000, 768, 1);
        // The last one is, whatever it costs.
        check(10, 1, 1_000, 200_000);
    }

    #[test]
    fn looks_lie_ever_farther_apart() {
        let check = |n_steps, n_looks, expect: &[u64]| {
            assert_eq!(look_steps(n_steps, n_looks), expect, "{n_steps} {n_looks}");
        };
        check(300, 1, &[0, 300]);
        check(1, 5, &[0, 1]);
        check(4, 100, &[0, 1, 2, 3, 4]);
        check(1_000, 3, &[0, 10, 100, 1_000]);
        check(64, 6, &[0, 2, 4, 8, 16, 32, 64]);
        for (n_steps, n_looks) in [(2_000, 200), (17, 9), (1_000_000, 50)] {
            let steps = look_steps(n_steps, n_looks);
            assert!(steps.is_sorted_by(|a, b| a < b) && steps.len() <= 1 + n_looks as usize);
            assert_eq!(steps.last(), Some(&n_steps));
        }
    }
}
