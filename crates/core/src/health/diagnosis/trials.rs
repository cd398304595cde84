//! Remedies that are tried: each as a lane of a fleet with the same seeds, none of them the run's own, from the
//! scenario's start. Planned here, trained by whoever has an engine, and judged here. A trial knows nothing of the run
//! but its scenario, and the run nothing of it.

use super::base::base_loss;
use super::candidates::{Candidate, SEEDS_APART};
use super::words::short;
use crate::nn::layout::ParamLayout;
use crate::nn::spec::{TrainingSpec, limits};
use crate::protocol::{FleetResults, FleetSpec, Lanes, Measure, Part};
use crate::scenario::Scenario;
use serde::{Deserialize, Serialize};

/// Networks of each remedy.
pub const N_SEEDS: u32 = 3;
/// Updates of each network, where they cost no more than [`WORK`]; and at the least.
const N_STEPS: (u64, u64) = (500, 50);
/// Multiply-adds that one remedy's networks may take: some seconds in a browser.
const WORK: u64 = 5_000_000_000;
/// Measures of each network, for its curve.
const N_LOOKS: u32 = 24;
/// Of what always answering the same costs, what is lost at most where something is learnt.
pub const LEARNT: f64 = 0.5;
/// Share of right answers that is well, whatever else does better.
const WELL: f64 = 0.97;
/// How far below the best right answers may be and still be as good.
const AS_GOOD: f64 = 0.03;
/// Share of the numbers' variance that may be left.
const UNEXPLAINED: f64 = 0.05;
/// Times the best one's.
const TIMES_BEST: f64 = 2.5;

/// What is to be tried, and what it takes to judge it.
#[derive(Clone, Debug)]
pub struct Trials {
    pub spec: FleetSpec,
    /// One a lane.
    pub candidates: Vec<Candidate>,
    /// Of each network, the loss of the best single answer to its data.
    base_losses: Vec<f64>,
}

/// What came of one remedy.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Trial {
    pub seeds: u32,
    /// Updates of each.
    pub steps: u64,
    /// Networks that learnt as well as the best of what was tried, about.
    pub cured: u32,
    /// Dead units of the middle one.
    pub n_dead: u16,
    /// Networks that lose less than half of what the best single answer costs.
    pub learnt: u32,
    pub diverged: u32,
    /// The middle one; not finite where most diverged.
    pub loss: f64,
    /// The middle one's; none for numbers.
    pub accuracy: Option<f64>,
    /// The middle one's loss over that of the best single answer: comparable between units of targets.
    pub relative_loss: f64,
}

/// What a network has reached.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Reached {
    /// Over the loss of the best single answer.
    pub relative_loss: f64,
    pub accuracy: Option<f64>,
    pub has_diverged: bool,
}

/// What counts as cured, from the best that was reached.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Standard {
    accuracy: Option<f64>,
    relative_loss: f64,
}

impl Reached {
    fn of(measure: Option<&Measure>, base_loss: f64) -> Self {
        let Some(measure) = measure else {
            // Nothing was told of it: it cannot be run.
            return Self {
                relative_loss: f64::INFINITY,
                accuracy: None,
                has_diverged: true,
            };
        };
        let relative_loss = f64::from(measure.loss) / base_loss;
        Self {
            relative_loss,
            accuracy: measure.accuracy.map(f64::from),
            has_diverged: measure.diverged_at.is_some() || !relative_loss.is_finite(),
        }
    }

    pub fn learns(&self) -> bool {
        !self.has_diverged && self.relative_loss < LEARNT
    }

    /// As good as that.
    pub fn meets(&self, standard: Standard) -> bool {
        let is_right = match (self.accuracy, standard.accuracy) {
            (Some(accuracy), Some(least)) => accuracy >= least,
            _ => self.relative_loss <= standard.relative_loss,
        };
        self.learns() && is_right
    }
}

impl Trials {
    /// The fleet of one candidate alone: its networks are the same, whatever else is tried beside them.
    pub fn fleet_of(&self, lane: usize) -> FleetSpec {
        FleetSpec {
            lanes: Lanes::List(vec![self.spec.lanes.edits(lane)]),
            ..self.spec.clone()
        }
    }

