use leptos::prelude::*;

use super::{Stops, id_of};

use crate::ui::kit::erased::Show;

/// A named slider with its value beside the name.
#[component]
pub fn Slider(
    #[prop(into)] label: String,
    #[prop(into)] stops: Signal<Stops>,
    #[prop(into)] value: Signal<f64>,
    /// The value as it is shown and read out, with its unit.
    #[prop(into)]
    text: Signal<String>,
    #[prop(into)] on_input: Callback<(f64,)>,
    /// A mark on the track: the value that is usual.
    #[prop(optional, into)]
    usual: Signal<Option<f64>>,
    /// The value is doing harm.
    #[prop(optional, into)]
    is_hot: Signal<bool>,
    #[prop(optional, into)] is_disabled: Signal<bool>,
    /// What the slider does, on hover.
    #[prop(optional, into)]
    hint: Signal<String>,
) -> impl IntoView {
    let id = id_of(&label);
    let at = move |value: f64| format!("{:.4}", stops.with(|stops| stops.share(value)));
    view! {
        <div
            class="field slider"
            class:hot=is_hot
            class:disabled=is_disabled
            title=hint
        >
            <div class="row">
                <label for=id.clone()>{label}</label>
                <span class="value" aria-hidden="true">{text}</span>
            </div>
            <div class="track" style:--at=move || at(value.get())>
                <Show when=move || usual.get().is_some()>
                    <i
                        class="usual"
                        style:--at=move || at(usual.get().unwrap_or_default())
                    ></i>
                </Show>
                <input
                    type="range"
                    id=id
                    min="0"
                    max=move || stops.with(Stops::last_index)
                    step="1"
                    prop:value=move || stops.with(|stops| stops.nearest(value.get())).to_string()
                    aria-valuetext=text
                    disabled=is_disabled
                    on:input=move |event| {
                        if let Ok(index) = event_target_value(&event).parse() {
                            on_input.run((stops.with_untracked(|stops| stops.at(index)),));
                        }
                    }
                />
            </div>
        </div>
    }
}
