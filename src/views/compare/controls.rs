use actiscope_core::compare::{PRESETS, Preset};
use actiscope_core::scenario::{Scenario, Setting};
use leptos::prelude::*;

use super::state::{DIFFERING, MAX_SEEDS, Place, State};
use super::store::Compare;
use crate::app::theme::Colours;
use crate::memo::Memo;
use crate::plot::kit::geometry::{point, size};
use crate::plot::kit::look::Look;
use crate::plot::kit::scene::Scene;
use crate::plot::kit::svg::glyph;
use crate::run::Run;
use crate::text;
use crate::ui::controls::shared::{SharedByAll, shared_words};
use crate::ui::kit::erased::{For, Show};
use crate::ui::kit::fields::{Choice, ChoiceGroup, Select, Slider, Stops, Switch};

/// What differs between the lanes, and over how many seeds.
#[component]
pub fn Controls() -> impl IntoView {
    let compare = expect_context::<Compare>();
    let run = expect_context::<Run>();
    let state = compare.state;
    let own = Memo::new(move |_| state.with(|state| state.own_initializers));
    let is_of_functions = Memo::new(move |_| state.with(State::is_of_functions));
    let seeds = Memo::new(move |_| state.with(|state| f64::from(state.seeds)));
    let target = Memo::new(move |_| state.with(|state| state.target));
    let differing = || {
        let rows = DIFFERING.iter();
        rows.map(|row| Choice::new(row.key, row.label))
            .collect::<Vec<_>>()
    };
    let groups = |choices: Vec<Choice>| {
        vec![ChoiceGroup {
            heading: "",
            choices,
        }]
    };
    let first = groups(differing());
    let nothing = Choice::new("", "nothing else");
    let second = groups(std::iter::once(nothing).chain(differing()).collect());
    let key_of = move |place| Memo::new(move |_| state.with(|state| state.key(place).to_owned()));
    let (key, second_key) = (key_of(Place::First), key_of(Place::Second));
    let has_second = Memo::new(move |_| second_key.with(|key| !key.is_empty()));
    let shared = Memo::new(move |_| {
        let differing = [key.get(), second_key.get()];
        run.scenario.with(|base| shared_by_all(base, &differing))
    });
    view! {
        <aside class="controls compare-controls" aria-label="What is compared">
            <div class="group" role="group" aria-label="Start from">
                <span class="heading" aria-hidden="true">"Start from"</span>
                {PRESETS.iter().map(|preset| view! { <PresetRow preset /> }).collect_view()}
            </div>
            <div class="group" role="group" aria-label="Lanes">
                <Select
                    label="What differs"
                    groups=first
                    value=key
                    on_choose=move |key: String| {
                        compare.try_to(|state| state.differ_in(Place::First, &key));
                    }
                />
                <Chips place=Place::First />
                <Select
                    label="and"
                    groups=second
                    value=second_key
                    inline=true
                    on_choose=move |key: String| {
                        compare.try_to(|state| state.differ_in(Place::Second, &key));
                    }
                    hint="A second setting: every pair of values is a lane, eight at most"
                />
                <Show when=move || has_second.get()>
                    <Chips place=Place::Second />
                </Show>
                <p class="refused" role="alert">{compare.said}</p>
                <Show when=move || is_of_functions.get()>
                    <Switch
                        label="Own initializer for each"
                        value=own
                        on_change=move |is_on: bool| {
                            compare.update(|state| state.own_initializers = is_on);
                        }
                        hint="On: each function has the initializer that it is paired with (He, Glorot or LeCun). Off: all have the Scope's."
                    />
                </Show>
            </div>
            <div class="group" role="group" aria-label="Seeds and target">
                <Slider
                    label="Seeds"
                    stops=Stops::of(&SEEDS)
                    value=seeds
                    text=Signal::derive(move || text::count(seeds.get() as u64))
                    on_input=move |seeds: f64| compare.update(|state| state.seeds = seeds as u32)
                    hint="Networks of each lane: the same lane begun with other draws"
                />
                <Slider
                    label="Target loss"
                    stops=Stops::of(&TARGETS)
                    value=target
                    text=Signal::derive(move || text::fixed(target.get(), 3))
                    on_input=move |target: f64| compare.update(|state| state.target = target)
                    hint="What is to be reached. Nothing is trained anew."
                />
            </div>
            <SharedByAll
                words=shared
                hint="The Scope's controls: what is set there is the base of all lanes"
            />
        </aside>
    }
}

/// Networks of a lane that one may ask for.
const SEEDS: [f64; 12] = [
    1.0,
    2.0,
    3.0,
    4.0,
    6.0,
    8.0,
    12.0,
    16.0,
    24.0,
    32.0,
    48.0,
    MAX_SEEDS as f64,
];

/// What the lanes have in common, but for the settings of these keys.
fn shared_by_all(base: &Scenario, differing: &[String]) -> String {
    let told = [
        Setting::DataSet,
        Setting::Hidden,
        Setting::Activation,
        Setting::Initializer,
        Setting::Optimizer,
        Setting::LearningRate,
        Setting::BatchSize,
    ];
    let differs_by = |key: &str, setting: Setting| match key {
        "depth" | "width" => setting == Setting::Hidden,
        "a" => matches!(setting, Setting::Activation | Setting::Initializer),
        key => setting.key() == key,
    };
    let differs = |setting| differing.iter().any(|key| differs_by(key, setting));
    shared_words(base, told.into_iter().filter(|setting| !differs(*setting)))
}

