use actiscope_core::health::story::StoryRequest;
use actiscope_core::health::words;
use actiscope_core::health::{Health, HealthEvent, What};
use actiscope_core::protocol::RunCommand;
use actiscope_core::scenario::Edit;
use leptos::prelude::*;

use crate::engine::{Engine, EngineState};
use crate::memo::Memo;
use crate::run::Run;

/// What the panel of events shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    Events,
    Unit,
    Doctor,
}

/// Which tab is open, and which story it tells.
#[derive(Clone, Copy)]
pub struct Telling {
    pub tab: RwSignal<Tab>,
    /// Of the selected unit: the event that was chosen, else its last one.
    pub request: Memo<Option<StoryRequest>>,
    /// The end of the run, where that is told instead of a unit.
    pub divergence: RwSignal<Option<HealthEvent>>,
    chosen: RwSignal<Option<StoryRequest>>,
}

impl Telling {
    /// Opens the story of a unit whenever one is selected, and has the engine tell it.
    pub fn follow(run: Run) -> Self {
        let tab = RwSignal::new(Tab::Events);
        let chosen = RwSignal::new(None::<StoryRequest>);
        let divergence = RwSignal::new(None::<HealthEvent>);
        let selected = Memo::new(move |_| selected_unit(run));
        let request = Memo::new(move |_| {
            let (layer, unit) = selected.get()?;
            let chosen = chosen
                .get()
                .filter(|chosen| (chosen.layer, chosen.unit) == (layer, unit));
            let step = run.snapshot.with(|now| now.as_ref().map(|now| now.step))?;
            run.log.with(|log| {
                let is_known = |chosen: &StoryRequest| {
                    let events = log.events.iter();
                    events.filter_map(words::request_of).any(|of| of == *chosen) || chosen.step == 0
                };
                if let Some(chosen) = chosen.filter(is_known) {
                    return Some(chosen);
                }
                let last = log.last_of_unit(layer, unit, step);
                let last = last.and_then(words::request_of);
                let is_born_dead = log
                    .events
                    .iter()
                    .any(|event| matches!(event.what, What::BornDead { layer: l } if l == layer));
                last.or(is_born_dead.then_some(StoryRequest {
                    layer,
                    unit,
                    step: 0,
                    to: Some(Health::Dead),
                }))
            })
        });
        Effect::new(move |before: Option<Option<(usize, usize)>>| {
            let now = selected.get();
            // The page opens on the events, whatever its link has selected.
            if now.is_some() && before.is_some_and(|before| before != now) {
                tab.set(Tab::Unit);
            }
            if now.is_some() {
                divergence.set(None);
            }
            now
        });
        // Undone with the course that led to it.
        Effect::new(move |_| {
            let is_undone = divergence.with(|event| {
                let is_gone = |event| run.log.with(|log| !log.events.contains(event));
                event.as_ref().is_some_and(is_gone)
            });
            if is_undone {
                divergence.set(None);
            }
        });
        // A new engine knows nothing of what its forerunner was asked, and of a new run nothing was.
        let engine = expect_context::<Engine>();
        let is_ready =
            Memo::new(move |_| engine.state.with(|e| matches!(e, EngineState::Ready(_))));
        Effect::new(move |_| {
            if let Some(request) = request.get()
                && tab.get() == Tab::Unit
                && is_ready.get()
            {
                run.loaded.track();
                run.dispatch(RunCommand::Explain(request));
            }
        });
        Self {
            tab,
            request,
            divergence,
            chosen,
        }
    }

    /// Tells how the run ended.
    pub fn open_divergence(self, run: Run, event: HealthEvent) {
        if untrack(|| selected_unit(run)).is_some() {
            run.edit(Edit::Unit(None));
        }
        self.divergence.set(Some(event));
        self.tab.set(Tab::Unit);
    }

    /// Selects the unit of a story and tells it.
    pub fn open(self, run: Run, request: StoryRequest) {
        self.chosen.set(Some(request));
        if untrack(|| selected_unit(run)) != Some((request.layer, request.unit)) {
            run.edit(Edit::Layer(request.layer));
            run.edit(Edit::Unit(Some(request.unit)));
        }
        self.tab.set(Tab::Unit);
    }

    /// Stays with a story when the run goes back to before it.
    pub fn keep(self, request: StoryRequest) {
        self.chosen.set(Some(request));
    }
}

/// Layer and unit that the view is on.
pub fn selected_unit(run: Run) -> Option<(usize, usize)> {
    run.scenario
        .with(|scenario| scenario.view.unit.map(|unit| (scenario.view.layer, unit)))
}
