use actiscope_core::nn::schedule::Annealing;
use actiscope_core::scenario::{Chosen, Edit, Setting};
use leptos::prelude::*;

use super::more::ChosenParams;
use super::setting_slider::SettingSlider;
use super::training::groups_of;
use crate::memo::Memo;
use crate::plot::charts::schedule::{ScheduleData, describe_schedule, schedule_scene};
use crate::plot::kit::geometry::Size;
use crate::plot::kit::theme::Theme;
use crate::run::Run;
use crate::text::fixed;
use crate::ui::kit::canvas::Canvas;
use crate::ui::kit::erased::Show;
use crate::ui::kit::fields::Select;
use crate::ui::kit::throttle::throttled;

/// How the learning rate changes over the steps of a run, and the picture of it.
#[component]
pub fn ScheduleFields() -> impl IntoView {
    let run = expect_context::<Run>();
    let schedule = Memo::new(move |_| run.scenario.with(|scenario| scenario.training.schedule));
    let chosen = Memo::new(move |_| schedule.get().annealing);
    let is_scheduled = Memo::new(move |_| !schedule.get().is_constant());
    view! {
        <Select
            label="Schedule"
            inline=true
            groups={groups_of::<Annealing>(|_| true)}
            value=Signal::derive(move || chosen.get().id().to_owned())
            hint=Signal::derive(move || chosen.get().entry().about.to_owned())
            on_choose=move |id: String| {
                if let Some(annealing) = Annealing::from_id(&id) {
                    run.edit(Edit::Annealing(annealing));
                }
            }
        />
        <ChosenParams get=|scenario| scenario.training.schedule.annealing />
        <SettingSlider
            setting=Setting::WarmUp
            hint="Updates over which the learning rate rises from next to nothing to its full height."
        />
        <Show when=move || is_scheduled.get()>
            <RateOverSteps />
        </Show>
    }
}

#[component]
fn RateOverSteps() -> impl IntoView {
    let run = expect_context::<Run>();
    let data = move || ScheduleData {
        learning_rate: run.scenario.with(|s| s.training.learning_rate),
        schedule: run.scenario.with(|s| s.training.schedule),
        step: run
            .snapshot
            .with(|snapshot| snapshot.as_ref().map_or(0, |s| s.step)),
    };
    let now = throttled(100, move || {
        let ScheduleData {
            learning_rate,
            schedule,
            step,
        } = data();
        let rate = fixed(learning_rate * schedule.factor(step), 3);
        format!("{rate} now")
    });
    let label = throttled(2_000, move || describe_schedule(&data()));
    let depends = move || {
        data();
    };
    let draw = move |size: Size, theme: &Theme| schedule_scene(size, theme, &untrack(data));
    view! {
        <div class="field rate-over-steps">
            <div class="row">
                <span>"Rate over steps"</span>
                <span class="value">{now}</span>
            </div>
            <div class="picture">
                <Canvas label=label depends=depends draw=draw />
            </div>
        </div>
    }
}
