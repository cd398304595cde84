//! What a network is and how it is trained. Plain data: no behaviour but checks.

use serde::{Deserialize, Serialize};

use super::given::Given;
use super::schedule::Schedule;
use crate::activation::ActivationSpec;

/// The most that a run may ask for (DESIGN section 5).
pub mod limits {
    pub const HIDDEN_LAYERS: usize = 32;
    pub const UNITS_PER_LAYER: usize = 128;
    pub const INPUTS: usize = 64;
    pub const OUTPUTS: usize = 16;
    pub const SAMPLES: usize = 10_000;
    pub const LANES: usize = 4_096;
    /// The probe set: the first samples of the training set, on which health is judged.
    pub const PROBE_SAMPLES: usize = 512;
}

/// A fully connected network: `hidden.len()` hidden layers, each with an activation, then a linear output
/// layer. With batch normalisation a hidden layer is linear, normalisation, activation.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NetworkSpec {
    pub n_inputs: usize,
    /// Units of each hidden layer.
    pub hidden: Vec<usize>,
    pub n_outputs: usize,
    /// Of hidden layers that have none of their own.
    pub activation: ActivationSpec,
    /// Of hidden layers: an activation of the layer's own. What is missing or `None` has the common one.
    pub layer_activations: Vec<Option<ActivationSpec>>,
    /// Where PReLU's learned alpha lives. Of no effect for other activations.
    pub prelu_sharing: PreluSharing,
    pub batch_norm: bool,
    pub initializer: Initializer,
    /// Multiplies the initializer's standard deviation (or bound). 1 is the initializer itself.
    pub gain: f64,
    /// Weights that it begins with in place of drawn ones.
    pub given: Option<Given>,
}

impl NetworkSpec {
    /// The activation of a hidden layer.
    pub fn activation_of(&self, layer: usize) -> &ActivationSpec {
        let own = self.layer_activations.get(layer);
        own.and_then(Option::as_ref).unwrap_or(&self.activation)
    }

    /// The activations of the hidden layers: one for all of them, or one each where a layer has its own.
    pub fn activations(&self) -> Vec<&ActivationSpec> {
        let own = self.layer_activations.iter().take(self.hidden.len());
        let n = match own.flatten().next() {
            Some(_) => self.hidden.len(),
            None => 1,
        };
        (0..n).map(|l| self.activation_of(l)).collect()
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum PreluSharing {
    /// One alpha a layer: PyTorch's `num_parameters=1`.
    #[default]
    Layer,
    /// One alpha a unit.
    Unit,
}

/// How weights begin. Biases begin at 0. `n_in`, `n_out`: of the layer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Initializer {
    /// N(0, 2 / n_in) (He et al. 2015, arXiv 1502.01852).
    HeNormal,
    /// U(-b, b), b = sqrt(6 / n_in).
    HeUniform,
    /// N(0, 2 / (n_in + n_out)) (Glorot and Bengio, AISTATS 2010).
    GlorotNormal,
    /// U(-b, b), b = sqrt(6 / (n_in + n_out)).
    GlorotUniform,
    /// N(0, 1 / n_in) (LeCun et al. 1998, "Efficient BackProp").
    LecunNormal,
    /// U(-b, b), b = sqrt(3 / n_in).
    LecunUniform,
    /// U(-a, a).
    Uniform {
        a: f64,
    },
    Zeros,
    /// Orthonormal rows or columns (Saxe et al. 2014, arXiv 1312.6120).
    Orthogonal,
}

/// Mean over the batch (and over outputs for MSE and Huber), PyTorch's meaning.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Loss {
    /// (y_hat - y)^2.
    Mse,
    /// Binary cross-entropy on the logit.
    BceLogits,
    /// Cross-entropy of softmax(logits); class weights normalise as PyTorch's.
    SoftmaxCrossEntropy,
    /// -alpha_t (1 - p_t)^gamma log p_t (Lin et al. 2017, arXiv 1708.02002, eq. 5), on the logit; with several outputs
    /// -alpha (1 - p)^gamma log p, p the true class's share of softmax(logits), class weights as softmax cross-entropy's.
    Focal { gamma: f64, alpha: f64 },
    /// Quadratic below delta, linear beyond (PyTorch's `HuberLoss`).
    Huber { delta: f64 },
    /// (sigmoid(logit) - y)^2: the slope of the sigmoid is a factor of the gradient, which vanishes where the network is
    /// sure, right or wrong.
    SigmoidMse,
    /// (max(y_hat, 0) - y)^2: without a gradient below 0.
    ReluMse,
}

