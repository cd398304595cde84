use actiscope_core::health::HealthEvent;
use actiscope_core::health::diagnosis::{Cause, Finding};
use actiscope_core::health::words;
use leptos::html;
use leptos::prelude::*;
use std::sync::Arc;
use std::time::Duration;
use web_sys::KeyboardEvent;

use crate::app::idle::{self, Source};
use crate::doctor::{Doctor, Told};
use crate::memo::Memo;
use crate::run::Run;
use crate::ui::chrome::caption::Said;
use crate::ui::kit::lazy::lazy;
use crate::ui::kit::panel::{area, mark};
use crate::views::scope::doctor::doctor_panel;
use crate::views::scope::event_log::EventLog;
use crate::views::scope::story::Story;
use crate::views::scope::telling::{Tab, Telling};

/// Between two announcements: a screen reader must be able to finish one.
const ANNOUNCE_EVERY: Duration = Duration::from_secs(4);

const TABS: [(Tab, &str, &str); 3] = [
    (Tab::Events, "events", "Events"),
    (Tab::Unit, "unit", "Unit"),
    (Tab::Doctor, "doctor", "Doctor"),
];

/// What happened, why, and what to do: three tabs.
#[component]
pub fn EventsPanel() -> impl IntoView {
    let run = expect_context::<Run>();
    let said = expect_context::<Said>();
    let doctor = expect_context::<Doctor>();
    let telling = Telling::follow(run);
    provide_context(telling);
    let nodes = TABS.map(|_| NodeRef::<html::Button>::new());
    Effect::new(move |_| doctor.is_open.set(telling.tab.get() == Tab::Doctor));
    let is_called = RwSignal::new(false);
    Effect::new(move |_| {
        if doctor.is_called.get() {
            doctor.is_called.set(false);
            is_called.set(true);
            telling.tab.set(Tab::Doctor);
            let at = TABS.iter().position(|(tab, ..)| *tab == Tab::Doctor);
            let arriving = idle::hold(Source::Lazy);
            // When the panel stands where it is to stand.
            request_animation_frame(move || {
                if let Some(node) = at.and_then(|at| nodes[at].get_untracked()) {
                    // A tab that is there can take the focus, and comes into view.
                    let _ = node.focus();
                }
                drop(arriving);
            });
        }
    });
    let turn = move |event: KeyboardEvent| {
        let at = TABS
            .iter()
            .position(|(tab, ..)| *tab == telling.tab.get_untracked());
        let (at, n) = (at.unwrap_or(0), TABS.len());
        let to = match &*event.key() {
            "ArrowRight" => (at + 1) % n,
            "ArrowLeft" => (at + n - 1) % n,
            "Home" => 0,
            "End" => n - 1,
            _ => return,
        };
        event.prevent_default();
        telling.tab.set(TABS[to].0);
        if let Some(node) = nodes[to].get_untracked() {
            // A tab that is there can take the focus.
            let _ = node.focus();
        }
    };
    let n_troubles = Memo::new(move |_| {
        said.findings
            .with(|said| said.iter().filter(|f| does_harm(f)).count())
    });
    // Nothing that was tried helps.
    let is_at_a_loss = Memo::new(move |_| {
        let has = |told: &Option<Arc<Told>>| told.as_ref().is_some_and(|t| t.none_helps.is_some());
        doctor.told.with(has)
    });
    let tabs = TABS.iter().zip(nodes).map(|(&(tab, id, name), node)| {
        let is_open = move || telling.tab.get() == tab;
        let number = move || match (tab, n_troubles.get()) {
            (Tab::Doctor, n) if n > 0 => Some(view! {
                <span class="n" class:slow=move || is_at_a_loss.get()>{n}</span>
            }),
            _ => None,
        };
        view! {
            <button
                node_ref=node
                type="button"
                role="tab"
                id=format!("tab-{id}")
                aria-controls="tab-panel"
                aria-selected=move || if is_open() { "true" } else { "false" }
                tabindex=move || if is_open() { "0" } else { "-1" }
                on:click=move |_| telling.tab.set(tab)
            >
                {name}
                " "
                {number}
            </button>
        }
    });
    let tabs = tabs.collect_view();
    let named_by = move || {
        let open = TABS.iter().find(|(tab, ..)| *tab == telling.tab.get());
        open.map(|(_, id, _)| format!("tab-{id}"))
    };
    let body = move || match telling.tab.get() {
        Tab::Events => view! { <EventLog /> }.into_any(),
        Tab::Unit => view! { <Story /> }.into_any(),
        Tab::Doctor => lazy(doctor_panel),
    };
    view! {
        <section
            class="panel events"
            // On a phone it comes first then: whoever asked for it at the top of the page is not led to its end.
            class:called=move || is_called.get() && telling.tab.get() == Tab::Doctor
            style:grid-area=area()
            data-mark=mark("events")
            aria-label="What happened and why"
        >
            <div class="told-tabs" role="tablist" aria-label="What happened and why" on:keydown=turn>
                {tabs}
            </div>
            <div class="tab-panel" id="tab-panel" role="tabpanel" aria-labelledby=named_by>
                {body}
            </div>
            <p class="unseen" aria-live="polite">
                {announced(run)}
            </p>
        </section>
    }
}

fn does_harm(finding: &Finding) -> bool {
    finding.verdict.is_trouble() && finding.cause != Cause::Healthy
}

/// Deaths, revivals and divergence in words, now and then.
fn announced(run: Run) -> Signal<String> {
    let said = RwSignal::new(String::new());
    let n_told = StoredValue::new(0_usize);
    let is_waiting = StoredValue::new(false);
    let tell = move || {
        is_waiting.try_set_value(false);
        let words = run.log.try_with_untracked(|log| {
            let n_before = n_told.get_value().min(log.events.len());
            n_told.set_value(log.events.len());
            let news: &[HealthEvent] = &log.events[n_before..];
            words::announcement(news)
        });
        if let Some(Some(words)) = words {
            said.set(words);
        }
    };
    let n_events = Memo::new(move |_| run.log.with(|log| log.events.len()));
    Effect::new(move |_| {
        let n = n_events.get();
        if n < n_told.get_value() {
            // Another run, or another course of it.
            n_told.set_value(n);
        } else if n > n_told.get_value() && !is_waiting.get_value() {
            is_waiting.set_value(true);
            set_timeout(tell, ANNOUNCE_EVERY);
        }
    });
    said.into()
}
