//! What the output's and the loss's cards say.

use super::plain;
use crate::classify::Squash;
use crate::nn::spec::Loss;
use crate::terms::Terms;
use crate::text::{decimals, number};

/// What the loss makes of an output: `sigmoid`.
pub fn squash_name(squash: Squash) -> &'static str {
    match squash {
        Squash::Sigmoid | Squash::Sigmoids => "sigmoid",
        Squash::Softmax => "softmax",
        Squash::Plain => "linear",
        Squash::Positive => "ReLU",
    }
}

/// `cross-entropy`.
pub fn loss_name(loss: Loss) -> &'static str {
    match loss {
        Loss::Mse | Loss::SigmoidMse | Loss::ReluMse => "squared error",
        Loss::BceLogits | Loss::SoftmaxCrossEntropy => "cross-entropy",
        Loss::Focal { .. } => "focal",
        Loss::Huber { .. } => "Huber",
    }
}

/// What the loss is of, as a formula and with the sample's numbers: `−ln(1 − p)`, `−ln 0.218`. The second is empty where it is
/// longer than a line.
pub fn loss_line(terms: &Terms) -> [String; 2] {
    let made_of = &terms.made_of;
    let p = |class: usize| made_of.answers.get(class).copied().unwrap_or(f64::NAN);
    let three = |value: f64| decimals(value, 3);
    let name = made_of.answer_name();
    let [formula, numbers] = match (made_of.loss, made_of.answers.len()) {
        (Loss::BceLogits, 1) if terms.y == 1.0 => ["−ln p".into(), format!("−ln {}", three(p(0)))],
        (Loss::BceLogits, 1) if terms.y == 0.0 => {
            ["−ln(1 − p)".into(), format!("−ln {}", three(1.0 - p(0)))]
        }
        (Loss::SoftmaxCrossEntropy, _) => [
            "−ln p".into(),
            format!("−ln {}", three(p(terms.y as usize))),
        ],
        (Loss::Mse | Loss::SigmoidMse | Loss::ReluMse, 1) => [
            format!("({name} − y)²"),
            format!("({} − {})²", plain(p(0)), plain(terms.y)),
        ],
        (Loss::Mse | Loss::SigmoidMse | Loss::ReluMse, n) => {
            [format!("mean of {n} ({name} − y)²"), String::new()]
        }
        (Loss::BceLogits, n) => [format!("mean of {n} cross-entropies"), String::new()],
        _ => ["L".into(), String::new()],
    };
    match made_of.class_weight {
        1.0 => [formula, numbers],
        w if numbers.is_empty() => [format!("{} × {formula}", number(w, 3)), numbers],
        w => [
            format!("w × {formula}"),
            format!("{} × {numbers}", number(w, 3)),
        ],
    }
}
