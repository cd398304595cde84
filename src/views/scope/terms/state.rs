use std::sync::Arc;

use actiscope_core::health::What;
use actiscope_core::nn::layout::ParamLayout;
use actiscope_core::nn::oracle::Oracle;
use actiscope_core::protocol::{Loaded, RunCommand, Snapshot};
use actiscope_core::scenario::{Scenario, function_label};
use actiscope_core::terms::check::{Checked, Part, check, params_along};
use actiscope_core::terms::path::{Factor, Shares};
use actiscope_core::terms::words::Stage;
use actiscope_core::terms::{OneOf, Path, Terms, worst};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use crate::app::App;
use crate::browser;
use crate::memo::Memo;
use crate::run::{Followed, Run};
use crate::views::View;

/// Something large that is only compared with itself.
#[derive(Debug)]
pub struct Same<T>(Arc<T>);

impl<T> Same<T> {
    fn new(value: T) -> Self {
        Self(Arc::new(value))
    }
}

impl<T> Clone for Same<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> PartialEq for Same<T> {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.0, &other.0)
    }
}

impl<T> std::ops::Deref for Same<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0
    }
}

/// The run's network at the step on show, or why it cannot be followed.
type Base = Result<Same<Oracle>, Why>;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Why {
    /// The engine has not told the weights yet.
    Waiting,
    /// A weight is no number.
    Diverged,
    /// There is no such sample.
    NoSample,
}

/// A sample in the network.
#[derive(Debug, PartialEq)]
pub struct Pass {
    pub oracle: Same<Oracle>,
    pub one: OneOf,
    pub terms: Terms,
}

/// The same with a path.
#[derive(Debug, PartialEq)]
pub struct Told {
    pub pass: Same<Pass>,
    pub path: Path,
    pub factors: Vec<Factor>,
    pub shares: Shares,
    pub checked: Vec<Checked>,
    /// The parameters after one update on the sample alone.
    pub updated: Vec<f64>,
}

impl Told {
    /// How far an update moves the weights of the path, from the first layer to the output: each before and after.
    pub fn moves(&self) -> Vec<(&Checked, [f64; 2])> {
        let weights = self
            .checked
            .iter()
            .filter(|checked| matches!(checked.param.part, Part::Weight(_)));
        weights
            .map(|checked| {
                let at = checked.param.index_in(&self.pass.oracle);
                (checked, [self.pass.oracle.params[at], self.updated[at]])
            })
            .collect()
    }

    /// Of the output's weight and the first layer's.
    pub fn moved(&self) -> [f64; 2] {
        let moves = self.moves();
        let by = |of: Option<&(&Checked, [f64; 2])>| {
            of.map_or(0.0, |(_, [before, after])| after - before)
        };
        [by(moves.last()), by(moves.first())]
    }
}

/// Updates on the sample alone, which the run knows nothing of.
#[derive(Clone, Debug, PartialEq)]
struct Own {
    /// The run's network that they began with: of another one they are none.
    from: Same<Oracle>,
    now: Same<Oracle>,
    n_updates: u32,
}

/// What is followed, how far, and along which path. Handles: copying it copies no state.
#[derive(Clone, Copy)]
pub struct Trace {
    pub run: Run,
    pub stage: RwSignal<Stage>,
    pub told: Memo<Result<Same<Told>, Why>>,
    /// On the number that is pointed at.
    pub says: RwSignal<Option<String>>,
    /// Where the run diverged, if what is shown is the step before.
    pub diverged_at: RwSignal<Option<u64>>,
    /// What had the focus before.
    came_from: StoredValue<Option<HtmlElement>, LocalStorage>,
    base: Memo<Base>,
    chosen: RwSignal<Option<Path>>,
    own: RwSignal<Option<Own>>,
}