impl Loss {
    /// Squared errors and Huber's are of distances, whatever the class.
    pub fn takes_class_weights(self) -> bool {
        matches!(
            self,
            Self::BceLogits | Self::SoftmaxCrossEntropy | Self::Focal { .. }
        )
    }
}

/// PyTorch's optimizers with PyTorch's defaults.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Optimizer {
    Sgd,
    /// v = momentum v + g; w -= lr v.
    Momentum {
        momentum: f64,
    },
    /// w -= lr (g + momentum v), PyTorch's `nesterov=True`.
    Nesterov {
        momentum: f64,
    },
    /// `alpha` is the decay of the squared gradient: v = alpha v + (1 - alpha) g^2; w -= lr g / (sqrt(v) + eps).
    RmsProp {
        alpha: f64,
        eps: f64,
    },
    /// Kingma and Ba 2015, arXiv 1412.6980.
    Adam {
        beta1: f64,
        beta2: f64,
        eps: f64,
    },
    /// Loshchilov and Hutter 2019, arXiv 1711.05101; decays every parameter, as PyTorch does.
    AdamW {
        beta1: f64,
        beta2: f64,
        eps: f64,
        weight_decay: f64,
    },
}

impl Optimizer {
    pub const ADAM: Self = Self::Adam {
        beta1: 0.9,
        beta2: 0.999,
        eps: 1e-8,
    };
    pub const ADAMW: Self = Self::AdamW {
        beta1: 0.9,
        beta2: 0.999,
        eps: 1e-8,
        weight_decay: 0.01,
    };
    pub const MOMENTUM: Self = Self::Momentum { momentum: 0.9 };
    pub const NESTEROV: Self = Self::Nesterov { momentum: 0.9 };
    pub const RMSPROP: Self = Self::RmsProp {
        alpha: 0.99,
        eps: 1e-8,
    };

    /// State values kept per parameter: 0 (SGD), 1 (momentum, RMSprop) or 2 (Adam).
    pub fn n_slots(&self) -> usize {
        match self {
            Self::Sgd => 0,
            Self::Momentum { .. } | Self::Nesterov { .. } | Self::RmsProp { .. } => 1,
            Self::Adam { .. } | Self::AdamW { .. } => 2,
        }
    }
}

/// How a network is trained. Everything here can change in the middle of a run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainingSpec {
    pub loss: Loss,
    /// Empty: all 1. For softmax cross-entropy one weight a class; for BCE and focal [negative, positive]
    /// multiply the sample's loss.
    pub class_weights: Vec<f64>,
    pub optimizer: Optimizer,
    pub learning_rate: f64,
    /// Of hidden layers, then of the output layer: a learning rate of the layer's own. What is missing or `None`
    /// has the common one.
    pub layer_rates: Vec<Option<f64>>,
    /// What each update multiplies the rates by.
    pub schedule: Schedule,
    /// Samples a step; more than the training set means all of it. The last batch of an epoch is
    /// the rest.
    pub batch_size: usize,
    pub order: Order,
    /// Adds l1 * sum |w| over weights (not biases).
    pub l1: f64,
    /// Adds l2 / 2 * sum w^2 over weights (not biases).
    pub l2: f64,
    /// Scales the gradient of all parameters to this norm if it is larger (PyTorch's `clip_grad_norm_`).
    pub clip_norm: Option<f64>,
    /// Probability, from 0 to below 1, with which each update takes a hidden unit out of each sample; see
    /// [`dropout`](super::dropout).
    pub dropout: f64,
}

impl TrainingSpec {
    /// Shuffled batches, and nothing but the loss: no weights of classes, no penalties, no limit.
    pub fn plain(loss: Loss, optimizer: Optimizer, learning_rate: f64, batch_size: usize) -> Self {
        Self {
            loss,
            class_weights: Vec::new(),
            optimizer,
            learning_rate,
            layer_rates: Vec::new(),
            schedule: Schedule::default(),
            batch_size,
            order: Order::Shuffled,
            l1: 0.0,
            l2: 0.0,
            clip_norm: None,
            dropout: 0.0,
        }
    }
}

impl TrainingSpec {
    /// The common learning rate in the update after `step` updates.
    pub fn rate_at(&self, step: u64) -> f64 {
        self.learning_rate * self.schedule.factor(step)
    }

    /// The learning rate of a layer, before the schedule.
    pub fn rate_of(&self, layer: usize) -> f64 {
        let own = self.layer_rates.get(layer).copied().flatten();
        own.unwrap_or(self.learning_rate)
    }
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Order {
    /// A new permutation of the training set each epoch.
    #[default]
    Shuffled,
    /// As the samples stand, wrapping.
    Sequential,
}
