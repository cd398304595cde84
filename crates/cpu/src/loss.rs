//! Loss of a batch and its gradient with respect to the outputs. f32 counterpart of
//! `actiscope_core::nn::loss`.
//!
//! Outputs and gradient are `[n_outputs, n_cols]`. Padded columns have weight 0: they add nothing to the
//! loss and their gradient is 0.

use actiscope_core::nn::spec::{Loss, TrainingSpec};
use actiscope_vector::math as vm;
use fearless_simd::{Simd, f32x8, prelude::*};

use super::batch::Batch;
use super::linear::{LANES, column, load, sum};

/// How outputs are judged, in f32.
#[derive(Clone, Debug)]
pub struct LossRule {
    loss: Loss,
    /// `[n_classes]`, for the losses that take weights; empty is all 1.
    class_weights: Vec<f32>,
}

impl LossRule {
    pub fn new(training: &TrainingSpec) -> Self {
        let class_weights = match training.loss.takes_class_weights() {
            true => training.class_weights.iter().map(|&w| w as f32).collect(),
            false => Vec::new(),
        };
        Self {
            loss: training.loss,
            class_weights,
        }
    }

    /// Weight of a sample with this class.
    fn weight_of(&self, class: usize) -> f32 {
        self.class_weights.get(class).copied().unwrap_or(1.0)
    }
}

/// Returns the loss. `outputs`: logits where the loss squashes; `d_outputs`: dL/d(outputs).
pub fn loss_and_gradient<S: Simd>(
    simd: S,
    rule: &LossRule,
    batch: Batch<'_>,
    outputs: &[f32],
    d_outputs: &mut [f32],
) -> f32 {
    simd.vectorize(
        #[inline(always)]
        || loss_and_gradient_with(simd, rule, batch, outputs, d_outputs),
    )
}

#[inline(always)]
fn loss_and_gradient_with<S: Simd>(
    simd: S,
    rule: &LossRule,
    batch: Batch<'_>,
    outputs: &[f32],
    d_outputs: &mut [f32],
) -> f32 {
    let n_outputs = outputs.len() / batch.n_cols;
    match rule.loss {
        Loss::SoftmaxCrossEntropy => {
            return softmax_cross_entropy(simd, rule, batch, outputs, d_outputs);
        }
        Loss::Focal { gamma, alpha } if n_outputs > 1 => {
            let params = (gamma as f32, alpha as f32);
            return softmax_focal(simd, rule, batch, params, outputs, d_outputs);
        }
        _ => {}
    }
    let scale = 1.0 / (batch.n * n_outputs) as f32;
    let judge = Judge {
        simd,
        rule,
        batch,
        n_outputs,
        scale,
    };
    match rule.loss {
        Loss::Mse => judge.each(outputs, d_outputs, |x, y| mse(simd, x, y)),
        Loss::SigmoidMse => judge.each(outputs, d_outputs, |x, y| sigmoid_mse(simd, x, y)),
        Loss::ReluMse => judge.each(outputs, d_outputs, |x, y| relu_mse(simd, x, y)),
        Loss::Huber { delta } => {
            let delta = f32x8::splat(simd, delta as f32);
            judge.each(outputs, d_outputs, |x, y| huber(x, y, delta))
        }
        Loss::BceLogits => judge.each(outputs, d_outputs, |x, y| bce(x, y)),
        Loss::Focal { gamma, alpha } => {
            let (gamma, alpha) = (gamma as f32, alpha as f32);
            judge.each(outputs, d_outputs, |x, y| focal(simd, x, y, gamma, alpha))
        }
        Loss::SoftmaxCrossEntropy => unreachable!("handled above"),
    }
}

/// A loss that is a mean over outputs and samples of a loss of one output.
struct Judge<'a, S: Simd> {
    simd: S,
    rule: &'a LossRule,
    batch: Batch<'a>,
    n_outputs: usize,
    /// 1 / (samples x outputs).
    scale: f32,
}

impl<S: Simd> Judge<'_, S> {
    /// `one` gives loss and d loss / d output from an output and its target.
    #[inline(always)]
    fn each(
        &self,
        outputs: &[f32],
        d_outputs: &mut [f32],
        one: impl Fn(f32x8<S>, f32x8<S>) -> (f32x8<S>, f32x8<S>),
    ) -> f32 {
        let simd = self.simd;
        let n_cols = self.batch.n_cols;
        let mut total = f32x8::splat(simd, 0.0);
        for k in 0..self.n_outputs {
            let row = k * n_cols..(k + 1) * n_cols;
            let outputs = outputs[row.clone()].as_chunks::<LANES>().0;
            let d_outputs = d_outputs[row].as_chunks_mut::<LANES>().0;
            let targets = self.batch.y.as_chunks::<LANES>().0;
            for (v, ((output, y), d_output)) in
                outputs.iter().zip(targets).zip(d_outputs).enumerate()
            {
                let y = f32x8::load_array_ref(simd, y);
                let target = match self.n_outputs {
                    1 => y,
                    _ => one_hot(simd, y, k),
                };
                let weight = self.weights(v, y);
                let (loss, slope) = one(f32x8::load_array_ref(simd, output), target);
                total += weight * loss;
                (weight * slope * self.scale).store_slice(d_output);
            }
        }
        self.scale * sum(total)
    }

    /// Weights of the samples of vector `v`: that of the class, 0 in padded columns.
    #[inline(always)]
    fn weights(&self, v: usize, y: f32x8<S>) -> f32x8<S> {
        let simd = self.simd;
        let is_real = is_real(simd, self.batch.n, v);
        let zero = f32x8::splat(simd, 0.0);
        if self.rule.class_weights.is_empty() {
            return is_real.select(f32x8::splat(simd, 1.0), zero);
        }
        let negative = f32x8::splat(simd, self.rule.weight_of(0));
        let positive = f32x8::splat(simd, self.rule.weight_of(1));
        let of_class = y.simd_gt(0.5).select(positive, negative);
        is_real.select(of_class, zero)
    }
}

