use leptos::prelude::*;

use super::Choice;

/// A few choices side by side, of which one is on.
#[component]
pub fn Segments(
    label: &'static str,
    choices: Vec<Choice>,
    /// Id of the chosen one.
    #[prop(into)]
    value: Signal<String>,
    #[prop(into)] on_choose: Callback<(String,)>,
    /// The name stands at the left of the choices.
    #[prop(default = true)]
    is_named: bool,
) -> impl IntoView {
    let button = move |choice: Choice| {
        let (id, chosen) = (choice.id.clone(), choice.id);
        let is_on = move || value.with(|value| *value == id).to_string();
        view! {
            <button type="button" aria-pressed=is_on on:click=move |_| on_choose.run((chosen.clone(),))>
                {choice.label}
            </button>
        }
    };
    let name = is_named.then(|| view! { <span class="name" aria-hidden="true">{label}</span> });
    view! {
        <div class="segments" role="group" aria-label=label>
            {name}
            <span class="seg">{choices.into_iter().map(button).collect_view()}</span>
        </div>
    }
}
