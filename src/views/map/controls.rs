use actiscope_core::map::{MapValue, PRESETS, Preset};
use actiscope_core::scenario::{AxisScale, Scenario, Setting, shortest};
use leptos::prelude::*;

use super::state::{Ends, GRIDS, SEEDS, Side};
use super::store::{Map, name_of};
use crate::memo::Memo;
use crate::run::Run;
use crate::text;
use crate::ui::controls::setting_slider::SettingSlider;
use crate::ui::controls::shared::{SharedByAll, shared_words};
use crate::ui::kit::erased::Show;
use crate::ui::kit::fields::{Choice, ChoiceGroup, NumberInput, Segments, Select, Slider, Stops};

/// What is mapped, how finely, and in which colour.
#[component]
pub fn Controls() -> impl IntoView {
    let map = expect_context::<Map>();
    let numbers = |numbers: &[u32]| {
        let choice = |n: &u32| Choice::new(n.to_string(), n.to_string());
        numbers.iter().map(choice).collect::<Vec<Choice>>()
    };
    let grid = Memo::new(move |_| map.state.with(|state| state.grid.to_string()));
    let seeds = Memo::new(move |_| map.state.with(|state| state.seeds.to_string()));
    let n_steps = Memo::new(move |_| map.state.with(|state| state.n_steps as f64));
    let whole = |text: String| text.parse::<u32>().unwrap_or(1);
    view! {
        <aside class="controls map-controls" aria-label="What is mapped">
            <div class="group" role="group" aria-label="Start from">
                <span class="heading" aria-hidden="true">"Start from"</span>
                {PRESETS.iter().map(|preset| view! { <PresetRow preset /> }).collect_view()}
            </div>
            <div class="group" role="group" aria-label="Axes">
                <AxisOf side=Side::Across />
                <AxisOf side=Side::Up />
            </div>
            <div class="group" role="group" aria-label="How finely">
                <Segments
                    label="Grid"
                    choices=numbers(&GRIDS)
                    value=grid
                    on_choose=move |n: String| map.update(|state| state.grid = whole(n))
                />
                <Segments
                    label="Seeds a cell"
                    choices=numbers(&SEEDS)
                    value=seeds
                    on_choose=move |n: String| map.update(|state| state.seeds = whole(n))
                />
                <Slider
                    label="Steps"
                    stops=Stops::of(&STEPS)
                    value=n_steps
                    text=Signal::derive(move || text::count(n_steps.get() as u64))
                    on_input=move |n: f64| map.update(|state| state.n_steps = n as u64)
                />
            </div>
            <div class="group" role="group" aria-label="Colour by">
                <span class="heading" aria-hidden="true">"Colour by"</span>
                <div class="picks">
                    {MapValue::ALL.into_iter().map(|value| view! { <ValuePick value /> }).collect_view()}
                </div>
            </div>
            <Shared />
        </aside>
    }
}

/// Updates that one may ask for.
const STEPS: [f64; 11] = [
    10.0, 30.0, 50.0, 100.0, 200.0, 300.0, 500.0, 1_000.0, 2_000.0, 5_000.0, 10_000.0,
];

#[component]
fn PresetRow(preset: &'static Preset) -> impl IntoView {
    let map = expect_context::<Map>();
    let is_chosen = Memo::new(move |_| {
        let is_it = |chosen: &Preset| chosen.id == preset.id;
        map.state.with(|state| state.preset.is_some_and(is_it))
    });
    view! {
        <button
            type="button"
            class="preset"
            aria-pressed=move || is_chosen.get().to_string()
            on:click=move |_| {
                map.set_axes(|state| state.take_preset(preset));
                map.compute();
            }
        >
            {preset.label}
        </button>
    }
}