impl Trace {
    pub fn follow() -> Self {
        let run = expect_context::<Run>();
        let app = expect_context::<App>();
        let base = Memo::new(move |before: Option<&Base>| base_of(run, before));
        let own = RwSignal::new(None::<Own>);
        let chosen = RwSignal::new(None::<Path>);
        let oracle = Memo::new(move |_| {
            let base = base.get()?;
            let own = own.get().filter(|own| own.from == base);
            Ok(own.map_or(base, |own| own.now))
        });
        let pass = Memo::new(move |_| {
            let oracle: Same<Oracle> = oracle.get()?;
            let Followed::Sample(index) = run.followed.get() else {
                return Err(Why::Waiting);
            };
            let loaded = run.loaded.get().ok_or(Why::Waiting)?;
            pass_of(oracle, &loaded, index).map(Same::new)
        });
        let selected = Memo::new(move |_| {
            let view = run.scenario.with(|scenario| scenario.view.clone());
            view.unit.map(|unit| (view.layer, unit))
        });
        let told = Memo::new(move |_| {
            let pass: Same<Pass> = pass.get()?;
            let chosen = chosen.get().filter(|path| path.is_of(&pass.terms));
            let through = selected.get().filter(|(layer, unit)| {
                let layer = pass.terms.layers.get(*layer);
                layer.is_some_and(|layer| *unit < layer.len())
            });
            let path = chosen.unwrap_or_else(|| Path::strongest(&pass.terms, through));
            Ok(Same::new(told_of(pass, path)))
        });
        let trace = Self {
            run,
            stage: RwSignal::new(Stage::Forward),
            told,
            says: RwSignal::new(None),
            diverged_at: RwSignal::new(None),
            came_from: StoredValue::new_local(focused()),
            base,
            chosen,
            own,
        };
        trace.find_worst(oracle);
        trace.begin_anew_with_data();
        trace.go_back_to_numbers();
        // Another view has no place for it.
        Effect::new(move |_| {
            if app.room() != View::first() {
                trace.close();
            }
        });
        let asked = run.own_updates.get_untracked();
        Effect::new(move |before: Option<u32>| {
            let now = run.own_updates.get();
            if now != before.unwrap_or(asked) {
                trace.update();
            }
            now
        });
        trace
    }

    /// Where the worst sample is asked for it is found as soon as the weights are there.
    fn find_worst(self, oracle: Memo<Base>) {
        Effect::new(move |_| {
            if self.run.followed.get() == Followed::Worst
                && let (Ok(oracle), Some(loaded)) = (oracle.get(), self.run.loaded.get())
            {
                let sample = worst(&oracle, &loaded.x, &loaded.y, loaded.n_train);
                self.run.follow(Followed::Sample(sample));
            }
        });
    }

    /// Of other data the first sample is followed.
    fn begin_anew_with_data(self) {
        Effect::new(move |before: Option<Option<Arc<Loaded>>>| {
            let now = self.run.loaded.get();
            if let (Some(Some(before)), Some(now)) = (&before, &now)
                && (before.x != now.x || before.y != now.y)
            {
                self.chosen.set(None);
                self.stage.set(Stage::Forward);
                self.run.follow(Followed::Sample(0));
            }
            now
        });
    }

    /// A run whose weights are no numbers is shown at the last step at which they were.
    fn go_back_to_numbers(self) {
        Effect::new(move |_| {
            if !matches!(self.base.get(), Err(Why::Diverged))
                || self.diverged_at.get_untracked().is_some()
            {
                return;
            }
            let at = self.run.log.with_untracked(|log| {
                let diverged = log
                    .events
                    .iter()
                    .rfind(|event| matches!(event.what, What::Diverged { .. }));
                diverged.map(|event| event.step)
            });
            if let Some(step) = at.filter(|step| *step > 0) {
                self.diverged_at.set(Some(step));
                self.run.dispatch(RunCommand::Seek(step - 1));
            }
        });
    }

    /// Ends it. The run is where it was.
    pub fn close(self) {
        self.run.follow(Followed::Nothing);
        if let Some(element) = self.came_from.get_value() {
            // When it is seen again.
            request_animation_frame(move || {
                // What is gone meanwhile takes no focus.
                let _ = element.focus();
            });
        }
        if let Some(step) = self.diverged_at.get_untracked() {
            self.run.dispatch(RunCommand::Seek(step));
        }
    }

    pub fn go_on(self) {
        match self.stage.get_untracked().next() {
            Some(next) => self.stage.set(next),
            None => self.update(),
        }
    }

    pub fn go_back(self) {
        if let Some(before) = self.stage.get_untracked().before() {
            self.stage.set(before);
        }
    }

    /// One update of the sample's own, and from the start with the weights that it leaves.
    fn update(self) {
        let (Ok(told), Ok(from)) = (self.told.get_untracked(), self.base.get_untracked()) else {
            return;
        };
        let mut oracle = (*told.pass.oracle).clone();
        oracle.update(told.pass.terms.gradient.clone());
        // As far as there are numbers.
        if oracle.params.iter().all(|value| value.is_finite()) {
            let before = self.own.get_untracked().filter(|own| own.from == from);
            // The path stays, whatever is strongest now.
            self.chosen.set(Some(told.path.clone()));
            self.own.set(Some(Own {
                n_updates: before.map_or(0, |own| own.n_updates) + 1,
                now: Same::new(oracle),
                from,
            }));
        }
        self.stage.set(Stage::Forward);
    }

    /// Updates made of the sample's own. Tracked.
    pub fn n_updates(self) -> u32 {
        let Ok(base) = self.base.get() else { return 0 };
        self.own.with(|own| {
            let own = own.as_ref().filter(|own| own.from == base);
            own.map_or(0, |own| own.n_updates)
        })
    }

