//! What a network's outputs mean: it is the loss that gives them their meaning.

use crate::activation::softmax;
use crate::nn::spec::Loss;

/// What the loss makes of the outputs before it compares them with a class.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Squash {
    /// One logit: the probability of class 1 is its sigmoid.
    Sigmoid,
    /// One logit a class: softmax makes probabilities of them that sum to 1.
    Softmax,
    /// One logit a class, each squashed for itself: the probabilities need not sum to 1.
    Sigmoids,
    /// The outputs are taken for probabilities as they are.
    Plain,
    /// The positive part of the outputs is taken for a probability.
    Positive,
}

/// Outputs for samples, and their classes.
#[derive(Clone, Debug, PartialEq)]
pub struct Outputs {
    pub squash: Squash,
    pub n_outputs: usize,
    /// `[n, n_outputs]`.
    pub values: Vec<f64>,
    /// `[n]`.
    pub y: Vec<usize>,
}

/// How far plain outputs are kept from 0 and 1 where a logit is asked of them.
const EDGE: f64 = 1e-6;

impl Squash {
    pub fn of(loss: Loss, n_outputs: usize) -> Self {
        match (loss, n_outputs) {
            (Loss::SoftmaxCrossEntropy, _) => Self::Softmax,
            (Loss::Focal { .. }, n) if n > 1 => Self::Softmax,
            (Loss::BceLogits | Loss::Focal { .. } | Loss::SigmoidMse, 1) => Self::Sigmoid,
            (Loss::BceLogits | Loss::Focal { .. } | Loss::SigmoidMse, _) => Self::Sigmoids,
            (Loss::Mse | Loss::Huber { .. }, _) => Self::Plain,
            (Loss::ReluMse, _) => Self::Positive,
        }
    }

    /// Probabilities of a row of outputs, softened by a temperature where there are logits to divide.
    pub fn shares(self, row: &[f64], temperature: f64) -> Vec<f64> {
        let each = |of: fn(f64) -> f64| row.iter().map(|&x| of(x)).collect();
        match self {
            Self::Softmax => softmax(row, temperature),
            Self::Sigmoid | Self::Sigmoids => {
                row.iter().map(|&x| sigmoid(x / temperature)).collect()
            }
            Self::Plain | Self::Positive => each(|x| x.clamp(0.0, 1.0)),
        }
    }

    /// Whether a temperature means anything.
    pub fn has_logits(self) -> bool {
        matches!(self, Self::Sigmoid | Self::Softmax | Self::Sigmoids)
    }
}

impl Outputs {
    /// `values`: `[n, n_outputs]`, as a snapshot has them; `y`: `[n]` classes. `None` where there is no sample, where the
    /// two do not agree, or where an output is no number.
    pub fn new(loss: Loss, n_outputs: usize, values: &[f32], y: &[f32]) -> Option<Self> {
        let is_whole = n_outputs > 0 && !y.is_empty() && values.len() == n_outputs * y.len();
        let is_finite = values.iter().all(|v| v.is_finite());
        (is_whole && is_finite).then(|| Self {
            squash: Squash::of(loss, n_outputs),
            n_outputs,
            values: values.iter().map(|&v| f64::from(v)).collect(),
            y: y.iter().map(|&y| y as usize).collect(),
        })
    }

    pub fn n(&self) -> usize {
        self.y.len()
    }

    pub fn rows(&self) -> impl Iterator<Item = &[f64]> {
        self.values.chunks_exact(self.n_outputs)
    }

    /// The logit of class 1 against class 0, for each sample. Plain outputs are kept within (0, 1).
    pub fn logits_of_one(&self) -> Vec<f64> {
        let of = |row: &[f64]| match (self.squash, row) {
            (Squash::Softmax | Squash::Sigmoids, [zero, one, ..]) => one - zero,
            (Squash::Plain | Squash::Positive, [p]) => logit(p.clamp(EDGE, 1.0 - EDGE)),
            (_, [x, ..]) => *x,
            (_, []) => 0.0,
        };
        self.rows().map(of).collect()
    }