/// (output - target)^2.
#[inline(always)]
fn mse<S: Simd>(simd: S, output: f32x8<S>, target: f32x8<S>) -> (f32x8<S>, f32x8<S>) {
    let error = output - target;
    (error * error, f32x8::splat(simd, 2.0) * error)
}

/// (sigmoid(logit) - target)^2.
#[inline(always)]
fn sigmoid_mse<S: Simd>(simd: S, logit: f32x8<S>, target: f32x8<S>) -> (f32x8<S>, f32x8<S>) {
    let (p, q) = (vm::sigmoid(logit), vm::sigmoid(-logit));
    let error = p - target;
    (error * error, f32x8::splat(simd, 2.0) * error * p * q)
}

/// (max(output, 0) - target)^2.
#[inline(always)]
fn relu_mse<S: Simd>(simd: S, output: f32x8<S>, target: f32x8<S>) -> (f32x8<S>, f32x8<S>) {
    let zero = f32x8::splat(simd, 0.0);
    let is_positive = output.simd_gt(zero);
    let error = is_positive.select(output, zero) - target;
    let slope = is_positive.select(f32x8::splat(simd, 2.0) * error, zero);
    (error * error, slope)
}

/// error^2 / 2 where |error| <= delta, else delta (|error| - delta / 2).
#[inline(always)]
fn huber<S: Simd>(output: f32x8<S>, target: f32x8<S>, delta: f32x8<S>) -> (f32x8<S>, f32x8<S>) {
    let error = output - target;
    let size = error.abs();
    let is_small = size.simd_le(delta);
    let loss = is_small.select(error * error * 0.5, delta * (size - delta * 0.5));
    (loss, is_small.select(error, delta.copysign(error)))
}

/// -target log p - (1 - target) log(1 - p), p = sigmoid(logit).
#[inline(always)]
fn bce<S: Simd>(logit: f32x8<S>, target: f32x8<S>) -> (f32x8<S>, f32x8<S>) {
    let loss = vm::softplus(logit) - logit * target;
    (loss, vm::sigmoid(logit) - target)
}

/// -alpha_t (1 - p_t)^gamma log p_t, with u the logit of the true class, p_t = sigmoid(u) and
/// q = sigmoid(-u): dL/du = alpha_t q^gamma (gamma p_t log p_t - q).
#[inline(always)]
fn focal<S: Simd>(
    simd: S,
    logit: f32x8<S>,
    target: f32x8<S>,
    gamma: f32,
    alpha: f32,
) -> (f32x8<S>, f32x8<S>) {
    let is_positive = target.simd_gt(0.5);
    let sign = is_positive.select(f32x8::splat(simd, 1.0), f32x8::splat(simd, -1.0));
    let alpha_t = is_positive.select(f32x8::splat(simd, alpha), f32x8::splat(simd, 1.0 - alpha));
    let u = sign * logit;
    let (p, q) = (vm::sigmoid(u), vm::sigmoid(-u));
    let log_p = -vm::softplus(-u);
    // log q is finite, so that q^0 is 1 even where q is 0.
    let log_q = -vm::softplus(u);
    let focus = alpha_t * vm::exp(log_q * gamma);
    (-(focus * log_p), sign * focus * (p * log_p * gamma - q))
}

