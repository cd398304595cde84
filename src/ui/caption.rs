use std::sync::Arc;

use actiscope_core::health::diagnosis::{Evidence, Finding, Verdict, diagnose};
use leptos::prelude::*;

use super::throttle::throttled;
use crate::state::{Engine, Store};

/// A sentence stands at least this long while training, so that it can be read.
const EVERY_MS: u64 = 700;

/// What the page says of the run, for all that depend on it.
#[derive(Clone, Copy)]
pub struct Said {
    pub diagnosis: Signal<Option<Arc<Finding>>>,
    pub blames_learning_rate: Signal<bool>,
}

impl Said {
    pub fn new(store: Store) -> Self {
        let now = Memo::new(move |_| {
            let snapshot = store.snapshot.get()?;
            let diagnosis = store.log.with(|log| {
                store.scenario.with(|scenario| {
                    diagnose(Evidence {
                        scenario,
                        snapshot: &snapshot,
                        events: &log.events,
                        history: &log.history,
                    })
                })
            });
            Some(Arc::new(diagnosis))
        });
        let diagnosis = throttled(now.into(), EVERY_MS);
        let blames_learning_rate = Memo::new(move |_| {
            diagnosis.with(|said: &Option<Arc<Finding>>| {
                said.as_ref().is_some_and(|said| said.blames_learning_rate)
            })
        });
        Self {
            diagnosis,
            blames_learning_rate: blames_learning_rate.into(),
        }
    }

    /// Does what the button offers; nothing where there is none.
    pub fn follow_remedy(self, store: Store) {
        let remedy = self
            .diagnosis
            .with_untracked(|said| said.as_ref().and_then(|said| said.remedy.clone()));
        store.dispatch_all(remedy.map_or_else(Vec::new, |remedy| remedy.commands));
    }
}

/// The sentence on top, and the one button that mends it.
#[component]
pub fn Caption() -> impl IntoView {
    let store = expect_context::<Store>();
    let said = expect_context::<Said>();
    let tone = move || {
        said.diagnosis
            .with(|said| said.as_ref().map_or("calm", |said| tone_of(said.verdict)))
    };
    let sentence = move || {
        said.diagnosis.get().map_or_else(
            || {
                let words = match store.engine.get() {
                    Engine::Stopped => "The engine has stopped.",
                    _ => "The engine is starting.",
                };
                words.into_any()
            },
            |said| {
                view! {
                    {said.before.clone()}
                    <b>{said.emphasis.clone()}</b>
                    {said.after.clone()}
                }
                .into_any()
            },
        )
    };
    let label = Memo::new(move |_| {
        said.diagnosis.with(|said| {
            let remedy = said.as_ref()?.remedy.as_ref()?;
            Some(remedy.label.clone())
        })
    });
    view! {
        <section class="caption" aria-label="What is going on">
            <p class=tone>{sentence}</p>
            <Show when=move || label.with(Option::is_some)>
                <button
                    type="button"
                    class="primary remedy"
                    aria-keyshortcuts="L"
                    title="L"
                    on:click=move |_| said.follow_remedy(store)
                >
                    {label}
                </button>
            </Show>
        </section>
    }
}

fn tone_of(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Ready | Verdict::Learning => "calm",
        Verdict::Solved | Verdict::Rescued => "good",
        Verdict::Saturated | Verdict::Vanishing | Verdict::NotLearning => "slow",
        Verdict::Dying | Verdict::LayerDead | Verdict::BornDead | Verdict::Diverged => "bad",
    }
}
