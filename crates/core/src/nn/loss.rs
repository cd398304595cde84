//! Losses of a batch and their gradients with respect to the network's outputs, f64.
//!
//! PyTorch's meaning: means over the batch and over the outputs. Targets are one number a sample.
//! With one output the number itself is the target. With more it is the index of a class: softmax
//! cross-entropy takes it as such, every other loss compares each output with a one-hot target (1 for
//! the class, 0 for the rest).

use super::spec::Loss;

/// Loss of a batch, and dL/d(output) as `[n, n_outputs]`, row-major.
#[derive(Clone, Debug, PartialEq)]
pub struct LossAndGradient {
    pub loss: f64,
    pub d_outputs: Vec<f64>,
}

/// Judges `outputs` (`[n, n_outputs]`, logits where the loss squashes) against `y` (`[n]`).
///
/// `class_weights`: empty is all 1, and so is a missing entry. Softmax cross-entropy takes one a
/// class and divides by their sum over the batch, and so does focal with several outputs; BCE and focal take [negative, positive], which
/// multiply the sample's loss; squared errors and Huber take none.
///
/// # Panics
/// If the lengths do not agree, or with softmax if a class is not below `n_outputs`.
pub fn loss_and_gradient(
    loss: Loss,
    class_weights: &[f64],
    n_outputs: usize,
    outputs: &[f64],
    y: &[f64],
) -> LossAndGradient {
    assert_eq!(
        outputs.len(),
        y.len() * n_outputs,
        "outputs are [n, n_outputs]"
    );
    let weight_of = |class: usize| class_weights.get(class).copied().unwrap_or(1.0);
    let weight_of_sign = |target: f64| weight_of(usize::from(target > 0.5));
    let mean = |one: &dyn Fn(f64, f64) -> (f64, f64)| mean_over(n_outputs, outputs, y, one);
    match loss {
        Loss::Mse => mean(&mse),
        Loss::SigmoidMse => mean(&sigmoid_mse),
        Loss::ReluMse => mean(&relu_mse),
        Loss::Huber { delta } => mean(&|output, target| huber(output, target, delta)),
        Loss::BceLogits => mean(&|logit, target| {
            let (loss, slope) = bce(logit, target);
            let weight = weight_of_sign(target);
            (weight * loss, weight * slope)
        }),
        Loss::Focal { gamma, alpha } if n_outputs > 1 => {
            softmax_focal(n_outputs, outputs, y, weight_of, gamma, alpha)
        }
        Loss::Focal { gamma, alpha } => mean(&|logit, target| {
            let (loss, slope) = focal(logit, target, gamma, alpha);
            let weight = weight_of_sign(target);
            (weight * loss, weight * slope)
        }),
        Loss::SoftmaxCrossEntropy => softmax_cross_entropy(n_outputs, outputs, y, weight_of),
    }
}

/// Mean over samples and outputs of a loss of one output; `one` gives (loss, d loss / d output).
fn mean_over(
    n_outputs: usize,
    outputs: &[f64],
    y: &[f64],
    one: &dyn Fn(f64, f64) -> (f64, f64),
) -> LossAndGradient {
    let scale = 1.0 / outputs.len() as f64;
    let mut sum = 0.0;
    let mut d_outputs = Vec::with_capacity(outputs.len());
    for (row, &y) in outputs.chunks_exact(n_outputs).zip(y) {
        for (k, &output) in row.iter().enumerate() {
            let (loss, slope) = one(output, target_of(y, k, n_outputs));
            sum += loss;
            d_outputs.push(scale * slope);
        }
    }
    LossAndGradient {
        loss: scale * sum,
        d_outputs,
    }
}

/// Target of output `k`: the number itself, or one-hot of a class.
pub fn target_of(y: f64, k: usize, n_outputs: usize) -> f64 {
    match n_outputs {
        1 => y,
        _ => f64::from(u8::from(y as usize == k)),
    }
}

