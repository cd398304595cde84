//! Is a scenario one that an engine can run?

use super::choices::Chosen;
use super::function::function_params;
use super::link::PRINCIPAL;
use super::ranges::{self, Range, shortest};
use super::{Scenario, Setting};
use crate::activation::{ActivationSpec, Function};
use crate::data::{DataError, DataShape, DataSource, Reading, TargetKind};

/// One part of a scenario that cannot be run as it is.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{}: {problem}", setting.label())]
pub struct ScenarioError {
    pub setting: Setting,
    pub problem: Problem,
}

#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Problem {
    /// A number outside what it may be.
    #[error("{value} is out of range: choose {allowed}")]
    OutOfRange {
        /// With its name or unit where the setting has several numbers: "alpha 3", "40 layers".
        value: String,
        /// "0.0001 to 10".
        allowed: String,
    },
    /// No samples can be had.
    #[error("{0}")]
    Data(#[from] DataError),
    /// Anything else: what is wrong with which value, and what to do.
    #[error("{0}")]
    Other(String),
}

impl Scenario {
    /// Whether every value is in its range, the parts fit each other, and the data can be had.
    ///
    /// # Errors
    /// All that is wrong, in the order of a link; data that cannot be had come first.
    pub fn check(&self) -> Result<(), Vec<ScenarioError>> {
        let mut errors = Errors(Vec::new());
        let shape = self.data.try_shape().unwrap_or_else(|error| {
            let setting = match (&self.data.source, &error) {
                (DataSource::Points(_), _) => Setting::Points,
                // The reading goes first, and the table only if it cannot be read without.
                (_, DataError::Csv(_)) if self.data.reading != Reading::default() => {
                    Setting::Reading
                }
                _ => Setting::Csv,
            };
            errors.add(setting, error.into());
            DataShape::UNREADABLE
        });
        for setting in Setting::all() {
            match setting {
                Setting::DataSet => self.check_ends(shape, &mut errors),
                Setting::Hidden => self.check_hidden(&mut errors),
                Setting::Activation => {
                    let activation = &self.network.activation;
                    let setting = match &activation.function {
                        Function::Catalogue(_) => Setting::Activation,
                        Function::Formula(_) => Setting::Formula,
                    };
                    errors.check_activation(setting, activation);
                }
                // Those of layers that there are not are of no use and no harm: layers come and go.
                Setting::LayerActivations => {
                    for activation in self.network.layer_activations.iter().flatten() {
                        errors.check_activation(setting, activation);
                    }
                }
                Setting::Initializer => errors.check_chosen(setting, &self.network.initializer),
                Setting::Given => self.check_given(&mut errors),
                Setting::Loss => self.check_loss(shape, &mut errors),
                Setting::ClassWeights => self.check_class_weights(&mut errors),
                Setting::LayerRates => self.check_layer_rates(&mut errors),
                Setting::Annealing => {
                    errors.check_chosen(setting, &self.training.schedule.annealing);
                }
                Setting::Optimizer => errors.check_chosen(setting, &self.training.optimizer),
                Setting::Layer => self.check_view(&mut errors),
                _ => errors.check_number(setting, self),
            }
        }
        if errors.0.is_empty() {
            Ok(())
        } else {
            Err(errors.0)
        }
    }

    /// Whether inputs and outputs of the network are those of the data.
    fn check_ends(&self, shape: DataShape, errors: &mut Errors) {
        let network = &self.network;
        let n_outputs = shape.n_outputs(self.training.loss);
        let (is, must) = (
            (network.n_inputs, network.n_outputs),
            (shape.n_inputs, n_outputs),
        );
        if is != must {
            let text = format!(
                "the network has {} inputs and {} outputs, but data and loss ask for {} and {}: set them so",
                is.0, is.1, must.0, must.1,
            );
            errors.other(Setting::DataSet, text);
        }
    }

    fn check_hidden(&self, errors: &mut Errors) {
        let hidden = &self.network.hidden;
        let n_layers = hidden.len();
        let shown = || format!("{n_layers} layers");
        let range = Setting::Depth.range();
        errors.check_shown(Setting::Hidden, shown, range, n_layers as f64);
        for (layer, &n_units) in hidden.iter().enumerate() {
            let shown = || format!("{n_units} units in layer {}", layer + 1);
            let range = Setting::Width.range();
            errors.check_shown(Setting::Hidden, shown, range, n_units as f64);
        }
    }

    fn check_given(&self, errors: &mut Errors) {
        let network = &self.network;
        if network.given.is_some() && network.given_weights().is_none() {
            let text =
                "the weights are of another network: open the file again, or have them drawn";
            errors.other(Setting::Given, text.to_owned());
        }
    }

    fn check_loss(&self, shape: DataShape, errors: &mut Errors) {
        let training = &self.training;
        if training.loss.fit_to(shape) != training.loss {
            let text = format!(
                "{} cannot judge {}: choose {}",
                training.loss.label(),
                describe_target(shape),
                training.loss.fit_to(shape).label(),
            );
            errors.other(Setting::Loss, text);
        }
        errors.check_chosen(Setting::Loss, &training.loss);
    }

