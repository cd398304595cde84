use std::sync::Arc;

use actiscope_core::health::diagnosis::{Check, Deed, Finding, Link, Remedy, Standing, checklist};
use actiscope_core::protocol::RunCommand;
use actiscope_core::scenario::Edit;
use leptos::prelude::*;

use crate::doctor::{Doctor, Table, Told};
use crate::memo::Memo;
use crate::run::Run;
use crate::ui::chrome::caption::{Said, tone_of_finding, with_evidence};
use crate::ui::kit::erased::{For, Show};
use crate::ui::kit::lazy::chunk;
use crate::ui::kit::throttle::throttled;
use crate::views::scope::remedy_table::RemedyTable;

const EVERY_MS: u64 = 700;

chunk! {
    doctor,
    pub fn doctor_panel() -> AnyView {
        view! { <DoctorPanel /> }.into_any()
    }
}

/// What ails the run, by which evidence, and what was tried against it; or what was checked, where nothing does.
#[component]
fn DoctorPanel() -> impl IntoView {
    let said = expect_context::<Said>();
    let doctor = expect_context::<Doctor>();
    let open = RwSignal::new(0_usize);
    let n_findings = Memo::new(move |_| said.findings.with(|said| said.len()));
    let at = Memo::new(move |_| open.get().min(n_findings.get().saturating_sub(1)));
    // The first finding's table has all that was tried, another's what would mend it.
    let table = Memo::new(move |_| {
        let at = at.get();
        let cause = said.findings.with(|said| said.get(at).map(|f| f.cause));
        doctor.told.with(|told| {
            let table = told.as_ref()?.table.as_ref()?;
            match at {
                0 => Some(table.clone()),
                _ => table.of_cause(cause?),
            }
        })
    });
    let longer = Memo::new(move |_| doctor.told.with(|told| told.as_ref()?.longer.clone()));
    let has = |table: Memo<Option<Table>>| move || table.with(Option::is_some);
    let may_try_longer = Memo::new(move |_| {
        (doctor.told).with(|told| told.as_ref().is_some_and(|told| told.may_try_longer))
    });
    let show = move |at: usize| {
        open.set(at);
        let cause = (said.findings).with_untracked(|said| said.get(at).map(|f| f.cause));
        if let Some(cause) = cause {
            doctor.try_for(cause);
        }
    };
    let others = move || {
        let at = at.get();
        said.findings.with(|said| {
            let others = said.iter().enumerate().filter(|(i, _)| *i != at);
            others.map(|(i, f)| (i, f.sentence())).collect::<Vec<_>>()
        })
    };
    let is_well = Memo::new(move |_| is_nothing_wrong(said, doctor));
    view! {
        <div class="doctor" role="region" aria-label="Diagnosis" tabindex="0">
            <Show
                when=move || is_well.get()
                fallback=move || view! { <Found at /> }
            >
                <Well />
            </Show>
            <Show when=has(table)>
                <RemedyTable table />
            </Show>
            <Show when=move || at.get() == 0 && may_try_longer.get()>
                <button type="button" class="quiet" on:click=move |_| doctor.try_longer()>
                    "Try more units for longer"
                </button>
            </Show>
            <Show when=move || at.get() == 0 && has(longer)()>
                <RemedyTable table=longer />
            </Show>
            <ul class="other-findings">
                <For
                    each=others
                    key=|(i, sentence)| format!("{i} {sentence}")
                    children=move |(i, sentence)| {
                        view! {
                            <li>
                                <button type="button" class="link" on:click=move |_| show(i)>
                                    {sentence}
                                </button>
                            </li>
                        }
                    }
                />
            </ul>
            <Checks />
        </div>
    }
}

fn is_nothing_wrong(said: Said, doctor: Doctor) -> bool {
    let is_told = doctor
        .told
        .with(|told| told.as_ref().is_some_and(|told| told.is_well()));
    let is_trouble = |f: &Finding| f.verdict.is_trouble();
    is_told || said.findings.with(|said| !said.iter().any(is_trouble))
}

/// There is nothing to cure, and how that is known.
#[component]
fn Well() -> impl IntoView {
    let said = expect_context::<Said>();
    let doctor = expect_context::<Doctor>();
    let headline = move || {
        doctor
            .told
            .with(|told| match told.as_ref().map(|told| told.standing) {
                Some(Standing::Learning) => "Nothing to cure: it still learns.",
                Some(Standing::Well | Standing::Doubtful) => "Nothing to cure.",
                _ => "Nothing is amiss so far.",
            })
    };
    let sentence = move || {
        said.findings
            .with(|said| said.first().map(Finding::sentence))
    };
    view! {
        <h3>{headline}</h3>
        <p class="fine">{sentence}</p>
    }
}

