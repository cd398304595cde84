//! The Compare's state as signals, the fleet that follows it, and what came of it.

use std::sync::Arc;

use actiscope_core::compare::{self, Comparison, Target};
use actiscope_core::health::diagnosis::SEEDS_APART;
use actiscope_core::protocol::{FleetResults, FleetSpec};
use actiscope_core::scenario::{Edit, Scenario};
use leptos::prelude::*;

use super::state::State;
use crate::app::App;
use crate::doctor::handed::{Handed, HandedOver};
use crate::engine::Engine;
use crate::fleet::Fleet;
use crate::held::Held;
use crate::memo::Memo;
use crate::plot::charts::compare::{LossLane, LossPoint};
use crate::run::Run;
use crate::ui::kit::erased::effect;
use crate::ui::kit::throttle::throttled;
use crate::views::kept::{followed, is_here};

/// How often what came of a fleet is worked out while it trains.
const EVERY_MS: u64 = 250;

/// A handle: copying it copies no state.
#[derive(Clone, Copy)]
pub struct Compare {
    pub state: Held<State>,
    pub fleet: Fleet,
    /// Lanes of the Doctor's, in place of the state's own until that is changed.
    handed: HandedOver,
    /// What is asked for: the lanes' names and the fleet, or why there is none.
    pub asked: Memo<Result<Arc<Asked>, String>>,
    /// What came of it up to the step on show.
    pub shown: Signal<Arc<Shown>>,
    /// The step on show, where it is not the newest.
    pub cursor: RwSignal<Option<u64>>,
    /// The lane that is pointed at.
    pub pointed: RwSignal<Option<usize>>,
    pub is_log: RwSignal<bool>,
    pub is_log_x: RwSignal<bool>,
    /// The place among the seeds of the network that the columns show.
    pub seed: RwSignal<u32>,
    /// Compare is the view on show.
    pub is_here: Memo<bool>,
    /// Told by the status region.
    pub said: RwSignal<String>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    pub names: Vec<String>,
    /// Lanes for each value of the first setting; see [`Shown::look_of`].
    pub n_second: usize,
    pub spec: FleetSpec,
}

/// What came of a fleet.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    /// What it came of.
    pub spec: Option<Arc<FleetSpec>>,
    pub names: Vec<String>,
    pub n_second: usize,
    pub n_seeds: u32,
    pub n_steps: u64,
    /// The newest step that any network was measured at.
    pub step: u64,
    /// As far as it has come.
    pub all: Comparison,
    /// The same up to the step on show.
    pub then: Comparison,
    pub is_done: bool,
}

impl Compare {
    /// On what the address says, which follows it from now on. The fleet trains as soon as it is known.
    pub fn open(app: App, engine: Engine, run: Run) -> Self {
        let is_here = is_here(app, "compare");
        let state = followed::<State>(app, is_here);
        let fleet = engine.new_fleet();
        let handed = expect_context::<HandedOver>();
        let asked = Memo::new(move |_| {
            let base = run.scenario.with(base_of);
            if let Some(handed) = handed.of(&base) {
                return Ok(Arc::new(asked_of(&handed)));
            }
            state.with(|state| asked(state, base)).map(Arc::new)
        });
        // What is changed in another room is trained when one comes back.
        effect(move || {
            let spec = asked.with(|asked| asked.as_ref().ok().map(|asked| asked.spec.clone()));
            let is_open = |spec: &FleetSpec| {
                (fleet.spec)
                    .with_untracked(|open| open.as_ref().is_some_and(|open| **open == *spec))
            };
            match spec {
                Some(spec) if is_here.get() && !is_open(&spec) => untrack(|| fleet.open(spec)),
                None => untrack(|| fleet.close()),
                Some(_) => {}
            }
        });
        effect(move || {
            fleet.set_in_front(is_here.get());
            if !is_here.get() {
                engine.run_to_front();
            }
        });
        let cursor = RwSignal::new(None);
        let shown = throttled(EVERY_MS, move || {
            let called = asked.with(|asked| {
                (asked.as_ref()).map_or_else(
                    |_| (Vec::new(), 1),
                    |asked| (asked.names.clone(), asked.n_second),
                )
            });
            let target = Target::Loss(state.with(|state| state.target));
            Arc::new(shown(fleet, called, target, cursor.get()))
        });
        Self {
            state,
            fleet,
            handed,
            asked,
            shown,
            cursor,
            pointed: RwSignal::new(None),
            seed: RwSignal::new(0),
            is_here,
            is_log: RwSignal::new(true),
            is_log_x: RwSignal::new(false),
            said: RwSignal::new(String::new()),
        }
    }

