//! The functions themselves, side by side: no run, no engine.

use leptos::prelude::*;

use crate::ui::kit::lazy::chunk;

chunk! {
    atlas,
    /// The whole view.
    pub fn atlas() -> AnyView {
        view! {
            <section class="caption" aria-label="What is going on">
                <p>"Activation functions, side by side."</p>
            </section>
            <main class="atlas" aria-label="Atlas"></main>
        }
        .into_any()
    }
}