/// (output - target)^2.
fn mse(output: f64, target: f64) -> (f64, f64) {
    let error = output - target;
    (error * error, 2.0 * error)
}

/// (sigmoid(logit) - target)^2.
fn sigmoid_mse(logit: f64, target: f64) -> (f64, f64) {
    let (p, q) = (sigmoid(logit), sigmoid(-logit));
    let error = p - target;
    (error * error, 2.0 * error * p * q)
}

/// (max(output, 0) - target)^2.
fn relu_mse(output: f64, target: f64) -> (f64, f64) {
    let error = output.max(0.0) - target;
    let slope = if output > 0.0 { 2.0 * error } else { 0.0 };
    (error * error, slope)
}

/// The two factors of d loss / d output of the losses that squash an output before they compare it: d loss / d squashed, and
/// the slope of the squash. `None` for those that do not, or whose gradient has no such slope left in it: sigmoid and
/// cross-entropy make output - target of it.
pub fn squash_factors(loss: Loss, output: f64, target: f64) -> Option<[f64; 2]> {
    match loss {
        Loss::SigmoidMse => {
            let (p, q) = (sigmoid(output), sigmoid(-output));
            Some([2.0 * (p - target), p * q])
        }
        Loss::ReluMse => {
            let slope = if output > 0.0 { 1.0 } else { 0.0 };
            Some([2.0 * (output.max(0.0) - target), slope])
        }
        _ => None,
    }
}

/// error^2 / 2 where |error| <= delta, else delta (|error| - delta / 2) (Huber 1964).
fn huber(output: f64, target: f64, delta: f64) -> (f64, f64) {
    let error = output - target;
    if error.abs() <= delta {
        (0.5 * error * error, error)
    } else {
        (delta * (error.abs() - 0.5 * delta), delta.copysign(error))
    }
}

/// -target log p - (1 - target) log(1 - p), p = sigmoid(logit).
fn bce(logit: f64, target: f64) -> (f64, f64) {
    let loss = logit.max(0.0) - logit * target + libm::log1p(libm::exp(-logit.abs()));
    (loss, sigmoid(logit) - target)
}

/// -alpha_t (1 - p_t)^gamma log p_t (Lin et al. 2017, arXiv 1708.02002, eq. 5).
///
/// With u the logit of the true class (its sign turned for target 0): p_t = sigmoid(u), q = 1 - p_t =
/// sigmoid(-u), dq/du = -q p_t and d log p_t / du = q, so
/// dL/du = alpha_t q^gamma (gamma p_t log p_t - q).
fn focal(logit: f64, target: f64, gamma: f64, alpha: f64) -> (f64, f64) {
    let (sign, alpha_t) = match target > 0.5 {
        true => (1.0, alpha),
        false => (-1.0, 1.0 - alpha),
    };
    let u = sign * logit;
    let (p, q, log_p) = (sigmoid(u), sigmoid(-u), log_sigmoid(u));
    let focus = alpha_t * libm::pow(q, gamma);
    (-focus * log_p, sign * focus * (gamma * p * log_p - q))
}

/// sum_i w_i (log sum_k exp x_ik - x_i,class(i)) / sum_i w_i, w_i the weight of sample i's class.
///
/// A batch whose weights are all 0 teaches nothing: loss and gradient 0 (PyTorch divides 0 by 0).
fn softmax_cross_entropy(
    n_outputs: usize,
    outputs: &[f64],
    y: &[f64],
    weight_of: impl Fn(usize) -> f64,
) -> LossAndGradient {
    let scale = scale_of_weights(y, &weight_of);
    let mut loss = 0.0;
    let mut d_outputs = Vec::with_capacity(outputs.len());
    for (row, &y) in outputs.chunks_exact(n_outputs).zip(y) {
        let class = y as usize;
        let weight = scale * weight_of(class);
        // Shifted by the largest logit, so that exp cannot overflow.
        let largest = row.iter().fold(f64::NEG_INFINITY, |a, &x| a.max(x));
        let sum: f64 = row.iter().map(|&x| libm::exp(x - largest)).sum();
        loss += weight * (largest + libm::log(sum) - row[class]);
        for (k, &x) in row.iter().enumerate() {
            let p = libm::exp(x - largest) / sum;
            d_outputs.push(weight * (p - f64::from(u8::from(k == class))));
        }
    }
    LossAndGradient { loss, d_outputs }
}

