use actiscope_core::health::HealthEvent;
use leptos::prelude::*;

use super::telling::Telling;
use crate::state::Store;
use crate::story::{self, Story};
use crate::text;
use crate::ui::throttle::throttled;

/// The latest events are listed; older ones are on the timeline.
const N_LISTED: usize = 60;
const EVERY_MS: u64 = 120;

/// What happened, the latest first. Choosing a line opens the story of its unit.
#[component]
pub fn EventLog() -> impl IntoView {
    let store = expect_context::<Store>();
    let listed = Memo::new(move |_| {
        // The engine may be ahead of what is on show.
        store.snapshot.track();
        let last_step = store.last_step();
        store.log.with(|log| {
            let known = log
                .events
                .iter()
                .rev()
                .filter(|event| event.step <= last_step);
            known.take(N_LISTED).cloned().collect::<Vec<HealthEvent>>()
        })
    });
    let listed = throttled(listed.into(), EVERY_MS);
    let line = move |event: HealthEvent| view! { <Line event /> };
    view! {
        <ol class="log" aria-label="What happened" tabindex="0">
            <For each=move || listed.get() key=key_of children=line />
        </ol>
        <Show when=move || listed.with(Vec::is_empty)>
            <p class="empty">"Nothing yet: every unit is as it began."</p>
        </Show>
    }
}

fn key_of(event: &HealthEvent) -> (u64, String) {
    (event.step, format!("{:?}", event.what))
}

#[component]
fn Line(event: HealthEvent) -> impl IntoView {
    let store = expect_context::<Store>();
    let n_hidden = store
        .scenario
        .with_untracked(|scenario| scenario.network.hidden.len());
    let Story { subject, rest } = story::story(&event, n_hidden);
    let mark = story::mark(&event.what).class();
    let telling = expect_context::<Telling>();
    let request = story::request_of(&event);
    let unit = request.map(|request| (request.layer, request.unit));
    let is_selected = move || {
        let view = store.scenario.with(|scenario| scenario.view.clone());
        unit.is_some_and(|(layer, unit)| view.layer == layer && view.unit == Some(unit))
    };
    // Steps beyond the one on show lie in the future that a seek left.
    let step = event.step;
    let is_future = move || {
        store
            .snapshot
            .with(|snapshot| snapshot.as_ref().is_some_and(|now| now.step < step))
    };
    let words = view! {
        <time>{text::count(step)}</time>
        <i class=mark aria-hidden="true"></i>
        <span>
            <b>{subject}</b>
            " "
            {rest}
        </span>
    };
    let body = match request {
        Some(request) => view! {
            <button type="button" on:click=move |_| telling.open(store, request)>
                {words}
            </button>
        }
        .into_any(),
        None => view! { <div class="line">{words}</div> }.into_any(),
    };
    view! {
        <li class:selected=is_selected class:future=is_future>
            {body}
        </li>
    }
}