/// A finding with its evidence: as long as the table tells what was tried, without buttons of its own.
#[component]
fn Found(at: Memo<usize>) -> impl IntoView {
    let said = expect_context::<Said>();
    let doctor = expect_context::<Doctor>();
    let finding = Memo::new(move |_| said.findings.with(|said| said.get(at.get()).cloned()));
    let class = move || {
        let tone = finding.with(|f| f.as_ref().map(tone_of_finding));
        format!("finding {}", tone.unwrap_or("calm"))
    };
    let headline = move || finding.get().map(|finding| finding.headline());
    let after = move || finding.get().map(|finding| finding.sentence());
    let chain = Memo::new(move |_| {
        // Beside what was tried there is room for few.
        let has_table = doctor.told.with(|told| left_room(told.as_ref()));
        let most = if at.get() == 0 { has_table } else { usize::MAX };
        finding.get().map(|f| f.chain(most)).unwrap_or_default()
    });
    let links = move || {
        let links = chain.get().into_iter().enumerate();
        links.map(|(i, link)| evidence(i == 0, link)).collect_view()
    };
    // What acts on the run as it stands is no row of the table.
    let remedies = Signal::derive(move || {
        let mut all = finding.get().map(|f| f.remedies).unwrap_or_default();
        if at.get() == 0 {
            said.symptoms.with(|symptoms| {
                let more = symptoms.iter().flat_map(|symptom| &symptom.remedies);
                all.extend(more.filter(|remedy| goes_on(remedy)).cloned());
            });
        }
        doctor.told.with(|told| left_beside(told.as_ref(), all))
    });
    view! {
        <article class=class>
            <h3 title=after>{headline}</h3>
            <p class="fine unseen">{after}</p>
            <dl class="chain">{links}</dl>
            <Remedies remedies />
        </article>
    }
}

/// Lines of evidence.
fn left_room(told: Option<&Arc<Told>>) -> usize {
    match told.is_some_and(|told| told.table.is_some()) {
        true => 4,
        false => usize::MAX,
    }
}

/// Takes up the run as it stands, which no trial from its start can tell of.
fn goes_on(remedy: &Remedy) -> bool {
    let is_edit = |deed: &Deed| matches!(deed, Deed::Edit(_));
    !remedy.deeds.iter().all(is_edit)
}

/// Each once, without those of the table.
fn left_beside(told: Option<&Arc<Told>>, remedies: Vec<Remedy>) -> Vec<Remedy> {
    let is_in_table = |remedy: &Remedy| {
        let mut tables = told.iter().flat_map(|told| told.tables());
        tables.any(|table| {
            table
                .rows
                .iter()
                .any(|row| row.remedy.label == remedy.label)
        })
    };
    let mut left: Vec<Remedy> = Vec::new();
    for remedy in remedies {
        let is_there = left.iter().any(|other| other.label == remedy.label);
        if !is_there && !is_in_table(&remedy) {
            left.push(remedy);
        }
    }
    left
}

/// One line of the chain. Its step can be gone to, its layer selected.
fn evidence(is_origin: bool, link: Link) -> AnyView {
    let run = expect_context::<Run>();
    let Link {
        when,
        step,
        layer,
        what,
        value,
        beside,
    } = link;
    let is_way = step.is_some() || layer.is_some();
    let says = view! {
        {what}
        " "
        <b>{value}</b>
        {layer.map(|layer| format!(" in layer {}", layer + 1))}
        {beside.map(|beside| format!(", {beside}"))}
    };
    let go = move |_| {
        if let Some(step) = step {
            run.dispatch(RunCommand::Seek(step));
        }
        if let Some(layer) = layer {
            run.edit(Edit::Layer(layer));
        }
    };
    let dd = match is_way {
        true => view! { <button type="button" class="go" on:click=go>{says}</button> }.into_any(),
        false => says.into_any(),
    };
    view! {
        <div>
            <dt class:why=is_origin>{when}</dt>
            <dd>{dd}</dd>
        </div>
    }
    .into_any()
}

/// What was looked at, with its numbers: of the start where the run was examined, and of the run as it stands.
#[component]
fn Checks() -> impl IntoView {
    let run = expect_context::<Run>();
    let doctor = expect_context::<Doctor>();
    let said = expect_context::<Said>();
    let of_run = throttled(EVERY_MS, move || {
        with_evidence(run, checklist).unwrap_or_default()
    });
    let lines = move || {
        let of_start = doctor
            .told
            .with(|told| told.as_ref().map(|told| told.checks.clone()))
            .filter(|_| is_nothing_wrong(said, doctor));
        let is_harmless = doctor
            .told
            .with(|told| told.as_ref().is_some_and(|told| told.is_well()));
        let all = of_start.into_iter().flatten().chain(of_run.get());
        all.map(|check| line(check, is_harmless)).collect_view()
    };
    view! {
        <h4>"What was checked"</h4>
        <ul class="checks">{lines}</ul>
    }
}

fn line(check: Check, is_harmless: bool) -> AnyView {
    let (class, mark) = match (check.is_passed, is_harmless) {
        (true, _) => ("passed", "passed"),
        (false, true) => ("harmless", "found, and does no harm"),
        (false, false) => ("failed", "found"),
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
    .into_any()
}

/// A button for each remedy.
#[component]
pub fn Remedies(remedies: Signal<Vec<Remedy>>) -> impl IntoView {
    let doctor = expect_context::<Doctor>();
    let button = move |remedy: Remedy| {
        let label = remedy.label.clone();
        view! {
            <button type="button" class="quiet" on:click=move |_| doctor.apply(&remedy)>
                {label}
            </button>
        }
    };
    view! {
        <div class="remedies">
            <For
                each=move || remedies.get()
                key=|remedy| format!("{} {}", remedy.label, remedy.trial.is_some())
                children=button
            />
        </div>
    }
}
