use leptos::prelude::*;

use crate::run::Run;
use crate::ui::kit::erased::Show;

/// Says that the scenario is that of the last visit, and offers another. Else what this page is.
#[component]
pub fn Restored() -> impl IntoView {
    let run = expect_context::<Run>();
    view! {
        <Show
            when=move || run.is_restored.get()
            fallback=|| view! { <p class="tagline">"an oscilloscope for activation functions"</p> }
        >
            <div class="restored" role="status">
                <span>"Restored your last session."</span>
                <button type="button" class="link" on:click=move |_| run.start_afresh()>
                    "Start afresh"
                </button>
                <button
                    type="button"
                    class="link"
                    aria-label="Keep it"
                    title="Keep it"
                    on:click=move |_| run.is_restored.set(false)
                >
                    "×"
                </button>
            </div>
        </Show>
    }
}
