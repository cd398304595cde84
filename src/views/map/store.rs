//! The Map's state as signals, the fleet that follows it, and what came of it.

use std::sync::Arc;

use actiscope_core::map::presets::place_of;
use actiscope_core::map::{Key, Map as Cells, MapValue};
use actiscope_core::protocol::{FleetResults, FleetSpec};
use actiscope_core::scenario::{Scenario, Setting, function_params};
use actiscope_core::text::number;
use leptos::prelude::*;

use super::pace::Pace;
use super::state::{Ends, Side, State};
use crate::app::App;
use crate::engine::Engine;
use crate::fleet::Fleet;
use crate::held::Held;
use crate::memo::Memo;
use crate::plot::charts::map::MapData;
use crate::run::Run;
use crate::ui::kit::erased::effect;
use crate::ui::kit::throttle::throttled;
use crate::views::kept::{followed, is_here};

/// How often what came of a fleet is worked out while it trains.
const EVERY_MS: u64 = 120;
/// How often, at the most, a setting that is dragged has all cells trained anew.
const DRAG_MS: u64 = 150;

/// A handle: copying it copies no state.
#[derive(Clone, Copy)]
pub struct Map {
    pub state: Held<State>,
    pub fleet: Fleet,
    /// What is asked for, or why there is none.
    pub asked: Memo<Result<Arc<Asked>, String>>,
    /// What came of it.
    pub shown: Signal<Arc<Shown>>,
    /// What is asked for is not what is shown: it waits for [`Map::compute`].
    pub is_changed: Memo<bool>,
    /// The cell under the crosshair.
    pub at: RwSignal<(u32, u32)>,
    /// The crosshair stays where it is.
    pub is_pinned: RwSignal<bool>,
    /// Maps that were zoomed from, the whole one first.
    pub levels: RwSignal<Vec<Level>>,
    pub pace: RwSignal<Pace>,
    /// The Map is the view on show.
    pub is_here: Memo<bool>,
    run: Run,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Asked {
    /// "Learning rate", "Alpha".
    pub names: [String; 2],
    pub spec: FleetSpec,
    pub base: Scenario,
}

/// What came of a fleet.
#[derive(Clone, Debug, PartialEq)]
pub struct Shown {
    pub names: [String; 2],
    pub spec: FleetSpec,
    pub cells: Cells,
    /// Cells that are measured.
    pub n_known: usize,
    /// The cell of the lowest loss.
    pub best: Option<(u32, u32)>,
    pub is_done: bool,
}

/// A map that was zoomed from, with what came of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Level {
    pub x: Ends,
    pub y: Ends,
    kept: Option<(Arc<FleetSpec>, FleetResults)>,
}

impl Map {
    /// On what the address says, which follows it from now on.
    pub fn open(app: App, engine: Engine, run: Run) -> Self {
        let is_here = is_here(app, "map");
        let state = followed::<State>(app, is_here);
        let fleet = engine.new_fleet();
        let asked = Memo::new(move |_| {
            let state = state.get();
            run.scenario
                .with(|scope| asked(&state, scope))
                .map(Arc::new)
        });
        let is_changed = Memo::new(move |_| {
            let open = fleet.spec.get();
            asked.with(|asked| match (asked, &open) {
                (Ok(asked), Some(open)) => asked.spec != **open,
                _ => false,
            })
        });
        let pace = RwSignal::new(Pace::default());
        // What is dragged is trained at a pace at which it can be seen; the last value always.
        let due = throttled(DRAG_MS, move || asked.with(|asked| asked.clone().ok()));
        effect(move || {
            let Some(due) = due.get().filter(|_| is_here.get()) else {
                return;
            };
            untrack(|| {
                let open = fleet.spec.get();
                let is_first = open.is_none();
                let is_open = open.is_some_and(|open| *open == due.spec);
                if !is_open && (is_first || pace.get().is_quick(&due.spec)) {
                    fleet.wants_training.set(true);
                    fleet.open(due.spec.clone());
                }
            });
        });
        effect(move || {
            let progress = fleet.progress();
            untrack(|| {
                if let Some(spec) = fleet.spec.get() {
                    pace.update(|pace| pace.learn(&spec, &progress));
                }
            });
        });
        effect(move || {
            fleet.set_in_front(is_here.get());
            if !is_here.get() {
                engine.run_to_front();
            }
        });
        let shown = told_of(fleet, asked);
        Self {
            state,
            fleet,
            asked,
            shown,
            is_changed,
            at: RwSignal::new((0, 0)),
            is_pinned: RwSignal::new(false),
            levels: RwSignal::new(Vec::new()),
            pace,
            is_here,
            run,
        }
        .with_crosshair()
    }

