//! Which network each column shows, and what all columns share. One seed for all; the step is that of the timeline, or
//! the newest at a slow pace while training.

use std::sync::Arc;

use actiscope_core::activation::ActivationSpec;
use actiscope_core::protocol::{FleetSpec, LayerSnapshot, Look};
use actiscope_core::scenario::Scenario;
use leptos::prelude::*;

use crate::engine::Engine;
use crate::memo::Memo;
use crate::plot::charts::compare::{GradientRows, shared_reach, shared_values};
use crate::plot::charts::curve::CurveSamples;
use crate::plot::kit::look::N_SLOTS;
use crate::portrait::{Portrait, Sitter};
use crate::ui::kit::erased::effect;
use crate::ui::kit::throttle::throttled;
use crate::views::NOTHING;
use crate::views::compare::store::Compare;
use crate::views::scope::curve::{as_learned, samples_of};

/// How often networks are shown anew while they train, and while the timeline is dragged.
const EVERY_MS: u64 = 1_500;
const DRAG_MS: u64 = 250;

/// Cells of a boundary, a side.
const LOOK: Look = Look {
    field_cells: 40,
    ..NOTHING
};

/// A handle: copying it copies no state.
#[derive(Clone, Copy)]
pub struct Columns {
    pub compare: Compare,
    /// The networks that the columns are to show.
    pub wanted: Signal<Option<Wanted>>,
    /// The place of a seed that the user chose.
    pub chosen: RwSignal<Option<u32>>,
    /// The hidden layer whose z is shown; a lane that has fewer shows its last.
    pub layer: RwSignal<usize>,
    /// Hidden layers of the deepest lane.
    pub n_layers: Memo<usize>,
    /// The gradients' rows and axis.
    pub rows: Memo<GradientRows>,
    /// The values of the curves.
    pub values: Memo<(f64, f64)>,
    lanes: StoredValue<Vec<Lane>>,
}

/// One column.
#[derive(Clone, Copy)]
pub struct Lane {
    pub at: usize,
    pub portrait: Portrait,
    /// For the pictures of all seeds, one after the other.
    pub one_of_all: Portrait,
    /// What is on show is not, or not yet, what is wanted.
    pub is_late: Memo<bool>,
    pub curve: Memo<Option<Arc<CurveSamples>>>,
}

/// A network of each lane of a fleet.
#[derive(Clone, Debug, PartialEq)]
pub struct Wanted {
    pub spec: Arc<FleetSpec>,
    pub step: u64,
    /// Its place among the seeds.
    pub seed: u32,
}

impl Wanted {
    pub fn scenario(&self, lane: usize) -> Scenario {
        network(&self.spec, lane, self.seed)
    }
}

/// The `k`-th network of a lane.
pub fn network(spec: &FleetSpec, lane: usize, k: u32) -> Scenario {
    let scenario = spec.scenario(lane);
    Scenario {
        seed: scenario.seed.wrapping_add(k),
        ..scenario
    }
}

impl Columns {
    pub fn open(compare: Compare, engine: Engine) -> Self {
        let shown = compare.shown;
        let chosen = RwSignal::new(None::<u32>);
        let paced = throttled(EVERY_MS, move || shown.with(|s| (s.spec.clone(), s.step)));
        let wanted = throttled(DRAG_MS, move || {
            let (spec, newest) = match shown.with(|shown| shown.is_done) {
                true => shown.with(|shown| (shown.spec.clone(), shown.step)),
                false => paced.get(),
            };
            let spec = spec?;
            let step = compare.cursor.get().unwrap_or(newest);
            let seed = seed_of(compare, chosen.get(), &spec);
            Some(Wanted {
                step: step.min(spec.n_steps),
                spec,
                seed,
            })
        });
        let layer = RwSignal::new(0);
        let portraits: Vec<Portrait> = (0..N_SLOTS).map(|_| engine.new_portrait()).collect();
        let all = StoredValue::new(portraits.clone());
        let reach = Memo::new(move |_| {
            let layer = layer.get();
            let sitters = all.with_value(|all| sitters(all));
            let layers = sitters.iter().filter_map(|sitter| layer_of(sitter, layer));
            shared_reach(layers.map(|layer| &layer.z))
        });
        let lane = |(at, portrait): (usize, Portrait)| Lane {
            at,
            portrait,
            one_of_all: engine.new_portrait(),
            is_late: Memo::new(move |_| {
                wanted.with(|wanted| is_late(portrait, wanted.as_ref(), at))
            }),
            curve: curve_of(portrait, wanted, at, layer, reach),
        };
        let lanes: Vec<Lane> = portraits.into_iter().enumerate().map(lane).collect();
        let curves: Vec<_> = lanes.iter().map(|lane| lane.curve).collect();
        let columns = Self {
            compare,
            wanted,
            chosen,
            layer,
            n_layers: Memo::new(move |_| wanted.with(|wanted| deepest(wanted.as_ref()))),
            rows: Memo::new(move |_| {
                let sitters = all.with_value(|all| sitters(all));
                // Where one has diverged the axis is that of the others.
                let lasting = sitters.iter().filter(|s| !s.snapshot.has_diverged);
                let gradients: Vec<Vec<f64>> = lasting.map(|s| gradients_of(s)).collect();
                GradientRows::of(gradients.iter().map(Vec::as_slice))
            }),
            values: Memo::new(move |_| {
                let curves: Vec<_> = curves.iter().filter_map(Memo::get).collect();
                shared_values(curves.iter().map(Arc::as_ref))
            }),
            lanes: StoredValue::new(lanes),
        };
        columns.follow();
        effect(move || {
            let seed = wanted.with(|wanted| wanted.as_ref().map_or(0, |wanted| wanted.seed));
            compare.seed.set(seed);
        });
        columns
    }

