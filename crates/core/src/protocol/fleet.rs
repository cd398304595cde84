//! What passes between the page and a fleet: a base scenario and its lanes, trained and measured.

use serde::{Deserialize, Serialize};

use crate::nn::layout::ParamLayout;
use crate::nn::spec::limits;
use crate::scenario::{Axis, Edit, Scenario};

/// A fleet. Each lane is the base with edits, and trains once for each seed; both are numbered through, lane by
/// lane: network `lane * seeds + seed`. The `k`-th seed of every lane is the base's plus `k`, so that all
/// lanes have the same data and the same first draws.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct FleetSpec {
    pub base: Scenario,
    pub lanes: Lanes,
    /// At least 1.
    pub seeds: u32,
    /// Updates of each network.
    pub n_steps: u64,
    /// How often each network is measured after step 0: at steps that lie ever farther apart, the last
    /// step among them.
    pub n_looks: u32,
    /// Every measure is told, for curves; without it only the newest of each network. A grid without curves is
    /// trained [coarse first](FleetSpec::is_coarse_first).
    pub keeps_curves: bool,
    /// What of the fleet this engine trains.
    pub part: Part,
}

impl FleetSpec {
    /// A grid of which only the ends are asked for is seen as a whole soonest if networks are trained to their end in
    /// the order of [`Lanes::pass`]; all others go from look to look together, so that their curves grow at one time.
    /// What comes of a network is the same. Each is told once, when it is done.
    pub fn is_coarse_first(&self) -> bool {
        matches!(self.lanes, Lanes::Grid { .. }) && !self.keeps_curves
    }

    /// What a lane trains with its first seed: the base with the lane's edits.
    pub fn scenario(&self, lane: usize) -> Scenario {
        let mut scenario = self.base.clone();
        for edit in self.lanes.edits(lane) {
            edit.apply(&mut scenario);
        }
        scenario
    }

    pub fn n_networks(&self) -> usize {
        self.lanes.len() * self.seeds as usize
    }

    /// Multiply-adds of one update of a network in the middle of the fleet, about.
    pub fn work_per_step(&self) -> f64 {
        let scenario = self.scenario(self.lanes.len() / 2);
        let layout = ParamLayout::new(&scenario.network);
        3.0 * layout.n_params as f64 * scenario.training.batch_size as f64
    }

    /// Multiply-adds of all that is trained, about.
    pub fn work(&self) -> f64 {
        self.n_networks() as f64 * self.n_steps as f64 * self.work_per_step()
    }
}

/// How often networks like `base` can be looked at while they make so many updates, so that their health takes about
/// a twentieth of the time of training: 8 to 200 times. A training step of b samples is taken for 2 b times what it
/// takes to carry one sample of the probe set forward; 1.7 to 2.6 were measured.
pub fn affordable_looks(base: &Scenario, n_steps: u64) -> u32 {
    let n_train = base.data.n_train(base.seed);
    let n_probed = n_train.clamp(1, limits::PROBE_SAMPLES) as u64;
    let batch = base.training.batch_size.clamp(1, n_train.max(1)) as u64;
    let training = n_steps.saturating_mul(2 * batch);
    (training / (20 * n_probed)).clamp(8, 200) as u32
}

/// The lanes of a fleet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Lanes {
    /// The edits of each, made in their order.
    List(Vec<Vec<Edit>>),
    /// Row by row: lane `iy * x.n + ix` has `x` at `ix` and `y` at `iy`.
    Grid { x: Axis, y: Axis },
}

impl Lanes {
    pub fn len(&self) -> usize {
        match self {
            Self::List(lanes) => lanes.len(),
            Self::Grid { x, y } => x.n as usize * y.n as usize,
        }
    }

    /// What a lane changes of the base.
    pub fn edits(&self, lane: usize) -> Vec<Edit> {
        match self {
            Self::List(lanes) => lanes.get(lane).cloned().unwrap_or_default(),
            Self::Grid { x, y } => {
                let n_columns = x.n.max(1) as usize;
                let (row, column) = (lane / n_columns, lane % n_columns);
                let edit = |axis: &Axis, i: usize| Edit::Set(axis.setting, axis.value(i as u32));
                vec![edit(x, column), edit(y, row)]
            }
        }
    }

    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// When a lane is trained: of a grid every eighth cell of every eighth row first (pass 0), then every fourth, every
    /// second, and all others (pass 3). Lanes of a list are all of pass 0.
    pub fn pass(&self, lane: usize) -> u32 {
        match self {
            Self::List(_) => 0,
            Self::Grid { x, .. } => {
                let n_columns = x.n.max(1) as usize;
                let place = (lane / n_columns) | (lane % n_columns);
                3 - place.trailing_zeros().min(3)
            }
        }
    }
}

