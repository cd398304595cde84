use actiscope_core::data::TargetKind;
use actiscope_core::nn::spec::PreluSharing;
use actiscope_core::scenario::{Chosen, Edit, Scenario, Setting};
use leptos::prelude::*;

use super::engine::EngineField;
use super::schedule::ScheduleFields;
use super::setting_slider::SettingSlider;
use super::stop::StopFields;
use crate::app::{App, last_visit};
use crate::memo::Memo;
use crate::run::Run;
use crate::ui::kit::erased::Show;
use crate::ui::kit::fields::Switch;
use crate::ui::kit::lazy::{chunk, lazy};

/// What one changes less often.
#[component]
pub fn More() -> impl IntoView {
    let is_asked = RwSignal::new(false);
    view! {
        <details class="more" on:toggle=move |_| is_asked.set(true)>
            <summary>"More"</summary>
            <Show when=move || is_asked.get()>{lazy(settings)}</Show>
        </details>
    }
}

chunk! {
    more,
    fn settings() -> AnyView {
        view! { <Settings /> }.into_any()
    }
}

#[component]
fn Settings() -> impl IntoView {
    let app = expect_context::<App>();
    let run = expect_context::<Run>();
    let clips = Memo::new(move |_| {
        run.scenario
            .with(|scenario| scenario.training.clip_norm.is_some())
    });
    let learns_alpha = Memo::new(move |_| {
        run.scenario.with(|scenario| {
            scenario
                .network
                .activations()
                .iter()
                .any(|f| f.learns_alpha())
        })
    });
    view! {
        <div class="group">
            <SettingSlider
                setting=Setting::Gain
                usual=Some(1.0)
                hint="Multiplies the first weights."
            />
            <ChosenParams get=|scenario| scenario.network.initializer />
            <ChosenParams get=|scenario| scenario.training.optimizer />
            <ScheduleFields />
            <ChosenParams get=|scenario| scenario.training.loss />
            <SettingSlider
                setting=Setting::L1
                hint="Adds this times the sum of absolute weights to the loss."
            />
            <SettingSlider
                setting=Setting::L2
                hint="Adds half of this times the sum of squared weights to the loss."
            />
            <Switch
                label="Limit the gradient's norm"
                value=clips
                on_change=move |is_on: bool| {
                    let limit = if is_on { 1.0 } else { f64::INFINITY };
                    run.edit(Edit::Set(Setting::ClipNorm, limit));
                }
            />
            <Show when=move || clips.get()>
                <SettingSlider setting=Setting::ClipNorm />
            </Show>
            <Show when=move || learns_alpha.get()>
                <Switch
                    label="One alpha a unit"
                    value=Signal::derive(move || {
                        run
                            .scenario
                            .with(|scenario| {
                                scenario.network.prelu_sharing == PreluSharing::Unit
                            })
                    })
                    on_change=move |is_on: bool| {
                        let sharing = if is_on { PreluSharing::Unit } else { PreluSharing::Layer };
                        run.edit(Edit::PreluSharing(sharing));
                    }
                />
            </Show>
            <SettingSlider setting=Setting::Samples />
            <SettingSlider
                setting=Setting::TestShare
                hint="Share of the samples that training does not see."
            />
            <Switch
                label="Standardize the inputs"
                value=Signal::derive(move || {
                    run.scenario.with(|scenario| scenario.data.standardize)
                })
                hint="Inputs to mean 0 and deviation 1."
                on_change=move |is_on: bool| {
                    run.edit(Edit::Set(Setting::Standardize, f64::from(u8::from(is_on))));
                }
            />
            <Show when=move || run.scenario.with(predicts_numbers)>
                <Switch
                    label="Standardize the targets"
                    value=Signal::derive(move || {
                        run.scenario.with(|scenario| scenario.data.standardize_targets)
                    })
                    hint="Targets to mean 0 and deviation 1. A squared loss is then the share of their variance that is left."
                    on_change=move |is_on: bool| {
                        run.edit(
                            Edit::Set(Setting::StandardizeTargets, f64::from(u8::from(is_on))),
                        );
                    }
                />
            </Show>
            <StopFields />
            <EngineField />
            <div class="field kept">
                <p class="fine">
                    "This browser keeps your last scenario and view, how charts are shown, the theme and the choice of engine. Nothing leaves it."
                </p>
                <button
                    type="button"
                    class="quiet wide"
                    on:click=move |_| last_visit::clear(app)
                >
                    "Clear what is kept"
                </button>
            </div>
        </div>
    }
}

/// Sliders for the parameters of what is chosen by name.
#[component]
pub fn ChosenParams<T: Chosen>(get: fn(&Scenario) -> T) -> impl IntoView {
    let run = expect_context::<Run>();
    let kind = Memo::new(move |_| run.scenario.with(|scenario| get(scenario).id()));
    move || {
        kind.track();
        let usual = run.scenario.with_untracked(get).entry().value.params();
        usual
            .into_iter()
            .map(|(setting, usual)| view! { <SettingSlider setting=setting usual=Some(usual) /> })
            .collect_view()
    }
}

fn predicts_numbers(scenario: &Scenario) -> bool {
    scenario.data.shape().target == TargetKind::Number
}
