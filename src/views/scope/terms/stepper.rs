use actiscope_core::terms::words::Stage;
use leptos::prelude::*;

use super::state::Trace;

/// The four stages, in the place of the timeline.
#[component]
pub fn Stepper() -> impl IntoView {
    let trace = expect_context::<Trace>();
    let steps = Stage::ALL.iter().enumerate().map(|(i, &stage)| {
        let is_now = move || trace.stage.get() == stage;
        let is_done = move || trace.stage.get() > stage;
        view! {
            <button
                type="button"
                class:now=is_now
                class:done=is_done
                aria-current=move || is_now().then_some("step")
                aria-keyshortcuts=(i + 1).to_string()
                on:click=move |_| trace.stage.set(stage)
            >
                <b>{stage.name()}</b>
                <kbd>{i + 1}</kbd>
            </button>
        }
    });
    // On a phone the line below the product is far from what is tapped.
    let says = move || {
        let says = trace.says.get()?;
        Some(view! { <p class="says-here" aria-hidden="true">{says}</p> })
    };
    view! {
        {says}
        <nav class="stages" aria-label="Stages">
            <div role="group" aria-label="Stages of a step">
                {steps.collect_view()}
            </div>
        </nav>
    }
}
