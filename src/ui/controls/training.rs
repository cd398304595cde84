use actiscope_core::nn::spec::{Initializer, Loss, Optimizer};
use actiscope_core::scenario::ranges::{Range, Scale};
use actiscope_core::scenario::{Chosen, Edit, Setting};
use leptos::prelude::*;

use super::setting_slider::SettingSlider;
use crate::memo::Memo;
use crate::run::Run;
use crate::ui::chrome::caption::Said;
use crate::ui::kit::fields::{Choice, ChoiceGroup, Select, Stops, Switch};

#[component]
pub fn LearningRate() -> impl IntoView {
    let run = expect_context::<Run>();
    let usual = Memo::new(move |_| {
        run.scenario
            .with(|scenario| Some(usual_learning_rate(scenario.training.optimizer)))
    });
    let said = expect_context::<Said>();
    let hint = move || {
        usual.get().map_or_else(String::new, |usual| {
            format!("How far an update goes down the gradient. The mark is at {usual}, where one usually begins.")
        })
    };
    view! {
        <SettingSlider
            setting=Setting::LearningRate
            usual=usual
            is_hot=said.blames_learning_rate
            hint=Signal::derive(hint)
        />
    }
}

/// Where one usually begins: PyTorch's default for the adaptive ones.
fn usual_learning_rate(optimizer: Optimizer) -> f64 {
    match optimizer {
        Optimizer::Sgd => 0.1,
        Optimizer::Momentum { .. } | Optimizer::Nesterov { .. } | Optimizer::RmsProp { .. } => 0.01,
        Optimizer::Adam { .. } | Optimizer::AdamW { .. } => 0.001,
    }
}

#[component]
pub fn BatchSize() -> impl IntoView {
    let round = Range {
        scale: Scale::WholeLog,
        ..Setting::BatchSize.range()
    };
    view! {
        <SettingSlider
            setting=Setting::BatchSize
            stops=Stops::of_range(&round)
            hint="Samples whose mean gradient makes one update. Fewer make it noisier."
        />
    }
}

#[component]
pub fn OptimizerSelect() -> impl IntoView {
    let run = expect_context::<Run>();
    let chosen = Memo::new(move |_| run.scenario.with(|scenario| scenario.training.optimizer));
    view! {
        <Select
            label="Optimizer"
            inline=true
            groups={groups_of::<Optimizer>(|_| true)}
            value=Signal::derive(move || chosen.get().id().to_owned())
            hint=Signal::derive(move || chosen.get().entry().about.to_owned())
            on_choose=move |id: String| {
                if let Some(optimizer) = Optimizer::from_id(&id) {
                    run.edit(Edit::Optimizer(optimizer));
                }
            }
        />
    }
}

/// The losses that can judge the data's targets.
#[component]
pub fn LossSelect() -> impl IntoView {
    let run = expect_context::<Run>();
    let chosen = Memo::new(move |_| run.scenario.with(|scenario| scenario.training.loss));
    let shape = Memo::new(move |_| run.scenario.with(|scenario| scenario.data.shape()));
    move || {
        let shape = shape.get();
        let groups = groups_of::<Loss>(|loss| loss.fit_to(shape) == *loss);
        view! {
            <Select
                label="Loss"
                inline=true
                groups=groups
                value=Signal::derive(move || chosen.get().id().to_owned())
                hint=Signal::derive(move || chosen.get().entry().about.to_owned())
                on_choose=move |id: String| {
                    if let Some(loss) = Loss::from_id(&id) {
                        run.edit(Edit::Loss(loss));
                    }
                }
            />
        }
    }
}

#[component]
pub fn InitializerSelect() -> impl IntoView {
    let run = expect_context::<Run>();
    let chosen = Memo::new(move |_| run.scenario.with(|scenario| scenario.network.initializer));
    view! {
        <Select
            label="Initializer"
            inline=true
            groups={groups_of::<Initializer>(|_| true)}
            value=Signal::derive(move || chosen.get().id().to_owned())
            hint=Signal::derive(move || chosen.get().entry().about.to_owned())
            on_choose=move |id: String| {
                if let Some(initializer) = Initializer::from_id(&id) {
                    run.edit(Edit::Initializer(initializer));
                }
            }
        />
    }
}

#[component]
pub fn BatchNorm() -> impl IntoView {
    let run = expect_context::<Run>();
    view! {
        <Switch
            label="Batch normalization"
            value=Signal::derive(move || {
                run.scenario.with(|scenario| scenario.network.batch_norm)
            })
            hint="Brings every unit's z to mean 0 and deviation 1 over the batch, then scales and shifts it by learned numbers."
            on_change=move |is_on: bool| run.edit(Edit::Set(Setting::BatchNorm, f64::from(u8::from(is_on))))
        />
    }
}

#[component]
pub fn Dropout() -> impl IntoView {
    view! {
        <SettingSlider
            setting=Setting::Dropout
            hint="Each update leaves each hidden unit out of each of its samples with this probability. Everything shown is without."
        />
    }
}

/// All that can be chosen of a table, as a menu has it.
pub fn groups_of<T: Chosen>(is_offered: impl Fn(&T) -> bool) -> Vec<ChoiceGroup> {
    let choices = T::table()
        .iter()
        .filter(|entry| is_offered(&entry.value))
        .map(|entry| Choice::new(entry.id, entry.label))
        .collect();
    vec![ChoiceGroup {
        heading: "",
        choices,
    }]
}
