//! Is a scenario one that an engine can run?

use super::choices::Chosen;
use super::function::function_params;
use super::link::PRINCIPAL;
use super::ranges::{self, Range, Setting, shortest};
use super::{Field, Scenario};
use crate::activation::Function;
use crate::data::{DataError, DataShape, DataSource, TargetKind};
use crate::nn::spec::Loss;

/// One part of a scenario that cannot be run as it is.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{}: {problem}", field.label())]
pub struct ScenarioError {
    pub field: Field,
    pub problem: Problem,
}

#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum Problem {
    /// A number outside what it may be.
    #[error("{value} is out of range: choose {allowed}")]
    OutOfRange {
        /// With its name or unit where the field has several numbers: "alpha 3", "40 layers".
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
    /// All that is wrong, in the order of the fields.
    pub fn check(&self) -> Result<(), Vec<ScenarioError>> {
        let mut errors = Errors(Vec::new());
        let shape = self.check_data(&mut errors);
        self.check_network(shape, &mut errors);
        self.check_training(shape, &mut errors);
        self.check_view(&mut errors);
        if errors.0.is_empty() {
            Ok(())
        } else {
            Err(errors.0)
        }
    }

    fn check_data(&self, errors: &mut Errors) -> DataShape {
        let data = &self.data;
        errors.check(Field::Samples, &ranges::SAMPLES, data.n_samples as f64);
        errors.check(Field::Noise, &ranges::NOISE, data.noise);
        errors.check(Field::TestShare, &ranges::TEST_SHARE, data.test_share);
        data.try_shape().unwrap_or_else(|error| {
            let field = match &data.source {
                DataSource::Points(_) => Field::Points,
                _ => Field::Csv,
            };
            errors.add(field, error.into());
            DataShape::UNREADABLE
        })
    }

    fn check_network(&self, shape: DataShape, errors: &mut Errors) {
        let network = &self.network;
        let n_layers = network.hidden.len();
        errors.check_shown(
            Field::Hidden,
            || format!("{n_layers} layers"),
            &ranges::LAYERS.range,
            n_layers as f64,
        );
        for (layer, &n_units) in network.hidden.iter().enumerate() {
            let shown = || format!("{n_units} units in layer {}", layer + 1);
            errors.check_shown(Field::Hidden, shown, &ranges::UNITS.range, n_units as f64);
        }
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
            errors.other(Field::DataSet, text);
        }
        self.check_activation(errors);
        errors.check_chosen(Field::Initializer, &network.initializer);
        errors.check(Field::Gain, &ranges::GAIN, network.gain);
    }

    fn check_activation(&self, errors: &mut Errors) {
        let activation = &self.network.activation;
        let field = match &activation.function {
            Function::Catalogue(_) => Field::Activation,
            Function::Formula(_) => Field::Formula,
        };
        let params = match function_params(&activation.function) {
            Ok(params) => params,
            Err(text) => return errors.other(field, text),
        };
        if params.len() != activation.params.len() {
            let names: Vec<&str> = params.iter().map(|param| &*param.name).collect();
            let text = format!(
                "{} values for the parameters [{}]: give one each",
                activation.params.len(),
                names.join(", "),
            );
            return errors.other(field, text);
        }
        for (param, &value) in params.iter().zip(&activation.params) {
            let shown = || format!("{} {}", param.name, shortest(value));
            errors.check_shown(field, shown, &param.range, value);
        }
    }

    fn check_training(&self, shape: DataShape, errors: &mut Errors) {
        let training = &self.training;
        if training.loss.fit_to(shape) != training.loss {
            let text = format!(
                "{} cannot judge {}: choose {}",
                training.loss.label(),
                describe_target(shape),
                training.loss.fit_to(shape).label(),
            );
            errors.other(Field::Loss, text);
        }
        errors.check_chosen(Field::Loss, &training.loss);
        self.check_class_weights(shape, errors);
        errors.check_chosen(Field::Optimizer, &training.optimizer);
        errors.check(
            Field::LearningRate,
            &ranges::LEARNING_RATE,
            training.learning_rate,
        );
        errors.check(
            Field::BatchSize,
            &ranges::BATCH_SIZE,
            training.batch_size as f64,
        );
        if self.network.batch_norm && training.batch_size == 1 {
            let text = "BatchNorm has no variance to divide by in batches of 1: choose 2 or more";
            errors.other(Field::BatchSize, text.into());
        }
        errors.check(Field::L1, &ranges::L1, training.l1);
        errors.check(Field::L2, &ranges::L2, training.l2);
        if let Some(norm) = training.clip_norm {
            errors.check(Field::ClipNorm, &ranges::CLIP_NORM, norm);
        }
    }

    fn check_class_weights(&self, shape: DataShape, errors: &mut Errors) {
        let weights = &self.training.class_weights;
        if weights.is_empty() {
            return;
        }
        let n_classes = match (self.training.loss, shape.target) {
            (Loss::SoftmaxCrossEntropy, TargetKind::Class { n_classes }) => n_classes,
            (Loss::BceLogits | Loss::Focal { .. }, TargetKind::Class { .. }) => 2,
            _ => {
                let text = format!("{} takes none: leave them out", self.training.loss.label());
                return errors.other(Field::ClassWeights, text);
            }
        };
        if weights.len() != n_classes {
            let text = format!(
                "{} weights: give one to each of {n_classes} classes",
                weights.len()
            );
            return errors.other(Field::ClassWeights, text);
        }
        for (class, &weight) in weights.iter().enumerate() {
            let shown = || format!("{} for class {class}", shortest(weight));
            errors.check_shown(
                Field::ClassWeights,
                shown,
                &ranges::CLASS_WEIGHT.range,
                weight,
            );
        }
        if weights.iter().all(|&weight| weight == 0.0) {
            let text = "all are 0, so that no sample counts: make one larger";
            errors.other(Field::ClassWeights, text.into());
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
            (None, _) => errors.other(Field::Layer, missing("layer", view.layer, hidden.len())),
            (Some(&n_units), Some(unit)) if unit >= n_units => {
                errors.other(Field::Unit, missing("unit", unit, n_units));
            }
            _ => {}
        }
        if !view.axes.fit(self.network.n_inputs) {
            let n_inputs = self.network.n_inputs;
            let text = match n_inputs {
                0..=2 => "with up to 2 inputs there is no choice: leave them out".to_owned(),
                _ => format!("choose two different inputs of 1 to {n_inputs}, or {PRINCIPAL}"),
            };
            errors.other(Field::Axes, text);
        }
        if let Some(speed) = view.steps_per_second {
            errors.check(Field::Speed, &ranges::SPEED, speed);
        }
    }
}

struct Errors(Vec<ScenarioError>);

impl Errors {
    fn add(&mut self, field: Field, problem: Problem) {
        self.0.push(ScenarioError { field, problem });
    }

    fn other(&mut self, field: Field, text: String) {
        self.add(field, Problem::Other(text));
    }

    fn check(&mut self, field: Field, setting: &Setting, value: f64) {
        self.check_shown(field, || shortest(value), &setting.range, value);
    }

    /// `shown` writes the number as the message shows it.
    fn check_shown(&mut self, field: Field, shown: impl Fn() -> String, range: &Range, value: f64) {
        if !range.contains(value) {
            let (value, allowed) = (shown(), range.describe());
            self.add(field, Problem::OutOfRange { value, allowed });
        }
    }

    fn check_chosen(&mut self, field: Field, chosen: &impl Chosen) {
        for (setting, value) in chosen.params() {
            let shown = || format!("{} {}", setting.key, shortest(value));
            self.check_shown(field, shown, &setting.range, value);
        }
    }
}

fn describe_target(shape: DataShape) -> String {
    match shape.target {
        TargetKind::Number => "numbers".into(),
        TargetKind::Class { n_classes } => format!("{n_classes} classes"),
    }
}