    /// Plain outputs that are no probability: below 0, and above 1.
    pub fn n_outside(&self) -> (usize, usize) {
        match self.squash {
            Squash::Plain => {
                let count = |is: fn(f64) -> bool| self.values.iter().filter(|&&x| is(x)).count();
                (count(|x| x < 0.0), count(|x| x > 1.0))
            }
            Squash::Positive => (0, self.values.iter().filter(|&&x| x > 1.0).count()),
            _ => (0, 0),
        }
    }
}

/// A loss with the output layer that goes with it, as a choice for classes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pairing {
    pub loss: Loss,
    pub label: &'static str,
    pub about: &'static str,
    /// What it does that one would not want.
    pub harm: Option<&'static str>,
}

impl Pairing {
    /// Those for so many classes; the first is the one that fits.
    pub fn all(n_classes: usize) -> &'static [Self] {
        if n_classes == 2 { &TWO } else { &MANY }
    }

    /// The one that a loss belongs to: a focal loss is a cross-entropy that looks away from what is easy.
    pub fn of(loss: Loss, n_classes: usize) -> Option<&'static Self> {
        let plain = match (loss, n_classes) {
            (Loss::Focal { .. }, 2) => Loss::BceLogits,
            (Loss::Focal { .. }, _) => Loss::SoftmaxCrossEntropy,
            (Loss::Huber { .. }, _) => Loss::Mse,
            (loss, _) => loss,
        };
        Self::all(n_classes)
            .iter()
            .find(|pairing| pairing.loss == plain)
    }
}

static TWO: [Pairing; 5] = [
    Pairing {
        loss: Loss::BceLogits,
        label: "Sigmoid + cross-entropy",
        about: "One logit: two classes.",
        harm: None,
    },
    Pairing {
        loss: Loss::SoftmaxCrossEntropy,
        label: "Softmax + cross-entropy",
        about: "Two logits, the same answers: only their difference counts.",
        harm: None,
    },
    Pairing {
        loss: Loss::SigmoidMse,
        label: "Sigmoid + squared error",
        about: "The slope of the sigmoid is a factor of the gradient.",
        harm: Some("Slow when sure and wrong: it saturates."),
    },
    Pairing {
        loss: Loss::Mse,
        label: "Linear + squared error",
        about: "The output is taken for the probability.",
        harm: Some("Answers below 0 and above 1."),
    },
    Pairing {
        loss: Loss::ReluMse,
        label: "ReLU + squared error",
        about: "The positive part is taken for the probability.",
        harm: Some("Below 0 no gradient: samples that are never learnt."),
    },
];

static MANY: [Pairing; 4] = [
    Pairing {
        loss: Loss::SoftmaxCrossEntropy,
        label: "Softmax + cross-entropy",
        about: "One of many: shares sum to 1.",
        harm: None,
    },
    Pairing {
        loss: Loss::BceLogits,
        label: "Sigmoids + cross-entropy",
        about: "Each class for itself: several could hold at once.",
        harm: None,
    },
    Pairing {
        loss: Loss::SigmoidMse,
        label: "Sigmoids + squared error",
        about: "The slope of the sigmoid is a factor of the gradient.",
        harm: Some("Slow when sure and wrong: it saturates."),
    },
    Pairing {
        loss: Loss::Mse,
        label: "Linear + squared error",
        about: "Each output is taken for the probability of its class.",
        harm: Some("Answers below 0 and above 1."),
    },
];

/// 1 / (1 + exp(-x)), finite for every x.
pub(super) fn sigmoid(x: f64) -> f64 {
    let e = libm::exp(-x.abs());
    if x >= 0.0 {
        1.0 / (1.0 + e)
    } else {
        e / (1.0 + e)
    }
}

/// ln(p / (1 - p)).
pub(super) fn logit(p: f64) -> f64 {
    libm::log(p) - libm::log1p(-p)
}

/// ln(1 + exp(x)).
pub(super) fn softplus(x: f64) -> f64 {
    x.max(0.0) + libm::log1p(libm::exp(-x.abs()))
}
