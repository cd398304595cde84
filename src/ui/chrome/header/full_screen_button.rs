use leptos::prelude::*;

use crate::app::presenting::Presenting;

/// For a room: full screen, and large.
#[component]
pub fn FullScreenButton() -> impl IntoView {
    let presenting = expect_context::<Presenting>();
    let is_on = presenting.is_on;
    let sign = move || match is_on.get() {
        false => "M3 7V3h4M11 3h4v4M15 11v4h-4M7 15H3v-4",
        true => "M7 3v4H3M15 7h-4V3M11 15v-4h4M3 11h4v4",
    };
    view! {
        <button
            type="button"
            class="quiet square full-screen"
            aria-label="Full screen"
            aria-pressed=move || is_on.get().to_string()
            aria-keyshortcuts="F"
            title=move || if is_on.get() { "Leave full screen (F or Escape)" } else { "Full screen, for a room (F)" }
            on:click=move |_| presenting.toggle()
        >
            <svg viewBox="0 0 18 18" width="16" height="16" aria-hidden="true">
                <path d=sign></path>
            </svg>
        </button>
    }
}
