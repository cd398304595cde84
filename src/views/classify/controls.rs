use std::sync::Arc;

use actiscope_core::classify::Pairing;
use actiscope_core::data::{DataSource, Resampling, TargetKind};
use actiscope_core::nn::spec::Loss;
use actiscope_core::protocol::RunCommand;
use actiscope_core::scenario::link::from_link;
use actiscope_core::scenario::ranges::CLASS_WEIGHT;
use actiscope_core::scenario::{Chosen, Edit, Scenario, Setting, function_label, shortest};
use leptos::prelude::*;

use super::state::MISS_COSTS;
use super::store::Classify;
use crate::app::{App, navigation};
use crate::doctor::handed::{Handed, HandedOver};
use crate::memo::Memo;
use crate::ui::controls::data::{DataSelect, Noise};
use crate::ui::controls::setting_slider::SettingSlider;
use crate::ui::controls::table_dialog::TableDialogState;
use crate::ui::kit::erased::Show;
use crate::ui::kit::fields::{Choice, ChoiceGroup, NumberInput, Segments, Select, Slider, Stops};
use crate::views::View;

/// Networks of a lane, and their updates, where answers to imbalance are compared.
const COMPARED_SEEDS: u32 = 8;
const COMPARED_STEPS: u64 = 1_000;

/// A run that shows what this view is for.
struct Preset {
    label: &'static str,
    link: &'static str,
}

static PRESETS: [Preset; 3] = [
    Preset {
        label: "Rare among moons, 1 : 19",
        link: "#v=1&s=1&d=moons&n=3000&nz=0.36&im=19&t=0.3333&vs=0.3333&h=8-8-8&b=16&o=adam&lr=0.01&sp=none",
    },
    Preset {
        label: "Iris, three kinds",
        link: "#v=1&s=1&d=iris&t=0.3&vs=0.2&std=1&h=8&a=tanh&i=glorot_normal&b=16&l=softmax&o=adam&lr=0.01&sp=none",
    },
    Preset {
        label: "Digits, 8 × 8",
        link: "#v=1&s=1&d=digits&t=0.2&vs=0.1&std=1&h=32&b=32&l=softmax&o=adam&lr=0.003&sp=none",
    },
];

#[component]
fn PresetRow(preset: &'static Preset) -> impl IntoView {
    let run = expect_context::<Classify>().run;
    let press = move |_| {
        let (scenario, problems) = from_link(preset.link);
        debug_assert!(problems.is_empty(), "{problems:?}");
        run.dispatch(RunCommand::Load(Box::new(scenario)));
        run.dispatch(RunCommand::Train);
    };
    view! {
        <button type="button" class="preset" on:click=press>
            {preset.label}
        </button>
    }
}

/// What the answers depend on: data and their imbalance, loss and weights, the output layer.
#[component]
pub fn Controls() -> impl IntoView {
    let classify = expect_context::<Classify>();
    let table = expect_context::<TableDialogState>();
    let run = classify.run;
    let is_generated = Memo::new(move |_| {
        run.scenario
            .with(|scenario| scenario.data.source.is_generated())
    });
    let has_classes = Memo::new(move |_| {
        run.scenario
            .with(|scenario| scenario.data.shape().target != TargetKind::Number)
    });
    let imbalance = Memo::new(move |_| run.scenario.with(|scenario| scenario.data.imbalance));
    let is_two = move || classify.n_classes.get() == 2;
    view! {
        <form
            class="controls classify-controls"
            aria-label="Controls"
            on:submit=|event| event.prevent_default()
        >
            <div class="group" role="group" aria-label="Start from">
                <span class="heading" aria-hidden="true">"Start from"</span>
                {PRESETS.iter().map(|preset| view! { <PresetRow preset /> }).collect_view()}
            </div>
            <div class="group">
                <DataSelect table />
                <Show when=move || has_classes.get()>
                    <Slider
                        label=Setting::Imbalance.label()
                        stops=Stops::of_range(&Setting::Imbalance.range())
                        value=imbalance
                        text=Signal::derive(move || format!("1 : {}", shortest(imbalance.get())))
                        hint="So many samples of the others for one of the last class. A change begins the run anew."
                        on_input=move |value: f64| run.edit(Edit::Set(Setting::Imbalance, value))
                    />
                </Show>
                <Show when=move || is_generated.get()>
                    <Noise />
                    <SettingSlider setting=Setting::Samples />
                </Show>
                <SettingSlider
                    setting=Setting::TestShare
                    hint="Share of the samples that judge the network, and do not train it."
                />
                <SettingSlider
                    setting=Setting::ValidationShare
                    hint="Share of the samples on which the temperature is fitted."
                />
            </div>
            <Show when=move || has_classes.get()>
                <div class="group">
                    <OutputLayer />
                </div>
                <div class="group">
                    <Weights />
                    <Focus />
                    <Resample />
                </div>
                <Show when=is_two>
                    <div class="group">
                        <MissCost />
                        <CompareAnswers />
                    </div>
                </Show>
            </Show>
            <NetworkLine />
        </form>
    }
}

