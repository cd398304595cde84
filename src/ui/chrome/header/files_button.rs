use leptos::prelude::*;

use crate::files::Files;

/// Opens the dialog of all that goes out and comes in.
#[component]
pub fn FilesButton() -> impl IntoView {
    let files = expect_context::<Files>();
    view! {
        <button
            type="button"
            class="quiet"
            aria-keyshortcuts="Control+S Control+O"
            title="Save, open, hand over to PyTorch, Keras, ONNX ... (Ctrl+S)"
            on:click=move |_| files.is_open.set(true)
        >
            "Files"
        </button>
    }
}
