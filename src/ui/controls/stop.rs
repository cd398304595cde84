use actiscope_core::scenario::{Edit, Setting, shortest};
use leptos::prelude::*;

use crate::memo::Memo;
use crate::run::Run;
use crate::text::count;
use crate::ui::kit::fields::{NumberInput, Switch};

/// Where a run that trains stands still by itself.
#[component]
pub fn StopFields() -> impl IntoView {
    let run = expect_context::<Run>();
    let solved = Signal::derive(move || run.scenario.with(|s| s.view.stop.when_solved));
    view! {
        <StopField setting=Setting::StopStep name="Stop at step" />
        <StopField setting=Setting::StopLoss name="Stop at loss" />
        <Switch
            label="Stop when solved"
            value=solved
            hint="When every sample of the probe set is told rightly, or 99 % of the variance of numbers is explained. Train goes on from there."
            on_change=move |is_on: bool| {
                run.edit(Edit::Set(Setting::StopSolved, f64::from(u8::from(is_on))));
            }
        />
    }
}

#[component]
fn StopField(setting: Setting, name: &'static str) -> impl IntoView {
    let run = expect_context::<Run>();
    let limit = Memo::new(move |_| run.scenario.with(|scenario| setting.get(scenario)));
    let shown = Signal::derive(move || match limit.get() {
        Some(limit) if limit.is_infinite() => String::new(),
        Some(limit) if setting.range().is_whole() => count(limit as u64),
        Some(limit) => shortest(limit),
        None => String::new(),
    });
    let change = move |limit: Option<f64>| {
        run.edit(Edit::Set(setting, limit.unwrap_or(f64::INFINITY)));
    };
    view! {
        <div class="field typed-field">
            <span aria-hidden="true">{name}</span>
            <NumberInput
                label=name
                value=shown
                may_be_none=true
                placeholder="never"
                on_change=change
            />
        </div>
    }
}
