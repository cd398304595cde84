use std::sync::Arc;

use actiscope_core::health::diagnosis::{
    Cause, Check, Evidence, Examination, Finding, Remedy, Start, Verdict, checklist,
};
use actiscope_core::scenario::Scenario;
use leptos::prelude::*;

use crate::memo::Memo;
use crate::run::Run;
use crate::ui::chrome::caption::{tone_of, with_evidence};
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

/// What is found of a run, all of it of one snapshot.
type Findings = Signal<Arc<Vec<Finding>>>;

/// How a scenario's run begins: looked at once.
type KnownStart = StoredValue<Option<(Scenario, Start)>>;

/// All that can be said of the run, the cause first, with its evidence and what could mend it; and what was checked.
#[component]
fn Doctor() -> impl IntoView {
    let run = expect_context::<Run>();
    let known: KnownStart = StoredValue::new(None);
    let findings = throttled(EVERY_MS, move || {
        let found = with_evidence(run, |evidence| examined(evidence, known));
        Arc::new(found.unwrap_or_default())
    });
    let findings: Findings = Signal::derive(move || findings.get());
    let keys = Memo::new(move |_| {
        findings.with(|found| {
            let keys = found.iter().map(|f| (f.verdict, f.cause));
            keys.collect::<Vec<(Verdict, Cause)>>()
        })
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
                each=move || keys.get()
                key=|key| format!("{key:?}")
                children=move |of| view! { <Found findings of /> }
            />
            <h3>"What was checked"</h3>
            <ul class="checks">{lines}</ul>
        </div>
    }
}

/// Why the run does not learn, if it does not. What is offered is not tried yet.
fn examined(evidence: Evidence, known: KnownStart) -> Vec<Finding> {
    known.update_value(|known| {
        let is_known = known
            .as_ref()
            .is_some_and(|(of, _)| of.is_same_run(evidence.scenario));
        if !is_known {
            let start = Start::of(evidence.scenario).ok();
            *known = start.map(|start| (evidence.scenario.clone(), start));
        }
    });
    known.with_value(|known| match known {
        Some((_, start)) => Examination::new(evidence, start).findings(),
        // Without samples there is nothing to explain.
        None => Vec::new(),
    })
}

/// One finding, as long as it holds: its numbers change, its buttons stay where they are.
#[component]
fn Found(findings: Findings, of: (Verdict, Cause)) -> impl IntoView {
    let finding = Memo::new(move |_| {
        findings.with(|found| {
            let mut found = found.iter();
            found.find(|f| (f.verdict, f.cause) == of).cloned()
        })
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
        <article class=format!("finding {}", tone_of(of.0))>
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
        // What is done to a running network's weights cannot be tried beside it.
        let untried = remedy.trial.is_none() && remedy.edits().next().is_some();
        view! {
            <button
                type="button"
                class="quiet"
                on:click=move |_| run.dispatch_all(remedy.deeds.clone())
            >
                {remedy.label}
                {untried.then(|| view! { <span class="fine">" (not tried yet)"</span> })}
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
