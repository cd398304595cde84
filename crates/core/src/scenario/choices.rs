//! What can be chosen by name: optimizers, schedules, losses, initializers. Ids for links and the shell, labels
//! for the page, ranges of their parameters.

use std::mem::discriminant;

use super::Setting;
use crate::nn::schedule::Annealing;
use crate::nn::spec::{Initializer, Loss, Optimizer};

/// One entry of a menu.
#[derive(Debug)]
pub struct Choice<T> {
    /// Stable: links and the shell use it.
    pub id: &'static str,
    pub label: &'static str,
    /// With its parameters' usual values.
    pub value: T,
    /// What it is, in a sentence.
    pub about: &'static str,
}

/// A value chosen from a table, some of them with parameters.
pub trait Chosen: Clone + 'static {
    /// In the order in which a menu shows them. Holds every variant.
    fn table() -> &'static [Choice<Self>];

    /// The parameters of this choice.
    fn params_mut(&mut self) -> Vec<(Setting, &mut f64)>;

    /// The table's entry of this choice, with the usual values of its parameters.
    fn entry(&self) -> &'static Choice<Self> {
        Self::table()
            .iter()
            .find(|entry| discriminant(&entry.value) == discriminant(self))
            .expect("the table holds every variant: a test walks through them")
    }

    fn id(&self) -> &'static str {
        self.entry().id
    }

    fn label(&self) -> &'static str {
        self.entry().label
    }

    fn from_id(id: &str) -> Option<Self> {
        let entry = Self::table().iter().find(|entry| entry.id == id)?;
        Some(entry.value.clone())
    }

    /// The parameters of this choice and their values.
    fn params(&self) -> Vec<(Setting, f64)> {
        let mut copy = self.clone();
        let params = copy.params_mut();
        params
            .into_iter()
            .map(|(setting, value)| (setting, *value))
            .collect()
    }
}

impl Chosen for Optimizer {
    fn table() -> &'static [Choice<Self>] {
        &OPTIMIZERS
    }

    fn params_mut(&mut self) -> Vec<(Setting, &mut f64)> {
        match self {
            Self::Sgd => vec![],
            Self::Momentum { momentum } | Self::Nesterov { momentum } => {
                vec![(Setting::Momentum, momentum)]
            }
            Self::RmsProp { alpha, eps } => {
                vec![(Setting::SquareDecay, alpha), (Setting::Eps, eps)]
            }
            Self::Adam { beta1, beta2, eps } => vec![
                (Setting::Beta1, beta1),
                (Setting::Beta2, beta2),
                (Setting::Eps, eps),
            ],
            Self::AdamW {
                beta1,
                beta2,
                eps,
                weight_decay,
            } => vec![
                (Setting::Beta1, beta1),
                (Setting::Beta2, beta2),
                (Setting::Eps, eps),
                (Setting::WeightDecay, weight_decay),
            ],
        }
    }
}

impl Chosen for Loss {
    fn table() -> &'static [Choice<Self>] {
        &LOSSES
    }

    fn params_mut(&mut self) -> Vec<(Setting, &mut f64)> {
        match self {
            Self::Mse
            | Self::BceLogits
            | Self::SoftmaxCrossEntropy
            | Self::SigmoidMse
            | Self::ReluMse => vec![],
            Self::Focal { gamma, alpha } => {
                vec![(Setting::FocalGamma, gamma), (Setting::FocalAlpha, alpha)]
            }
            Self::Huber { delta } => vec![(Setting::HuberDelta, delta)],
        }
    }
}

impl Chosen for Initializer {
    fn table() -> &'static [Choice<Self>] {
        &INITIALIZERS
    }

    fn params_mut(&mut self) -> Vec<(Setting, &mut f64)> {
        match self {
            Self::Uniform { a } => vec![(Setting::Bound, a)],
            _ => vec![],
        }
    }
}

impl Chosen for Annealing {
    fn table() -> &'static [Choice<Self>] {
        &ANNEALINGS
    }

    fn params_mut(&mut self) -> Vec<(Setting, &mut f64)> {
        match self {
            Self::Constant => vec![],
            Self::Step { every, factor } => {
                vec![(Setting::StepLength, every), (Setting::StepFactor, factor)]
            }
            Self::Cosine { over, floor } => {
                vec![(Setting::CosineLength, over), (Setting::CosineFloor, floor)]
            }
        }
    }
}