/// The pairings of output layer and loss, the fitting one first.
#[component]
fn OutputLayer() -> impl IntoView {
    let classify = expect_context::<Classify>();
    let run = classify.run;
    let chosen = Memo::new(move |_| {
        let n_classes = classify.n_classes.get();
        let loss = run.scenario.with(|scenario| scenario.training.loss);
        Pairing::of(loss, n_classes).map(|pairing| pairing.label)
    });
    let option = move |(i, pairing): (usize, &'static Pairing)| {
        let is_on = move || chosen.get() == Some(pairing.label);
        let fits = if i == 0 { "fits these classes" } else { "" };
        view! {
            <label class="pairing" class:harmful=pairing.harm.is_some() title=fits>
                <input
                    type="radio"
                    name="output-layer"
                    prop:checked=is_on
                    on:change=move |_| run.edit(Edit::Loss(pairing.loss))
                />
                <span>
                    <b>{pairing.label}</b>
                    <small>{pairing.harm.unwrap_or(pairing.about)}</small>
                </span>
            </label>
        }
    };
    let options = move || {
        let all = Pairing::all(classify.n_classes.get());
        all.iter().enumerate().map(option).collect_view()
    };
    let outside = Memo::new(move |_| {
        let (below, above) = classify
            .with_judged(|judged| judged.n_outside)
            .unwrap_or_default();
        match (below, above) {
            (0, 0) => String::new(),
            (below, above) => format!("{below} answers lie below 0, {above} above 1."),
        }
    });
    view! {
        <fieldset class="pairings">
            <legend>"Output layer"</legend>
            {options}
            <p class="note" hidden=move || outside.with(String::is_empty)>
                {move || outside.get()}
            </p>
        </fieldset>
    }
}

/// What each class counts.
#[component]
fn Weights() -> impl IntoView {
    let classify = expect_context::<Classify>();
    let run = classify.run;
    let weights = Memo::new(move |_| run.scenario.with(|s| s.training.class_weights.clone()));
    let takes_weights =
        Memo::new(move |_| run.scenario.with(|s| s.training.loss.takes_class_weights()));
    let is_by_hand = RwSignal::new(false);
    let which = Memo::new(move |_| {
        weights.with(|weights| match &weights[..] {
            [] if !is_by_hand.get() => "none",
            weights if !is_by_hand.get() && weights == classify.balanced() => "balanced",
            _ => "hand",
        })
    });
    let choose = move |id: String| {
        is_by_hand.set(id == "hand");
        let now = weights.get_untracked();
        match &*id {
            "none" => run.edit(Edit::ClassWeights(Vec::new())),
            "balanced" => classify.balance(),
            // What is there is where one begins.
            _ if now.is_empty() => {
                run.edit(Edit::ClassWeights(vec![
                    1.0;
                    classify.n_classes.get_untracked()
                ]));
            }
            _ => {}
        }
    };
    let field = move |class: usize| {
        let name = move || {
            let of_judged = classify.with_judged(|judged| judged.names.get(class).cloned());
            of_judged
                .flatten()
                .unwrap_or_else(|| format!("class {class}"))
        };
        let value = Memo::new(move |_| {
            weights.with(|weights| {
                let weight = weights.get(class);
                weight.map_or_else(String::new, |w| shortest(*w))
            })
        });
        let change = move |value: Option<f64>| {
            let mut weights = weights.get_untracked();
            if let Some(value) = value.filter(|value| CLASS_WEIGHT.contains(*value))
                && let Some(weight) = weights.get_mut(class)
            {
                *weight = value;
                run.edit(Edit::ClassWeights(weights));
            }
        };
        let label = Signal::derive(move || format!("Weight of {}", name()));
        view! {
            <span class="weight">
                <span aria-hidden="true">{name}</span>
                <NumberInput label=label value=value on_change=change />
            </span>
        }
    };
    let fields = move || {
        let n = weights.with(Vec::len);
        (0..n).map(field).collect_view()
    };
    let choices = || {
        vec![
            Choice::new("none", "None"),
            Choice::new("balanced", "Balanced"),
            Choice::new("hand", "By hand"),
        ]
    };
    view! {
        <Show when=move || takes_weights.get()>
            <div class="weights">
                <span class="name" aria-hidden="true">"Class weights"</span>
                <Segments
                    label="Class weights"
                    is_named=false
                    choices=choices()
                    value=Signal::derive(move || which.get().to_owned())
                    on_choose=choose
                />
                <div class="by-hand" hidden=move || which.get() != "hand">
                    {fields}
                </div>
            </div>
        </Show>
        <p class="note" hidden=move || takes_weights.get()>
            "A squared error takes no class weights."
        </p>
    }
}

