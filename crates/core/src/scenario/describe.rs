//! An edit in words: "learning rate 0.03", "activation Leaky ReLU, alpha 0.01".

use super::choices::Chosen;
use super::ranges::shortest;
use super::{Edit, Effect, Scenario, Setting, function_label, function_params};
use crate::activation::ActivationSpec;
use crate::data::{Axes, DataSource, DataSpec, Resampling};
use crate::nn::spec::{Order, PreluSharing};

impl Edit {
    /// What the edit sets, for the log of a run of `scenario`, which names the parameters of its
    /// activation.
    pub fn describe_in(&self, scenario: &Scenario) -> String {
        match self {
            Self::Set(setting @ Setting::Param(_), value) => match &*setting.name_in(scenario) {
                "" => self.describe(),
                name => format!("{name} {}", shortest(*value)),
            },
            Self::Whole(other) => describe_change(scenario, other),
            _ => self.describe(),
        }
    }

    /// What the edit sets. A parameter of the activation goes by its number: [`Edit::describe_in`]
    /// knows its name.
    pub fn describe(&self) -> String {
        match self {
            Self::Set(setting, value) => setting.words(*value),
            Self::Activation(activation) => format!("activation {}", describe_function(activation)),
            Self::LayerActivations(all) if all.iter().all(Option::is_none) => {
                "one activation for all layers".into()
            }
            Self::LayerActivations(all) => {
                let own = all.iter().enumerate();
                let own = own.filter_map(|(l, own)| Some((l, own.as_ref()?)));
                let texts =
                    own.map(|(l, own)| format!("layer {}: {}", l + 1, describe_function(own)));
                texts.collect::<Vec<String>>().join("; ")
            }
            Self::Optimizer(value) => format!("optimizer {}", describe_chosen(value)),
            Self::Annealing(value) => format!("schedule {}", describe_chosen(value)),
            Self::Order(Order::Shuffled) => "samples shuffled each epoch".into(),
            Self::Order(Order::Sequential) => "samples in their own order".into(),
            Self::Loss(value) => format!("loss {}", describe_chosen(value)),
            Self::ClassWeights(weights) if weights.is_empty() => "class weights equal".into(),
            Self::ClassWeights(weights) => {
                let weights: Vec<String> = weights.iter().map(|&w| shortest(w)).collect();
                format!("class weights {}", weights.join(", "))
            }
            Self::LayerRates(rates) if rates.iter().all(Option::is_none) => {
                "one learning rate for all layers".into()
            }
            Self::LayerRates(rates) => {
                let own = rates.iter().enumerate();
                let own = own.filter_map(|(l, rate)| Some((l, (*rate)?)));
                let texts = own.map(|(l, rate)| Setting::LayerRate(l).words(rate));
                texts.collect::<Vec<String>>().join(", ")
            }
            Self::PreluSharing(PreluSharing::Layer) => "one alpha a layer".into(),
            Self::PreluSharing(PreluSharing::Unit) => "one alpha a unit".into(),
            Self::Initializer(value) => format!("initializer {}", describe_chosen(value)),
            Self::Given(None) => "weights drawn".into(),
            Self::Given(Some(given)) => format!("weights of {}", given.name()),
            Self::Hidden(units) => {
                let units: Vec<String> = units.iter().map(usize::to_string).collect();
                format!("hidden layers {}", units.join("-"))
            }
            Self::Data(data) => describe_data(data),
            Self::Resampling(value) => describe_resampling(*value).into(),
            Self::Layer(layer) => format!("looking at layer {}", layer + 1),
            Self::Unit(None) => "looking at all units".into(),
            Self::Unit(Some(unit)) => format!("looking at unit {}", unit + 1),
            Self::Axes(Axes::Inputs(i, j)) => format!("looking at inputs {} and {}", i + 1, j + 1),
            Self::Axes(Axes::Principal) => "looking at principal components".into(),
            Self::View(_) => "another look".into(),
            Self::Whole(_) => "another scenario".into(),
        }
    }
}

