use leptos::prelude::*;

/// A named switch: on or off.
#[component]
pub fn Switch(
    label: &'static str,
    #[prop(into)] value: Signal<bool>,
    #[prop(into)] on_change: Callback<(bool,)>,
    #[prop(optional, into)] hint: Signal<String>,
) -> impl IntoView {
    view! {
        <label class="field switch" title=hint>
            <span>{label}</span>
            <input
                type="checkbox"
                role="switch"
                prop:checked=value
                on:change=move |event| on_change.run((event_target_checked(&event),))
            />
        </label>
    }
}
