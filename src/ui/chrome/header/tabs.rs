use leptos::prelude::*;

use crate::app::{App, navigation};
use crate::run::Run;
use crate::views::{VIEWS, View};

/// The views, as links: a press goes there within this page, and a browser can open one beside it.
#[component]
pub fn Tabs() -> impl IntoView {
    let app = expect_context::<App>();
    let run = expect_context::<Run>();
    let tab = move |view: &'static View| {
        let is_shown = move || (app.view.get() == view).then_some("page");
        view! {
            <a
                href=format!("#w={}", view.id)
                aria-current=is_shown
                data-title=view.title
                on:click=move |event| {
                    if event.ctrl_key() || event.meta_key() || event.shift_key() {
                        return;
                    }
                    event.prevent_default();
                    navigation::open(app, run, view);
                }
            >
                {view.title}
            </a>
        }
    };
    view! {
        <nav class="views" aria-label="Views">
            {VIEWS.iter().map(tab).collect_view()}
        </nav>
    }
}
