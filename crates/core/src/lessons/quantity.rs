//! What can be measured of a network at a step, by name: `loss`, `dead in layer 2`, `gradient ratio`, `slope at 0`.

use crate::activation::{Activation, ActivationSpec};
use crate::classify::{ManyClasses, Outputs, Scores, TwoClasses, fit_temperature};
use crate::number::parse_f64;
use crate::observe::{Health, HistoryPoint, LayerSnapshot, Snapshot, UnitSnapshot, gradient_ratio};
use crate::protocol::{Loaded, Look};
use crate::scenario::Scenario;
use crate::text;

/// Something that has a number at a step of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Quantity {
    Loss,
    TestLoss,
    Accuracy,
    TestAccuracy,
    /// Hidden units of this health, of all layers or of one (numbered from 1).
    Units(Health, Option<usize>),
    /// The most units that were dead at one time until now.
    PeakDead,
    /// Share of unit and sample pairs whose slope is exactly 0.
    ZeroSlopes(Option<usize>),
    ZMean(usize),
    ZSpread(usize),
    /// RMS of dL/dz of a layer.
    Gradient(usize),
    /// Of the first hidden layer over the last.
    GradientRatio,
    /// Of the last hidden layer's spread of z over the first's.
    SpreadRatio,
    UpdateRatio(usize),
    /// Mean of what a PReLU has learned.
    Alpha(usize),
    /// 1 where it has diverged.
    Diverged,
    /// The first step at which the loss was at most this.
    StepsToLoss(f64),
    Majority,
    Recall,
    Precision,
    Specificity,
    F1,
    Auc,
    LogLoss,
    Ece,
    Brier,
    /// Mean logit of class 1 against class 0.
    MeanLogit,
    /// The temperature that the validation set asks for.
    Temperature,
    /// At that temperature.
    CalibratedEce,
    CalibratedLogLoss,
    /// Of the first hidden layer's function.
    FunctionAt(f64),
    SlopeAt(f64),
    MaxSlope,
    /// Farthest that the outputs are from those of the one matrix that linear layers multiply to.
    MatrixGap,
}

/// Why a text names no quantity.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum QuantityError {
    #[error("there is no quantity '{0}'. Choose among {known}.", known = known())]
    Unknown(String),
    #[error("'{0}' is of a layer: write '{0} in layer 1'")]
    NeedsLayer(String),
    #[error("'{0}' is of no layer")]
    HasNoLayer(String),
    #[error("'{0}' is no number")]
    NoNumber(String),
}

/// What is known of a network at a step.
#[derive(Clone, Copy, Debug)]
pub struct Seen<'a> {
    pub scenario: &'a Scenario,
    pub loaded: &'a Loaded,
    pub snapshot: &'a Snapshot,
    /// Of all steps until now.
    pub history: &'a [HistoryPoint],
}

/// A number, and of how many it counts where it is a count.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    pub value: f64,
    /// Of a count: how many there are.
    pub of: Option<usize>,
}

/// Names of those that are of the whole network.
const WHOLE: [(&str, Quantity); 27] = [
    ("loss", Quantity::Loss),
    ("test loss", Quantity::TestLoss),
    ("accuracy", Quantity::Accuracy),
    ("test accuracy", Quantity::TestAccuracy),
    ("alive", Quantity::Units(Health::Alive, None)),
    ("saturated", Quantity::Units(Health::Saturated, None)),
    ("dead", Quantity::Units(Health::Dead, None)),
    ("peak dead", Quantity::PeakDead),
    ("zero slopes", Quantity::ZeroSlopes(None)),
    ("gradient ratio", Quantity::GradientRatio),
    ("spread ratio", Quantity::SpreadRatio),
    ("diverged", Quantity::Diverged),
    ("majority", Quantity::Majority),
    ("recall", Quantity::Recall),
    ("precision", Quantity::Precision),
    ("specificity", Quantity::Specificity),
    ("F1", Quantity::F1),
    ("AUC", Quantity::Auc),
    ("log loss", Quantity::LogLoss),
    ("ECE", Quantity::Ece),
    ("Brier", Quantity::Brier),
    ("mean logit", Quantity::MeanLogit),
    ("temperature", Quantity::Temperature),
    ("calibrated ECE", Quantity::CalibratedEce),
    ("calibrated log loss", Quantity::CalibratedLogLoss),
    ("max slope", Quantity::MaxSlope),
    ("matrix gap", Quantity::MatrixGap),
];

