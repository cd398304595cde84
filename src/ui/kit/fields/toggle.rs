use leptos::prelude::*;

/// A button that is on or off.
#[component]
pub fn Toggle(label: &'static str, title: &'static str, is_on: RwSignal<bool>) -> impl IntoView {
    view! {
        <button
            type="button"
            class="quiet mini"
            aria-pressed=move || if is_on.get() { "true" } else { "false" }
            title=title
            on:click=move |_| is_on.update(|is_on| *is_on = !*is_on)
        >
            {label}
        </button>
    }
}
