use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::store::Atlas;
use crate::browser;

/// A button that copies a text, says so for a second, and tells the status region.
#[component]
pub fn CopyButton(
    label: &'static str,
    /// Read when it is pressed.
    text: impl Fn() -> String + 'static,
) -> impl IntoView {
    let atlas = expect_context::<Atlas>();
    let is_copied = RwSignal::new(false);
    let text = StoredValue::new_local(Box::new(text) as Box<dyn Fn() -> String>);
    let copy = move |_| {
        let text = text.with_value(|text| text());
        spawn_local(async move {
            if browser::copy(&text).await {
                atlas.said.set(format!("{label} copied"));
                is_copied.set(true);
                let end = move || {
                    // The button may be gone by then.
                    is_copied.try_set(false);
                };
                set_timeout(end, Duration::from_secs(1));
            } else {
                atlas
                    .said
                    .set("The browser does not let this page copy".to_owned());
            }
        });
    };
    view! {
        <button type="button" class="quiet copy" on:click=copy>
            <span class:gone=is_copied>{label}</span>
            <span class="done" class:gone=move || !is_copied.get()>"Copied"</span>
        </button>
    }
}
