use actiscope_core::scenario::{Edit, Setting};
use leptos::prelude::*;

use crate::memo::Memo;
use crate::run::Run;
use crate::text;
use crate::ui::kit::fields::{Slider, Stops};

/// A slider over one number of the scenario, through all of its range.
#[component]
pub fn SettingSlider(
    setting: Setting,
    /// Other than all of the setting's own.
    #[prop(optional)]
    stops: Option<Stops>,
    #[prop(optional, into)] usual: Signal<Option<f64>>,
    #[prop(optional, into)] is_hot: Signal<bool>,
    #[prop(optional, into)] is_disabled: Signal<bool>,
    #[prop(optional, into)] hint: Signal<String>,
) -> impl IntoView {
    let run = expect_context::<Run>();
    let number = move || run.scenario.with(|scenario| setting.get(scenario));
    let value = Memo::new(move |_| number().unwrap_or_default());
    let is_whole = setting.range().is_whole();
    let words = Signal::derive(move || value_text(value.get(), is_whole));
    view! {
        <Slider
            label=setting.label()
            stops=stops.unwrap_or_else(|| Stops::of_range(&setting.range()))
            value=value
            text=words
            on_input=move |value: f64| run.edit(Edit::Set(setting, value))
            usual=usual
            is_hot=is_hot
            is_disabled=is_disabled
            hint=hint
        />
    }
}

pub fn value_text(value: f64, is_whole: bool) -> String {
    if is_whole {
        text::count(value as u64)
    } else if value == 0.0 {
        "0".into()
    } else {
        text::fixed(value, 3)
    }
}
