//! One parameter update: regularisation, clipping, optimizer, in this order. f32 counterpart of
//! `actiscope_core::nn::optimizer`.
//!
//! Every loop here is elementwise or one sum over 8 columns, so the compiler's vectorisation cannot
//! change a bit.

use std::ops::Range;

use actiscope_core::nn::layout::ParamLayout;
use actiscope_core::nn::schedule::Schedule;
use actiscope_core::nn::spec::{Optimizer, TrainingSpec};
use fearless_simd::Simd;

use super::linear::{LANES, sum_of_squares};

/// How parameters move, in f32: what of a [`TrainingSpec`] an update needs.
#[derive(Clone, Debug)]
pub struct UpdateRule {
    optimizer: Optimizer,
    /// Which parameters move at which learning rate, all of the padded arrays together.
    rates: Vec<(Range<usize>, f64)>,
    schedule: Schedule,
    l1: f32,
    l2: f32,
    clip_norm: Option<f32>,
}

impl UpdateRule {
    pub fn new(training: &TrainingSpec, layout: &ParamLayout) -> Self {
        let mut rates = layout.rates(training);
        if let Some((last, _)) = rates.last_mut() {
            last.end = layout.n_params.next_multiple_of(LANES);
        }
        Self {
            optimizer: training.optimizer,
            rates,
            schedule: training.schedule,
            l1: training.l1 as f32,
            l2: training.l2 as f32,
            clip_norm: training.clip_norm.map(|norm| norm as f32),
        }
    }
}

/// The arrays that an update reads and writes: all `[n_params]`, padded with zeros to whole vectors;
/// slots that the optimizer does not use are empty.
pub struct Arrays<'a> {
    pub params: &'a mut [f32],
    pub gradient: &'a mut [f32],
    pub first: &'a mut [f32],
    pub second: &'a mut [f32],
}

/// Which update it is.
#[derive(Clone, Copy, Debug)]
pub struct Moment {
    /// Updates of the run before this one: what a schedule goes by.
    pub step: u64,
    /// Updates since the optimizer's state began, this one counted.
    pub n_updates: u64,
}

/// Moves the parameters.
pub fn update<S: Simd>(
    simd: S,
    rule: &UpdateRule,
    layout: &ParamLayout,
    moment: Moment,
    arrays: Arrays<'_>,
) {
    simd.vectorize(
        #[inline(always)]
        || update_with(simd, rule, layout, moment, arrays),
    )
}

#[inline(always)]
fn update_with<S: Simd>(
    simd: S,
    rule: &UpdateRule,
    layout: &ParamLayout,
    moment: Moment,
    arrays: Arrays<'_>,
) {
    let Arrays {
        params,
        gradient,
        first,
        second,
    } = arrays;
    if rule.l1 != 0.0 || rule.l2 != 0.0 {
        add_regularization(rule, layout, params, gradient);
    }
    if let Some(max_norm) = rule.clip_norm {
        clip_by_norm(simd, max_norm, gradient);
    }
    let factor = rule.schedule.factor(moment.step);
    for (range, learning_rate) in &rule.rates {
        let slot = |slot: &[f32]| if slot.is_empty() { 0..0 } else { range.clone() };
        let (of_first, of_second) = (slot(first), slot(second));
        let part = Arrays {
            params: &mut params[range.clone()],
            gradient: &mut gradient[range.clone()],
            first: &mut first[of_first],
            second: &mut second[of_second],
        };
        move_by(
            rule.optimizer,
            factor * learning_rate,
            moment.n_updates,
            part,
        );
    }
}