/// 1 / sum_i w_i, w_i the weight of sample i's class; 0 where all are 0.
fn scale_of_weights(y: &[f64], weight_of: impl Fn(usize) -> f64) -> f64 {
    let sum: f64 = y.iter().map(|&y| weight_of(y as usize)).sum();
    match sum > 0.0 {
        true => 1.0 / sum,
        false => 0.0,
    }
}

/// sum_i w_i focal(u_i) / sum_i w_i, w_i the weight of sample i's class, u its logit against all others together:
/// u = x_class - log sum_(k != class) exp x_k, so that softmax's share of the class is sigmoid(u). Then du/dx_class = 1, and
/// du/dx_k = -exp x_k / sum_(j != class) exp x_j.
fn softmax_focal(
    n_outputs: usize,
    outputs: &[f64],
    y: &[f64],
    weight_of: impl Fn(usize) -> f64,
    gamma: f64,
    alpha: f64,
) -> LossAndGradient {
    let scale = scale_of_weights(y, &weight_of);
    let mut loss = 0.0;
    let mut d_outputs = Vec::with_capacity(outputs.len());
    for (row, &y) in outputs.chunks_exact(n_outputs).zip(y) {
        let class = y as usize;
        let weight = scale * weight_of(class);
        let others = || row.iter().enumerate().filter(|(k, _)| *k != class);
        let largest = others().fold(f64::NEG_INFINITY, |a, (_, &x)| a.max(x));
        let sum: f64 = others().map(|(_, &x)| libm::exp(x - largest)).sum();
        let u = row[class] - largest - libm::log(sum);
        let (of_sample, slope) = focal(u, 1.0, gamma, alpha);
        loss += weight * of_sample;
        for (k, &x) in row.iter().enumerate() {
            let d_u = match k == class {
                true => 1.0,
                false => -libm::exp(x - largest) / sum,
            };
            d_outputs.push(weight * slope * d_u);
        }
    }
    LossAndGradient { loss, d_outputs }
}

/// 1 / (1 + exp(-x)), finite for every x.
fn sigmoid(x: f64) -> f64 {
    let e = libm::exp(-x.abs());
    if x >= 0.0 {
        1.0 / (1.0 + e)
    } else {
        e / (1.0 + e)
    }
}

