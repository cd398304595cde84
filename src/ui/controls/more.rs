use actiscope_core::data::DataSpec;
use actiscope_core::nn::spec::PreluSharing;
use actiscope_core::scenario::{Chosen, Edit, Scenario, ranges};
use leptos::prelude::*;

use super::engine::EngineField;
use super::setting_slider::SettingSlider;
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
    let data = move |change: fn(&mut DataSpec, f64), value: f64| {
        let mut data = run
            .scenario
            .with_untracked(|scenario| scenario.data.clone());
        change(&mut data, value);
        Edit::Data(data)
    };
    let clips = Memo::new(move |_| {
        run.scenario
            .with(|scenario| scenario.training.clip_norm.is_some())
    });
    let learns_alpha = Memo::new(move |_| {
        run.scenario
            .with(|scenario| scenario.network.activation.learns_alpha())
    });
    view! {
        <div class="group">
            <SettingSlider
                setting=&ranges::GAIN
                get=|scenario| scenario.network.gain
                edit=Edit::Gain
                usual=Some(1.0)
                hint="Multiplies the first weights."
            />
            <ChosenParams
                get=|scenario| scenario.network.initializer
                edit=Edit::Initializer
            />
            <ChosenParams
                get=|scenario| scenario.training.optimizer
                edit=Edit::Optimizer
            />
            <ChosenParams
                get=|scenario| scenario.training.loss
                edit=Edit::Loss
            />
            <SettingSlider
                setting=&ranges::L1
                get=|scenario| scenario.training.l1
                edit=Edit::L1
                hint="Adds this times the sum of absolute weights to the loss."
            />
            <SettingSlider
                setting=&ranges::L2
                get=|scenario| scenario.training.l2
                edit=Edit::L2
                hint="Adds half of this times the sum of squared weights to the loss."
            />
            <Switch
                label="Limit the gradient's norm"
                value=clips
                on_change=move |is_on: bool| run.edit(Edit::ClipNorm(is_on.then_some(1.0)))
            />
            <Show when=move || clips.get()>
                <SettingSlider
                    setting=&ranges::CLIP_NORM
                    get=|scenario| scenario.training.clip_norm.unwrap_or(1.0)
                    edit=|limit| Edit::ClipNorm(Some(limit))
                />
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
            <SettingSlider
                setting=&ranges::SAMPLES
                get=|scenario| scenario.data.n_samples as f64
                edit=move |n| data(|data, n| data.n_samples = n as usize, n)
            />
            <SettingSlider
                setting=&ranges::TEST_SHARE
                get=|scenario| scenario.data.test_share
                edit=move |share| data(|data, share| data.test_share = share, share)
                hint="Share of the samples that training does not see."
            />
            <Switch
                label="Standardize the inputs"
                value=Signal::derive(move || {
                    run.scenario.with(|scenario| scenario.data.standardize)
                })
                hint="Inputs to mean 0 and deviation 1."
                on_change=move |is_on: bool| {
                    let value = f64::from(u8::from(is_on));
                    run.edit(data(|data, value| data.standardize = value != 0.0, value));
                }
            />
            <EngineField />
            <div class="field kept">
                <p class="fine">
                    "This browser keeps your last visit, the theme and the choice of engine. Nothing leaves it."
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

/// Sliders for the parameters of a chosen optimizer, loss or initializer.
#[component]
fn ChosenParams<T>(get: fn(&Scenario) -> T, edit: fn(T) -> Edit) -> impl IntoView
where
    T: Chosen + Copy + PartialEq + Send + Sync,
{
    let run = expect_context::<Run>();
    let kind = Memo::new(move |_| run.scenario.with(|scenario| get(scenario).id()));
    move || {
        kind.track();
        let params = run
            .scenario
            .with_untracked(|scenario| get(scenario).params());
        params
            .into_iter()
            .enumerate()
            .map(|(i, (setting, _))| {
                view! {
                    <SettingSlider
                        setting=setting
                        get=move |scenario| param(get(scenario), i)
                        edit=move |value| {
                            let mut chosen = run.scenario.with_untracked(get);
                            if let Some((_, param)) = chosen.params_mut().into_iter().nth(i) {
                                *param = value;
                            }
                            edit(chosen)
                        }
                        usual=usual(get(&run.scenario.get_untracked()), i)
                    />
                }
            })
            .collect_view()
    }
}

fn param<T: Chosen>(chosen: T, index: usize) -> f64 {
    chosen.params().get(index).map_or(0.0, |(_, value)| *value)
}

/// The table's value of a parameter.
fn usual<T: Chosen>(chosen: T, index: usize) -> Option<f64> {
    let params = chosen.entry().value.params();
    params.get(index).map(|(_, value)| *value)
}
