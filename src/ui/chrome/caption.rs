use std::sync::Arc;

use actiscope_core::health::diagnosis::{Evidence, Finding, Verdict, examine};
use leptos::prelude::*;

use crate::engine::{Engine, EngineState};
use crate::memo::Memo;
use crate::run::Run;
use crate::ui::kit::erased::{For, Show};
use crate::ui::kit::throttle::throttled;

/// A sentence stands at least this long while training; counts that came much later than the pictures they are of
/// would contradict them.
const EVERY_MS: u64 = 300;

/// What the page says of the run, for all that depend on it: the caption the first of it, the Doctor all, the
/// line of health the counts. All of it is of one snapshot, so that no two of them differ.
#[derive(Clone, Copy)]
pub struct Said {
    pub findings: Signal<Arc<Vec<Finding>>>,
    pub counts: Signal<Counts>,
    pub blames_learning_rate: Signal<bool>,
}

/// Hidden units, all of them and those that are not well.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub n_units: usize,
    pub n_dead: usize,
    pub n_saturated: usize,
}

impl Said {
    pub fn new(run: Run) -> Self {
        let now = throttled(EVERY_MS, move || {
            let findings = with_evidence(run, examine).unwrap_or_default();
            let (n_dead, n_saturated) = run.health_counts();
            let counts = Counts {
                n_units: run.n_units(),
                n_dead,
                n_saturated,
            };
            (Arc::new(findings), counts)
        });
        let findings = Signal::derive(move || now.with(|(findings, _)| findings.clone()));
        let counts = Signal::derive(move || now.with(|(_, counts)| *counts));
        let blames_learning_rate = Memo::new(move |_| {
            findings.with(|said| said.first().is_some_and(|said| said.blames_learning_rate))
        });
        Self {
            findings,
            counts,
            blames_learning_rate: blames_learning_rate.into(),
        }
    }

    fn first<T>(self, of: impl FnOnce(&Finding) -> T) -> Option<T> {
        self.findings.with(|said| said.first().map(of))
    }

    /// Does what the button offers; nothing where there is none.
    pub fn follow_remedy(self, run: Run) {
        let remedy = untrack(|| self.first(|said| said.remedy().cloned()).flatten());
        run.dispatch_all(remedy.map_or_else(Vec::new, |remedy| remedy.deeds));
    }
}

/// The sentence on top, and the one button that mends it.
#[component]
pub fn Caption() -> impl IntoView {
    let run = expect_context::<Run>();
    let engine = expect_context::<Engine>();
    let said = expect_context::<Said>();
    let tone = move || said.first(|said| tone_of(said.verdict)).unwrap_or("calm");
    let sentence = Memo::new(move |_| {
        let of_run = said.first(|said| {
            let parts = [&said.before, &said.emphasis, &said.after];
            parts.map(Clone::clone)
        });
        of_run.unwrap_or_else(|| {
            let words = match engine.state.get() {
                EngineState::Stopped => "The engine has stopped.",
                _ => "The engine is starting.",
            };
            [words.to_owned(), String::new(), String::new()]
        })
    });
    let words = |[before, emphasis, after]: [String; 3]| {
        let emphasis = (!emphasis.is_empty()).then(|| view! { <b>{emphasis}</b> });
        view! {
            {before}
            {emphasis}
            {after}
        }
    };
    let label = Memo::new(move |_| {
        said.first(|said| said.remedy().map(|remedy| remedy.label.clone()))
            .flatten()
    });
    view! {
        <section class="caption" aria-label="What is going on">
            // Another sentence is another element: one that moved would count as a shift of the page.
            <p class=tone>
                <For each=move || vec![sentence.get()] key=|parts| parts.concat() children=words />
            </p>
            <Show when=move || label.with(Option::is_some)>
                <button
                    type="button"
                    class="primary remedy"
                    aria-keyshortcuts="L"
                    title="L"
                    on:click=move |_| said.follow_remedy(run)
                >
                    {move || label.get()}
                </button>
            </Show>
        </section>
    }
}

/// Asks something of what is known of the run; `None` before there is a snapshot.
pub fn with_evidence<T>(run: Run, ask: impl FnOnce(Evidence) -> T) -> Option<T> {
    let snapshot = run.snapshot.get()?;
    let answer = run.log.with(|log| {
        run.scenario.with(|scenario| {
            ask(Evidence {
                scenario,
                snapshot: &snapshot,
                events: &log.events,
                history: &log.history,
            })
        })
    });
    Some(answer)
}

pub fn tone_of(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Ready | Verdict::Learning => "calm",
        Verdict::Solved | Verdict::Rescued => "good",
        Verdict::Saturated | Verdict::Vanishing | Verdict::NotLearning | Verdict::Overconfident => {
            "slow"
        }
        Verdict::Dying
        | Verdict::LayerDead
        | Verdict::BornDead
        | Verdict::Exploding
        | Verdict::Diverged => "bad",
    }
}
