//! One parameter update, f64: regularisation, clipping, optimizer, in this order. PyTorch's meaning.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::layout::ParamLayout;
use super::spec::Optimizer;

/// What an optimizer remembers between updates. New state when the optimizer changes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OptimizerState {
    /// Updates made since this state began: t of Adam's bias correction.
    pub n_updates: u64,
    /// `[n_params]`: velocity (momentum, Nesterov) or mean gradient (Adam); else empty.
    pub first: Vec<f64>,
    /// `[n_params]`: mean squared gradient (RMSprop, Adam); else empty.
    pub second: Vec<f64>,
}

impl OptimizerState {
    pub fn new(optimizer: Optimizer, n_params: usize) -> Self {
        let (has_first, has_second) = match optimizer {
            Optimizer::Sgd => (false, false),
            Optimizer::Momentum { .. } | Optimizer::Nesterov { .. } => (true, false),
            Optimizer::RmsProp { .. } => (false, true),
            Optimizer::Adam { .. } | Optimizer::AdamW { .. } => (true, true),
        };
        let slot = |is_used| vec![0.0; if is_used { n_params } else { 0 }];
        Self {
            n_updates: 0,
            first: slot(has_first),
            second: slot(has_second),
        }
    }
}

/// Adds the gradient of l1 sum |w| + l2 / 2 sum w^2 over all weights: l1 sign(w) + l2 w, with
/// sign(0) = 0. Biases, normalisation and alphas are left alone.
pub fn add_regularization(
    l1: f64,
    l2: f64,
    layout: &ParamLayout,
    params: &[f64],
    gradient: &mut [f64],
) {
    for i in layout.layers.iter().flat_map(|layer| layer.weights.clone()) {
        let w = params[i];
        let sign = f64::from(i8::from(w > 0.0) - i8::from(w < 0.0));
        gradient[i] += l1 * sign + l2 * w;
    }
}

/// Multiplies the gradient by min(1, max_norm / (norm + 1e-6)) and returns its norm before
/// (PyTorch's `clip_grad_norm_`).
pub fn clip_by_norm(max_norm: f64, gradient: &mut [f64]) -> f64 {
    let norm = norm(gradient);
    let scale = (max_norm / (norm + 1e-6)).min(1.0);
    gradient.iter_mut().for_each(|g| *g *= scale);
    norm
}

/// Square root of the sum of squares.
pub fn norm(values: &[f64]) -> f64 {
    libm::sqrt(values.iter().map(|v| v * v).sum())
}

/// Moves `params` against `gradient` and advances `state`. All `[n_params]`. `rates`: which parameters move at which
/// learning rate, see [`ParamLayout::rates`].
///
/// `state` must have been made for this kind of optimizer.
pub fn update(
    optimizer: Optimizer,
    rates: &[(Range<usize>, f64)],
    params: &mut [f64],
    gradient: &[f64],
    state: &mut OptimizerState,
) {
    state.n_updates += 1;
    let OptimizerState {
        n_updates,
        first,
        second,
    } = state;
    for (range, learning_rate) in rates {
        let slot = |slot: &mut Vec<f64>| if slot.is_empty() { 0..0 } else { range.clone() };
        let (of_first, of_second) = (slot(first), slot(second));
        let slots = (&mut first[of_first], &mut second[of_second]);
        let (params, gradient) = (&mut params[range.clone()], &gradient[range.clone()]);
        move_by(
            optimizer,
            *learning_rate,
            params,
            gradient,
            *n_updates,
            slots,
        );
    }
}

/// The same of parameters of one learning rate. `slots`: the first and the second of the optimizer's state.
fn move_by(
    optimizer: Optimizer,
    learning_rate: f64,
    params: &mut [f64],
    gradient: &[f64],
    n_updates: u64,
    (first, second): (&mut [f64], &mut [f64]),
) {
    match optimizer {
        Optimizer::Sgd => {
            for (w, g) in params.iter_mut().zip(gradient) {
                *w -= learning_rate * g;
            }
        }
        Optimizer::Momentum { momentum } => {
            for ((w, g), v) in params.iter_mut().zip(gradient).zip(first) {
                *v = momentum * *v + g;
                *w -= learning_rate * *v;
            }
        }
        Optimizer::Nesterov { momentum } => {
            for ((w, g), v) in params.iter_mut().zip(gradient).zip(first) {
                *v = momentum * *v + g;
                *w -= learning_rate * (g + momentum * *v);
            }
        }
        Optimizer::RmsProp { alpha, eps } => {
            for ((w, g), v) in params.iter_mut().zip(gradient).zip(second) {
                *v = alpha * *v + (1.0 - alpha) * g * g;
                *w -= learning_rate * g / (libm::sqrt(*v) + eps);
            }
        }
        Optimizer::Adam { beta1, beta2, eps } => {
            let step = AdamStep::new(beta1, beta2, eps, learning_rate, n_updates);
            step.apply(params, gradient, first, second);
        }
        Optimizer::AdamW {
            beta1,
            beta2,
            eps,
            weight_decay,
        } => {
            for w in params.iter_mut() {
                *w *= 1.0 - learning_rate * weight_decay;
            }
            let step = AdamStep::new(beta1, beta2, eps, learning_rate, n_updates);
            step.apply(params, gradient, first, second);
        }
    }
}