/// sum_s w_s (log sum_k exp x_ks - x_(class s)s) / sum_s w_s, w_s the weight of sample s's class; 0
/// for a batch whose weights are all 0.
#[inline(always)]
fn softmax_cross_entropy<S: Simd>(
    simd: S,
    rule: &LossRule,
    batch: Batch<'_>,
    outputs: &[f32],
    d_outputs: &mut [f32],
) -> f32 {
    let n_cols = batch.n_cols;
    let n_outputs = outputs.len() / n_cols;
    let n_vectors = n_cols / LANES;
    let zero = f32x8::splat(simd, 0.0);
    let scale = scale_of_weights(simd, rule, batch);

    let mut total = zero;
    for v in 0..n_vectors {
        let output = |k: usize| load(simd, &outputs[k * n_cols..(k + 1) * n_cols], v);
        // Shifted by the largest logit, so that exp cannot overflow.
        let mut largest = output(0);
        for k in 1..n_outputs {
            let x = output(k);
            largest = x.simd_gt(largest).select(x, largest);
        }
        let y = load(simd, batch.y, v);
        let (mut sum_of_exp, mut of_class) = (zero, zero);
        for k in 0..n_outputs {
            let x = output(k);
            let e = vm::exp(x - largest);
            sum_of_exp += e;
            of_class = y.simd_eq(k as f32).select(x, of_class);
            e.store_slice(&mut d_outputs[k * n_cols + v * LANES..][..LANES]);
        }
        let weight = weights_of(simd, rule, batch, v, y) * scale;
        total += weight * (largest + vm::log(sum_of_exp) - of_class);
        for k in 0..n_outputs {
            let d_output = &mut d_outputs[k * n_cols + v * LANES..][..LANES];
            let p = f32x8::from_slice(simd, d_output) / sum_of_exp;
            (weight * (p - one_hot(simd, y, k))).store_slice(d_output);
        }
    }
    sum(total)
}

/// sum_s w_s focal(u_s) / sum_s w_s, u the logit of sample s's class against all others together; 0 for a batch whose
/// weights are all 0.
#[inline(always)]
fn softmax_focal<S: Simd>(
    simd: S,
    rule: &LossRule,
    batch: Batch<'_>,
    (gamma, alpha): (f32, f32),
    outputs: &[f32],
    d_outputs: &mut [f32],
) -> f32 {
    let n_cols = batch.n_cols;
    let n_outputs = outputs.len() / n_cols;
    let zero = f32x8::splat(simd, 0.0);
    let one = f32x8::splat(simd, 1.0);
    let scale = scale_of_weights(simd, rule, batch);

    let mut total = zero;
    for v in 0..n_cols / LANES {
        let output = |k: usize| load(simd, &outputs[k * n_cols..(k + 1) * n_cols], v);
        let y = load(simd, batch.y, v);
        let is_class = |k: usize| y.simd_eq(k as f32);
        // Shifted by the largest logit of the others, so that exp cannot overflow.
        let mut largest = is_class(0).select(output(1), output(0));
        for k in 0..n_outputs {
            let x = output(k);
            let other = is_class(k).select(largest, x);
            largest = other.simd_gt(largest).select(other, largest);
        }
        let (mut sum_of_exp, mut of_class) = (zero, zero);
        for k in 0..n_outputs {
            let x = output(k);
            let e = is_class(k).select(zero, vm::exp(x - largest));
            sum_of_exp += e;
            of_class = is_class(k).select(x, of_class);
            e.store_slice(&mut d_outputs[k * n_cols + v * LANES..][..LANES]);
        }
        let u = of_class - largest - vm::log(sum_of_exp);
        let (loss, slope) = focal(simd, u, one, gamma, alpha);
        let weight = weights_of(simd, rule, batch, v, y) * scale;
        total += weight * loss;
        for k in 0..n_outputs {
            let d_output = &mut d_outputs[k * n_cols + v * LANES..][..LANES];
            let d_u = -(f32x8::from_slice(simd, d_output) / sum_of_exp);
            (weight * slope * is_class(k).select(one, d_u)).store_slice(d_output);
        }
    }
    sum(total)
}

/// Weights of the samples of vector `v`, each that of its class; 0 in padded columns.
#[inline(always)]
fn weights_of<S: Simd>(
    simd: S,
    rule: &LossRule,
    batch: Batch<'_>,
    v: usize,
    y: f32x8<S>,
) -> f32x8<S> {
    let mut weights = f32x8::splat(simd, 1.0);
    for (class, &weight) in rule.class_weights.iter().enumerate() {
        let is_class = y.simd_eq(class as f32);
        weights = is_class.select(f32x8::splat(simd, weight), weights);
    }
    is_real(simd, batch.n, v).select(weights, f32x8::splat(simd, 0.0))
}

/// 1 / sum_s w_s; 0 where all weights are.
#[inline(always)]
fn scale_of_weights<S: Simd>(simd: S, rule: &LossRule, batch: Batch<'_>) -> f32 {
    let mut sum_of_weights = f32x8::splat(simd, 0.0);
    for v in 0..batch.n_cols / LANES {
        sum_of_weights += weights_of(simd, rule, batch, v, load(simd, batch.y, v));
    }
    let sum_of_weights = sum(sum_of_weights);
    match sum_of_weights > 0.0 {
        true => 1.0 / sum_of_weights,
        false => 0.0,
    }
}

/// 1 where the class is `k`, else 0.
#[inline(always)]
fn one_hot<S: Simd>(simd: S, y: f32x8<S>, k: usize) -> f32x8<S> {
    y.simd_eq(k as f32)
        .select(f32x8::splat(simd, 1.0), f32x8::splat(simd, 0.0))
}

/// Which columns of vector `v` are samples.
#[inline(always)]
fn is_real<S: Simd>(simd: S, n: usize, v: usize) -> fearless_simd::mask32x8<S> {
    column(simd, v).simd_lt(n as f32)
}