    /// The crosshair begins where the Scope is, or in the middle, and stays within the grid.
    fn with_crosshair(self) -> Self {
        let axes = Memo::new(move |_| self.shown.with(|shown| (shown.cells.x, shown.cells.y)));
        effect(move || {
            let (x, y) = axes.get();
            untrack(|| {
                let place = self.scope_place();
                let of_scope = place.and_then(|[a, b]| Some((nearest(&x, a)?, nearest(&y, b)?)));
                let (ix, iy) = self.at.get();
                let is_outside = ix >= x.n || iy >= y.n;
                if !self.is_pinned.get() || is_outside {
                    self.at.set(of_scope.unwrap_or((x.n / 2, y.n / 2)));
                }
            });
        });
        self
    }

    /// Trains what is asked for, if it is not what is open.
    pub fn compute(self) {
        if let Ok(asked) = self.asked.get_untracked() {
            self.fleet.wants_training.set(true);
            self.fleet.open(asked.spec.clone());
        }
    }

    /// Gives up what trains, and goes back to what was chosen before it.
    pub fn cancel(self) {
        match self.levels.with_untracked(Vec::is_empty) {
            false => self.zoom_out(),
            true => self.fleet.close(),
        }
    }

    pub fn update(self, change: impl FnOnce(&mut State)) {
        self.state.update(change);
    }

    /// Other axes: there is nothing to go back to by zooming out.
    pub fn set_axes(self, change: impl FnOnce(&mut State)) {
        self.levels.set(Vec::new());
        self.is_pinned.set(false);
        self.state.update(change);
    }

    /// A rectangle of cells becomes the whole map.
    pub fn zoom_to(self, a: (u32, u32), b: (u32, u32)) {
        let shown = self.shown.get_untracked();
        let (x, y) = (&shown.cells.x, &shown.cells.y);
        let now = self.state.get_untracked();
        let ends = |ends: &Ends, axis: &actiscope_core::scenario::Axis, a: u32, b: u32| Ends {
            name: ends.name.clone(),
            from: axis.value(a.min(b)),
            to: axis.value(a.max(b)),
            scale: ends.scale,
        };
        let (to_x, to_y) = (ends(&now.x, x, a.0, b.0), ends(&now.y, y, a.1, b.1));
        if (&to_x, &to_y) == (&now.x, &now.y) {
            return;
        }
        let kept = self.fleet.kept();
        self.levels.update(|levels| {
            levels.push(Level {
                x: now.x,
                y: now.y,
                kept,
            });
        });
        self.is_pinned.set(false);
        self.state.update(|state| {
            state.x = to_x;
            state.y = to_y;
        });
        self.compute();
    }

    /// A quarter of each axis about the crosshair.
    pub fn zoom_in(self) {
        let shown = self.shown.get_untracked();
        let (ix, iy) = self.at.get_untracked();
        let about = |i: u32, n: u32| {
            let width = (n / 4).max(2).min(n);
            let first = i.saturating_sub(width / 2).min(n - width);
            (first, first + width - 1)
        };
        let (x, y) = (about(ix, shown.cells.x.n), about(iy, shown.cells.y.n));
        self.zoom_to((x.0, y.0), (x.1, y.1));
    }