/// Gamma of a focal loss; at 0 it is the cross-entropy.
#[component]
fn Focus() -> impl IntoView {
    let classify = expect_context::<Classify>();
    let run = classify.run;
    let loss = Memo::new(move |_| run.scenario.with(|scenario| scenario.training.loss));
    let can_focus = move || {
        matches!(
            loss.get(),
            Loss::BceLogits | Loss::SoftmaxCrossEntropy | Loss::Focal { .. }
        )
    };
    let gamma = Memo::new(move |_| match loss.get() {
        Loss::Focal { gamma, .. } => gamma,
        _ => 0.0,
    });
    let set = move |to: f64| {
        let loss = match (loss.get_untracked(), to) {
            (Loss::Focal { alpha, .. }, gamma) if gamma > 0.0 => Loss::Focal { gamma, alpha },
            (Loss::Focal { .. }, _) => match classify.n_classes.get_untracked() {
                2 => Loss::BceLogits,
                _ => Loss::SoftmaxCrossEntropy,
            },
            // Both classes alike, so that gamma alone is what changes.
            (_, gamma) if gamma > 0.0 => Loss::Focal { gamma, alpha: 0.5 },
            (loss, _) => loss,
        };
        run.edit(Edit::Loss(loss));
    };
    let is_focal = move || gamma.get() > 0.0;
    view! {
        <Show when=can_focus>
            <Slider
                label="Focal gamma"
                stops=Stops::of_range(&Setting::FocalGamma.range())
                value=gamma
                text=Signal::derive(move || shortest(gamma.get()))
                hint="Turns away from samples that are already right. 0 is the cross-entropy."
                on_input=set
            />
            <Show when=is_focal>
                <SettingSlider
                    setting=Setting::FocalAlpha
                    hint="What class 1 counts against 1 less this for class 0; of many classes a factor of all."
                />
            </Show>
        </Show>
    }
}

#[component]
fn Resample() -> impl IntoView {
    let run = expect_context::<Classify>().run;
    let chosen = Memo::new(move |_| run.scenario.with(|scenario| scenario.data.resampling));
    let id = |resampling: Resampling| match resampling {
        Resampling::None => "none",
        Resampling::Over => "over",
        Resampling::Under => "under",
    };
    let groups = vec![ChoiceGroup {
        heading: "",
        choices: vec![
            Choice::new("none", "None"),
            Choice::new("over", "Repeat the rare"),
            Choice::new("under", "Fewer of the common"),
        ],
    }];
    view! {
        <Select
            label="Resampling"
            inline=true
            groups=groups
            value=Signal::derive(move || id(chosen.get()).to_owned())
            hint="Of the training set alone: what judges stays as it is. A change begins the run anew."
            on_choose=move |chosen: String| {
                let all = [Resampling::None, Resampling::Over, Resampling::Under];
                if let Some(resampling) = all.into_iter().find(|one| id(*one) == chosen) {
                    run.edit(Edit::Resampling(resampling));
                }
            }
        />
    }
}

#[component]
fn MissCost() -> impl IntoView {
    let classify = expect_context::<Classify>();
    let cost = Memo::new(move |_| classify.state.with(|state| state.miss_cost));
    let text = move || match cost.get() {
        1.0 => "1 false alarm".to_owned(),
        cost => format!("{} false alarms", shortest(cost)),
    };
    view! {
        <Slider
            label="A miss costs"
            stops=Stops::of(&MISS_COSTS)
            value=cost
            text=Signal::derive(text)
            usual=Some(1.0)
            hint="The cheapest threshold goes by it. Nothing is trained anew."
            on_input=move |value: f64| classify.state.update(|state| state.miss_cost = value)
        />
    }
}