/// Which setting an axis is, from where to where, and how far its values are apart.
#[component]
fn AxisOf(side: Side) -> impl IntoView {
    let map = expect_context::<Map>();
    let label = match side {
        Side::Across => "Across",
        Side::Up => "Up",
    };
    let name = Memo::new(move |_| map.state.with(|state| state.ends(side).name.clone()));
    let base = Memo::new(move |_| {
        let of_asked = map
            .asked
            .with(|asked| asked.as_ref().ok().map(|a| a.base.clone()));
        // What cannot be run has no base of its own.
        of_asked.unwrap_or_else(|| expect_context::<Run>().scenario.get())
    });
    // Another base may have other numbers.
    let choices = Memo::new(move |_| {
        base.with(|base| {
            let names = Setting::numbers_of(base)
                .into_iter()
                .map(|s| s.name_in(base));
            let mut choices: Vec<(String, String)> =
                names.map(|name| (name_of(&name, base), name)).collect();
            choices.sort();
            choices
        })
    });
    let select = move || {
        let choices = choices
            .get()
            .into_iter()
            .map(|(label, id)| Choice::new(id, label));
        let groups = vec![ChoiceGroup {
            heading: "",
            choices: choices.collect(),
        }];
        view! {
            <Select
                label=label
                groups=groups
                value=name
                inline=true
                on_choose=move |name: String| {
                    let base = base.with_untracked(Scenario::clone);
                    map.set_axes(|state| state.choose(side, &name, &base));
                }
            />
        }
    };
    let scale = Memo::new(move |_| {
        let scale = map.state.with(|state| state.ends(side).scale);
        (if scale == AxisScale::Log {
            "log"
        } else {
            "lin"
        })
        .to_owned()
    });
    let scales = vec![Choice::new("lin", "lin"), Choice::new("log", "log")];
    let scale_label = match side {
        Side::Across => "Scale across",
        Side::Up => "Scale up",
    };
    view! {
        <div class="axis">
            {select}
            <div class="ends">
                <EndField side is_from=true />
                <span aria-hidden="true">"to"</span>
                <EndField side is_from=false />
                <Segments
                    label=scale_label
                    choices=scales
                    value=scale
                    is_named=false
                    on_choose=move |scale: String| {
                        let scale = match scale.as_str() {
                            "log" => AxisScale::Log,
                            _ => AxisScale::Linear,
                        };
                        map.set_axes(|state| state.ends_mut(side).scale = scale);
                    }
                />
            </div>
        </div>
    }
}

/// One end of an axis, as a number that is typed.
#[component]
fn EndField(side: Side, is_from: bool) -> impl IntoView {
    let map = expect_context::<Map>();
    let label = match (side, is_from) {
        (Side::Across, true) => "Across from",
        (Side::Across, false) => "Across to",
        (Side::Up, true) => "Up from",
        (Side::Up, false) => "Up to",
    };
    let of = move |ends: &Ends| if is_from { ends.from } else { ends.to };
    let value = Memo::new(move |_| map.state.with(|state| shortest(of(state.ends(side)))));
    let change = move |number: Option<f64>| {
        let Some(number) = number else { return };
        map.set_axes(|state| {
            let ends = state.ends_mut(side);
            *(if is_from {
                &mut ends.from
            } else {
                &mut ends.to
            }) = number;
        });
    };
    view! { <NumberInput label=label value=value on_change=change /> }
}

#[component]
fn ValuePick(value: MapValue) -> impl IntoView {
    let map = expect_context::<Map>();
    let is_chosen = Memo::new(move |_| map.state.with(|state| state.value == value));
    let label = match value {
        MapValue::Loss => "final loss",
        MapValue::Accuracy => "accuracy",
        MapValue::Dead => "dead",
        MapValue::Saturated => "saturated",
        MapValue::DeadOrSaturated => "dead or sat.",
        MapValue::FirstDeath => "first death",
        MapValue::Diverged => "diverged",
    };
    view! {
        <button
            type="button"
            title=value.label()
            aria-pressed=move || is_chosen.get().to_string()
            on:click=move |_| map.update(|state| state.value = value)
        >
            {label}
        </button>
    }
}

/// What all networks have in common, with sliders that act on the whole map.
#[component]
fn Shared() -> impl IntoView {
    let map = expect_context::<Map>();
    let run = expect_context::<Run>();
    let words = Memo::new(move |_| {
        map.asked.with(|asked| {
            asked
                .as_ref()
                .map_or_else(|_| String::new(), |asked| shared(&asked.base))
        })
    });
    let is_axis = move |setting: Setting| {
        let name = setting.key();
        map.state.with(|state| {
            [&state.x.name, &state.y.name]
                .into_iter()
                .any(|axis| axis == name)
        })
    };
    let slider = move |setting: Setting| {
        let has_it = Memo::new(move |_| {
            let applies = run
                .scenario
                .with(|scope| Setting::numbers_of(scope).contains(&setting));
            applies && !is_axis(setting)
        });
        view! {
            <Show when=move || has_it.get()>
                <SettingSlider setting=setting hint="Acts on the whole map, and on the Scope" />
            </Show>
        }
    };
    let sliders = [
        Setting::LearningRate,
        Setting::Noise,
        Setting::Gain,
        Setting::BatchSize,
    ];
    view! {
        <SharedByAll words hint="The Scope's controls: what is set there is the base of all cells">
            {sliders.map(slider).collect_view()}
        </SharedByAll>
    }
}

fn shared(base: &Scenario) -> String {
    let told = [
        Setting::DataSet,
        Setting::Hidden,
        Setting::Activation,
        Setting::Initializer,
        Setting::Optimizer,
    ];
    shared_words(base, told.into_iter())
}