    /// Asks for what is wanted; of a fleet that is asked for already, when all has come.
    fn follow(self) {
        let asked = StoredValue::new(None::<Arc<FleetSpec>>);
        effect(move || {
            let is_awaited = self.lanes.with_value(|lanes| {
                let awaited = lanes.iter().filter(|lane| lane.portrait.is_awaited.get());
                awaited.count() > 0
            });
            let wanted = self.wanted.get();
            if !self.compare.is_here.get() {
                return;
            }
            let spec = wanted.as_ref().map(|wanted| wanted.spec.clone());
            let is_same = asked.with_value(|asked| *asked == spec);
            if is_awaited && is_same {
                return;
            }
            asked.set_value(spec);
            untrack(|| self.ask(wanted.as_ref()));
        });
    }

    fn ask(self, wanted: Option<&Wanted>) {
        for lane in self.lanes.get_value() {
            let portrait = lane.portrait;
            match wanted.filter(|wanted| lane.at < wanted.spec.lanes.len()) {
                Some(wanted) => {
                    let scenario = wanted.scenario(lane.at);
                    if !is_kin(portrait, &scenario) {
                        portrait.clear();
                    }
                    portrait.show(scenario, wanted.step, LOOK);
                }
                None => portrait.clear(),
            }
        }
    }

    pub fn lane(self, at: usize) -> Option<Lane> {
        self.lanes.with_value(|lanes| lanes.get(at).copied())
    }

    /// The seed before or after the one on show, around.
    pub fn step_seed(self, by: i64) {
        let now = self.wanted.with_untracked(|wanted| {
            wanted
                .as_ref()
                .map(|wanted| (i64::from(wanted.seed), i64::from(wanted.spec.seeds)))
        });
        if let Some((seed, n)) = now {
            self.chosen
                .set(Some((seed + by).rem_euclid(n.max(1)) as u32));
        }
    }

    /// Whether nobody chose the seed on show and all has come: it is then the most typical one.
    pub fn is_typical(self) -> bool {
        self.chosen.get().is_none() && self.compare.shown.with(|shown| shown.is_done)
    }
}

/// The one that the user chose, or at the end the most typical one; the first while that is not known.
fn seed_of(compare: Compare, chosen: Option<u32>, spec: &FleetSpec) -> u32 {
    if let Some(chosen) = chosen.filter(|chosen| *chosen < spec.seeds) {
        return chosen;
    }
    let typical = compare
        .shown
        .with(|shown| shown.is_done.then(|| shown.all.most_typical()).flatten());
    typical.unwrap_or(0) as u32
}

/// Whether what is on show is the same lane, if at another step or of another seed.
fn is_kin(portrait: Portrait, scenario: &Scenario) -> bool {
    portrait.sitter.with(|sitter| {
        sitter.as_ref().is_none_or(|sitter| {
            let seed = scenario.seed;
            Scenario {
                seed,
                ..(*sitter.scenario).clone()
            } == *scenario
        })
    })
}

fn is_late(portrait: Portrait, wanted: Option<&Wanted>, at: usize) -> bool {
    portrait.sitter.with(|sitter| match (sitter, wanted) {
        (Some(sitter), Some(wanted)) => !sitter.is_of(&wanted.scenario(at), wanted.step),
        _ => true,
    })
}

/// Hidden layers of the deepest lane.
fn deepest(wanted: Option<&Wanted>) -> usize {
    wanted.map_or(0, |wanted| {
        let lanes = 0..wanted.spec.lanes.len();
        let depths = lanes.map(|at| wanted.spec.scenario(at).network.hidden.len());
        depths.max().unwrap_or(0)
    })
}

/// The lane's function over the z that all share, from the moment on when the lane is known.
fn curve_of(
    portrait: Portrait,
    wanted: Signal<Option<Wanted>>,
    at: usize,
    layer: RwSignal<usize>,
    reach: Memo<f64>,
) -> Memo<Option<Arc<CurveSamples>>> {
    let spec = Memo::new(move |_| -> Option<ActivationSpec> {
        let layer = layer.get();
        let lane = wanted.with(|wanted| {
            let wanted = wanted.as_ref()?;
            let is_there = at < wanted.spec.lanes.len();
            is_there.then(|| wanted.scenario(at).network.activation_of(layer).clone())
        })?;
        Some(portrait.sitter.with(|sitter| {
            match sitter.as_ref().and_then(|sitter| layer_of(sitter, layer)) {
                Some(layer) => as_learned(lane, layer, None),
                None => lane,
            }
        }))
    });
    Memo::new(move |_| {
        let reach = reach.get();
        let spec = spec.get()?;
        Some(Arc::new(samples_of(&spec, (-reach, reach))))
    })
}

fn sitters(portraits: &[Portrait]) -> Vec<Arc<Sitter>> {
    let sitters = portraits
        .iter()
        .filter_map(|portrait| portrait.sitter.get());
    sitters.collect()
}

/// The hidden layer of this number, or the last.
pub fn layer_of(sitter: &Sitter, layer: usize) -> Option<&LayerSnapshot> {
    let n_hidden = sitter.snapshot.layers.len().checked_sub(2)?;
    sitter.snapshot.layers.get(layer.min(n_hidden))
}

/// RMS of the gradient in each layer, the output's last.
pub fn gradients_of(sitter: &Sitter) -> Vec<f64> {
    let layers = sitter.snapshot.layers.iter();
    layers
        .map(|layer| f64::from(layer.z_gradient_rms))
        .collect()
}
