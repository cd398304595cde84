use leptos::prelude::*;

use crate::memo::Memo;
use crate::run::Run;

/// Back and forth through the edits.
#[component]
pub fn UndoButtons() -> impl IntoView {
    let run = expect_context::<Run>();
    let undo_text = Memo::new(move |_| run.undo.with(|undo| text_of(undo.undo_text())));
    let redo_text = Memo::new(move |_| run.undo.with(|undo| text_of(undo.redo_text())));
    view! {
        <button
            type="button"
            class="quiet square"
            aria-label="Undo"
            aria-keyshortcuts="Control+Z Meta+Z"
            title=move || title("Undo", undo_text.get())
            disabled=move || undo_text.with(Option::is_none)
            on:click=move |_| run.undo()
        >
            <svg viewBox="0 0 18 18" width="16" height="16" aria-hidden="true">
                <path d="M6.5 3.5 3 7l3.5 3.5M3 7h7.5a4 4 0 0 1 0 8H7"></path>
            </svg>
        </button>
        <button
            type="button"
            class="quiet square"
            aria-label="Redo"
            aria-keyshortcuts="Control+Shift+Z Meta+Shift+Z Control+Y"
            title=move || title("Redo", redo_text.get())
            disabled=move || redo_text.with(Option::is_none)
            on:click=move |_| run.redo()
        >
            <svg viewBox="0 0 18 18" width="16" height="16" aria-hidden="true">
                <path d="M11.5 3.5 15 7l-3.5 3.5M15 7H7.5a4 4 0 0 0 0 8H11"></path>
            </svg>
        </button>
    }
}

fn text_of(text: Option<&str>) -> Option<String> {
    text.map(str::to_owned)
}

/// "Undo: learning rate 0.8".
fn title(what: &str, text: Option<String>) -> String {
    text.map_or_else(
        || format!("Nothing to {}", what.to_ascii_lowercase()),
        |text| format!("{what}: {text}"),
    )
}
