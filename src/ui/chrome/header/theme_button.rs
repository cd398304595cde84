use leptos::prelude::*;

use crate::app::theme::{Colours, Theme};

/// Goes round: as the system, light, dark.
#[component]
pub fn ThemeButton() -> impl IntoView {
    let theme = expect_context::<Colours>().theme;
    let title = move || format!("Theme: {}", theme.get().label());
    let sign = move || match theme.get() {
        Theme::System => "M11 3a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM11 3v16M14 4v14M17 6v10",
        Theme::Light => {
            "M11 7a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM11 1v3M11 18v3M1 11h3M18 11h3M4 4l2 2M16 16l2 2M4 18l2-2M16 6l2-2"
        }
        Theme::Dark => "M18 13.5A7.5 7.5 0 0 1 8.5 4a7.5 7.5 0 1 0 9.5 9.5z",
    };
    view! {
        <button
            type="button"
            class="quiet square"
            aria-label=title
            title=title
            on:click=move |_| theme.update(|theme| *theme = theme.next())
        >
            <svg viewBox="0 0 22 22" width="18" height="18" aria-hidden="true">
                <path d=sign></path>
            </svg>
        </button>
    }
}
