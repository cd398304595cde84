use leptos::prelude::*;

use crate::app::{App, last_visit};
use crate::run::Run;
use crate::ui::kit::erased::Show;

/// Says that the scenario is that of the last visit, and offers another.
#[component]
pub fn Restored() -> impl IntoView {
    let app = expect_context::<App>();
    let run = expect_context::<Run>();
    view! {
        <Show when=move || app.is_restored.get()>
            <div class="restored" role="status">
                <span>"Restored your last visit."</span>
                <button type="button" class="link" on:click=move |_| last_visit::start_afresh(app, run)>
                    "Start afresh"
                </button>
                <button
                    type="button"
                    class="link"
                    aria-label="Keep it"
                    title="Keep it"
                    on:click=move |_| app.is_restored.set(false)
                >
                    "×"
                </button>
            </div>
        </Show>
    }
}
