//! The bottom line: run, pause, go back, and how the units are.

mod fork;
mod health_line;
mod speed;
mod timeline;
mod undo_buttons;

use actiscope_core::protocol::RunCommand;
use leptos::prelude::*;

use crate::run::Run;
use fork::ForkMenu;
use health_line::HealthLine;
use speed::Speed;
use timeline::Timeline;
use undo_buttons::UndoButtons;

#[component]
pub fn Transport() -> impl IntoView {
    let run = expect_context::<Run>();
    let is_on = run.wants_training;
    view! {
        <footer class="transport">
            <div class="run" role="group" aria-label="Run">
                <button
                    type="button"
                    class="primary play"
                    aria-keyshortcuts="Space"
                    title="Space"
                    disabled=move || run.is_following()
                    on:click=move |_| run.toggle_training()
                >
                    {move || if is_on.get() { "Pause" } else { "Train" }}
                </button>
                <button
                    type="button"
                    class="quiet"
                    aria-keyshortcuts="ArrowRight"
                    title="One parameter update (right arrow)"
                    on:click=move |_| run.step()
                >
                    "Step"
                </button>
                <button
                    type="button"
                    class="quiet"
                    aria-keyshortcuts="R"
                    title="Back to step 0, same initial weights (R)"
                    on:click=move |_| run.dispatch(RunCommand::Reset)
                >
                    "Reset"
                </button>
                <UndoButtons />
            </div>
            <Speed />
            <Timeline />
            <ForkMenu />
            <HealthLine />
        </footer>
    }
}
