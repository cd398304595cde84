use actiscope_core::interop::trace::{Finding, Remedy, UnitStory};
use actiscope_core::observe::Health;
use leptos::html;
use leptos::prelude::*;
use web_sys::KeyboardEvent;

use super::copying::CopyCode;
use super::shown::Shown;
use crate::memo::Memo;
use crate::plot::charts::trace::unit::{UnitData, describe_unit, unit_scene};
use crate::plot::kit::geometry::Size;
use crate::plot::kit::scene::Scene;
use crate::plot::kit::theme::Theme;
use crate::trace::Tab;
use crate::ui::kit::canvas::Canvas;
use crate::ui::kit::erased::For;
use crate::ui::kit::facts::fact;

const TABS: [(Tab, &str, &str); 2] = [
    (Tab::Doctor, "doctor", "Doctor"),
    (Tab::Unit, "unit", "Unit"),
];

/// Cause and remedies, or the story of a unit.
#[component]
pub fn ToldPanel() -> impl IntoView {
    let shown = expect_context::<Shown>();
    let tab = shown.traces.tab;
    let n_found = Memo::new(move |_| {
        shown.base.with(|base| {
            let findings = base.iter().flat_map(|base| &base.opened.view.findings);
            findings.filter(|finding| !finding.is_harmless).count()
        })
    });
    let nodes = TABS.map(|_| NodeRef::<html::Button>::new());
    let turn = move |event: KeyboardEvent| {
        let to = match (&*event.key(), tab.get_untracked()) {
            ("ArrowRight" | "ArrowLeft", Tab::Doctor) | ("End", _) => 1,
            ("ArrowRight" | "ArrowLeft", Tab::Unit) | ("Home", _) => 0,
            _ => return,
        };
        event.prevent_default();
        tab.set(TABS[to].0);
        if let Some(node) = nodes[to].get_untracked() {
            // A tab that is there can take the focus.
            let _ = node.focus();
        }
    };
    let tabs = TABS.iter().zip(nodes).map(|(&(of, id, name), node)| {
        let is_open = move || tab.get() == of;
        let number = move || match (of, n_found.get()) {
            (Tab::Doctor, n) if n > 0 => Some(view! { <span class="n">{n}</span> }),
            _ => None,
        };
        view! {
            <button
                node_ref=node
                type="button"
                role="tab"
                id=format!("trace-tab-{id}")
                aria-controls="trace-tab-panel"
                aria-selected=move || is_open().to_string()
                tabindex=move || if is_open() { "0" } else { "-1" }
                on:click=move |_| tab.set(of)
            >
                {name}
                " "
                {number}
            </button>
        }
    });
    let named_by = move || {
        let open = TABS.iter().find(|(of, ..)| *of == tab.get());
        open.map(|(_, id, _)| format!("trace-tab-{id}"))
    };
    let body = move || match tab.get() {
        Tab::Doctor => view! { <Doctor /> }.into_any(),
        Tab::Unit => view! { <Unit /> }.into_any(),
    };
    view! {
        <section class="panel trace-doctor" aria-label="Doctor and unit">
            <div class="told-tabs" role="tablist" aria-label="Doctor and unit" on:keydown=turn>
                {tabs.collect_view()}
            </div>
            <div class="tab-panel" id="trace-tab-panel" role="tabpanel" aria-labelledby=named_by>
                {body}
            </div>
        </section>
    }
}

/// What ails the model, why it is thought, and lines of code that may mend it.
#[component]
fn Doctor() -> impl IntoView {
    let shown = expect_context::<Shown>();
    let findings = Memo::new(move |_| {
        shown.base.with(|base| {
            base.as_ref()
                .map_or(Vec::new(), |base| base.opened.view.findings.clone())
        })
    });
    let untried = move || {
        let are_there = findings.with(|findings| {
            let mut remedies = findings.iter().flat_map(|finding| &finding.remedies);
            remedies.any(|remedy| remedy.tried.is_none())
        });
        let base = shown.base.get().filter(|_| are_there)?;
        Some(view! { <p class="fine">{base.opened.view.untried}</p> })
    };
    view! {
        <div class="doctor" tabindex="0" role="group" aria-label="Findings">
            <For
                each=move || findings.get()
                key=|finding: &Finding| format!("{finding:?}")
                children=|finding: Finding| view! { <FindingView finding /> }
            />
            {untried}
        </div>
    }
}