    fn check_class_weights(&self, errors: &mut Errors) {
        let weights = &self.training.class_weights;
        if weights.is_empty() {
            return;
        }
        let Some(n_classes) = self.n_class_weights() else {
            let text = format!("{} takes none: leave them out", self.training.loss.label());
            return errors.other(Setting::ClassWeights, text);
        };
        if weights.len() != n_classes {
            let text = format!(
                "{} weights: give one to each of {n_classes} classes",
                weights.len()
            );
            return errors.other(Setting::ClassWeights, text);
        }
        for (class, &weight) in weights.iter().enumerate() {
            let shown = || format!("{} for class {class}", shortest(weight));
            errors.check_shown(Setting::ClassWeights, shown, ranges::CLASS_WEIGHT, weight);
        }
        if weights.iter().all(|&weight| weight == 0.0) {
            let text = "all are 0, so that no sample counts: make one larger";
            errors.other(Setting::ClassWeights, text.into());
        }
    }

    /// Rates of layers that there are not are of no use and no harm: layers come and go.
    fn check_layer_rates(&self, errors: &mut Errors) {
        for (layer, rate) in self.training.layer_rates.iter().enumerate() {
            let Some(rate) = *rate else { continue };
            let shown = || format!("{} for layer {}", shortest(rate), layer + 1);
            errors.check_shown(Setting::LayerRates, shown, ranges::LAYER_RATE, rate);
        }
    }

    fn check_view(&self, errors: &mut Errors) {
        let (view, hidden) = (&self.view, &self.network.hidden);
        let missing = |what, index: usize, n: usize| {
            format!("there is no {what} {}: choose 1 to {n}", index + 1)
        };
        match (hidden.get(view.layer), view.unit) {
            // No layers at all: that is reported already.
            (None, _) if hidden.is_empty() => {}
            (None, _) => errors.other(Setting::Layer, missing("layer", view.layer, hidden.len())),
            (Some(&n_units), Some(unit)) if unit >= n_units => {
                errors.other(Setting::Unit, missing("unit", unit, n_units));
            }
            _ => {}
        }
        if !view.axes.fit(self.network.n_inputs) {
            let n_inputs = self.network.n_inputs;
            let text = match n_inputs {
                0..=2 => "with up to 2 inputs there is no choice: leave them out".to_owned(),
                _ => format!("choose two different inputs of 1 to {n_inputs}, or {PRINCIPAL}"),
            };
            errors.other(Setting::Axes, text);
        }
    }
}

struct Errors(Vec<ScenarioError>);

impl Errors {
    fn add(&mut self, setting: Setting, problem: Problem) {
        self.0.push(ScenarioError { setting, problem });
    }

    fn other(&mut self, setting: Setting, text: String) {
        self.add(setting, Problem::Other(text));
    }

    /// A setting that is a number must be in its range. There may be no limit.
    fn check_number(&mut self, setting: Setting, scenario: &Scenario) {
        let Some(value) = setting.get(scenario) else {
            return;
        };
        if value != f64::INFINITY || !setting.is_limit() {
            self.check_shown(setting, || shortest(value), setting.range(), value);
        }
        if setting == Setting::BatchSize && value == 1.0 && scenario.network.batch_norm {
            let text = "BatchNorm has no variance to divide by in batches of 1: choose 2 or more";
            self.other(setting, text.into());
        }
    }

    fn check_activation(&mut self, setting: Setting, activation: &ActivationSpec) {
        let params = match function_params(&activation.function) {
            Ok(params) => params,
            Err(text) => return self.other(setting, text),
        };
        if params.len() != activation.params.len() {
            let names: Vec<&str> = params.iter().map(|param| &*param.name).collect();
            let text = format!(
                "{} values for the parameters [{}]: give one each",
                activation.params.len(),
                names.join(", "),
            );
            return self.other(setting, text);
        }
        for (param, &value) in params.iter().zip(&activation.params) {
            let shown = || format!("{} {}", param.name, shortest(value));
            self.check_shown(setting, shown, param.range, value);
        }
    }

    /// `shown` writes the number as the message shows it.
    fn check_shown(
        &mut self,
        setting: Setting,
        shown: impl Fn() -> String,
        range: Range,
        value: f64,
    ) {
        if !range.contains(value) {
            let (value, allowed) = (shown(), range.describe());
            self.add(setting, Problem::OutOfRange { value, allowed });
        }
    }

    fn check_chosen(&mut self, setting: Setting, chosen: &impl Chosen) {
        for (param, value) in chosen.params() {
            let shown = || format!("{} {}", param.key(), shortest(value));
            self.check_shown(setting, shown, param.range(), value);
        }
    }
}

fn describe_target(shape: DataShape) -> String {
    match shape.target {
        TargetKind::Number => "numbers".into(),
        TargetKind::Class { n_classes } => format!("{n_classes} classes"),
    }
}