    /// Back to the map that was zoomed from, which is not trained again.
    pub fn zoom_out(self) {
        let n_levels = self.levels.with_untracked(Vec::len);
        if n_levels > 0 {
            self.zoom_out_to(n_levels - 1);
        }
    }

    /// Back to one of [`Map::levels`].
    pub fn zoom_out_to(self, i: usize) {
        let Some(level) = self.levels.with_untracked(|levels| levels.get(i).cloned()) else {
            return;
        };
        self.levels.update(|levels| levels.truncate(i));
        self.is_pinned.set(false);
        // Put in its place first, so that what is asked for then is there already.
        if let Some((spec, results)) = level.kept {
            self.fleet.put_back(spec, results);
        }
        self.state.update(|state| {
            state.x = level.x;
            state.y = level.y;
        });
    }

    /// What a cell trains with its first seed, as a scenario of the Scope.
    pub fn scenario_of(self, (ix, iy): (u32, u32)) -> Scenario {
        let shown = self.shown.get_untracked();
        let view = self.run.scenario.with_untracked(|scope| scope.view.clone());
        let scenario = shown.spec.scenario((iy * shown.cells.x.n + ix) as usize);
        Scenario { view, ..scenario }
    }

    /// The numbers of the Scope's scenario along both axes, if it is one of the map's. Followed.
    pub fn scope_place(self) -> Option<[f64; 2]> {
        let shown = self.shown.get();
        let axes = [shown.cells.x.setting, shown.cells.y.setting];
        (self.run.scenario).with(|scope| place_of(scope, &shown.spec.base, axes))
    }

    /// Calls `then` with what the chart shows. Followed.
    pub fn with_data<T>(self, then: impl FnOnce(&MapData) -> T) -> T {
        let (shown, value) = (self.shown.get(), self.state.with(|state| state.value));
        let lines = self.state.with(|state| match state.preset {
            Some(preset) if state.y.name == preset.y.split(':').next().unwrap_or_default() => {
                preset.lines
            }
            _ => &[],
        });
        let [x_name, y_name] = &shown.names;
        then(&MapData {
            map: &shown.cells,
            value,
            key: shown.key(value),
            names: [x_name, y_name],
            lines,
            at: Some(self.at.get()),
            scope: self.scope_place(),
            best: shown.best.filter(|_| shown.is_done),
            area: None,
            is_old: self.is_changed.get(),
        })
    }
}

impl Level {
    /// "0.14–0.86 × 2.3–7.4".
    pub fn words(&self) -> String {
        ends_words(&self.x, &self.y)
    }
}

/// "0.14–0.86 × 2.3–7.4".
pub fn ends_words(x: &Ends, y: &Ends) -> String {
    let words = |ends: &Ends| format!("{}–{}", number(ends.from, 2), number(ends.to, 2));
    format!("{} × {}", words(x), words(y))
}

fn asked(state: &State, scope: &Scenario) -> Result<Asked, String> {
    let base = state.base(scope)?;
    let spec = state.fleet(&base)?;
    let name = |side: Side| name_of(&state.ends(side).name, &base);
    Ok(Asked {
        names: [name(Side::Across), name(Side::Up)],
        spec,
        base,
    })
}

/// "Learning rate": what an axis is called on the page.
pub fn name_of(name: &str, base: &Scenario) -> String {
    match Setting::named(name, base) {
        Some(Setting::Param(index)) => {
            let params = function_params(&base.network.activation.function).unwrap_or_default();
            params.get(index).map_or_else(String::new, |param| {
                let mut label = param.name.clone();
                if let Some(first) = label.get_mut(..1) {
                    first.make_ascii_uppercase();
                }
                label
            })
        }
        Some(Setting::LayerRate(layer)) => match layer == base.network.hidden.len() {
            true => "Learning rate, output".to_owned(),
            false => format!("Learning rate, layer {}", layer + 1),
        },
        Some(setting) => setting.label().to_owned(),
        None => name.to_owned(),
    }
}