/// Losses that one may aim at.
const TARGETS: [f64; 19] = [
    0.001, 0.002, 0.003, 0.005, 0.007, 0.01, 0.02, 0.03, 0.05, 0.07, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5,
    0.7, 1.0, 2.0,
];

#[component]
fn PresetRow(preset: &'static Preset) -> impl IntoView {
    let compare = expect_context::<Compare>();
    let is_chosen = Memo::new(move |_| {
        compare
            .state
            .with(|state| state.preset().is_some_and(|chosen| chosen.id == preset.id))
    });
    let n_lanes = preset.vary.split(',').count();
    view! {
        <button
            type="button"
            class="preset"
            aria-pressed=move || is_chosen.get().to_string()
            on:click=move |_| compare.update(|state| state.take_preset(preset))
        >
            {preset.label}
            <span class="count">{n_lanes}</span>
        </button>
    }
}

/// The values of a setting that differs, the first's with the marks of their lanes; and a way to one more.
#[component]
fn Chips(place: Place) -> impl IntoView {
    let compare = expect_context::<Compare>();
    let run = expect_context::<Run>();
    let names = Memo::new(move |_| {
        let state = compare.state.get();
        run.scenario.with(|base| state.value_names(base, place))
    });
    let lanes = move || names.get().into_iter().enumerate().collect::<Vec<_>>();
    let may_drop = Memo::new(move |_| names.with(|names| names.len() > 2));
    let chip = move |(slot, name): (usize, String)| {
        let label = format!("Drop {name}");
        let mark = (place == Place::First).then(|| view! { <Mark of=Signal::stored(slot) /> });
        // One value of two settings is several lanes.
        let lane = move || {
            let is_alone = compare.state.with_untracked(|state| state.n_second() == 1);
            is_alone.then_some(slot)
        };
        view! {
            <li
                on:pointerenter=move |_| compare.pointed.set(lane())
                on:pointerleave=move |_| compare.pointed.set(None)
            >
                {mark}
                {name}
                <button
                    type="button"
                    aria-label=label
                    disabled=move || !may_drop.get()
                    on:click=move |_| {
                        compare.pointed.set(None);
                        compare.update(|state| state.drop_value(place, slot));
                    }
                >
                    "×"
                </button>
            </li>
        }
    };
    let offered = Memo::new(move |_| compare.state.with(|state| state.offered(place)));
    let add = move |value: String| {
        let value = value.trim().to_owned();
        if !value.is_empty() {
            let base = run.scenario.get_untracked();
            compare.try_to(|state| state.add(&base, place, &value));
        }
    };
    let is_full =
        Memo::new(move |_| names.with(Vec::len) >= compare.state.with(|state| state.room(place)));
    let has_list = Memo::new(move |_| offered.with(|offered| !offered.is_empty()));
    let option = |(id, name): (String, String)| view! { <option value=id>{name}</option> };
    let picked = RwSignal::new(String::new());
    let (list, add_one, add_value) = match place {
        Place::First => ("Lanes", "Add a lane", "Add a lane with this value"),
        Place::Second => (
            "Values of the second setting",
            "Add a second value",
            "Add this second value",
        ),
    };
    view! {
        <ul class="chips" aria-label=list>
            <For
                each=lanes
                key=|(slot, name): &(usize, String)| format!("{slot} {name}")
                children=chip
            />
            <Show when=move || !is_full.get()>
                <li class="add">
                    <Show
                        when=move || has_list.get()
                        fallback=move || {
                            view! {
                                <input
                                    type="text"
                                    inputmode="decimal"
                                    aria-label=add_value
                                    placeholder="+ value"
                                    on:change=move |event| {
                                        add(event_target_value(&event));
                                        picked.set(String::new());
                                        picked.notify();
                                    }
                                    prop:value=picked
                                />
                            }
                        }
                    >
                        <select
                            aria-label=add_one
                            prop:value=picked
                            on:change=move |event| {
                                add(event_target_value(&event));
                                picked.set(String::new());
                                picked.notify();
                            }
                        >
                            <option value="">"+ add"</option>
                            {move || offered.get().into_iter().map(option).collect_view()}
                        </select>
                    </Show>
                </li>
            </Show>
        </ul>
    }
}

/// The mark of a lane, as in the chart.
#[component]
pub fn MarkOf(lane: usize) -> impl IntoView {
    let compare = expect_context::<Compare>();
    let of = Memo::new(move |_| compare.shown.with(|shown| shown.look_of(lane).0));
    view! { <Mark of /> }
}

/// The mark of the lanes of one value.
#[component]
fn Mark(#[prop(into)] of: Signal<usize>) -> impl IntoView {
    let colours = expect_context::<Colours>();
    let mark = move || {
        let theme = colours.drawn();
        let look = Look::of(&theme, Some(of.get()));
        let mut scene = Scene::new(size(12.0, 12.0));
        scene.shapes.push(look.mark(point(6.0, 6.0), 4.2, theme.bg));
        glyph(&scene)
    };
    view! { <span class="mark-of" aria-hidden="true" inner_html=mark></span> }
}
