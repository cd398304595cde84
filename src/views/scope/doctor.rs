use actiscope_core::health::diagnosis::{Check, Finding, Remedy, Verdict, checklist};
use leptos::prelude::*;

use crate::memo::Memo;
use crate::run::Run;
use crate::ui::chrome::caption::{Said, tone_of, with_evidence};
use crate::ui::kit::erased::For;
use crate::ui::kit::lazy::chunk;
use crate::ui::kit::throttle::throttled;

const EVERY_MS: u64 = 700;

chunk! {
    doctor,
    pub fn doctor() -> AnyView {
        view! { <Doctor /> }.into_any()
    }
}

/// All that can be said of the run, the most urgent first, with its evidence and what would mend it; and what
/// was checked.
#[component]
fn Doctor() -> impl IntoView {
    let run = expect_context::<Run>();
    let said = expect_context::<Said>();
    let verdicts = Memo::new(move |_| {
        said.findings
            .with(|said| said.iter().map(|f| f.verdict).collect::<Vec<Verdict>>())
    });
    let checks = throttled(EVERY_MS, move || {
        with_evidence(run, checklist).unwrap_or_default()
    });
    let lines = move || {
        let line = |check: Check| {
            let (class, mark) = if check.is_passed {
                ("passed", "passed")
            } else {
                ("failed", "found")
            };
            view! {
                <li class=class>
                    <b>{check.name}</b>
                    <span>
                        <span class="unseen">{mark} ": "</span>
                        {check.says}
                    </span>
                </li>
            }
        };
        checks.get().into_iter().map(line).collect_view()
    };
    view! {
        <div class="doctor" role="region" aria-label="Diagnosis" tabindex="0">
            <For
                each=move || verdicts.get()
                key=|verdict| format!("{verdict:?}")
                children=move |verdict| view! { <Found verdict /> }
            />
            <h3>"What was checked"</h3>
            <ul class="checks">{lines}</ul>
        </div>
    }
}

/// One finding, as long as it holds: its numbers change, its buttons stay where they are.
#[component]
fn Found(verdict: Verdict) -> impl IntoView {
    let said = expect_context::<Said>();
    let finding = Memo::new(move |_| {
        said.findings
            .with(|said| said.iter().find(|f| f.verdict == verdict).cloned())
    });
    let sentence = move || {
        finding.get().map(
            |Finding {
                 before,
                 emphasis,
                 after,
                 ..
             }| {
                view! {
                    {before}
                    <b>{emphasis}</b>
                    {after}
                }
            },
        )
    };
    let rows = move || {
        let rows = finding.get().map(|finding| finding.evidence);
        let rows = rows.unwrap_or_default().into_iter().map(|row| {
            view! {
                <div>
                    <dt>{row.what} " " <span>{row.place}</span></dt>
                    <dd>{row.value}</dd>
                </div>
            }
        });
        rows.collect_view()
    };
    let remedies = Signal::derive(move || finding.get().map(|f| f.remedies).unwrap_or_default());
    view! {
        <article class=format!("finding {}", tone_of(verdict))>
            <p>{sentence}</p>
            <dl class="evidence">{rows}</dl>
            <Remedies remedies />
        </article>
    }
}

/// A button for each remedy.
#[component]
pub fn Remedies(remedies: Signal<Vec<Remedy>>) -> impl IntoView {
    let run = expect_context::<Run>();
    let button = move |remedy: Remedy| {
        view! {
            <button
                type="button"
                class="quiet"
                on:click=move |_| run.dispatch_all(remedy.deeds.clone())
            >
                {remedy.label}
            </button>
        }
    };
    view! {
        <div class="remedies">
            <For
                each=move || remedies.get()
                key=|remedy| remedy.label.clone()
                children=button
            />
        </div>
    }
}