/// Weights, thresholds, resampling and focus beside each other, in Compare.
#[component]
fn CompareAnswers() -> impl IntoView {
    let classify = expect_context::<Classify>();
    let app = expect_context::<App>();
    let handed = expect_context::<HandedOver>();
    let press = move |_| {
        let base = classify.run.scenario.get_untracked();
        handed.0.set(Some(Arc::new(answers_to_imbalance(
            &base,
            &classify.balanced(),
        ))));
        if let Some(compare) = View::of_id("compare") {
            navigation::open(app, classify.run, compare);
        }
    };
    view! {
        <button
            type="button"
            class="quiet wide"
            title="The same network as it is, with class weights, with another threshold, resampled, and with a focal loss, each over several seeds"
            on:click=press
        >
            "Compare answers to imbalance"
        </button>
    }
}

/// The run as it is, and with each of what one does where a class is rare.
pub(super) fn answers_to_imbalance(base: &Scenario, balanced: &[f64]) -> Handed {
    let mut plain = base.clone();
    plain.training.class_weights = Vec::new();
    plain.training.loss = Loss::BceLogits;
    plain.data.resampling = Resampling::None;
    plain.view.threshold = 0.5;
    plain.fit_to_data();
    // Where probabilities are right it calls as many rare as weights would.
    let prior = match balanced {
        [zero, one] if *one > 0.0 => zero / (zero + one),
        _ => 0.5,
    };
    let short = (1e3 * prior).round() / 1e3;
    let lanes: [(&str, Vec<Edit>); 5] = [
        ("as it is", Vec::new()),
        (
            "weights balanced",
            vec![Edit::ClassWeights(balanced.to_vec())],
        ),
        ("threshold", vec![Edit::Set(Setting::Threshold, short)]),
        ("oversampled", vec![Edit::Resampling(Resampling::Over)]),
        (
            "focal, gamma 2",
            vec![Edit::Loss(Loss::Focal {
                gamma: 2.0,
                alpha: 0.5,
            })],
        ),
    ];
    Handed {
        base: plain,
        names: lanes
            .iter()
            .map(|(name, _)| match *name {
                "threshold" => format!("threshold {}", shortest(short)),
                name => name.to_owned(),
            })
            .collect(),
        lanes: lanes.into_iter().map(|(_, edits)| edits).collect(),
        seeds: COMPARED_SEEDS,
        n_steps: COMPARED_STEPS,
    }
}

/// What network answers, in a line, and the way to where it is changed.
#[component]
fn NetworkLine() -> impl IntoView {
    let app = expect_context::<App>();
    let run = expect_context::<Classify>().run;
    let words = Memo::new(move |_| {
        run.scenario.with(|scenario| {
            let network = &scenario.network;
            let mut widths = vec![network.n_inputs];
            widths.extend(&network.hidden);
            widths.push(network.n_outputs);
            let widths: Vec<String> = widths.iter().map(usize::to_string).collect();
            let optimizer = scenario.training.optimizer.label();
            let others = [Setting::LearningRate, Setting::BatchSize]
                .map(|setting| setting.edit_of(scenario).describe_in(scenario));
            format!(
                "{} {}, {optimizer}, {}",
                widths.join("-"),
                function_label(&network.activation.function),
                others.join(", ")
            )
        })
    });
    view! {
        <p class="network-line">
            "Network " {move || words.get()} ". "
            <button
                type="button"
                class="link"
                on:click=move |_| navigation::open(app, run, View::first())
            >
                "Change"
            </button>
        </p>
    }
}

/// Whether inputs are pictures: how many pixels a side has.
pub fn picture_side(source: &DataSource, n_inputs: usize) -> Option<usize> {
    let side = (n_inputs as f64).sqrt().round() as usize;
    let is_of_table = matches!(source, DataSource::Csv(_) | DataSource::Collected(_));
    (is_of_table && side >= 5 && side * side == n_inputs).then_some(side)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presets_are_links_without_a_problem() {
        for preset in &PRESETS {
            let (scenario, problems) = from_link(preset.link);
            assert!(problems.is_empty(), "{}: {problems:?}", preset.label);
            assert_eq!(scenario.check(), Ok(()), "{}", preset.label);
        }
    }
}