type OfLayer = fn(usize) -> Quantity;
type WithNumber = fn(f64) -> Quantity;

/// Names of those that are of a layer, `in layer 2`.
const OF_LAYER: [(&str, OfLayer); 9] = [
    ("alive", |layer| Quantity::Units(Health::Alive, Some(layer))),
    ("saturated", |layer| {
        Quantity::Units(Health::Saturated, Some(layer))
    }),
    ("dead", |layer| Quantity::Units(Health::Dead, Some(layer))),
    ("zero slopes", |layer| Quantity::ZeroSlopes(Some(layer))),
    ("z mean", Quantity::ZMean),
    ("z spread", Quantity::ZSpread),
    ("gradient", Quantity::Gradient),
    ("update ratio", Quantity::UpdateRatio),
    ("alpha", Quantity::Alpha),
];

/// Names of those that end with a number.
const WITH_NUMBER: [(&str, WithNumber); 3] = [
    ("steps to loss ", Quantity::StepsToLoss),
    ("f at ", Quantity::FunctionAt),
    ("slope at ", Quantity::SlopeAt),
];

impl Quantity {
    /// # Errors
    /// What would be a quantity.
    pub fn new(text: &str) -> Result<Self, QuantityError> {
        let text = text.trim();
        if let Some((name, layer)) = text.split_once(" in layer ") {
            let number = || QuantityError::NoNumber(layer.to_owned());
            let layer: usize = layer.trim().parse().map_err(|_| number())?;
            let of_layer = OF_LAYER.iter().find(|(known, _)| *known == name);
            let is_whole = WHOLE.iter().any(|(known, _)| *known == name);
            return match of_layer {
                Some((_, make)) if layer > 0 => Ok(make(layer)),
                Some(_) => Err(number()),
                None if is_whole => Err(QuantityError::HasNoLayer(name.to_owned())),
                None => Err(QuantityError::Unknown(name.to_owned())),
            };
        }
        if let Some((_, quantity)) = WHOLE.iter().find(|(known, _)| *known == text) {
            return Ok(*quantity);
        }
        for (name, make) in WITH_NUMBER {
            if let Some(number) = text.strip_prefix(name) {
                let of = parse_f64(number.trim());
                return of
                    .map(make)
                    .ok_or_else(|| QuantityError::NoNumber(number.to_owned()));
            }
        }
        Err(match OF_LAYER.iter().any(|(known, _)| *known == text) {
            true => QuantityError::NeedsLayer(text.to_owned()),
            false => QuantityError::Unknown(text.to_owned()),
        })
    }

    /// What a snapshot has to hold for any of them.
    pub fn look() -> Look {
        Look {
            weights: true,
            answers: true,
            ..Look::NOTHING
        }
    }