/// Most settings that [`describe_change`] names.
const MAX_NAMED: usize = 3;

/// What sets the scenario `after` apart from `before`: "learning rate 0.03, batch size 32".
fn describe_change(before: &Scenario, after: &Scenario) -> String {
    let texts = differences(before, after);
    match texts.len() {
        0 => "the same settings".into(),
        1..=MAX_NAMED => texts.join(", "),
        n => format!("{n} settings"),
    }
}

/// Each setting of a run that `after` has otherwise than `before`, in words and in the order of the table.
pub fn differences(before: &Scenario, after: &Scenario) -> Vec<String> {
    let has_other_source = before.data.source != after.data.source;
    let is_told = |setting: &Setting| match setting {
        // With the data set and the activation.
        Setting::Csv
        | Setting::Reading
        | Setting::Points
        | Setting::Formula
        | Setting::FormulaParams => false,
        Setting::DataSet => has_other_source || before.data.reading != after.data.reading,
        Setting::Samples
        | Setting::Noise
        | Setting::TestShare
        | Setting::ValidationShare
        | Setting::Imbalance
        | Setting::Resampling
        | Setting::Standardize
        | Setting::StandardizeTargets
            if has_other_source =>
        {
            false
        }
        _ => setting.effect() != Effect::View && setting.edit_of(before) != setting.edit_of(after),
    };
    let told = Setting::all().filter(is_told);
    told.map(|setting| setting.edit_of(after).describe())
        .collect()
}

fn describe_function(activation: &ActivationSpec) -> String {
    let mut text = function_label(&activation.function).to_owned();
    let params = function_params(&activation.function).unwrap_or_default();
    for (param, value) in params.iter().zip(&activation.params) {
        text.push_str(&format!(", {} {}", param.name, shortest(*value)));
    }
    text
}

fn describe_chosen(chosen: &impl Chosen) -> String {
    let mut text = chosen.label().to_owned();
    for (setting, value) in chosen.params() {
        let label = setting.label_within();
        text.push_str(&format!(", {label} {}", shortest(value)));
    }
    text
}

fn describe_resampling(resampling: Resampling) -> &'static str {
    match resampling {
        Resampling::None => "each sample once",
        Resampling::Over => "the rare oversampled",
        Resampling::Under => "the common undersampled",
    }
}

fn describe_data(data: &DataSpec) -> String {
    let DataSpec {
        source,
        reading,
        n_samples,
        noise,
        test_share,
        validation_share,
        imbalance,
        resampling,
        standardize,
        standardize_targets,
    } = data;
    let mut text = match source {
        DataSource::Csv(_) => match reading.to_text() {
            chosen if chosen.is_empty() => source.label().to_ascii_lowercase(),
            chosen => format!("{} read with {chosen}", source.label().to_ascii_lowercase()),
        },
        DataSource::Points(points) => format!("{} points of your own", points.len()),
        DataSource::Collected(_) => format!("data {}", source.label()),
        _ => format!(
            "data {}, {n_samples} samples, noise {}",
            source.label(),
            shortest(*noise)
        ),
    };
    if *test_share > 0.0 {
        text.push_str(&format!(", {} % for testing", shortest(test_share * 100.0)));
    }
    if *validation_share > 0.0 {
        text.push_str(&format!(
            ", {} % for validation",
            shortest(validation_share * 100.0)
        ));
    }
    if *imbalance > 1.0 {
        text.push_str(&format!(", imbalance {}", shortest(*imbalance)));
    }
    if *resampling != Resampling::None {
        text.push_str(&format!(", {}", describe_resampling(*resampling)));
    }
    if *standardize {
        text.push_str(", standardized");
    }
    if *standardize_targets {
        text.push_str(", targets standardized");
    }
    text
}
