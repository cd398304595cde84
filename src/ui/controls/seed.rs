use actiscope_core::scenario::{Edit, Setting};
use leptos::prelude::*;

use crate::browser;
use crate::memo::Memo;
use crate::run::Run;

/// The seed of data and first weights, and a new one.
#[component]
pub fn Seed() -> impl IntoView {
    let run = expect_context::<Run>();
    let seed = Memo::new(move |_| run.scenario.with(|scenario| scenario.seed));
    // What cannot be read as a seed is put back.
    let refused = Trigger::new();
    view! {
        <div class="field seed">
            <label for="field-seed">"Seed"</label>
            <input
                id="field-seed"
                type="number"
                inputmode="numeric"
                min="0"
                max=u32::MAX
                prop:value=move || {
                    refused.track();
                    seed.get().to_string()
                }
                on:change=move |event| {
                    if let Ok(seed) = event_target_value(&event).parse::<u32>() {
                        run.edit(Edit::Set(Setting::Seed, f64::from(seed)));
                    }
                    refused.notify();
                }
            />
            <button
                type="button"
                class="quiet square"
                aria-label="New seed"
                title="Other data and first weights"
                on:click=move |_| run.edit(Edit::Set(Setting::Seed, f64::from(browser::new_seed())))
            >
                <svg viewBox="0 0 18 18" width="16" height="16" aria-hidden="true">
                    <rect x="2" y="2" width="14" height="14" rx="3"></rect>
                    <circle cx="6" cy="6" r="1.3"></circle>
                    <circle cx="12" cy="6" r="1.3"></circle>
                    <circle cx="9" cy="9" r="1.3"></circle>
                    <circle cx="6" cy="12" r="1.3"></circle>
                    <circle cx="12" cy="12" r="1.3"></circle>
                </svg>
            </button>
        </div>
    }
}