#[component]
fn FindingView(finding: Finding) -> impl IntoView {
    let traces = expect_context::<Shown>().traces;
    let record = finding.record;
    let class = if finding.is_harmless {
        "finding"
    } else {
        "finding bad"
    };
    let evidence = finding
        .evidence
        .into_iter()
        .map(|said| view! { <p>{said}</p> });
    let remedies = finding
        .remedies
        .into_iter()
        .map(|remedy| view! { <RemedyLine remedy /> });
    view! {
        <section class=class>
            <h3>
                {finding.before} <b>{finding.emphasis}</b> {finding.after}
            </h3>
            {evidence.collect_view()}
            <button type="button" class="link" on:click=move |_| traces.go(record)>
                "Show the step"
            </button>
            <ul class="lines-to-try">{remedies.collect_view()}</ul>
        </section>
    }
}

/// What to change, where, and what came of it.
#[component]
fn RemedyLine(remedy: Remedy) -> impl IntoView {
    let was_tried = remedy.tried.is_some();
    let is_good = remedy.tried.as_ref().is_some_and(|tried| tried.is_better);
    let said = remedy.said();
    let dead = remedy.tried.as_ref().map(|tried| tried.dead.clone());
    let (label, code) = (remedy.label.clone(), remedy.code.clone());
    let what = Signal::derive(move || label.clone());
    view! {
        <li class:was-tried=was_tried>
            <div>
                <code>{remedy.label}</code>
                <span class="place">{remedy.place}</span>
            </div>
            <div class="outcome" class:good=is_good>
                <span>{said}</span>
                <span>{dead}</span>
            </div>
            <CopyCode
                class="quiet mini"
                label="Copy"
                what=what
                text=Callback::new(move |()| Some(code.clone()))
            />
        </li>
    }
}

/// The story of the unit that was chosen.
#[component]
fn Unit() -> impl IntoView {
    let shown = expect_context::<Shown>();
    let traces = shown.traces;
    let story = Memo::new(move |_| {
        let (layer, unit) = traces.unit.get()?;
        let base = shown.base.get()?;
        let record = traces.record.get().min(base.opened.last());
        base.opened.trace.unit(layer, unit, record)
    });
    let with_data = move |make: &dyn Fn(&UnitData) -> Scene| {
        let base = shown.base.get_untracked()?;
        story.with_untracked(|story: &Option<UnitStory>| {
            let story = story.as_ref()?;
            Some(make(&UnitData {
                points: &story.points,
                at: &base.at,
                marks: &base.opened.view.marks,
                record: story.record,
            }))
        })
    };
    let draw = move |size: Size, theme: &Theme| {
        let scene = with_data(&|data| unit_scene(size, theme, data));
        scene.unwrap_or_else(|| Scene::new(size))
    };
    let label = Signal::derive(move || {
        story.with(|story| {
            let points = story.as_ref().map_or(&[][..], |story| &story.points);
            describe_unit(&UnitData {
                points,
                at: &[],
                marks: &[],
                record: 0,
            })
        })
    });
    let has_story = Memo::new(move |_| story.with(Option::is_some));
    let headline = move || {
        story.with(|story| {
            let story = story.as_ref()?;
            let class = match story.health {
                Health::Alive => "headline is-alive",
                Health::Saturated => "headline is-saturated",
                Health::Dead => "headline is-dead",
            };
            let told = story
                .told
                .iter()
                .map(|said| view! { <p>{said.clone()}</p> });
            Some(view! {
                <h3 class=class>{story.headline.clone()}</h3>
                {told.collect_view()}
            })
        })
    };
    let numbers = move || {
        story.with(|story| {
            let numbers = story.iter().flat_map(|story| &story.numbers);
            let row =
                |(name, value): &(&'static str, String)| fact((*name).to_owned(), value.clone());
            numbers.map(row).collect_view()
        })
    };
    let beside = move |by: isize| {
        let Some((layer, unit)) = traces.unit.get_untracked() else {
            return;
        };
        let n = shown.base.get_untracked().and_then(|base| {
            let layer = base.opened.trace.layers.get(layer)?;
            Some(layer.about.n_units as isize)
        });
        if let Some(n) = n {
            let next = (unit as isize + by).rem_euclid(n.max(1));
            traces.unit.set(Some((layer, next as usize)));
        }
    };
    let body = move || {
        match has_story.get() {
        true => view! {
            <div class="unit-story trace-unit" tabindex="0" role="group" aria-label="Unit">
                <div class="beside">
                    <button type="button" class="quiet mini" aria-label="Unit before" on:click=move |_| beside(-1)>
                        "‹"
                    </button>
                    <button type="button" class="quiet mini" aria-label="Next unit" on:click=move |_| beside(1)>
                        "›"
                    </button>
                </div>
                {headline}
                <div class="picture">
                    <Canvas
                        label=label
                        depends=move || {
                            story.track();
                        }
                        draw=draw
                    />
                </div>
                <dl class="facts">{numbers}</dl>
            </div>
        }
        .into_any(),
        false => view! {
            <p class="empty">"Choose a tile: what became of its unit is told here."</p>
        }
        .into_any(),
    }
    };
    body.into_any()
}
