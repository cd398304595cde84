use std::rc::Rc;

use actiscope_core::health::words::{self, Sentence};
use actiscope_core::health::{Health, HealthEvent, What};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use crate::memo::Memo;
use crate::run::Run;
use crate::text;
use crate::ui::kit::erased::{For, Show, effect};
use crate::ui::kit::throttle::throttled;
use crate::views::scope::glide::Glide;
use crate::views::scope::telling::Telling;

/// The latest events are listed; older ones are on the timeline.
const N_LISTED: usize = 60;
const EVERY_MS: u64 = 120;

/// A line, whatever is listed before and after it.
type Key = (u64, String);

/// What happened, the latest first. Choosing a line opens the story of its unit. The tab key comes to one line
/// and arrows go from line to line: they are many, and more come while it trains.
#[component]
pub fn EventLog() -> impl IntoView {
    let run = expect_context::<Run>();
    let listed = throttled(EVERY_MS, move || {
        // The engine may be ahead of what is on show.
        run.snapshot.track();
        let last_step = run.last_step();
        run.log.with(|log| log.latest(N_LISTED, last_step))
    });
    let focused = RwSignal::new(None::<Key>);
    let entry = Memo::new(move |_| {
        listed.with(|listed| {
            let mut told = listed.iter().filter(|event| words::has_story(event));
            let first = told.next().map(key_of)?;
            let kept = focused
                .get()
                .filter(|focused| told.any(|event| key_of(event) == *focused));
            Some(kept.unwrap_or(first))
        })
    });
    let list = NodeRef::<html::Ol>::new();
    let walk = move |event: KeyboardEvent| {
        let Some(list) = list.get_untracked() else {
            return;
        };
        if let Some(line) = neighbour(&list, &event) {
            event.prevent_default();
            // A line that is there can take the focus.
            let _ = line.focus();
        }
    };
    let glide = Rc::new(Glide::default());
    let gliding = Rc::clone(&glide);
    effect(move || {
        listed.track();
        if let Some(list) = list.get() {
            gliding.lines_changed(&list);
        }
    });
    let scrolled = move |_| {
        if let Some(list) = list.get_untracked() {
            glide.scrolled(&list);
        }
    };
    let line = move |event: HealthEvent| view! { <Line event entry focused /> };
    view! {
        <ol
            class="log"
            node_ref=list
            aria-label="What happened"
            tabindex=move || entry.with(Option::is_none).then_some("0")
            on:keydown=walk
            on:scroll=scrolled
        >
            <For each=move || listed.get() key=|event| format!("{:?}", key_of(event)) children=line />
        </ol>
        <Show when=move || listed.with(Vec::is_empty)>
            <p class="empty">"Nothing yet: every unit is as it began."</p>
        </Show>
    }
}

/// The line that a key leads to from the one with the focus.
fn neighbour(list: &Element, event: &KeyboardEvent) -> Option<HtmlElement> {
    let now = event.target()?.dyn_into::<Element>().ok()?;
    let now = now.closest("li").ok()??;
    let (first, is_down) = match &*event.key() {
        "ArrowDown" => (now.next_element_sibling(), true),
        "ArrowUp" => (now.previous_element_sibling(), false),
        "Home" => (list.first_element_child(), true),
        "End" => (list.last_element_child(), false),
        _ => return None,
    };
    // Lines of the user's own changes have no story.
    let next = |line: &Element| match is_down {
        true => line.next_element_sibling(),
        false => line.previous_element_sibling(),
    };
    let mut lines = std::iter::successors(first, next);
    let button = lines.find_map(|line| line.query_selector("button").ok()?)?;
    button.dyn_into().ok()
}

fn key_of(event: &HealthEvent) -> Key {
    (event.step, format!("{:?}", event.what))
}

/// The class of what stands before a line: it tells by its shape as well as by its colour.
fn mark_of(what: &What) -> &'static str {
    match what {
        What::Unit { to, .. } => match to {
            Health::Dead => "mark died",
            Health::Saturated => "mark saturated",
            Health::Alive => "mark revived",
        },
        What::BornDead { .. } | What::Diverged { .. } => "mark trouble",
        What::Edited { .. } => "mark edit",
    }
}

#[component]
fn Line(
    event: HealthEvent,
    entry: Memo<Option<Key>>,
    focused: RwSignal<Option<Key>>,
) -> impl IntoView {
    let run = expect_context::<Run>();
    let n_hidden = run
        .scenario
        .with_untracked(|scenario| scenario.network.hidden.len());
    let Sentence { subject, rest } = words::sentence(&event, n_hidden);
    let mark = mark_of(&event.what);
    let telling = expect_context::<Telling>();
    let request = words::request_of(&event);
    let unit = request.map(|request| (request.layer, request.unit));
    let is_selected = move || {
        let view = run.scenario.with(|scenario| scenario.view.clone());
        unit.is_some_and(|(layer, unit)| view.layer == layer && view.unit == Some(unit))
    };
    let key = StoredValue::new(key_of(&event));
    let is_entry = move || entry.with(|entry| key.with_value(|key| entry.as_ref() == Some(key)));
    // Steps beyond the one on show lie in the future that a seek left.
    let step = event.step;
    let is_future = move || {
        run.snapshot
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
    let told = event.clone();
    let open = move |_| match request {
        Some(request) => telling.open(run, request),
        None => telling.open_divergence(run, told.clone()),
    };
    let body = match words::has_story(&event) {
        true => view! {
            <button
                type="button"
                tabindex=move || if is_entry() { "0" } else { "-1" }
                on:focus=move |_| focused.set(Some(key.get_value()))
                on:click=open
            >
                {words}
            </button>
        }
        .into_any(),
        false => view! { <div class="line">{words}</div> }.into_any(),
    };
    view! {
        <li class:selected=is_selected class:future=is_future>
            {body}
        </li>
    }
}