/// One of several equal shares of a fleet, so that several engines train it together: networks whose number
/// leaves the rest `index` when divided by `of`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Part {
    pub index: u32,
    /// At least 1.
    pub of: u32,
}

impl Part {
    pub const WHOLE: Self = Self { index: 0, of: 1 };

    pub fn holds(self, network: usize) -> bool {
        network % self.of.max(1) as usize == self.index as usize
    }
}

/// What a fleet is asked to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum FleetCommand {
    Train,
    Pause,
    /// The page has shown what was told last and can take the next.
    Shown,
}

/// What a fleet tells.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum FleetEvent {
    /// The fleet begins.
    Begun(FleetPlan),
    /// Told when there is something new and the last one was answered by `Shown`.
    News(Box<FleetNews>),
    /// Networks whose engine failed and that begin anew on the other: what was told of them is void.
    Restarted { networks: Vec<u32> },
}

/// What is to be trained.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FleetPlan {
    /// Of this part of the fleet.
    pub n_networks: u32,
    /// Populations: networks of one shape, that share data and order of samples.
    pub n_groups: u32,
    /// Lanes that cannot be run, and why.
    pub refused: Vec<(u32, String)>,
}

/// What is new of a fleet.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FleetNews {
    /// In the order of their steps; of each network the last one is the newest.
    pub measures: Vec<Measure>,
    pub progress: FleetProgress,
}

/// How far a fleet, or a part of it, has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct FleetProgress {
    /// Updates made, of all networks together.
    pub lane_steps: u64,
    /// When all is done. A network that diverges counts as done.
    pub n_lane_steps: u64,
    pub is_done: bool,
    /// Measured, while training.
    pub lane_steps_per_second: f32,
}

/// A network after so many updates. Loss and accuracy are over the probe set.
///
/// What costs more than health (`test_loss`, `test_accuracy`, `gradient_ratio`) is measured where curves are kept:
/// at the last look, and at as many between as a twentieth of the training's work allows. It is `None` at the
/// others.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Measure {
    pub network: u32,
    pub step: u64,
    pub loss: f32,
    /// `None` for regression.
    pub accuracy: Option<f32>,
    /// As [`Snapshot::test_loss`](crate::observe::Snapshot::test_loss). `None` without a test set.
    pub test_loss: Option<f32>,
    /// `None` for regression and without a test set.
    pub test_accuracy: Option<f32>,
    /// Of class 1 of two, by the test set or, where there is none, the probe set: the share that is found. `None` at a look that
    /// is not in full.
    pub recall: Option<f32>,
    /// Of what is said to be of class 1, the share that is.
    pub precision: Option<f32>,
    /// [`gradient_ratio`](crate::observe::gradient_ratio) over the probe set.
    pub gradient_ratio: Option<f32>,
    /// Hidden units.
    pub n_units: u16,
    pub n_dead: u16,
    pub n_saturated: u16,
    /// The first step at which a dead unit was seen.
    pub first_death: Option<u64>,
    pub diverged_at: Option<u64>,
}

/// All that parts of a fleet have told.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FleetResults {
    /// Of each network, in the order of steps; the newest alone where no curves are kept.
    pub curves: Vec<Vec<Measure>>,
    /// Of each part.
    parts: Vec<FleetProgress>,
}

impl FleetResults {
    pub fn new(spec: &FleetSpec) -> Self {
        let mut results = Self {
            curves: vec![Vec::new(); spec.n_networks()],
            parts: Vec::new(),
        };
        results.share_out(spec, spec.part.of);
        results
    }

    /// It is trained anew, by so many parts. What was told of networks stays.
    pub fn share_out(&mut self, spec: &FleetSpec, of: u32) {
        let of = of.max(1);
        let part = |index| self.nothing_of(spec, Part { index, of });
        self.parts = (0..of).map(part).collect();
    }

    /// One part is trained anew. What was told of its networks stays, but where curves are kept: those would go on twice.
    pub fn begin_anew(&mut self, spec: &FleetSpec, part: Part) {
        let nothing = self.nothing_of(spec, part);
        if let Some(progress) = self.parts.get_mut(part.index as usize) {
            *progress = nothing;
        }
        if spec.keeps_curves {
            let networks = 0..self.curves.len();
            networks
                .filter(|&network| part.holds(network))
                .for_each(|network| self.curves[network].clear());
        }
    }

    /// As far as a part is known before it was told of: all of its networks can be trained.
    fn nothing_of(&self, spec: &FleetSpec, part: Part) -> FleetProgress {
        let networks = 0..self.curves.len();
        let n_networks = networks.filter(|&network| part.holds(network)).count();
        FleetProgress {
            n_lane_steps: n_networks as u64 * spec.n_steps,
            ..FleetProgress::default()
        }
    }