    /// What it is of a network at a step; none where the network has no such thing, or no longer a finite one.
    pub fn of(self, seen: &Seen) -> Option<Measured> {
        let Seen {
            scenario, snapshot, ..
        } = *seen;
        let hidden = hidden(snapshot);
        let layer = |number: usize| hidden.get(number - 1);
        let wide = |value: f32| Some(f64::from(value));
        let value = match self {
            Self::Loss => wide(snapshot.loss),
            Self::TestLoss => snapshot.test_loss.map(f64::from),
            Self::Accuracy => snapshot.accuracy.map(f64::from),
            Self::TestAccuracy => snapshot.test_accuracy.map(f64::from),
            Self::Units(health, of_layer) => {
                let units = units_of(hidden, of_layer)?;
                let n = units.iter().filter(|unit| unit.health == health).count();
                return Some(Measured {
                    value: n as f64,
                    of: Some(units.len()),
                });
            }
            Self::PeakDead => {
                let most = seen.history.iter().map(|point| point.dead).max()?;
                return Some(Measured {
                    value: f64::from(most),
                    of: Some(units_of(hidden, None)?.len()),
                });
            }
            Self::ZeroSlopes(Some(number)) => wide(layer(number)?.zero_slope_share),
            Self::ZeroSlopes(None) => {
                let weigh = |layer: &LayerSnapshot| {
                    f64::from(layer.zero_slope_share) * layer.units.len() as f64
                };
                let n_units: usize = hidden.iter().map(|layer| layer.units.len()).sum();
                Some(hidden.iter().map(weigh).sum::<f64>() / n_units as f64)
            }
            Self::ZMean(number) => wide(layer(number)?.z_mean),
            Self::ZSpread(number) => wide(layer(number)?.z_std),
            Self::Gradient(number) => wide(layer(number)?.z_gradient_rms),
            Self::GradientRatio => {
                let rms: Vec<f32> = hidden.iter().map(|layer| layer.z_gradient_rms).collect();
                gradient_ratio(&rms).map(f64::from)
            }
            Self::SpreadRatio => {
                let (first, last) = (hidden.first()?, hidden.last()?);
                Some(f64::from(last.z_std) / f64::from(first.z_std))
            }
            Self::UpdateRatio(number) => wide(layer(number)?.update_ratio),
            Self::Alpha(number) => {
                let alphas = &layer(number)?.alphas;
                let sum: f64 = alphas.iter().map(|&alpha| f64::from(alpha)).sum();
                (!alphas.is_empty()).then(|| sum / alphas.len() as f64)
            }
            Self::Diverged => Some(f64::from(u8::from(snapshot.has_diverged))),
            Self::StepsToLoss(most) => {
                let reached = seen.history.iter().find(|p| f64::from(p.loss) <= most);
                reached.map(|point| point.step as f64)
            }
            Self::FunctionAt(_) | Self::SlopeAt(_) | Self::MaxSlope => {
                let function = Activation::resolve(scenario.network.activation_of(0));
                of_function(self, &function.ok()?)
            }
            Self::MatrixGap => matrix_gap(seen),
            Self::Majority
            | Self::Recall
            | Self::Precision
            | Self::Specificity
            | Self::F1
            | Self::Auc
            | Self::LogLoss
            | Self::Ece
            | Self::Brier
            | Self::MeanLogit
            | Self::Temperature
            | Self::CalibratedEce
            | Self::CalibratedLogLoss => of_answers(self, seen),
        };
        let value = value.filter(|value| value.is_finite())?;
        Some(Measured { value, of: None })
    }

    /// Whether it is a share of 1, to be told in percent.
    pub fn is_share(self) -> bool {
        matches!(
            self,
            Self::Accuracy
                | Self::TestAccuracy
                | Self::ZeroSlopes(_)
                | Self::Majority
                | Self::Recall
                | Self::Precision
                | Self::Specificity
        )
    }

    /// A value of it in words: "7", "41 %", "0.693".
    pub fn say(self, measured: Measured) -> String {
        let value = measured.value;
        match self {
            Self::Units(..) | Self::PeakDead | Self::StepsToLoss(_) => text::count(value as u64),
            Self::Diverged => (if value > 0.0 { "diverged" } else { "finite" }).to_owned(),
            _ if self.is_share() => format!("{} %", text::number(100.0 * value, 3)),
            _ => text::number(value, 3),
        }
    }
}

/// The hidden layers of a snapshot.
fn hidden(snapshot: &Snapshot) -> &[LayerSnapshot] {
    let n_hidden = snapshot.layers.len().saturating_sub(1);
    &snapshot.layers[..n_hidden]
}

/// Of a layer, numbered from 1, or of all.
fn units_of(hidden: &[LayerSnapshot], layer: Option<usize>) -> Option<Vec<UnitSnapshot>> {
    let layers = match layer {
        Some(number) => std::slice::from_ref(hidden.get(number - 1)?),
        None => hidden,
    };
    Some(
        layers
            .iter()
            .flat_map(|layer| layer.units.clone())
            .collect(),
    )
}

fn of_function(quantity: Quantity, function: &Activation) -> Option<f64> {
    match quantity {
        Quantity::FunctionAt(z) => Some(function.f(z)),
        Quantity::SlopeAt(z) => Some(function.slope(z)),
        _ => Some(function.max_abs_slope()),
    }
}

