//! One sentence on each number that is shown, for whoever points at it.

use crate::classify::Squash;
use crate::nn::spec::Loss;
use crate::terms::Terms;

/// What a number is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Saying {
    Term,
    MoreTerms,
    Bias,
    Norm,
    Z,
    A,
    Slope,
    DA,
    DZ,
    Output,
    Answer,
    Error,
    Target,
    Loss,
    Input,
    Product,
    Others,
    Batch,
    Sum,
    Check,
    Corner,
    Rounding,
    BothZero,
}

impl Saying {
    /// `f`: what the unit's function is called, where it is a unit's.
    pub fn text(self, terms: &Terms, f: &str) -> String {
        let text = match self {
            Self::Term => "A weight times what comes in. The products and the bias make z.",
            Self::MoreTerms => {
                "The products of the units that the path does not go through, added up."
            }
            Self::Bias => "The bias: added whatever comes in.",
            Self::Norm => {
                "Batch normalization: the sum of the lines above, less the batch's mean, over its SD; then times γ, plus β. Mean and SD are of all samples of the batch."
            }
            Self::Z
                if terms
                    .layers
                    .iter()
                    .flatten()
                    .any(|unit| unit.norm.is_some()) =>
            {
                "Pre-activation z: what batch normalization makes of the sum of the lines above."
            }
            Self::Z => "Pre-activation z: the sum of the lines above.",
            Self::A => {
                return format!("Activation a = f(z): what {f} makes of z, and what is passed on.");
            }
            Self::Slope => {
                return format!(
                    "Slope f′(z) of {f} at this z: how much of the gradient the unit lets through. In red: under 0.1, the unit is nearly flat here."
                );
            }
            Self::DA => {
                "∂L/∂a: how the loss moves with this activation. Sum over all that it feeds: weight times what comes back there."
            }
            Self::DZ => "∂L/∂z = ∂L/∂a × f′(z): what reaches the unit's own weights.",
            Self::Output => {
                "The output z: the sum of the lines above, before the loss makes anything of it."
            }
            Self::Answer => answer(terms.made_of.squash),
            Self::Error => return error(terms),
            Self::Target => match terms.made_of.squash {
                Squash::Plain if terms.outputs().len() == 1 => "The number that the data give.",
                _ => "The class that the data give.",
            },
            Self::Loss => loss(terms.made_of.loss),
            Self::Input => "An input of the sample, as the network gets it.",
            Self::Product => {
                "The product: this path's share of ∂L/∂w. What the other paths give is added to it, and the sum is what backpropagation gives."
            }
            Self::Others => "What comes to the same weight by other paths.",
            Self::Batch => {
                "Batch normalization: the weight moves the batch's mean and SD, too, and with them this sample's z."
            }
            Self::Sum => {
                "The sum over all paths: ∂L/∂w as backpropagation gives it, and as the table has it."
            }
            Self::Check => "Backpropagation against a finite difference of the loss, in 64 bits.",
            Self::Corner => {
                "Within h of this z the function has a corner: the difference mixes the slopes of both sides, and there is no derivative to compare it with."
            }
            Self::Rounding => {
                "So small a gradient is lost in the rounding of the two losses that are subtracted."
            }
            Self::BothZero => {
                "Nothing comes through: the loss does not move with this parameter at all."
            }
        };
        text.into()
    }
}

fn answer(squash: Squash) -> &'static str {
    match squash {
        Squash::Sigmoid => "p = sigmoid(z): the probability of class 1.",
        Squash::Sigmoids => "p = sigmoid(z): the probability of this class, each for itself.",
        Squash::Softmax => "p = softmax(z): the share of this class; all shares sum to 1.",
        Squash::Plain => "ŷ = z: the output is taken as it is.",
        Squash::Positive => "a = max(z, 0): the positive part of the output is taken as it is.",
    }
}

fn loss(loss: Loss) -> &'static str {
    match loss {
        Loss::Mse => "Squared error: the distance from the target, squared.",
        Loss::BceLogits => {
            "Cross-entropy: minus the logarithm of the probability given to the true class."
        }
        Loss::SoftmaxCrossEntropy => {
            "Cross-entropy: minus the logarithm of the share given to the true class."
        }
        Loss::Focal { .. } => {
            "Focal loss: cross-entropy, less of it the surer the answer is right."
        }
        Loss::Huber { .. } => "Huber loss: squared near the target, straight far from it.",
        Loss::SigmoidMse => "Squared error of the probability.",
        Loss::ReluMse => "Squared error of the positive part of the output.",
    }
}

/// On what the way back begins with.
pub(super) fn error(terms: &Terms) -> String {
    let text = match terms.made_of.loss {
        Loss::BceLogits => {
            "With sigmoid and cross-entropy the slope of the sigmoid cancels: what is left is p − y."
        }
        Loss::SoftmaxCrossEntropy => {
            "With softmax and cross-entropy what is left at each output is its share less 1 for the true class, less 0 for the others."
        }
        Loss::Mse => "Of a squared error: twice the distance from the target.",
        Loss::SigmoidMse => {
            "Of a squared error: twice the distance of the probability from the target. The slope of the sigmoid comes after it."
        }
        Loss::ReluMse => {
            "Of a squared error: twice the distance from the target. The slope of the output's own ReLU comes after it."
        }
        Loss::Huber { .. } => {
            "Of Huber's loss: the distance from the target, but never more than δ."
        }
        Loss::Focal { .. } => {
            "Of the focal loss: p − y, weakened where the answer is right and sure."
        }
    };
    text.into()
}
