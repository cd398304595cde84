//! Metrics of classifiers, in f64, with scikit-learn's meaning.
//!
//! [`Ranked`] judges two classes at every threshold: counts, cost, ROC, precision and recall. [`Binary`] does so by
//! probabilities, which have a Brier score and a log loss. [`Multiclass`] judges logits: accuracy, negative log-likelihood, calibration and the
//! temperature that mends it. Both check their input once, so that what follows cannot fail.

use serde::Serialize;

mod binary;
mod confusion;
mod interval;
mod multiclass;
mod ranked;
mod reliability;

pub use binary::Binary;
pub use confusion::ConfusionMatrix;
pub use interval::wilson;
pub use multiclass::{Multiclass, Temperature};
pub use ranked::{
    Cheapest, ClassHistograms, Counts, PrPoint, Ranked, RocPoint, SplitBin, ThresholdPoint,
};
pub use reliability::{ReliabilityBin, expected_calibration_error, reliability};

/// Why predictions cannot be judged, and what to do.
#[derive(Clone, Debug, PartialEq, Serialize, thiserror::Error)]
pub enum MetricsError {
    #[error("no samples: give one at least")]
    Empty,
    #[error("{n_y} targets but {n_predictions} predictions: give one of each a sample")]
    Lengths { n_y: usize, n_predictions: usize },
    #[error("p[{sample}] is {p}: a probability lies between 0 and 1")]
    Probability { sample: usize, p: f64 },
    #[error("logits[{sample}] is {value}: give a finite number")]
    RareLogit { sample: usize, value: f64 },
    #[error("logits[{sample}][{class}] is {value}: give a finite number")]
    Logit {
        sample: usize,
        class: usize,
        value: f64,
    },
    #[error("{n_classes} logits a sample: give two at least")]
    TooFewClasses { n_classes: usize },
    #[error("y[{sample}] is {class}, but there are {n_classes} classes, numbered from 0")]
    Class {
        sample: usize,
        class: usize,
        n_classes: usize,
    },
}
