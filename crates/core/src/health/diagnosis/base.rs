//! The loss of who answers the same to everything, and of answers that have fallen together.

use crate::nn::loss::loss_and_gradient;
use crate::nn::spec::{Loss, TrainingSpec};

/// Steps of the search for the best constant: each leaves 0.618 of the interval.
const N_SEARCH: usize = 48;

/// Loss of the best answer that is the same for every sample: of classes their base rate, of numbers their mean
/// (under squared error; the one in the middle of it and the median under Huber's). What a network costs that has
/// learnt nothing of its inputs.
pub fn base_loss(training: &TrainingSpec, n_outputs: usize, targets: &[f32]) -> f64 {
    let y: Vec<f64> = targets.iter().map(|&y| f64::from(y)).collect();
    if y.is_empty() {
        return f64::NAN;
    }
    if n_outputs > 1 {
        return match training.loss {
            Loss::SoftmaxCrossEntropy => entropy(&y, n_outputs, &training.class_weights),
            Loss::Focal { .. } => of_one_answer(training, n_outputs, &y),
            _ => one_vs_rest(training, n_outputs, &y),
        };
    }
    let of = |constant: f64| {
        let outputs = vec![constant; y.len()];
        loss_and_gradient(training.loss, &training.class_weights, 1, &outputs, &y).loss
    };
    let (low, high) = match training.loss {
        Loss::Mse | Loss::Huber { .. } | Loss::ReluMse => {
            let low = y.iter().copied().fold(f64::INFINITY, f64::min);
            (low, y.iter().copied().fold(f64::NEG_INFINITY, f64::max))
        }
        // A logit of 16 is a probability of 1 within 1e-7.
        _ => (-16.0, 16.0),
    };
    least(of, low, high)
}

/// H = -sum of w_k p_k log p_k over the sum of w_k n_k, p the weighted shares of the classes.
fn entropy(y: &[f64], n_classes: usize, weights: &[f64]) -> f64 {
    let mass = |class: usize| {
        let n = y.iter().filter(|&&y| y as usize == class).count() as f64;
        n * weights.get(class).copied().unwrap_or(1.0)
    };
    let masses: Vec<f64> = (0..n_classes).map(mass).collect();
    let total: f64 = masses.iter().sum();
    let parts = masses.iter().filter(|&&mass| mass > 0.0);
    parts
        .map(|mass| -mass / total * libm::log(mass / total))
        .sum()
}

/// The loss of the answer whose shares are those of the classes: for a focal loss not the very best, and near it.
fn of_one_answer(training: &TrainingSpec, n_classes: usize, y: &[f64]) -> f64 {
    let weight = |class: usize| training.class_weights.get(class).copied().unwrap_or(1.0);
    let mass = |class: usize| {
        let n = y.iter().filter(|&&y| y as usize == class).count() as f64;
        libm::log((n * weight(class)).max(1e-9))
    };
    let logits: Vec<f64> = (0..n_classes).map(mass).collect();
    let outputs = logits.repeat(y.len());
    loss_and_gradient(
        training.loss,
        &training.class_weights,
        n_classes,
        &outputs,
        y,
    )
    .loss
}

/// Each output against its class alone.
fn one_vs_rest(training: &TrainingSpec, n_outputs: usize, y: &[f64]) -> f64 {
    let of_class = |class: usize| {
        let is_class = y.iter().map(|&y| f32::from(y as usize == class));
        base_loss(training, 1, &is_class.collect::<Vec<f32>>())
    };
    (0..n_outputs).map(of_class).sum::<f64>() / n_outputs as f64
}