    /// These lanes alone, with what came of them: what is known where the others were not tried to their end.
    pub fn among(&self, lanes: &[usize], results: &FleetResults) -> (Self, FleetResults) {
        let n_seeds = self.spec.seeds as usize;
        let networks = |lane: usize| lane * n_seeds..(lane + 1) * n_seeds;
        let edits = lanes.iter().map(|&lane| self.spec.lanes.edits(lane));
        let spec = FleetSpec {
            lanes: Lanes::List(edits.collect()),
            ..self.spec.clone()
        };
        let mut some = FleetResults::new(&spec);
        let curves = lanes.iter().flat_map(|&lane| networks(lane));
        some.curves = curves
            .map(|network| results.curves.get(network).cloned().unwrap_or_default())
            .collect();
        let candidates = lanes.iter().filter_map(|&lane| self.candidates.get(lane));
        let base_losses = lanes.iter().flat_map(|&lane| networks(lane));
        let trials = Self {
            candidates: candidates.cloned().collect(),
            base_losses: base_losses
                .filter_map(|network| self.base_losses.get(network).copied())
                .collect(),
            spec,
        };
        (trials, some)
    }

    /// What came of each candidate so far, where all of it is in.
    pub fn outcomes(&self, results: &FleetResults) -> Vec<Trial> {
        self.judge(results).0
    }

    /// What a network has to reach to be counted as cured.
    pub fn bar(&self, results: &FleetResults) -> String {
        let standard = self.judge(results).1;
        match standard.accuracy {
            Some(accuracy) => format!(
                "Learns: {} % right or more, about as the best of these.",
                short(100.0 * accuracy)
            ),
            None => {
                let base = self.base_losses.first().copied().unwrap_or(f64::NAN);
                format!(
                    "Learns: loss under {}; one answer to everything costs {}.",
                    short(standard.relative_loss * base),
                    short(base)
                )
            }
        }
    }

    /// The first `n_lanes` of the candidates, for so many updates.
    pub(super) fn plan(scenario: &Scenario, candidates: Vec<Candidate>, n_steps: u64) -> Self {
        let mut base = scenario.clone();
        base.seed = base.seed.wrapping_add(SEEDS_APART);
        let lanes: Vec<_> = candidates
            .iter()
            .map(|candidate| candidate.remedy.edits().cloned().collect())
            .collect();
        let spec = FleetSpec {
            base,
            lanes: Lanes::List(lanes),
            seeds: N_SEEDS,
            n_steps,
            n_looks: N_LOOKS,
            keeps_curves: true,
            part: Part::WHOLE,
        };
        Self {
            base_losses: base_losses(&spec),
            candidates,
            spec,
        }
    }

    /// What each lane's networks have reached: all at the same step, the last.
    fn reached(&self, results: &FleetResults) -> Vec<Vec<Reached>> {
        let n_seeds = self.spec.seeds as usize;
        let of_lane = |lane: usize| {
            let networks = lane * n_seeds..(lane + 1) * n_seeds;
            let of =
                |network: usize| Reached::of(results.newest(network), self.base_losses[network]);
            networks.map(of).collect()
        };
        (0..self.candidates.len()).map(of_lane).collect()
    }