/// What the answers for the samples that judge the network amount to.
fn of_answers(quantity: Quantity, seen: &Seen) -> Option<f64> {
    let loss = seen.scenario.training.loss;
    let n_outputs = seen.scenario.network.n_outputs;
    let answers = seen.snapshot.answers.as_ref()?;
    let judged = Outputs::new(loss, n_outputs, &answers.judged, &seen.loaded.judges.y)?;
    let temperature = match quantity {
        Quantity::Temperature | Quantity::CalibratedEce | Quantity::CalibratedLogLoss => {
            let validation = &seen.loaded.y_validation;
            let outputs = Outputs::new(loss, n_outputs, &answers.validation, validation)?;
            fit_temperature(&outputs)?.temperature
        }
        _ => 1.0,
    };
    if quantity == Quantity::Temperature {
        return Some(temperature);
    }
    if seen.loaded.n_classes > 2 {
        let many = ManyClasses::new(judged);
        let scores = many.scores(temperature);
        return match quantity {
            Quantity::Majority => Some(many.majority_share()),
            _ => of_scores(quantity, &scores),
        };
    }
    let two = TwoClasses::new(&judged).ok()?;
    let counts = two.at(logit(seen.scenario.view.threshold));
    match quantity {
        Quantity::Majority => Some(two.majority_share()),
        Quantity::Recall => counts.recall(),
        Quantity::Precision => counts.precision(),
        Quantity::Specificity => counts.specificity(),
        Quantity::F1 => Some(counts.f1()),
        Quantity::Auc => two.ranked.roc_auc(),
        Quantity::MeanLogit => Some(two.logits.iter().sum::<f64>() / two.n() as f64),
        _ => of_scores(quantity, &two.scores(temperature)),
    }
}

fn of_scores(quantity: Quantity, scores: &Scores) -> Option<f64> {
    match quantity {
        Quantity::LogLoss | Quantity::CalibratedLogLoss => Some(scores.log_loss),
        Quantity::Ece | Quantity::CalibratedEce => Some(scores.ece),
        Quantity::Brier => Some(scores.brier),
        _ => None,
    }
}

fn logit(p: f64) -> f64 {
    libm::log(p) - libm::log1p(-p)
}

/// W = W_L ... W_1 and its bias, held against what the engine answers.
fn matrix_gap(seen: &Seen) -> Option<f64> {
    let n_inputs = seen.loaded.n_inputs;
    let network = &seen.scenario.network;
    let is_identity = |spec: &ActivationSpec| {
        let function = Activation::resolve(spec);
        function.is_ok_and(|f| (-3..=3).all(|z| f.f(f64::from(z)) == f64::from(z)))
    };
    if network.batch_norm || !network.activations().into_iter().all(is_identity) {
        return None;
    }
    // Row by row, the bias last: begins as the identity, with no bias.
    let mut matrix: Vec<Vec<f64>> = (0..n_inputs)
        .map(|i| {
            (0..=n_inputs)
                .map(|j| f64::from(u8::from(i == j)))
                .collect()
        })
        .collect();
    for layer in &seen.snapshot.layers {
        let n_in = matrix.len();
        let rows = layer.weights.chunks_exact(n_in).zip(&layer.biases);
        matrix = rows
            .map(|(weights, &bias)| {
                let mut row = vec![0.0; n_inputs + 1];
                row[n_inputs] = f64::from(bias);
                for (weight, below) in weights.iter().zip(&matrix) {
                    for (sum, value) in row.iter_mut().zip(below) {
                        *sum += f64::from(*weight) * value;
                    }
                }
                row
            })
            .collect();
    }
    let answers = &seen.snapshot.answers.as_ref()?.judged;
    let samples = seen.loaded.judges.x.chunks_exact(n_inputs);
    let mut farthest: f64 = 0.0;
    for (x, answer) in samples.zip(answers.chunks_exact(matrix.len().max(1))) {
        for (row, &out) in matrix.iter().zip(answer) {
            let products = row.iter().zip(x).map(|(w, &x)| w * f64::from(x));
            let one = products.sum::<f64>() + row[n_inputs];
            farthest = farthest.max((one - f64::from(out)).abs());
        }
    }
    Some(farthest)
}

fn known() -> String {
    let whole = WHOLE.iter().map(|(name, _)| (*name).to_owned());
    let of_layer = OF_LAYER
        .iter()
        .map(|(name, _)| format!("{name} in layer 1"));
    let with_number = WITH_NUMBER.iter().map(|(name, _)| format!("{name}0.1"));
    let all: Vec<String> = whole.chain(of_layer).chain(with_number).collect();
    all.join(", ")
}
