//! An edit in words: "learning rate 0.03", "activation Leaky ReLU, alpha 0.01".

use super::choices::Chosen;
use super::ranges::shortest;
use super::{Edit, Scenario, function_label, function_params};
use crate::activation::ActivationSpec;
use crate::data::{DataSource, DataSpec};
use crate::nn::spec::{Order, PreluSharing};

impl Edit {
    /// What the edit sets, for the log of a run of `scenario`, which names the parameters of its
    /// activation.
    pub fn describe_in(&self, scenario: &Scenario) -> String {
        let Self::ActivationParam { index, value } = self else {
            return self.describe();
        };
        let params = function_params(&scenario.network.activation.function).unwrap_or_default();
        match params.get(*index) {
            Some(param) => format!("{} {}", param.name, shortest(*value)),
            None => self.describe(),
        }
    }

    /// What the edit sets. A parameter of the activation goes by its number: [`Edit::describe_in`]
    /// knows its name.
    pub fn describe(&self) -> String {
        match self {
            Self::Activation(activation) => describe_activation(activation),
            Self::ActivationParam { index, value } => {
                format!(
                    "parameter {} of the activation {}",
                    index + 1,
                    shortest(*value)
                )
            }
            Self::LearningRate(value) => format!("learning rate {}", shortest(*value)),
            Self::Optimizer(value) => format!("optimizer {}", describe_chosen(value)),
            Self::BatchSize(value) => format!("batch size {value}"),
            Self::Order(Order::Shuffled) => "samples shuffled each epoch".into(),
            Self::Order(Order::Sequential) => "samples in their own order".into(),
            Self::Loss(value) => format!("loss {}", describe_chosen(value)),
            Self::ClassWeights(weights) if weights.is_empty() => "class weights equal".into(),
            Self::ClassWeights(weights) => {
                let weights: Vec<String> = weights.iter().map(|&w| shortest(w)).collect();
                format!("class weights {}", weights.join(", "))
            }
            Self::L1(value) => format!("L1 {}", shortest(*value)),
            Self::L2(value) => format!("L2 {}", shortest(*value)),
            Self::ClipNorm(None) => "gradient norm without limit".into(),
            Self::ClipNorm(Some(norm)) => format!("gradient norm at most {}", shortest(*norm)),
            Self::BatchNorm(is_on) => format!("BatchNorm {}", on_or_off(*is_on)),
            Self::PreluSharing(PreluSharing::Layer) => "one alpha a layer".into(),
            Self::PreluSharing(PreluSharing::Unit) => "one alpha a unit".into(),
            Self::Initializer(value) => format!("initializer {}", describe_chosen(value)),
            Self::Gain(value) => format!("gain {}", shortest(*value)),
            Self::Hidden(units) => {
                let units: Vec<String> = units.iter().map(usize::to_string).collect();
                format!("hidden layers {}", units.join("-"))
            }
            Self::Data(data) => describe_data(data),
            Self::Seed(value) => format!("seed {value}"),
            Self::Layer(layer) => format!("looking at layer {}", layer + 1),
            Self::Unit(None) => "looking at all units".into(),
            Self::Unit(Some(unit)) => format!("looking at unit {}", unit + 1),
            Self::Speed(None) => "full speed".into(),
            Self::Speed(Some(speed)) => format!("{} steps a second", shortest(*speed)),
        }
    }
}

fn describe_activation(activation: &ActivationSpec) -> String {
    let mut text = format!("activation {}", function_label(&activation.function));
    let params = function_params(&activation.function).unwrap_or_default();
    for (param, value) in params.iter().zip(&activation.params) {
        text.push_str(&format!(", {} {}", param.name, shortest(*value)));
    }
    text
}

fn describe_chosen(chosen: &impl Chosen) -> String {
    let mut text = chosen.label().to_owned();
    for (setting, value) in chosen.params() {
        let label = setting.label.to_lowercase();
        text.push_str(&format!(", {label} {}", shortest(value)));
    }
    text
}

fn describe_data(data: &DataSpec) -> String {
    let DataSpec {
        source,
        n_samples,
        noise,
        test_share,
        standardize,
    } = data;
    let mut text = match source {
        DataSource::Csv(_) => source.label().to_lowercase(),
        _ => format!(
            "data {}, {n_samples} samples, noise {}",
            source.label(),
            shortest(*noise)
        ),
    };
    if *test_share > 0.0 {
        text.push_str(&format!(", {} % for testing", shortest(test_share * 100.0)));
    }
    if *standardize {
        text.push_str(", standardized");
    }
    text
}

fn on_or_off(is_on: bool) -> &'static str {
    if is_on { "on" } else { "off" }
}
