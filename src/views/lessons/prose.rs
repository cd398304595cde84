//! Prose as it is read: words that speak of a panel carry its number and lead to it, numbers are those of the run.

use actiscope_core::lessons::{Prose, Quantity, Span};
use leptos::prelude::*;

use crate::browser;

/// Paragraphs of a text. `marks` are the panels by their numbers.
pub fn prose(text: &Prose, marks: &[String], say: &dyn Fn(&Quantity) -> String) -> AnyView {
    let paragraphs = text.spans.split(|span| *span == Span::Break);
    let paragraphs = paragraphs.map(|spans| {
        let spans = spans.iter().map(|span| part(span, marks, say));
        view! { <p>{spans.collect_view()}</p> }
    });
    paragraphs.collect_view().into_any()
}

fn part(span: &Span, marks: &[String], say: &dyn Fn(&Quantity) -> String) -> AnyView {
    match span {
        Span::Plain(text) => text.clone().into_any(),
        Span::Strong(text) => view! { <strong>{text.clone()}</strong> }.into_any(),
        Span::Value(quantity) => view! { <b class="value">{say(quantity)}</b> }.into_any(),
        Span::Mark { words, panel } => {
            let number = marks.iter().position(|mark| mark == panel);
            marked(words.clone(), number.map_or(0, |number| number + 1))
        }
        Span::Break => ().into_any(),
    }
}

fn marked(words: String, number: usize) -> AnyView {
    let show = move |is_on: bool| {
        if let Some(panel) = panel(number) {
            // What cannot be marked is not marked.
            let _ = match is_on {
                true => panel.set_attribute("data-hinted", ""),
                false => panel.remove_attribute("data-hinted"),
            };
        }
    };
    let lead = move |_| {
        if let Some(panel) = panel(number) {
            panel.scroll_into_view();
        }
    };
    view! {
        <button
            type="button"
            class="marked"
            on:click=lead
            on:pointerenter=move |_| show(true)
            on:pointerleave=move |_| show(false)
            on:focus=move |_| show(true)
            on:blur=move |_| show(false)
        >
            {words}
            <span class="number">{number}</span>
        </button>
    }
    .into_any()
}

/// Of the room on show, the panel that carries a number.
fn panel(number: usize) -> Option<web_sys::Element> {
    let selector = format!(".view:not([hidden]) [data-mark='{number}']");
    browser::document().query_selector(&selector).ok()?
}
