//! The top line: whose page this is, what trains, and what concerns the page as a whole.

mod engine_chip;
mod files_button;
mod full_screen_button;
mod restored;
mod share_button;
mod tabs;
mod theme_button;

use leptos::prelude::*;

use engine_chip::EngineChip;
use files_button::FilesButton;
use full_screen_button::FullScreenButton;
use restored::Restored;
pub use share_button::CopyEmbedCode;
use share_button::ShareButton;
use tabs::Tabs;
use theme_button::ThemeButton;

#[component]
pub fn Header(on_help: impl Fn() + 'static) -> impl IntoView {
    view! {
        <header class="top">
            <h1 class="mark">
                <svg viewBox="0 0 22 22" width="22" height="22" aria-hidden="true">
                    <path d="M2 16h8L20 4"></path>
                    <circle cx="6" cy="16" r="2.6"></circle>
                </svg>
                "Actiscope"
            </h1>
            <Tabs />
            <Restored />
            <div class="tools">
                <EngineChip />
                <FilesButton />
                <ShareButton />
                <FullScreenButton />
                <ThemeButton />
                <button
                    type="button"
                    class="quiet square"
                    aria-label="Help"
                    aria-keyshortcuts="?"
                    title="Keys and words (?)"
                    on:click=move |_| on_help()
                >
                    "?"
                </button>
            </div>
        </header>
    }
}