    /// What came of each candidate, and the standard it was held to.
    pub(super) fn judge(&self, results: &FleetResults) -> (Vec<Trial>, Standard) {
        let reached = self.reached(results);
        let standard = standard(&reached);
        let n_seeds = self.spec.seeds as usize;
        let trial = |(lane, reached): (usize, &Vec<Reached>)| {
            let count =
                |is: &dyn Fn(&Reached) -> bool| reached.iter().filter(|r| is(r)).count() as u32;
            let mut order: Vec<usize> = (0..reached.len()).collect();
            let rank = |i: &usize| match reached[*i].has_diverged {
                true => f64::INFINITY,
                false => reached[*i].relative_loss,
            };
            order.sort_by(|a, b| rank(a).total_cmp(&rank(b)));
            let middle = order.get(order.len() / 2).copied().unwrap_or(0);
            let measure = results.newest(lane * n_seeds + middle);
            Trial {
                seeds: self.spec.seeds,
                steps: self.spec.n_steps,
                cured: count(&|r| r.meets(standard)),
                learnt: count(&Reached::learns),
                diverged: count(&|r| r.has_diverged),
                n_dead: measure.map_or(0, |measure| measure.n_dead),
                loss: measure.map_or(f64::INFINITY, |measure| f64::from(measure.loss)),
                accuracy: measure.and_then(|measure| measure.accuracy).map(f64::from),
                relative_loss: rank(&middle),
            }
        };
        (reached.iter().enumerate().map(trial).collect(), standard)
    }
}

/// Updates that each network of a trial of a scenario makes where somebody waits for it: fewer where they are slow.
pub fn trial_steps(scenario: &Scenario) -> u64 {
    let n_params = ParamLayout::new(&scenario.network).n_params as u64;
    let batch = scenario.training.batch_size.clamp(1, limits::SAMPLES) as u64;
    // A step carries a batch forward, back, and to the weights: 3 times 2 operations for each weight.
    let per_step = 6 * u64::from(N_SEEDS) * n_params.max(1) * batch;
    let affordable = WORK / per_step / 10 * 10;
    affordable.clamp(N_STEPS.1, N_STEPS.0)
}

/// From the lane whose worst network is best.
fn standard(reached: &[Vec<Reached>]) -> Standard {
    let mut best = Standard {
        accuracy: None,
        relative_loss: f64::INFINITY,
    };
    for lane in reached
        .iter()
        .filter(|lane| lane.iter().all(Reached::learns))
    {
        let accuracies = lane.iter().filter_map(|r| r.accuracy);
        let worst = accuracies.fold(f64::INFINITY, f64::min);
        if worst.is_finite() && best.accuracy.is_none_or(|accuracy| worst > accuracy) {
            best.accuracy = Some(worst);
        }
        let worst = lane.iter().map(|r| r.relative_loss).fold(0.0, f64::max);
        best.relative_loss = best.relative_loss.min(worst);
    }
    let relative_loss = match best.relative_loss.is_finite() {
        true => (TIMES_BEST * best.relative_loss).clamp(UNEXPLAINED, LEARNT),
        false => LEARNT,
    };
    Standard {
        accuracy: best.accuracy.map(|accuracy| (accuracy - AS_GOOD).min(WELL)),
        relative_loss,
    }
}

/// Of each network. Lanes that share data and loss share the answer.
fn base_losses(spec: &FleetSpec) -> Vec<f64> {
    let mut known: Vec<(Scenario, f64)> = Vec::new();
    let mut all = Vec::new();
    for lane in 0..spec.lanes.len() {
        let mut scenario = spec.base.clone();
        for edit in spec.lanes.edits(lane) {
            edit.apply(&mut scenario);
        }
        let first_seed = scenario.seed;
        for k in 0..spec.seeds {
            scenario.seed = first_seed.wrapping_add(k);
            let is_same = |other: &Scenario| {
                let of = |training: &TrainingSpec| (training.loss, training.class_weights.clone());
                (
                    other.seed,
                    &other.data,
                    other.network.n_outputs,
                    of(&other.training),
                ) == (
                    scenario.seed,
                    &scenario.data,
                    scenario.network.n_outputs,
                    of(&scenario.training),
                )
            };
            let found = known.iter().find(|(other, _)| is_same(other));
            let loss = found.map_or_else(|| of_scenario(&scenario), |(_, loss)| *loss);
            known.push((scenario.clone(), loss));
            all.push(loss);
        }
    }
    all
}

fn of_scenario(scenario: &Scenario) -> f64 {
    let targets = scenario.data.train_targets(scenario.seed);
    targets.map_or(f64::NAN, |targets| {
        base_loss(&scenario.training, scenario.network.n_outputs, &targets)
    })
}
