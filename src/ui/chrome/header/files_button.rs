use leptos::prelude::*;

use crate::files::Files;

/// Opens the dialog of all that goes out and comes in. A sign on a phone, where the line is short.
#[component]
pub fn FilesButton() -> impl IntoView {
    let files = expect_context::<Files>();
    view! {
        <button
            type="button"
            class="quiet files-button"
            aria-label="Files"
            aria-keyshortcuts="Control+S Control+O"
            title="Save, open, hand over to PyTorch, Keras, ONNX ... (Ctrl+S)"
            on:click=move |_| files.is_open.set(true)
        >
            <span aria-hidden="true">"Files"</span>
            <svg viewBox="0 0 18 18" width="16" height="16" aria-hidden="true">
                <path d="M6 7V2h6v5M3 11v4h12v-4M9 6v6M6.5 9.5L9 12l2.5-2.5"></path>
            </svg>
        </button>
    }
}
