//! An edit in words: "learning rate 0.03", "activation Leaky ReLU, alpha 0.01".

use super::choices::Chosen;
use super::ranges::shortest;
use super::{Edit, Scenario, function_label, function_params};
use crate::activation::ActivationSpec;
use crate::data::{Axes, DataSource, DataSpec};
use crate::nn::spec::{Order, PreluSharing};

impl Edit {
    /// What the edit sets, for the log of a run of `scenario`, which names the parameters of its
    /// activation.
    pub fn describe_in(&self, scenario: &Scenario) -> String {
        let (index, value) = match self {
            Self::ActivationParam { index, value } => (index, value),
            Self::Whole(other) => return describe_change(scenario, other),
            _ => return self.describe(),
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
            Self::Axes(Axes::Inputs(i, j)) => format!("looking at inputs {} and {}", i + 1, j + 1),
            Self::Axes(Axes::Principal) => "looking at principal components".into(),
            Self::Speed(None) => "full speed".into(),
            Self::Speed(Some(speed)) => format!("{} steps a second", shortest(*speed)),
            Self::View(_) => "another look".into(),
            Self::Whole(_) => "another scenario".into(),
        }
    }
}

/// Most settings that [`describe_change`] names.
const MAX_NAMED: usize = 3;

/// What sets the scenario `after` apart from `before`: "learning rate 0.03, batch size 32".
fn describe_change(before: &Scenario, after: &Scenario) -> String {
    let mut texts = Vec::new();
    let mut add = |differs: bool, edit: Edit| {
        if differs {
            texts.push(edit.describe_in(after));
        }
    };
    let Scenario {
        seed,
        data,
        network,
        training,
        view: _,
    } = before;
    let (net, train) = (&after.network, &after.training);
    add(*seed != after.seed, Edit::Seed(after.seed));
    add(*data != after.data, Edit::Data(after.data.clone()));
    add(
        network.hidden != net.hidden,
        Edit::Hidden(net.hidden.clone()),
    );
    add(
        network.activation != net.activation,
        Edit::Activation(net.activation.clone()),
    );
    add(
        network.prelu_sharing != net.prelu_sharing,
        Edit::PreluSharing(net.prelu_sharing),
    );
    add(
        network.batch_norm != net.batch_norm,
        Edit::BatchNorm(net.batch_norm),
    );
    add(
        network.initializer != net.initializer,
        Edit::Initializer(net.initializer),
    );
    add(network.gain != net.gain, Edit::Gain(net.gain));
    add(training.loss != train.loss, Edit::Loss(train.loss));
    add(
        training.class_weights != train.class_weights,
        Edit::ClassWeights(train.class_weights.clone()),
    );
    add(
        training.optimizer != train.optimizer,
        Edit::Optimizer(train.optimizer),
    );
    add(
        training.learning_rate != train.learning_rate,
        Edit::LearningRate(train.learning_rate),
    );
    add(
        training.batch_size != train.batch_size,
        Edit::BatchSize(train.batch_size),
    );
    add(training.order != train.order, Edit::Order(train.order));
    add(training.l1 != train.l1, Edit::L1(train.l1));
    add(training.l2 != train.l2, Edit::L2(train.l2));
    add(
        training.clip_norm != train.clip_norm,
        Edit::ClipNorm(train.clip_norm),
    );
    match texts.len() {
        0 => "the same settings".into(),
        1..=MAX_NAMED => texts.join(", "),
        n => format!("{n} settings"),
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
        let label = setting.label.to_ascii_lowercase();
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
        DataSource::Csv(_) => source.label().to_ascii_lowercase(),
        DataSource::Points(points) => format!("{} points of your own", points.len()),
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
