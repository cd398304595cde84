use leptos::prelude::*;

use super::id_of;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    pub id: String,
    pub label: String,
}

impl Choice {
    pub fn new(id: impl Into<String>, label: impl Into<String>) -> Self {
        Self {
            id: id.into(),
            label: label.into(),
        }
    }
}

/// Choices under a heading; none where the heading is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChoiceGroup {
    pub heading: &'static str,
    pub choices: Vec<Choice>,
}

/// A named select.
#[component]
pub fn Select(
    label: &'static str,
    groups: Vec<ChoiceGroup>,
    /// Id of the chosen one.
    #[prop(into)]
    value: Signal<String>,
    #[prop(into)] on_choose: Callback<(String,)>,
    #[prop(optional, into)] hint: Signal<String>,
    /// Name and field in one line.
    #[prop(optional)]
    inline: bool,
) -> impl IntoView {
    let id = id_of(label);
    // A choice that is refused leaves `value` as it was: the element must be put back all the same.
    let refused = Trigger::new();
    let option = move |choice: Choice| {
        let is_selected = {
            let id = choice.id.clone();
            move || {
                refused.track();
                value.with(|value| *value == id)
            }
        };
        view! {
            <option value=choice.id prop:selected=is_selected>
                {choice.label}
            </option>
        }
    };
    let options = groups
        .into_iter()
        .map(|group| {
            let options = group.choices.into_iter().map(option).collect_view();
            if group.heading.is_empty() {
                options.into_any()
            } else {
                view! { <optgroup label=group.heading>{options}</optgroup> }.into_any()
            }
        })
        .collect_view();
    view! {
        <div class="field select" class:inline=inline title=hint>
            <label for=id.clone()>{label}</label>
            <div class="box">
                <select
                    id=id
                    on:change=move |event| {
                        on_choose.run((event_target_value(&event),));
                        refused.notify();
                    }
                >
                    {options}
                </select>
            </div>
        </div>
    }
}