/// One step of Adam with its bias corrections.
struct AdamStep {
    beta1: f64,
    beta2: f64,
    eps: f64,
    step_size: f64,
    root_of_correction2: f64,
}

impl AdamStep {
    fn new(beta1: f64, beta2: f64, eps: f64, learning_rate: f64, n_updates: u64) -> Self {
        let t = n_updates as f64;
        Self {
            beta1,
            beta2,
            eps,
            step_size: learning_rate / (1.0 - libm::pow(beta1, t)),
            root_of_correction2: libm::sqrt(1.0 - libm::pow(beta2, t)),
        }
    }

    /// m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2;
    /// w -= lr / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + eps).
    fn apply(self, params: &mut [f64], gradient: &[f64], first: &mut [f64], second: &mut [f64]) {
        let slots = first.iter_mut().zip(second);
        for ((w, g), (m, v)) in params.iter_mut().zip(gradient).zip(slots) {
            *m = self.beta1 * *m + (1.0 - self.beta1) * g;
            *v = self.beta2 * *v + (1.0 - self.beta2) * g * g;
            *w -= self.step_size * *m / (libm::sqrt(*v) / self.root_of_correction2 + self.eps);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Optimizer; 6] = [
        Optimizer::Sgd,
        Optimizer::MOMENTUM,
        Optimizer::NESTEROV,
        Optimizer::RMSPROP,
        Optimizer::ADAM,
        Optimizer::ADAMW,
    ];

    #[test]
    fn slots_are_as_many_as_the_specification_says() {
        for optimizer in ALL {
            let state = OptimizerState::new(optimizer, 3);
            let n_slots = (state.first.len() + state.second.len()) / 3;
            assert_eq!(n_slots, optimizer.n_slots(), "{optimizer:?}");
        }
    }

    /// Two updates of one weight from 1 at learning rate 0.1 with gradients 2 and -1, by hand.
    #[test]
    fn two_updates_by_hand() {
        let check = |optimizer, expected: [f64; 2]| {
            let mut state = OptimizerState::new(optimizer, 1);
            let mut w = [1.0];
            for (gradient, expected) in [2.0, -1.0].into_iter().zip(expected) {
                update(optimizer, &[(0..1, 0.1)], &mut w, &[gradient], &mut state);
                assert!(
                    (w[0] - expected).abs() < 1e-7,
                    "{optimizer:?}: {}, not {expected}",
                    w[0]
                );
            }
        };
        check(Optimizer::Sgd, [0.8, 0.9]);
        // v = 2, then 0.8.
        check(Optimizer::MOMENTUM, [0.8, 0.72]);
        // 2 + 0.9 * 2 = 3.8, then -1 + 0.9 * 0.8 = -0.28.
        check(Optimizer::NESTEROV, [0.62, 0.648]);
        // v = 0.04, then 0.0496.
        check(Optimizer::RMSPROP, [0.0, 0.1 / 0.049_6_f64.sqrt()]);
        // Bias-corrected m / sqrt(v): 1, then (0.08 / 0.19) / sqrt(0.004996 / 0.001999).
        let ratio = (0.08 / 0.19) / (0.004_996_f64 / 0.001_999).sqrt();
        check(Optimizer::ADAM, [0.9, 0.9 - 0.1 * ratio]);
        check(Optimizer::ADAMW, [0.899, 0.899 * 0.999 - 0.1 * ratio]);
    }

    #[test]
    fn clipping_shortens_only_long_gradients() {
        let mut gradient = [3.0, 4.0];
        assert_eq!(clip_by_norm(10.0, &mut gradient), 5.0);
        assert_eq!(gradient, [3.0, 4.0]);
        assert_eq!(clip_by_norm(1.0, &mut gradient), 5.0);
        assert!((norm(&gradient) - 1.0).abs() < 1e-6);
        assert!((gradient[0] / gradient[1] - 0.75).abs() < 1e-15);
    }
}