static ANNEALINGS: [Choice<Annealing>; 3] = [
    Choice {
        id: "constant",
        label: "Constant",
        value: Annealing::Constant,
        about: "The learning rate stays as it is.",
    },
    Choice {
        id: "step",
        label: "Step",
        value: Annealing::Step {
            every: 1_000.0,
            factor: 0.5,
        },
        about: "Falls by a factor now and then: large strides first, fine ones later.",
    },
    Choice {
        id: "cosine",
        label: "Cosine",
        value: Annealing::Cosine {
            over: 2_000.0,
            floor: 0.0,
        },
        about: "Falls along half a cosine: slowly, fast, slowly, and stays at its floor.",
    },
];

static OPTIMIZERS: [Choice<Optimizer>; 6] = [
    Choice {
        id: "sgd",
        label: "SGD",
        value: Optimizer::Sgd,
        about: "Straight down the gradient of the batch.",
    },
    Choice {
        id: "momentum",
        label: "Momentum",
        value: Optimizer::MOMENTUM,
        about: "A ball that rolls: past gradients carry on, so a bad push goes further too.",
    },
    Choice {
        id: "nesterov",
        label: "Nesterov",
        value: Optimizer::NESTEROV,
        about: "Momentum that looks ahead before it measures the slope.",
    },
    Choice {
        id: "rmsprop",
        label: "RMSprop",
        value: Optimizer::RMSPROP,
        about: "Every parameter has its own step length, by the size of its recent gradients.",
    },
    Choice {
        id: "adam",
        label: "Adam",
        value: Optimizer::ADAM,
        about: "Momentum and a step length for every parameter.",
    },
    Choice {
        id: "adamw",
        label: "AdamW",
        value: Optimizer::ADAMW,
        about: "Adam with weight decay that does not pass through its step lengths.",
    },
];

static LOSSES: [Choice<Loss>; 7] = [
    Choice {
        id: "bce",
        label: "Binary cross-entropy",
        value: Loss::BceLogits,
        about: "Surprise at the true class of two; a confident mistake costs most.",
    },
    Choice {
        id: "mse",
        label: "Mean squared error",
        value: Loss::Mse,
        about: "Squared distance to the target; outliers pull hard.",
    },
    Choice {
        id: "softmax",
        label: "Softmax cross-entropy",
        value: Loss::SoftmaxCrossEntropy,
        about: "Surprise at the true class of many, one output each.",
    },
    Choice {
        id: "focal",
        label: "Focal",
        value: Loss::Focal {
            gamma: 2.0,
            alpha: 0.25,
        },
        about: "Cross-entropy that turns away from samples that are already right.",
    },
    Choice {
        id: "huber",
        label: "Huber",
        value: Loss::Huber { delta: 1.0 },
        about: "Squared near the target, straight beyond: outliers pull no harder than others.",
    },
    Choice {
        id: "sigmoid_mse",
        label: "Squared error of a sigmoid",
        value: Loss::SigmoidMse,
        about: "For classes a wrong pairing: where the sigmoid is flat a confident mistake teaches nothing.",
    },
    Choice {
        id: "relu_mse",
        label: "Squared error of a ReLU",
        value: Loss::ReluMse,
        about: "For classes a wrong pairing: what lies below 0 has no gradient and is never mended.",
    },
];

static INITIALIZERS: [Choice<Initializer>; 9] = [
    Choice {
        id: "he_normal",
        label: "He normal",
        value: Initializer::HeNormal,
        about: "Variance 2 / inputs keeps the scale of the signal through ReLU and its kin.",
    },
    Choice {
        id: "he_uniform",
        label: "He uniform",
        value: Initializer::HeUniform,
        about: "He's variance, drawn evenly.",
    },
    Choice {
        id: "glorot_normal",
        label: "Glorot normal",
        value: Initializer::GlorotNormal,
        about: "Variance 2 / (inputs + outputs) balances signal and gradient through tanh and its kin.",
    },
    Choice {
        id: "glorot_uniform",
        label: "Glorot uniform",
        value: Initializer::GlorotUniform,
        about: "Glorot's variance, drawn evenly.",
    },
    Choice {
        id: "lecun_normal",
        label: "LeCun normal",
        value: Initializer::LecunNormal,
        about: "Variance 1 / inputs: what SELU needs to normalise itself.",
    },
    Choice {
        id: "lecun_uniform",
        label: "LeCun uniform",
        value: Initializer::LecunUniform,
        about: "LeCun's variance, drawn evenly.",
    },
    Choice {
        id: "uniform",
        label: "Uniform",
        value: Initializer::Uniform { a: 0.5 },
        about: "Evenly between -a and a, whatever the layer's size.",
    },
    Choice {
        id: "zeros",
        label: "Zeros",
        value: Initializer::Zeros,
        about: "All units alike, and they stay alike: nothing tells them apart.",
    },
    Choice {
        id: "orthogonal",
        label: "Orthogonal",
        value: Initializer::Orthogonal,
        about: "Turns the signal without stretching it, however deep the network.",
    },
];
