use leptos::prelude::*;

/// A row of a `dl`: what it is, and its value.
pub fn fact(name: String, value: String) -> AnyView {
    view! {
        <div>
            <dt>{name}</dt>
            <dd>{value}</dd>
        </div>
    }
    .into_any()
}
