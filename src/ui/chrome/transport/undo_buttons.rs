use leptos::prelude::*;

use crate::memo::Memo;
use crate::run::{Run, Undo};

const BACK: &str = "M6.5 3.5 3 7l3.5 3.5M3 7h7.5a4 4 0 0 1 0 8H7";
const FORTH: &str = "M11.5 3.5 15 7l-3.5 3.5M15 7H7.5a4 4 0 0 0 0 8H11";

/// Back and forth through the edits.
#[component]
pub fn UndoButtons() -> impl IntoView {
    let run = expect_context::<Run>();
    let undo_keys = "Control+Z Meta+Z";
    let redo_keys = "Control+Shift+Z Meta+Shift+Z Control+Y";
    view! {
        {button(run, "Undo", undo_keys, BACK, Undo::undo_text, Run::undo)}
        {button(run, "Redo", redo_keys, FORTH, Undo::redo_text, Run::redo)}
    }
}

/// `text` is what a press does, in words; none where there is nothing to do.
fn button(
    run: Run,
    label: &'static str,
    keys: &'static str,
    sign: &'static str,
    text: fn(&Undo) -> Option<&str>,
    press: fn(Run),
) -> AnyView {
    let text = Memo::new(move |_| run.undo.with(|undo| text(undo).map(str::to_owned)));
    view! {
        <button
            type="button"
            class="quiet square"
            aria-label=label
            aria-keyshortcuts=keys
            title=move || title(label, text.get())
            disabled=move || text.with(Option::is_none)
            on:click=move |_| press(run)
        >
            <svg viewBox="0 0 18 18" width="16" height="16" aria-hidden="true">
                <path d=sign></path>
            </svg>
        </button>
    }
    .into_any()
}

/// "Undo: learning rate 0.8".
fn title(what: &str, text: Option<String>) -> String {
    text.map_or_else(
        || format!("Nothing to {}", what.to_ascii_lowercase()),
        |text| format!("{what}: {text}"),
    )
}
