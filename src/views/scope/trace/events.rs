use actiscope_core::interop::trace::{Event, EventKind};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use super::shown::Shown;
use crate::memo::Memo;
use crate::ui::kit::erased::{For, effect};
use crate::ui::kit::panel::Panel;

/// What happened, by layer, the latest first; a press leads to its last step.
#[component]
pub fn EventsPanel() -> impl IntoView {
    let shown = expect_context::<Shown>();
    let traces = shown.traces;
    let events = Memo::new(move |_| {
        shown.base.with(|base| {
            base.as_ref()
                .map_or(Vec::new(), |base| base.opened.view.events.clone())
        })
    });
    let list = NodeRef::<html::Ol>::new();
    effect(move || {
        traces.record.track();
        events.track();
        if let Some(list) = list.get() {
            // When the line is marked.
            request_animation_frame(move || show_current(&list));
        }
    });
    let line = move |event: Event| view! { <Line event /> };
    view! {
        <Panel name="trace-events" title="Events" aside="by layer">
            <ol class="log" node_ref=list aria-label="What happened" on:keydown=walk>
                <For
                    each=move || events.get()
                    key=|event: &Event| format!("{event:?}")
                    children=line
                />
            </ol>
        </Panel>
    }
}

#[component]
fn Line(event: Event) -> impl IntoView {
    let traces = expect_context::<Shown>().traces;
    let mark = match event.kind {
        EventKind::Died => "mark died",
        EventKind::CameBack => "mark revived",
        EventKind::BornDead | EventKind::NotFinite | EventKind::LossPeak => "mark trouble",
        EventKind::End => "mark edit",
    };
    let (first, last) = (event.first, event.last);
    let is_now = move || (first..=last).contains(&traces.record.get());
    let note = (!event.note.is_empty()).then(|| format!(" {}", event.note));
    view! {
        <li class:selected=is_now>
            <button
                type="button"
                aria-current=move || is_now().then_some("step")
                on:click=move |_| traces.go(last)
            >
                <time>{event.steps}</time>
                <i class=mark aria-hidden="true"></i>
                <span>
                    <b>{event.said}</b>
                    {note}
                </span>
            </button>
        </li>
    }
}

/// Scrolls the list to the events of the step on show, and nothing else.
fn show_current(list: &HtmlElement) {
    let current = list.query_selector(".selected").ok().flatten();
    let current = current.and_then(|line| line.dyn_into::<HtmlElement>().ok());
    if let Some(line) = current {
        let top = line.offset_top() - list.offset_top();
        let is_seen = top >= list.scroll_top()
            && top + line.offset_height() <= list.scroll_top() + list.client_height();
        if !is_seen {
            list.set_scroll_top(top - list.client_height() / 3);
        }
    }
}

/// Up and down go from line to line.
fn walk(event: KeyboardEvent) {
    let line = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
        .and_then(|element| element.closest("li").ok().flatten());
    let Some(line) = line else { return };
    let next = match &*event.key() {
        "ArrowDown" => line.next_element_sibling(),
        "ArrowUp" => line.previous_element_sibling(),
        _ => return,
    };
    event.prevent_default();
    let button = next.and_then(|line| line.query_selector("button").ok().flatten());
    if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
        // What is there can take the focus.
        let _ = button.focus();
    }
}
