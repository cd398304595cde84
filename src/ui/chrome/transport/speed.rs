use actiscope_core::scenario::{Edit, Setting};
use leptos::prelude::*;

use crate::memo::Memo;
use crate::run::Run;
use crate::text;
use crate::ui::kit::fields::{Slider, Stops};

/// Stands for "as fast as it goes".
const UNLIMITED: f64 = 1e9;
#[component]
pub fn Speed() -> impl IntoView {
    let run = expect_context::<Run>();
    let speed = Memo::new(move |_| run.scenario.with(|scenario| scenario.view.steps_per_second));
    let words = Signal::derive(move || match speed.get() {
        Some(1.0) => "1 step/s".to_owned(),
        Some(steps_per_second) => format!("{} steps/s", text::number(steps_per_second, 4)),
        None => "full".to_owned(),
    });
    view! {
        <div class="speed">
            <Slider
                label="Speed"
                stops=Stops::of_range(&Setting::Speed.range()).and(UNLIMITED)
                value=Signal::derive(move || speed.get().unwrap_or(UNLIMITED))
                text=words
                on_input=move |value: f64| {
                    let speed = if value < UNLIMITED { value } else { f64::INFINITY };
                    run.edit(Edit::Set(Setting::Speed, speed));
                }
            />
        </div>
    }
}
