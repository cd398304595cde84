use leptos::prelude::*;

/// A whole number with a button on either side; arrow keys work in it too.
#[component]
pub fn Stepper(
    /// Accessible name: "Units of layer 2".
    #[prop(into)]
    label: Signal<String>,
    #[prop(into)] value: Signal<usize>,
    min: usize,
    max: usize,
    #[prop(into)] on_change: Callback<(usize,)>,
) -> impl IntoView {
    let by = move |change: isize| {
        let value = value.get_untracked().saturating_add_signed(change);
        on_change.run((value.clamp(min, max),));
    };
    let fewer = move || format!("{}: one fewer", label.get());
    let more = move || format!("{}: one more", label.get());
    // What cannot be read as a number is put back.
    let refused = Trigger::new();
    view! {
        <div class="stepper" role="group" aria-label=label>
            <button
                type="button"
                aria-label=fewer
                disabled={move || value.get() <= min}
                on:click=move |_| by(-1)
            >
                "−"
            </button>
            <input
                type="number"
                inputmode="numeric"
                aria-label=label
                min=min
                max=max
                prop:value=move || {
                    refused.track();
                    value.get().to_string()
                }
                on:change=move |event| {
                    if let Ok(value) = event_target_value(&event).parse::<usize>() {
                        on_change.run((value.clamp(min, max),));
                    }
                    refused.notify();
                }
            />
            <button
                type="button"
                aria-label=more
                disabled={move || value.get() >= max}
                on:click=move |_| by(1)
            >
                "+"
            </button>
        </div>
    }
}
