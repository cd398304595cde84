use leptos::prelude::*;

use super::super::state::Page;
use super::super::store::Lessons;

/// Left of practice: what it is, how far one is, and the way back to the map.
#[component]
pub fn Side(
    #[prop(into)] title: Signal<String>,
    about: &'static str,
    children: Children,
) -> impl IntoView {
    let lessons = expect_context::<Lessons>();
    view! {
        <section class="controls practice-side" aria-label="Practice">
            <h2>{title}</h2>
            <p>{about}</p>
            {children()}
            <button type="button" class="quiet" on:click=move |_| lessons.page.set(Page::Map)>
                "All lessons"
            </button>
        </section>
    }
}

/// A row of what is known so far.
pub fn row(name: &'static str, value: impl Fn() -> String + Send + Sync + 'static) -> AnyView {
    view! {
        <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
        </div>
    }
    .into_any()
}
