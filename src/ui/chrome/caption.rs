use std::sync::Arc;

use actiscope_core::health::diagnosis::{Cause, Evidence, Finding, Parts, Verdict};
use leptos::prelude::*;

use crate::doctor::{Doctor, Offer};
use crate::engine::{Engine, EngineState};
use crate::memo::Memo;
use crate::run::Run;
use crate::ui::chrome::symptoms::Symptoms;
use crate::ui::kit::erased::{For, Show};
use crate::ui::kit::throttle::throttled;

/// A sentence stands at least this long while training; counts that came much later than the pictures they are of
/// would contradict them.
const EVERY_MS: u64 = 300;

/// What the page says of the run, for all that depend on it: the caption the first of it, the Doctor all, the
/// line of health the counts. Symptoms and counts are of one snapshot, so that no two of them differ; causes are of
/// the run.
#[derive(Clone, Copy)]
pub struct Said {
    pub findings: Signal<Arc<Vec<Finding>>>,
    /// What shows at the step on show, whatever made it so.
    pub symptoms: Signal<Arc<Vec<Finding>>>,
    doctor: Doctor,
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
    pub fn new(run: Run, doctor: Doctor) -> Self {
        let symptoms = Symptoms::new();
        let now = throttled(EVERY_MS, move || {
            let findings = symptoms.of(run);
            let (n_dead, n_saturated) = run.health_counts();
            let counts = Counts {
                n_units: run.n_units(),
                n_dead,
                n_saturated,
            };
            (Arc::new(findings), counts, run.steps().0)
        });
        let symptoms = Signal::derive(move || now.with(|(findings, ..)| findings.clone()));
        let counts = Signal::derive(move || now.with(|(_, counts, _)| *counts));
        doctor.follow(Signal::derive(move || {
            now.with(|(findings, _, step)| (findings.clone(), *step))
        }));
        let findings =
            Memo::new(move |_| now.with(|(symptoms, _, step)| doctor.findings(symptoms, *step)));
        let blames_learning_rate = Memo::new(move |_| {
            findings.with(|said| said.first().is_some_and(|said| said.blames_learning_rate))
        });
        Self {
            findings: findings.into(),
            symptoms,
            doctor,
            counts,
            blames_learning_rate: blames_learning_rate.into(),
        }
    }

    fn first<T>(self, of: impl FnOnce(&Finding) -> T) -> Option<T> {
        self.findings.with(|said| said.first().map(of))
    }

    /// The sentence on top.
    fn parts(self) -> Option<Parts> {
        let counts = self.counts.get();
        let none_helps = self
            .doctor
            .told
            .with(|told| told.as_ref().and_then(|told| told.none_helps.clone()));
        self.findings.with(|findings| {
            let first = findings.first()?;
            if let Some(parts) = none_helps {
                return Some(parts);
            }
            Some(self.symptoms.with(|symptoms| {
                let symptom = symptoms.first().filter(|first| first.verdict.is_trouble());
                first.caption(symptom, counts.n_dead, counts.n_units)
            }))
        })
    }

    /// What the button beside it does: what was tried and cures, else what the Doctor would try, else what is usual.
    fn offer(self) -> Option<Offer> {
        let of_doctor = self
            .doctor
            .told
            .with(|told| told.as_ref().and_then(|told| told.offer.clone()));
        let usual = || {
            let remedy = self.first(|said| said.remedy().cloned()).flatten();
            remedy.map(Offer::Remedy)
        };
        of_doctor.or_else(usual)
    }

    /// Does what the button offers; nothing where there is none.
    pub fn follow_remedy(self) {
        match untrack(|| self.offer()) {
            Some(Offer::Remedy(remedy)) => self.doctor.apply(&remedy),
            Some(Offer::SeeTable | Offer::SeeChecked) => self.doctor.is_called.set(true),
            None => {}
        }
    }
}

/// The sentence on top, and the one button that mends it.
#[component]
pub fn Caption() -> impl IntoView {
    let engine = expect_context::<Engine>();
    let said = expect_context::<Said>();
    let tone = move || said.first(tone_of_finding).unwrap_or("calm");
    let sentence = Memo::new(move |_| {
        said.parts().unwrap_or_else(|| {
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
    let button = Memo::new(move |_| said.offer().map(|offer| Button::of(&offer)));
    let beside = Memo::new(move |_| being_tried(said.doctor));
    view! {
        <section class="caption" aria-label="What is going on">
            // Another sentence is another element: one that moved would count as a shift of the page.
            <p class=tone>
                <For each=move || vec![sentence.get()] key=|parts| parts.concat() children=words />
            </p>
            <Show when=move || beside.with(Option::is_some)>
                <button
                    type="button"
                    class="link beside"
                    on:click=move |_| said.doctor.is_called.set(true)
                >
                    {move || beside.get()}
                </button>
            </Show>
            <Show when=move || button.with(Option::is_some)>
                <button
                    type="button"
                    class=move || button.get().map_or("", |button| button.class)
                    aria-keyshortcuts="L"
                    title="L"
                    on:click=move |_| said.follow_remedy()
                >
                    {move || button.get().map(|button| button.label)}
                </button>
            </Show>
        </section>
    }
}

/// What the button beside the sentence is like.
#[derive(Clone, Debug, PartialEq)]
struct Button {
    class: &'static str,
    label: String,
}

impl Button {
    fn of(offer: &Offer) -> Self {
        let (class, label) = match offer {
            Offer::Remedy(remedy) => {
                let class = match remedy.trial {
                    Some(_) => "primary remedy",
                    None => "primary remedy untried",
                };
                (class, remedy.offer())
            }
            Offer::SeeTable => ("primary remedy", "See what was tried".into()),
            Offer::SeeChecked => ("quiet remedy", "See what was checked".into()),
        };
        Self { class, label }
    }
}

/// "trying 7 remedies", "5 more being tried", "all 7 tried": it leads to them.
fn being_tried(doctor: Doctor) -> Option<String> {
    doctor.told.with(|told| {
        let table = told.as_ref()?.table.as_ref()?;
        let n = table.rows.len();
        Some(match (table.is_trying, table.n_in) {
            (true, 0) => format!("trying {n} remedies"),
            (true, n_in) => format!("{} more being tried", n - n_in),
            (false, 0) => return None,
            (false, n_in) => format!("all {n_in} tried"),
        })
    })
}

/// Asks something of what is known of the run; `None` before there is a snapshot.
pub fn with_evidence<T>(run: Run, ask: fn(Evidence) -> T) -> Option<T> {
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

/// What does no harm is not told in the colour of trouble.
pub fn tone_of_finding(finding: &Finding) -> &'static str {
    match finding.cause {
        Cause::Healthy if finding.verdict.is_trouble() => "calm",
        _ => tone_of(finding.verdict),
    }
}

fn tone_of(verdict: Verdict) -> &'static str {
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
