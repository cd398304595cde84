//! Lanes beside each other: what came of a fleet whose lanes differ in a few settings, each over several seeds.
//! Page and shell show the same numbers, which are made here.
//!
//! | file | does |
//! |---|---|
//! | [`mod@vary`] | `a=sigmoid,tanh,relu` to lanes; presets are such texts |
//! | [`spread`] | median and quartiles |
//! | [`curve`](mod@curve) | the loss of a lane over its steps |
//! | [`mod@column`] | the columns of the table; the best of one, and their order |
//! | [`name`] | what a lane is called, in short and in full |
//! | `typical` | the seed that stands for the others |
//! | `work` | what a step takes |
//! | `files` | table and curves as CSV |

use crate::protocol::{FleetResults, FleetSpec, Lanes, Measure, Part, affordable_looks};
use crate::scenario::{Edit, Scenario, shortest};

pub mod column;
pub mod curve;
mod files;
pub mod name;
pub mod spread;
#[cfg(test)]
mod tests;
mod typical;
pub mod vary;
mod work;

pub use column::{Better, Column};
pub use curve::CurvePoint;
pub use name::{changes, lane_name};
pub use spread::Spread;
pub use vary::{PRESETS, Preset, VaryError, vary};
pub use work::multiply_adds;

/// What a network is to reach.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Target {
    /// A loss of at most this.
    Loss(f64),
    /// An accuracy of at least this.
    Accuracy(f64),
}

impl Default for Target {
    fn default() -> Self {
        Self::Loss(0.1)
    }
}

impl Target {
    /// Whether a network has reached it at a look.
    pub fn is_reached(self, measure: &Measure) -> bool {
        match self {
            Self::Loss(most) => f64::from(measure.loss) <= most,
            Self::Accuracy(least) => measure.accuracy.is_some_and(|a| f64::from(a) >= least),
        }
    }

    /// "loss 0.1".
    pub fn words(self) -> String {
        match self {
            Self::Loss(most) => format!("loss {}", shortest(most)),
            Self::Accuracy(least) => format!("accuracy {}", shortest(least)),
        }
    }
}

/// What came of a fleet, lane by lane.
#[derive(Clone, Debug, PartialEq)]
pub struct Comparison {
    pub target: Target,
    pub lanes: Vec<LaneResult>,
    /// Why numbers of loss of different lanes cannot be compared, if they cannot.
    pub unlike: Option<String>,
}

/// What came of a lane.
#[derive(Clone, Debug, PartialEq)]
pub struct LaneResult {
    /// "activation Tanh": what its edits set, in the words of the settings.
    pub changes: String,
    /// Seeds that were measured.
    pub seeds: Vec<SeedResult>,
    pub curve: Vec<CurvePoint>,
    /// Of each of its networks; see [`multiply_adds`].
    pub multiply_adds: u64,
}

/// What came of a network.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SeedResult {
    pub seed: u32,
    /// The first look at which the target was reached.
    pub arrived_at: Option<u64>,
    pub newest: Measure,
    /// As it was measured last.
    pub test_loss: Option<f32>,
    pub test_accuracy: Option<f32>,
    pub recall: Option<f32>,
    pub precision: Option<f32>,
    pub gradient_ratio: Option<f32>,
}

impl SeedResult {
    pub fn has_diverged(&self) -> bool {
        self.newest.diverged_at.is_some()
    }

    /// Of the measures of one network, in the order of their steps. `None` of none.
    fn new(seed: u32, measures: &[Measure], target: Target) -> Option<Self> {
        let arrived = measures.iter().find(|measure| target.is_reached(measure));
        let last_of = |value: fn(&Measure) -> Option<f32>| measures.iter().rev().find_map(value);
        Some(Self {
            seed,
            arrived_at: arrived.map(|measure| measure.step),
            newest: *measures.last()?,
            test_loss: last_of(|measure| measure.test_loss),
            test_accuracy: last_of(|measure| measure.test_accuracy),
            recall: last_of(|measure| measure.recall),
            // Of the same look: nothing may be said to be of class 1 there.
            precision: last_full(measures).and_then(|measure| measure.precision),
            gradient_ratio: last_of(|measure| measure.gradient_ratio),
        })
    }
}

/// The last look that was in full.
fn last_full(measures: &[Measure]) -> Option<&Measure> {
    measures
        .iter()
        .rev()
        .find(|measure| measure.recall.is_some())
}

impl LaneResult {
    pub fn n_diverged(&self) -> usize {
        self.seeds.iter().filter(|seed| seed.has_diverged()).count()
    }

    /// Seeds that reached the target.
    pub fn n_reached(&self) -> usize {
        let seeds = self.seeds.iter();
        seeds.filter(|seed| seed.arrived_at.is_some()).count()
    }
}

/// Looks of a comparison at the least: with fewer, the step at which a target is reached says little.
const MIN_LOOKS: u32 = 32;

/// The fleet of a comparison: every lane over `seeds` seeds, looked at as often as a twentieth of its training
/// allows, and 32 times at the least, which costs a short training more.
pub fn fleet(base: Scenario, lanes: Vec<Vec<Edit>>, seeds: u32, n_steps: u64) -> FleetSpec {
    FleetSpec {
        n_looks: affordable_looks(&base, n_steps).max(MIN_LOOKS),
        base,
        lanes: Lanes::List(lanes),
        seeds,
        n_steps,
        keeps_curves: true,
        part: Part::WHOLE,
    }
}

impl Comparison {
    /// Of what a fleet has told so far, which may be nothing. Needs `keeps_curves`; without them a target is reached
    /// at the end or never.
    pub fn new(spec: &FleetSpec, results: &FleetResults, target: Target) -> Self {
        let scenarios: Vec<Scenario> = (0..spec.lanes.len())
            .map(|lane| spec.scenario(lane))
            .collect();
        let seeds = spec.seeds.max(1) as usize;
        let of_lane = |(lane, scenario): (usize, &Scenario)| {
            let networks = lane * seeds..(lane + 1) * seeds;
            let of_networks = results.curves.get(networks).unwrap_or_default();
            let measures: Vec<&[Measure]> = of_networks.iter().map(Vec::as_slice).collect();
            let seed_of = |i: usize| scenario.seed.wrapping_add(i as u32);
            let results = measures.iter().enumerate();
            LaneResult {
                changes: changes(&spec.base, &spec.lanes.edits(lane)),
                curve: curve::curve(&measures),
                multiply_adds: multiply_adds(scenario),
                seeds: results
                    .filter_map(|(i, measures)| SeedResult::new(seed_of(i), measures, target))
                    .collect(),
            }
        };
        Self {
            target,
            lanes: scenarios.iter().enumerate().map(of_lane).collect(),
            unlike: unlike(&scenarios),
        }
    }
}

/// Why the losses of these cannot be compared.
fn unlike(lanes: &[Scenario]) -> Option<String> {
    let (first, others) = lanes.split_first()?;
    let judged_by = |lane: &Scenario| (lane.training.loss, lane.training.class_weights.clone());
    let learns = |lane: &Scenario| lane.data.clone();
    if others
        .iter()
        .any(|lane| judged_by(lane) != judged_by(first))
    {
        return Some("Losses cannot be compared: the lanes are judged by different ones.".into());
    }
    let differs = others.iter().any(|lane| learns(lane) != learns(first));
    differs.then(|| "Losses cannot be compared: the lanes learn from different data.".into())
}