    /// Does something that may be refused, and says so if it is.
    pub fn try_to(self, change: impl FnOnce(&mut State) -> Result<(), String>) {
        let mut now = self.state.get_untracked();
        match change(&mut now) {
            Ok(()) => {
                self.said.set(String::new());
                self.handed.drop_it();
                self.state.set(now);
            }
            Err(why) => self.said.set(why),
        }
    }

    /// Changes what cannot be refused.
    pub fn update(self, change: impl FnOnce(&mut State)) {
        self.try_to(|state| {
            change(state);
            Ok(())
        });
    }

    /// The scenario of a lane, with its first seed.
    pub fn scenario_of(self, lane: usize) -> Option<Scenario> {
        let asked = self.asked.get_untracked().ok()?;
        (lane < asked.names.len()).then(|| asked.spec.scenario(lane))
    }
}

/// What of a scenario is compared: how it is looked at is not.
fn base_of(scenario: &Scenario) -> Scenario {
    Scenario {
        view: Default::default(),
        ..scenario.clone()
    }
}

pub(super) fn asked(state: &State, base: Scenario) -> Result<Asked, String> {
    let lanes: Vec<Vec<Edit>> = state.lanes(&base)?;
    let names = state.names(&base);
    Ok(Asked {
        names,
        n_second: state.n_second(),
        spec: compare::fleet(base, lanes, state.seeds, state.n_steps),
    })
}

/// Remedies as they were tried, the run beside them.
fn asked_of(handed: &Handed) -> Asked {
    let mut base = base_of(&handed.base);
    base.seed = base.seed.wrapping_add(SEEDS_APART);
    Asked {
        names: handed.names.clone(),
        n_second: 1,
        spec: compare::fleet(base, handed.lanes.clone(), handed.seeds, handed.n_steps),
    }
}

pub(super) fn shown(
    fleet: Fleet,
    (names, n_second): (Vec<String>, usize),
    target: Target,
    cursor: Option<u64>,
) -> Shown {
    let spec = fleet.spec.get();
    fleet.results.with(|results| {
        let Some(spec) = spec else {
            return Shown {
                spec: None,
                names,
                n_second,
                n_seeds: 0,
                n_steps: 0,
                step: 0,
                all: nothing(target),
                then: nothing(target),
                is_done: false,
            };
        };
        let newest = results.curves.iter().filter_map(|curve| curve.last());
        let step = newest.map(|measure| measure.step).max().unwrap_or(0);
        let all = Comparison::new(&spec, results, target);
        let then = match cursor {
            None => all.clone(),
            Some(cursor) => Comparison::new(&spec, &until(results, cursor), target),
        };
        Shown {
            names,
            n_second,
            n_seeds: spec.seeds,
            n_steps: spec.n_steps,
            spec: Some(spec),
            step,
            all,
            then,
            is_done: results.progress().is_done,
        }
    })
}

fn nothing(target: Target) -> Comparison {
    Comparison {
        target,
        lanes: Vec::new(),
        unlike: None,
    }
}

/// What was known at a step.
fn until(results: &FleetResults, step: u64) -> FleetResults {
    let mut then = results.clone();
    for curve in &mut then.curves {
        let n_known = curve.partition_point(|measure| measure.step <= step);
        curve.truncate(n_known.max(1));
    }
    then
}

impl Shown {
    /// Which colour and mark a lane has, by its value of the first setting, and which dash, by that of the second.
    pub fn look_of(&self, lane: usize) -> (usize, usize) {
        let n_second = self.n_second.max(1);
        (lane / n_second, lane % n_second)
    }

    /// The lanes as the chart draws them.
    pub fn loss_lanes(&self) -> Vec<LossLane> {
        let lanes = self.all.lanes.iter().enumerate();
        lanes
            .map(|(i, lane)| {
                let n_seeds = lane.seeds.len();
                let points = lane.curve.iter().map(|point| {
                    // More than half of the seeds are gone: so is the median.
                    let is_gone = 2 * point.n_diverged > n_seeds;
                    let or_gone = |loss: f64| if is_gone { f64::INFINITY } else { loss };
                    LossPoint {
                        step: point.step,
                        q1: or_gone(point.loss.q1),
                        median: or_gone(point.loss.median),
                        q3: or_gone(point.loss.q3),
                    }
                });
                let steps = lane.spread(compare::Column::Steps);
                let (slot, dash) = self.look_of(i);
                LossLane {
                    name: self.names.get(i).cloned().unwrap_or_default(),
                    slot,
                    dash,
                    points: points.collect(),
                    crossing: steps
                        .map(|steps| steps.median)
                        .filter(|step| step.is_finite()),
                }
            })
            .collect()
    }
}
