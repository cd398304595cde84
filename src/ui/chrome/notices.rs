use leptos::prelude::*;

use crate::app::App;
use crate::app::notices::{Notice, Tone};
use crate::engine::{Engine, EngineState};
use crate::ui::chrome::header::CopyEmbedCode;
use crate::ui::kit::erased::{For, Show};

/// Messages, newest below, above everything else.
#[component]
pub fn NoticeList() -> impl IntoView {
    let engine = expect_context::<Engine>();
    let notices = expect_context::<App>().notices;
    let item = move |notice: Notice| {
        let id = notice.id;
        let (class, role) = match notice.tone {
            Tone::Info => ("notice", "status"),
            Tone::Problem => ("notice problem", "alert"),
        };
        let can_restart =
            move || notice.topic == "engine" && engine.state.get() == EngineState::Stopped;
        let is_about_sharing = notice.topic == "share";
        view! {
            <div class=class role=role>
                <p>{notice.text}</p>
                <Show when=can_restart>
                    <button type="button" class="quiet" on:click=move |_| engine.restart()>
                        "Start the engine"
                    </button>
                </Show>
                <Show when=move || is_about_sharing>
                    <CopyEmbedCode />
                </Show>
                <button
                    type="button"
                    class="quiet square"
                    aria-label="Dismiss"
                    on:click=move |_| notices.dismiss(id)
                >
                    "×"
                </button>
            </div>
        }
    };
    view! {
        <div class="notices">
            <For each=move || notices.shown.get() key=|notice| notice.id.to_string() children=item />
        </div>
    }
}
