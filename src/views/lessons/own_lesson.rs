//! A teacher's own lesson: a file, opened or dropped, whose errors are told by line.

use actiscope_core::lessons::FileError;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

use super::store::Lessons;
use crate::app::idle::{self, Source};
use crate::ui::kit::erased::Show;

/// A lesson is text: what is larger is none.
const MAX_BYTES: f64 = 200_000.0;

#[component]
pub fn OwnLesson() -> impl IntoView {
    let lessons = expect_context::<Lessons>();
    let node = NodeRef::<html::Input>::new();
    let errors = RwSignal::new(Vec::<FileError>::new());
    let open = move |_| {
        let Some(input) = node.get_untracked() else {
            return;
        };
        let Some(file) = input.files().and_then(|files| files.get(0)) else {
            return;
        };
        if file.size() > MAX_BYTES {
            errors.set(vec![FileError {
                line: 1,
                problem: "a lesson has at most 200 kB".to_owned(),
            }]);
            return;
        }
        let reading = idle::hold(Source::Lazy);
        spawn_local(async move {
            let text = JsFuture::from(file.text()).await;
            let text = text
                .ok()
                .and_then(|text| text.as_string())
                .unwrap_or_default();
            errors.try_set(lessons.take_file(&text).err().unwrap_or_default());
            // The same file can be chosen again when it was mended.
            input.set_value("");
            drop(reading);
        });
    };
    let line = |error: FileError| {
        view! {
            <li>
                <b>{format!("Line {}", error.line)}</b>
                " "
                {error.problem}
            </li>
        }
    };
    view! {
        <details class="kept">
            <summary>"A lesson of your own"</summary>
            <p class="hint">
                "A lesson is a text file (TOML). Save one of ours and change it, or write one by CONTRIBUTING.md."
            </p>
            <label class="quiet">
                "Open a lesson"
                <input node_ref=node class="unseen" type="file" accept=".toml,text/plain" on:change=open />
            </label>
            <Show when=move || errors.with(|errors| !errors.is_empty())>
                <div role="alert" class="problem">
                    <p>"This file cannot be read as a lesson:"</p>
                    <ul>{move || errors.get().into_iter().map(line).collect_view()}</ul>
                </div>
            </Show>
        </details>
    }
}
