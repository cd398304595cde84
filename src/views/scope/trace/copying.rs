use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::shown::Shown;
use crate::app::idle::{self, Source};
use crate::browser;

/// How long a button says that it has copied.
const SAID_FOR: Duration = Duration::from_secs(1);

/// Copies a text and tells so; `done` is called if the browser let the page.
pub fn copy(shown: Shown, text: String, what: String, done: impl Fn() + 'static) {
    let busy = idle::hold(Source::Lazy);
    spawn_local(async move {
        let said = match browser::copy(&text).await {
            true => {
                done();
                format!("{what} copied")
            }
            false => "The browser does not let this page copy".into(),
        };
        shown.said.try_set(said);
        drop(busy);
    });
}

/// A button that copies what it is asked for, and says so for a second.
#[component]
pub fn CopyCode(
    class: &'static str,
    #[prop(into)] label: Signal<String>,
    /// What is copied, for those who hear only that.
    #[prop(into)]
    what: Signal<String>,
    #[prop(optional)] keys: Option<&'static str>,
    /// Nothing where there is none yet.
    text: Callback<(), Option<String>>,
) -> impl IntoView {
    let shown = expect_context::<Shown>();
    let is_copied = RwSignal::new(false);
    let press = move |_| {
        let Some(text) = text.run(()) else { return };
        copy(shown, text, what.get_untracked(), move || {
            // The button may be gone by then.
            is_copied.try_set(true);
            set_timeout(move || _ = is_copied.try_set(false), SAID_FOR);
        });
    };
    // A label of more than one word says it by itself.
    let name = move || {
        let (label, what) = (label.get(), what.get());
        (label == "Copy").then(|| format!("{label} {what}"))
    };
    view! {
        <button
            type="button"
            class=format!("{class} copy")
            aria-label=name
            aria-keyshortcuts=keys
            title=keys
            on:click=press
        >
            <span class:gone=is_copied>{label}</span>
            <span class="done" class:gone=move || !is_copied.get()>"Copied"</span>
        </button>
    }
}