/// log sigmoid(x), accurate where sigmoid(x) is nearly 0 or 1.
fn log_sigmoid(x: f64) -> f64 {
    x.min(0.0) - libm::log1p(libm::exp(-x.abs()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const LOSSES: [Loss; 7] = [
        Loss::SigmoidMse,
        Loss::ReluMse,
        Loss::Mse,
        Loss::BceLogits,
        Loss::SoftmaxCrossEntropy,
        Loss::Focal {
            gamma: 2.0,
            alpha: 0.25,
        },
        Loss::Huber { delta: 0.8 },
    ];

    fn check(loss: Loss, weights: &[f64], n_outputs: usize, outputs: &[f64], y: &[f64]) {
        let value = |outputs: &[f64]| loss_and_gradient(loss, weights, n_outputs, outputs, y).loss;
        let analytic = loss_and_gradient(loss, weights, n_outputs, outputs, y).d_outputs;
        let h = 1e-6;
        for i in 0..outputs.len() {
            let mut moved = outputs.to_vec();
            moved[i] = outputs[i] + h;
            let above = value(&moved);
            moved[i] = outputs[i] - h;
            let numeric = (above - value(&moved)) / (2.0 * h);
            assert!(
                (analytic[i] - numeric).abs() < 1e-8,
                "{loss:?} output {i}: {} against {numeric}",
                analytic[i]
            );
        }
    }

    #[test]
    fn gradients_agree_with_finite_differences() {
        for loss in LOSSES {
            for weights in [&[][..], &[1.0, 3.0, 0.5]] {
                check(
                    loss,
                    weights,
                    3,
                    &[0.3, -1.2, 2.0, -0.7, 1.8, 0.1],
                    &[2.0, 0.0],
                );
            }
        }
        for loss in LOSSES
            .into_iter()
            .filter(|l| *l != Loss::SoftmaxCrossEntropy)
        {
            check(loss, &[0.5, 2.0], 1, &[0.3, -1.4, 2.1], &[1.0, 0.0, 1.0]);
        }
    }

    #[test]
    fn factors_of_a_squash_make_the_gradient() {
        for loss in LOSSES {
            for (output, target) in [(0.3, 1.0), (-1.7, 0.0), (2.5, 0.0), (0.0, 1.0)] {
                let Some([of_squashed, slope]) = squash_factors(loss, output, target) else {
                    continue;
                };
                let whole = loss_and_gradient(loss, &[], 1, &[output], &[target]).d_outputs[0];
                assert!((of_squashed * slope - whole).abs() < 1e-15, "{loss:?}");
            }
        }
        assert_eq!(squash_factors(Loss::BceLogits, 0.3, 1.0), None);
    }

    #[test]
    fn values_by_hand() {
        let check =
            |loss, weights: &[f64], n_outputs, outputs: &[f64], y: &[f64], expected: f64| {
                let value = loss_and_gradient(loss, weights, n_outputs, outputs, y).loss;
                assert!(
                    (value - expected).abs() < 1e-12,
                    "{loss:?}: {value}, not {expected}"
                );
            };
        let log2 = libm::log(2.0);
        check(Loss::Mse, &[], 1, &[1.0, 3.0], &[0.0, 1.0], 2.5);
        check(Loss::Mse, &[], 2, &[0.0, 0.5], &[1.0], 0.125);
        check(
            Loss::Huber { delta: 0.5 },
            &[],
            1,
            &[0.25, 2.0],
            &[0.0, 0.0],
            (0.03125 + 0.875) / 2.0,
        );
        check(Loss::BceLogits, &[], 1, &[0.0, 0.0], &[0.0, 1.0], log2);
        check(
            Loss::BceLogits,
            &[1.0, 3.0],
            1,
            &[0.0, 0.0],
            &[0.0, 1.0],
            2.0 * log2,
        );
        let cross_entropy = Loss::SoftmaxCrossEntropy;
        check(cross_entropy, &[], 4, &[1.0; 4], &[2.0], 2.0 * log2);
        // Weighted mean: (1 * log 2 + 3 * (log 2 of odds 3:1)) / 4.
        let log3 = libm::log(3.0);
        let expected = (log2 + 3.0 * (2.0 * log2 - log3)) / 4.0;
        check(
            cross_entropy,
            &[1.0, 3.0],
            2,
            &[0.0, 0.0, 0.0, log3],
            &[0.0, 1.0],
            expected,
        );
        check(cross_entropy, &[0.0, 1.0], 2, &[0.3, 0.1], &[0.0], 0.0);
        let focal = Loss::Focal {
            gamma: 0.0,
            alpha: 0.5,
        };
        check(focal, &[], 1, &[0.0, 0.0], &[0.0, 1.0], 0.5 * log2);
    }

    #[test]
    fn finite_at_extreme_outputs() {
        for loss in LOSSES {
            for outputs in [[1000.0, -1000.0], [-1000.0, 1000.0], [1000.0, 999.0]] {
                let result = loss_and_gradient(loss, &[], 2, &outputs, &[1.0]);
                assert!(
                    result.loss.is_finite() && result.d_outputs.iter().all(|d| d.is_finite()),
                    "{loss:?} of {outputs:?}: {result:?}"
                );
            }
        }
    }
}