/// The least value of a function with one valley, by golden section (Kiefer 1953).
fn least(of: impl Fn(f64) -> f64, mut low: f64, mut high: f64) -> f64 {
    const SHARE: f64 = 0.618_033_988_749_894_9;
    let mut a = high - SHARE * (high - low);
    let mut b = low + SHARE * (high - low);
    let (mut at_a, mut at_b) = (of(a), of(b));
    for _ in 0..N_SEARCH {
        if at_a <= at_b {
            (high, b, at_b) = (b, a, at_a);
            a = high - SHARE * (high - low);
            at_a = of(a);
        } else {
            (low, a, at_a) = (a, b, at_b);
            b = low + SHARE * (high - low);
            at_b = of(b);
        }
    }
    at_a.min(at_b)
}

/// What answers have fallen together, told by the exact loss that it leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Collapse {
    /// Every sample gets one answer.
    One,
    /// Half of the samples are told apart, the others get one answer: of XOR two corners are merged.
    Half,
    /// A quarter of the samples is told apart: of XOR three corners are merged.
    Quarter,
}

impl Collapse {
    /// Which, if a loss is within half a percent of the one that it leaves. `base`: of [`base_loss`].
    ///
    /// For two classes in equal parts under cross-entropy one answer costs ln 2 = 0.6931; two of XOR's corners
    /// merged cost half of that, 0.3466, for the two others cost nothing; three merged, of which two are of one
    /// class, 3/4 of H(1/3) = 0.4774.
    pub fn of(training: &TrainingSpec, base: f64, loss: f64) -> Option<Self> {
        let is_near = |value: f64| libm::fabs(loss - value) <= 5e-3 * value;
        let is_even = training.loss == Loss::BceLogits
            && training.class_weights.is_empty()
            && libm::fabs(base - std::f64::consts::LN_2) < 2e-3;
        let third = libm::log(3.0) - 2.0 / 3.0 * std::f64::consts::LN_2;
        if base > 0.0 && is_near(base) {
            Some(Self::One)
        } else if is_even && is_near(0.5 * base) {
            Some(Self::Half)
        } else if is_even && is_near(0.75 * third) {
            Some(Self::Quarter)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::spec::Optimizer;

    fn plain(loss: Loss) -> TrainingSpec {
        TrainingSpec::plain(loss, Optimizer::Sgd, 0.1, 32)
    }

    #[test]
    fn who_answers_the_same_pays_what_the_formula_says() {
        let check = |loss, n_outputs, y: &[f32], expect: f64| {
            let got = base_loss(&plain(loss), n_outputs, y);
            assert!((got - expect).abs() < 1e-6, "{loss:?} {y:?}: {got}");
        };
        let ln = f64::ln;
        check(Loss::BceLogits, 1, &[0., 1., 0., 1.], ln(2.0));
        check(
            Loss::BceLogits,
            1,
            &[0., 0., 0., 1.],
            -(0.75 * ln(0.75) + 0.25 * ln(0.25)),
        );
        check(Loss::SoftmaxCrossEntropy, 3, &[0., 1., 2.], ln(3.0));
        check(Loss::Mse, 1, &[1., 3., 5.], 8.0 / 3.0);
        check(Loss::Mse, 1, &[500., 502.], 1.0);
        check(Loss::Huber { delta: 1.0 }, 1, &[-9., 9.], 8.5);
        assert!(base_loss(&plain(Loss::Mse), 1, &[]).is_nan());
    }

    #[test]
    fn answers_that_fell_together_are_told_by_their_loss() {
        let check = |loss, expect| {
            let training = plain(Loss::BceLogits);
            let base = std::f64::consts::LN_2;
            assert_eq!(Collapse::of(&training, base, loss), expect, "{loss}");
        };
        check(0.6935, Some(Collapse::One));
        check(0.3466, Some(Collapse::Half));
        check(0.4774, Some(Collapse::Quarter));
        check(0.42, None);
        check(0.01, None);
        let mse = plain(Loss::Mse);
        assert_eq!(Collapse::of(&mse, 0.5, 0.5), Some(Collapse::One));
        assert_eq!(Collapse::of(&mse, 0.5, 0.25), None);
    }
}
