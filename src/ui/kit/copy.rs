use std::pin::Pin;
use std::time::Duration;

use leptos::prelude::*;
use leptos::task::spawn_local;

use crate::app::idle::{self, Source};
use crate::browser;
use crate::ui::kit::lazy::NotLoaded;

/// A text that may have to be made by code that is not there yet.
pub type Text = Pin<Box<dyn Future<Output = Result<String, NotLoaded>>>>;

/// A button that copies a text, says so for a second, and tells the status region.
#[component]
pub fn CopyButton(
    label: &'static str,
    /// What is copied, for those who hear only that.
    what: &'static str,
    /// Asked for when it is pressed.
    text: Box<dyn Fn() -> Text>,
    /// What a status region reads out.
    said: RwSignal<String>,
) -> impl IntoView {
    let is_copied = RwSignal::new(false);
    let copy = move |_| {
        let text = text();
        let busy = idle::hold(Source::Lazy);
        spawn_local(async move {
            let told = match text.await {
                Ok(text) if browser::copy(&text).await => {
                    // The button may be gone by then.
                    is_copied.try_set(true);
                    let end = move || _ = is_copied.try_set(false);
                    set_timeout(end, Duration::from_secs(1));
                    format!("{what} copied")
                }
                Ok(_) => "The browser does not let this page copy".to_owned(),
                Err(error) => error.to_string(),
            };
            said.try_set(told);
            drop(busy);
        });
    };
    let name = (label != what).then(|| format!("{label} {what}"));
    view! {
        <button type="button" class="quiet copy" aria-label=name on:click=copy>
            <span class:gone=is_copied>{label}</span>
            <span class="done" class:gone=move || !is_copied.get()>"Copied"</span>
        </button>
    }
}
