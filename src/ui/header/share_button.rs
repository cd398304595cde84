use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen_futures::JsFuture;

use crate::browser;
use crate::state::{Store, link};

/// Copies the link that restores the scenario.
#[component]
pub fn ShareButton() -> impl IntoView {
    let store = expect_context::<Store>();
    let share = move |_| {
        let is_whole = link::write_now(store);
        let link = browser::address();
        spawn_local(async move {
            let copied = match browser::clipboard() {
                Some(clipboard) => JsFuture::from(clipboard.write_text(&link)).await.is_ok(),
                None => false,
            };
            if !is_whole {
                store.notices.problem(
                    "share",
                    "Your table is too long for a link: whoever opens it gets the rest of the scenario and is told that a table is missing.",
                );
            } else if copied {
                store.notices.info(
                    "share",
                    "Link copied. It restores this scenario, from its first step.",
                );
            } else {
                store.notices.problem(
                    "share",
                    "The browser does not let this page copy. The address bar holds the link: copy it from there.",
                );
            }
        });
    };
    view! {
        <button
            type="button"
            class="quiet"
            title="Copy a link to this scenario"
            on:click=share
        >
            "Share"
        </button>
    }
}
