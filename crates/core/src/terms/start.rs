//! Where the way back begins: the loss of the sample, and its gradient at each output, with what both are made of.

use crate::classify::Squash;
use crate::nn::loss::{squash_factors, target_of};
use crate::nn::spec::{Loss, TrainingSpec};

/// What the loss compares with the target.
#[derive(Clone, Debug, PartialEq)]
pub struct LossTerm {
    pub loss: Loss,
    pub squash: Squash,
    /// What the loss makes of each output: probabilities, or the outputs themselves; `[n_outputs]`.
    pub answers: Vec<f64>,
    /// `[n_outputs]`: 1 for the sample's class and 0 for the others; the number itself where there is one output.
    pub targets: Vec<f64>,
    /// What the class of the sample multiplies its loss by.
    pub class_weight: f64,
}

impl LossTerm {
    /// `outputs`: before the loss makes anything of them, `[n_outputs]`.
    pub fn of(training: &TrainingSpec, outputs: &[f64], y: f64) -> Self {
        let n = outputs.len();
        let squash = Squash::of(training.loss, n);
        let answers = match squash {
            // Taken as they are, outside of 0 and 1, too.
            Squash::Plain => outputs.to_vec(),
            Squash::Positive => outputs.iter().map(|z| z.max(0.0)).collect(),
            _ => squash.shares(outputs, 1.0),
        };
        // Softmax divides a sample's weight by itself where it is the only one.
        let is_weighted = training.loss.takes_class_weights() && squash != Squash::Softmax;
        let weight_of = |target: f64| {
            let weights = &training.class_weights;
            weights
                .get(usize::from(target > 0.5))
                .copied()
                .unwrap_or(1.0)
        };
        Self {
            loss: training.loss,
            squash,
            answers,
            targets: (0..n).map(|k| target_of(y, k, n)).collect(),
            class_weight: if is_weighted && n == 1 {
                weight_of(y)
            } else {
                1.0
            },
        }
    }

    /// Outputs over which the loss is a mean: 1 where it is none.
    fn n_in_mean(&self) -> f64 {
        match self.squash {
            Squash::Softmax => 1.0,
            _ => self.answers.len() as f64,
        }
    }

    /// What dL/d(output k) is the product of: the error, and where the loss leaves the slope of a squash in it, that slope.
    /// `d_output` is dL/d(output k), `output` what it is of.
    pub fn factors(&self, k: usize, output: f64, d_output: f64) -> Vec<f64> {
        match squash_factors(self.loss, output, self.targets[k]) {
            Some([of_answer, slope]) => vec![of_answer / self.n_in_mean(), slope],
            None => vec![d_output],
        }
    }

    /// The first of these as a formula: `p − y`.
    pub fn error_formula(&self, k: usize) -> String {
        let error = self.answers[k] - self.targets[k];
        let core = match self.loss {
            Loss::Mse => "2 (ŷ − y)",
            Loss::BceLogits | Loss::SoftmaxCrossEntropy => "p − y",
            Loss::SigmoidMse => "2 (p − y)",
            Loss::ReluMse => "2 (a − y)",
            Loss::Huber { delta } if error.abs() <= delta => "ŷ − y",
            Loss::Huber { .. } if error > 0.0 => "δ",
            Loss::Huber { .. } => "−δ",
            Loss::Focal { .. } => "∂L/∂z",
        };
        let is_plain = self.loss_is_a_formula_of_its_own();
        let weighted = match self.class_weight != 1.0 && !is_plain {
            true => format!("w ({core})"),
            false => core.to_owned(),
        };
        match self.n_in_mean() {
            n if n > 1.0 && !is_plain => match weighted.contains(' ') && !weighted.contains('(') {
                true => format!("({weighted}) / {n}"),
                false => format!("{weighted} / {n}"),
            },
            _ => weighted,
        }
    }

    /// Focal's gradient is longer than there is room for.
    fn loss_is_a_formula_of_its_own(&self) -> bool {
        matches!(self.loss, Loss::Focal { .. })
    }

    /// Name of what is compared with the target: p of classes, ŷ of numbers.
    pub fn answer_name(&self) -> &'static str {
        match self.squash {
            Squash::Sigmoid | Squash::Sigmoids | Squash::Softmax => "p",
            Squash::Plain => "ŷ",
            Squash::Positive => "a",
        }
    }

    /// The class of the largest answer; where there is one output, whether it is over 1/2.
    pub fn said(&self) -> usize {
        match self.answers[..] {
            [one] => usize::from(one > 0.5),
            _ => (0..self.answers.len())
                .max_by(|a, b| self.answers[*a].total_cmp(&self.answers[*b]).then(b.cmp(a)))
                .unwrap_or(0),
        }
    }
}