    /// Puts the path through a unit, hidden or output.
    pub fn choose(self, layer: usize, unit: usize) {
        self.change_path(|path| {
            if let Some(at) = path.units.get_mut(layer) {
                *at = unit;
            }
        });
    }

    /// Has the path begin at an input.
    pub fn choose_input(self, input: usize) {
        self.change_path(|path| path.input = input);
    }

    fn change_path(self, change: impl FnOnce(&mut Path)) {
        if let Ok(told) = self.told.get_untracked() {
            let mut path = told.path.clone();
            change(&mut path);
            self.chosen.set(Some(path));
        }
    }

    /// The next sample, or one before.
    pub fn next_sample(self, by: i64) {
        let n = self.n_samples() as i64;
        if let Followed::Sample(index) = self.run.followed.get_untracked()
            && n > 0
        {
            let next = (index as i64 + by).rem_euclid(n) as usize;
            self.run.follow(Followed::Sample(next));
        }
    }

    pub fn worst_sample(self) {
        self.run.follow(Followed::Worst);
    }

    /// Tracked.
    pub fn n_samples(self) -> usize {
        let n = |loaded: &Loaded| loaded.x.len() / loaded.n_inputs.max(1);
        self.run
            .loaded
            .with(|loaded| loaded.as_ref().map_or(0, |loaded| n(loaded)))
    }

    /// Says of the number under the pointer, or with the focus, what it is.
    pub fn point_at(self, event: &web_sys::Event) {
        let element = event
            .target()
            .and_then(|target| target.dyn_into::<Element>().ok());
        let of = element.and_then(|element| element.closest("[data-says]").ok().flatten());
        let says = of.and_then(|element| element.get_attribute("data-says"));
        if self.says.with_untracked(|now| *now != says) {
            self.says.set(says);
        }
    }

    /// What the function of a hidden layer is called. Tracked.
    pub fn function_of(self, layer: usize) -> String {
        let label = |scenario: &Scenario| {
            let spec = scenario.network.activation_of(layer);
            function_label(&spec.function).to_owned()
        };
        self.run.scenario.with(label)
    }

    /// Names of the classes, where the data name them. Tracked.
    pub fn class_names(self) -> Vec<String> {
        self.run.loaded.with(|loaded| {
            loaded
                .as_ref()
                .map_or_else(Vec::new, |loaded| loaded.class_names.clone())
        })
    }
}

fn focused() -> Option<HtmlElement> {
    let element = browser::document().active_element()?;
    element.dyn_into::<HtmlElement>().ok()
}

fn base_of(run: Run, before: Option<&Base>) -> Base {
    let snapshot = run.snapshot.get().ok_or(Why::Waiting)?;
    run.scenario
        .with(|scenario| network_of(scenario, &snapshot, before))
}

/// The same as before where an edit of what is shown, or a change of the look, brings the same network again.
fn network_of(scenario: &Scenario, snapshot: &Snapshot, before: Option<&Base>) -> Base {
    let layout = ParamLayout::new(&scenario.network);
    let params = snapshot.params(&layout).ok_or(Why::Waiting)?;
    if params.iter().any(|value| !value.is_finite()) {
        return Err(Why::Diverged);
    }
    if let Some(Ok(before)) = before
        && before.spec == scenario.network
        && before.training == scenario.training
        && before.step == snapshot.step
        && before.params == params
    {
        return Ok(before.clone());
    }
    let oracle = Oracle::new(scenario.network.clone(), scenario.training.clone(), params);
    let mut oracle = oracle.map_err(|_| Why::Waiting)?;
    oracle.step = snapshot.step;
    oracle.seed = u64::from(scenario.seed);
    Ok(Same::new(oracle))
}

fn pass_of(oracle: Same<Oracle>, loaded: &Loaded, index: usize) -> Result<Pass, Why> {
    if loaded.n_inputs != oracle.spec.n_inputs {
        return Err(Why::Waiting);
    }
    let one =
        OneOf::new(&oracle, &loaded.x, &loaded.y, loaded.n_train, index).ok_or(Why::NoSample)?;
    let terms = Terms::of(&oracle, &one);
    Ok(Pass { oracle, one, terms })
}

fn told_of(pass: Same<Pass>, path: Path) -> Told {
    let (oracle, terms) = (&pass.oracle, &pass.terms);
    let checked = check(oracle, &pass.one, terms, &params_along(&path, terms));
    let mut updated = (**oracle).clone();
    updated.update(terms.gradient.clone());
    Told {
        factors: path.factors(terms),
        shares: path.shares(terms),
        checked,
        updated: updated.params,
        path,
        pass,
    }
}