    /// Takes in what one part has told. Networks that the fleet does not have are left out.
    pub fn take(&mut self, part: Part, keeps_curves: bool, news: &FleetNews) {
        for measure in &news.measures {
            if let Some(curve) = self.curves.get_mut(measure.network as usize) {
                if !keeps_curves {
                    curve.clear();
                }
                // One that stands still is measured again at each look.
                curve.pop_if(|last| last.step == measure.step);
                curve.push(*measure);
            }
        }
        if let Some(progress) = self.parts.get_mut(part.index as usize) {
            *progress = news.progress;
        }
    }

    /// Forgets what was told of these networks.
    pub fn forget(&mut self, networks: &[u32]) {
        for &network in networks {
            if let Some(curve) = self.curves.get_mut(network as usize) {
                curve.clear();
            }
        }
    }

    /// The newest of a network.
    pub fn newest(&self, network: usize) -> Option<&Measure> {
        self.curves.get(network)?.last()
    }

    /// Of one part.
    pub fn progress_of(&self, part: Part) -> FleetProgress {
        let parts = self.parts.get(part.index as usize);
        parts.copied().unwrap_or_default()
    }

    /// Of all parts together. A part that is done makes no more updates, so that its rate counts when all are done.
    pub fn progress(&self) -> FleetProgress {
        let mut all = FleetProgress {
            is_done: self.parts.iter().all(|part| part.is_done),
            ..FleetProgress::default()
        };
        for part in &self.parts {
            all.lane_steps += part.lane_steps;
            all.n_lane_steps += part.n_lane_steps;
            if all.is_done || !part.is_done {
                all.lane_steps_per_second += part.lane_steps_per_second;
            }
        }
        all
    }

    /// Until the last part is done, if each goes on as it does; `None` before any rate was measured.
    pub fn seconds_left(&self) -> Option<f64> {
        let at_work = self.parts.iter().filter(|part| !part.is_done);
        let left = at_work.filter_map(|part| {
            let n_left = part.n_lane_steps.saturating_sub(part.lane_steps) as f64;
            let rate = f64::from(part.lane_steps_per_second);
            (rate > 0.0).then(|| n_left / rate)
        });
        left.max_by(f64::total_cmp)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec() -> FleetSpec {
        FleetSpec {
            base: Scenario::default(),
            lanes: Lanes::List(vec![Vec::new(); 7]),
            seeds: 1,
            n_steps: 10,
            n_looks: 1,
            keeps_curves: true,
            part: Part { index: 0, of: 2 },
        }
    }

    fn news(network: u32, lane_steps: u64, is_done: bool, rate: f32) -> FleetNews {
        let measure = Measure {
            network,
            step: 10,
            loss: 0.5,
            accuracy: None,
            test_loss: None,
            test_accuracy: None,
            recall: None,
            precision: None,
            gradient_ratio: None,
            n_units: 1,
            n_dead: 0,
            n_saturated: 0,
            first_death: None,
            diverged_at: None,
        };
        FleetNews {
            measures: vec![measure],
            progress: FleetProgress {
                lane_steps,
                n_lane_steps: if network.is_multiple_of(2) { 40 } else { 30 },
                is_done,
                lane_steps_per_second: rate,
            },
        }
    }

    #[test]
    fn parts_are_told_as_one() {
        let (first, second) = (Part { index: 0, of: 2 }, Part { index: 1, of: 2 });
        let mut results = FleetResults::new(&spec());
        let check = |results: &FleetResults, made, is_done, rate, left| {
            let told = results.progress();
            // Of all parts from the beginning, also of those that were not told of yet.
            assert_eq!((told.lane_steps, told.n_lane_steps), (made, 70));
            assert_eq!((told.is_done, told.lane_steps_per_second), (is_done, rate));
            assert_eq!(results.seconds_left(), left);
        };
        check(&results, 0, false, 0.0, None);
        results.take(first, true, &news(0, 20, false, 10.0));
        check(&results, 20, false, 10.0, Some(2.0));
        results.take(second, true, &news(1, 5, false, 5.0));
        check(&results, 25, false, 15.0, Some(5.0));
        results.take(first, true, &news(2, 40, true, 10.0));
        check(&results, 45, false, 5.0, Some(5.0));

        // What one part had told is void, and the other's stays.
        let mut anew = results.clone();
        anew.begin_anew(&spec(), second);
        check(&anew, 40, false, 0.0, None);
        assert!(anew.newest(1).is_none() && anew.newest(2).is_some());
        anew.share_out(&spec(), 1);
        check(&anew, 0, false, 0.0, None);
        assert!(anew.newest(2).is_some());

        results.take(second, true, &news(1, 30, true, 5.0));
        check(&results, 70, true, 15.0, None);
    }
}