/// Moves parameters of one learning rate.
#[inline(always)]
fn move_by(optimizer: Optimizer, learning_rate: f64, n_updates: u64, part: Arrays<'_>) {
    let Arrays {
        params,
        gradient,
        first,
        second,
    } = part;
    let lr = learning_rate as f32;
    match optimizer {
        Optimizer::Sgd => {
            for (w, g) in params.iter_mut().zip(&*gradient) {
                *w -= lr * g;
            }
        }
        Optimizer::Momentum { momentum } => {
            let momentum = momentum as f32;
            for ((w, g), v) in params.iter_mut().zip(&*gradient).zip(first) {
                *v = momentum * *v + g;
                *w -= lr * *v;
            }
        }
        Optimizer::Nesterov { momentum } => {
            let momentum = momentum as f32;
            for ((w, g), v) in params.iter_mut().zip(&*gradient).zip(first) {
                *v = momentum * *v + g;
                *w -= lr * (g + momentum * *v);
            }
        }
        Optimizer::RmsProp { alpha, eps } => {
            let (alpha, rest, eps) = (alpha as f32, (1.0 - alpha) as f32, eps as f32);
            for ((w, g), v) in params.iter_mut().zip(&*gradient).zip(second) {
                *v = alpha * *v + rest * g * g;
                *w -= lr * g / (v.sqrt() + eps);
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
            let keep = (1.0 - learning_rate * weight_decay) as f32;
            for w in params.iter_mut() {
                *w *= keep;
            }
            let step = AdamStep::new(beta1, beta2, eps, learning_rate, n_updates);
            step.apply(params, gradient, first, second);
        }
    }
}

/// Adds l1 sign(w) + l2 w to the gradient of every weight, sign(0) = 0.
#[inline(always)]
fn add_regularization(
    rule: &UpdateRule,
    layout: &ParamLayout,
    params: &[f32],
    gradient: &mut [f32],
) {
    for layer in &layout.layers {
        let weights = params[layer.weights.clone()].iter();
        for (w, g) in weights.zip(&mut gradient[layer.weights.clone()]) {
            let sign = f32::from(i8::from(*w > 0.0) - i8::from(*w < 0.0));
            *g += rule.l1 * sign + rule.l2 * w;
        }
    }
}

/// Multiplies the gradient by min(1, max_norm / (norm + 1e-6)), as PyTorch's `clip_grad_norm_`.
#[inline(always)]
fn clip_by_norm<S: Simd>(simd: S, max_norm: f32, gradient: &mut [f32]) {
    let norm = sum_of_squares(simd, gradient).sqrt();
    let scale = max_norm / (norm + 1e-6);
    if scale < 1.0 {
        for g in gradient {
            *g *= scale;
        }
    }
}

/// One step of Adam with its bias corrections. These are made in f64: 1 - beta2^t of a young run loses
/// most of its digits in f32.
struct AdamStep {
    beta1: f32,
    rest1: f32,
    beta2: f32,
    rest2: f32,
    eps: f32,
    step_size: f32,
    root_of_correction2: f32,
}

impl AdamStep {
    #[inline(always)]
    fn new(beta1: f64, beta2: f64, eps: f64, learning_rate: f64, n_updates: u64) -> Self {
        let t = n_updates as f64;
        Self {
            beta1: beta1 as f32,
            rest1: (1.0 - beta1) as f32,
            beta2: beta2 as f32,
            rest2: (1.0 - beta2) as f32,
            eps: eps as f32,
            step_size: (learning_rate / (1.0 - libm::pow(beta1, t))) as f32,
            root_of_correction2: libm::sqrt(1.0 - libm::pow(beta2, t)) as f32,
        }
    }

    /// m = beta1 m + (1 - beta1) g; v = beta2 v + (1 - beta2) g^2;
    /// w -= lr / (1 - beta1^t) * m / (sqrt(v) / sqrt(1 - beta2^t) + eps).
    #[inline(always)]
    fn apply(self, params: &mut [f32], gradient: &[f32], first: &mut [f32], second: &mut [f32]) {
        let slots = first.iter_mut().zip(second);
        for ((w, g), (m, v)) in params.iter_mut().zip(gradient).zip(slots) {
            *m = self.beta1 * *m + self.rest1 * g;
            *v = self.beta2 * *v + self.rest2 * g * g;
            *w -= self.step_size * *m / (v.sqrt() / self.root_of_correction2 + self.eps);
        }
    }
}