/// What came of the fleet, now and then while it trains. As long as nothing is known of a new one the last is shown.
fn told_of(fleet: Fleet, asked: Memo<Result<Arc<Asked>, String>>) -> Signal<Arc<Shown>> {
    let last = StoredValue::new(None::<Arc<Shown>>);
    let names = StoredValue::new([String::new(), String::new()]);
    throttled(EVERY_MS, move || {
        let spec = fleet.spec.get();
        let of_asked = asked.with(|asked| asked.as_ref().ok().cloned());
        let Some(spec) = spec.or_else(|| of_asked.as_ref().map(|a| Arc::new(a.spec.clone())))
        else {
            return last
                .get_value()
                .unwrap_or_else(|| Arc::new(Shown::nothing()));
        };
        if let Some(asked) = of_asked.filter(|asked| asked.spec.lanes == spec.lanes) {
            names.set_value(asked.names.clone());
        }
        let now = fleet
            .results
            .with(|results| shown(&spec, results, names.get_value()));
        let Some(now) = now else {
            return last
                .get_value()
                .unwrap_or_else(|| Arc::new(Shown::nothing()));
        };
        let before = last.get_value();
        match before {
            // Another map of the same shape, of which nothing is known yet.
            Some(before)
                if now.n_known == 0
                    && before.cells.x == now.cells.x
                    && before.cells.y == now.cells.y =>
            {
                before
            }
            _ => {
                let now = Arc::new(now);
                last.set_value(Some(Arc::clone(&now)));
                now
            }
        }
    })
}

pub(super) fn shown(spec: &FleetSpec, results: &FleetResults, names: [String; 2]) -> Option<Shown> {
    let cells = Cells::new(spec, results)?;
    let (mut n_known, mut best) = (0, None::<(f64, (u32, u32))>);
    for iy in 0..cells.y.n {
        for ix in 0..cells.x.n {
            n_known += usize::from(cells.cell(ix, iy).next().is_some());
            if let Some(loss) = cells.value(ix, iy, MapValue::Loss)
                && best.is_none_or(|(least, _)| loss < least)
            {
                best = Some((loss, (ix, iy)));
            }
        }
    }
    Some(Shown {
        names,
        spec: spec.clone(),
        cells,
        n_known,
        best: best.map(|(_, cell)| cell),
        is_done: results.progress().is_done,
    })
}

impl Shown {
    /// The colour scale of a value, of all cells.
    pub fn key(&self, value: MapValue) -> Key {
        Key::new(&self.cells, value, self.spec.n_steps)
    }

    /// Of the opening map, before anything is asked for.
    fn nothing() -> Self {
        let state = State::default();
        let mut base = Scenario::default();
        for edit in state
            .preset
            .into_iter()
            .flat_map(|preset| preset.edits(&base).unwrap_or_default())
            .collect::<Vec<_>>()
        {
            edit.apply(&mut base);
        }
        let spec = state
            .fleet(&base)
            .expect("the opening map is one: its test says so");
        let results = FleetResults::new(&spec);
        shown(&spec, &results, [String::new(), String::new()]).expect("it is a grid")
    }
}

/// The cell of an axis whose value is nearest to one that lies on it.
fn nearest(axis: &actiscope_core::scenario::Axis, value: f64) -> Option<u32> {
    let (low, high) = (axis.from.min(axis.to), axis.from.max(axis.to));
    let distance = |i: &u32| (axis.value(*i) - value).abs();
    let cells = (0..axis.n).filter(|_| (low..=high).contains(&value));
    cells.min_by(|a, b| distance(a).total_cmp(&distance(b)))
}
