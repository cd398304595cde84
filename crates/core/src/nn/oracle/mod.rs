//! The text-book: forward pass, backward pass and training step of a small network in plain f64.
//!
//! Everything that trains in this project is held to this code, and this code is held to PyTorch's
//! results and to finite differences. It is written to be read: no tricks, one loop nest per
//! formula, forward and backward of a layer side by side.
//!
//! A hidden layer is linear, batch normalisation if asked for, activation; the output layer is linear:
//!
//! ```text
//! forward                                            backward (d_v is dL/dv)
//! u = W a + b                    [linear]            d_W = d_u^T a, d_b = sum d_u, d_a = d_u W
//! z = gamma u_hat + beta         [batch_norm]        d_gamma, d_beta, d_u
//! a = f(z)                       [activate]          d_z = d_a f'(z), d_alpha
//! a = m a, in training           [dropout]           d_a = m d_a
//! loss(outputs, y)               [super::loss]       d_outputs
//! ```
//!
//! Arrays of n samples are `[n, n_units]`, row-major. Reductions over samples run in the order of the samples.
//!
//! Exclusive or, learned by four hidden units:
//!
//! ```
//! use actiscope_core::activation::ActivationSpec;
//! use actiscope_core::nn::init::initial_params;
//! use actiscope_core::nn::layout::ParamLayout;
//! use actiscope_core::nn::oracle::Oracle;
//! use actiscope_core::nn::spec::{Initializer, Loss, NetworkSpec, Optimizer, Order, TrainingSpec};
//!
//! let network = NetworkSpec {
//!     n_inputs: 2,
//!     hidden: vec![4],
//!     n_outputs: 1,
//!     activation: ActivationSpec::new("tanh"),
//!     layer_activations: Vec::new(),
//!     prelu_sharing: Default::default(),
//!     batch_norm: false,
//!     initializer: Initializer::GlorotUniform,
//!     gain: 1.0,
//!     given: None,
//! };
//! let training = TrainingSpec::plain(Loss::BceLogits, Optimizer::ADAM, 0.1, 4);
//! let params = initial_params(&network, &ParamLayout::new(&network), 1);
//! let mut oracle = Oracle::new(network, training, params)?;
//!
//! let (x, y) = ([0., 0., 0., 1., 1., 0., 1., 1.], [0., 1., 1., 0.]);
//! for _ in 0..200 {
//!     oracle.step(&x, &y);
//! }
//! let classes: Vec<bool> = oracle.predict(&x).iter().map(|&logit| logit > 0.0).collect();
//! assert_eq!(classes, [false, true, true, false]);
//! # Ok::<(), actiscope_core::activation::ActivationError>(())
//! ```

pub mod activate;
pub mod batch_norm;
pub mod dropout;
pub mod linear;

use super::dropout::Dropout;
use super::init::initial_running;
use super::layout::ParamLayout;
use super::loss::{LossAndGradient, loss_and_gradient};
use super::optimizer::{self, OptimizerState};
use super::spec::{NetworkSpec, TrainingSpec};
use crate::activation::{Activation, ActivationError};
use crate::health::LayerStats;
use batch_norm::Normalized;

/// A network in training. The fields are open: to change the learning rate or a weight is an assignment.
#[derive(Clone, Debug)]
pub struct Oracle {
    pub spec: NetworkSpec,
    pub training: TrainingSpec,
    pub layout: ParamLayout,
    /// Of each hidden layer.
    pub activations: Vec<Activation>,
    /// max |f'| of each hidden layer's activation with the specification's parameters: the scale of saturation.
    pub max_abs_slopes: Vec<f64>,
    /// `[layout.n_params]`.
    pub params: Vec<f64>,
    /// `[layout.n_running]`: running statistics of batch normalisation.
    pub running: Vec<f64>,
    pub optimizer_state: OptimizerState,
    /// Updates made.
    pub step: u64,
    /// What dropout's masks are drawn from; 0 at first.
    pub seed: u64,
}

/// Which mean and variance batch normalisation uses. Of no effect without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Statistics {
    /// Those of the samples at hand: in training, and when health is judged.
    Batch,
    /// Those gathered while training: for predictions.
    Running,
}

/// What the forward pass leaves of one layer.
#[derive(Clone, Debug)]
pub struct LayerPass {
    /// `[n, n_in]`.
    pub input: Vec<f64>,
    /// With batch normalisation only.
    pub normalized: Option<Normalized>,
    /// `[n, n_out]`: pre-activations; of the output layer the network's outputs.
    pub z: Vec<f64>,
    /// `[n, n_out]`: what dropout multiplied activations by; with dropout only.
    pub mask: Option<Vec<f64>>,
}

/// Of the mean loss over a set of samples, without regularisation.
#[derive(Clone, Debug)]
pub struct Gradient {
    pub loss: f64,
    /// dL/dparams, `[n_params]`.
    pub params: Vec<f64>,
    /// dL/dz of each layer, `[n_layers][n, n_out]`.
    pub z: Vec<Vec<f64>>,
    /// The forward pass it was computed from, `[n_layers]`.
    pub passes: Vec<LayerPass>,
}

/// What one update did.
#[derive(Clone, Debug)]
pub struct StepReport {
    /// Of the batch, before the update, without regularisation.
    pub loss: f64,
    /// The gradient that the optimizer was given: regularised and clipped, `[n_params]`.
    pub gradient: Vec<f64>,
    /// Norm of the regularised gradient before clipping.
    pub gradient_norm: f64,
}

/// Health of a network over a probe set.
#[derive(Clone, Debug)]
pub struct Probe {
    pub loss: f64,
    /// `[n, n_outputs]`.
    pub outputs: Vec<f64>,
    /// Of each hidden layer.
    pub layers: Vec<LayerStats>,
}

impl Oracle {
    /// At step 0 with these parameters, in the order of the network's [`ParamLayout`].
    ///
    /// # Errors
    /// If the activation cannot be resolved.
    ///
    /// # Panics
    /// If `params` has not the length of the layout.
    pub fn new(
        spec: NetworkSpec,
        training: TrainingSpec,
        params: Vec<f64>,
    ) -> Result<Self, ActivationError> {
        let layout = ParamLayout::new(&spec);
        assert_eq!(params.len(), layout.n_params, "parameters fit the layout");
        let layers = 0..spec.hidden.len();
        let activations = layers.map(|l| Activation::resolve(spec.activation_of(l)));
        let activations = activations.collect::<Result<Vec<_>, _>>()?;
        // The search is long: once where all layers have one function.
        let functions = &activations[..activations.len().min(spec.activations().len())];
        let mut max_abs_slopes: Vec<f64> =
            functions.iter().map(Activation::max_abs_slope).collect();
        max_abs_slopes.resize(
            spec.hidden.len(),
            max_abs_slopes.first().copied().unwrap_or_default(),
        );
        Ok(Self {
            max_abs_slopes,
            activations,
            running: initial_running(&spec, &layout),
            optimizer_state: OptimizerState::new(training.optimizer, params.len()),
            step: 0,
            seed: 0,
            spec,
            training,
            layout,
            params,
        })
    }

    /// Layer by layer from `x`, `[n, n_inputs]`, without dropout. The last pass holds the outputs.
    pub fn forward(&self, x: &[f64], statistics: Statistics) -> Vec<LayerPass> {
        self.forward_with(x, statistics, None)
    }

    fn forward_with(
        &self,
        x: &[f64],
        statistics: Statistics,
        dropout: Option<Dropout>,
    ) -> Vec<LayerPass> {
        let n = x.len() / self.spec.n_inputs;
        let mut passes = Vec::with_capacity(self.layout.layers.len());
        let mut a = x.to_vec();
        for (l, layer) in self.layout.layers.iter().enumerate() {
            let of = |range: &std::ops::Range<usize>| &self.params[range.clone()];
            let is_hidden = l < self.spec.hidden.len();

            let u = linear::forward(of(&layer.weights), of(&layer.biases), &a);

            let (gamma, beta) = (of(&layer.gamma), of(&layer.beta));
            let normalized = match statistics {
                _ if gamma.is_empty() => None,
                Statistics::Batch => Some(batch_norm::forward_batch(gamma, beta, &u)),
                Statistics::Running => {
                    let running = &self.running[layer.running.clone()];
                    Some(batch_norm::forward_running(gamma, beta, running, &u))
                }
            };
            let z = match &normalized {
                Some(normalized) => normalized.z.clone(),
                None => u,
            };

            let mut next_a = match is_hidden {
                true => activate::forward(&self.activations[l], of(&layer.alpha), layer.n_out, &z),
                false => Vec::new(),
            };
            let dropout = dropout.filter(|_| is_hidden);
            let mask = dropout.map(|d| dropout::mask(&d, self.step, l, n, layer.n_out));
            if let Some(mask) = &mask {
                next_a = dropout::forward(mask, &next_a);
            }
            passes.push(LayerPass {
                input: std::mem::replace(&mut a, next_a),
                normalized,
                z,
                mask,
            });
        }
        passes
    }

    /// Outputs for `x`, `[n, n_outputs]`: logits where the loss squashes. Uses running statistics.
    pub fn predict(&self, x: &[f64]) -> Vec<f64> {
        let passes = self.forward(x, Statistics::Running);
        passes
            .into_iter()
            .next_back()
            .map_or(Vec::new(), |output| output.z)
    }

    /// Mean loss over `x` (`[n, n_inputs]`) and `y` (`[n]`) without dropout, and its gradient.
    pub fn gradient(&self, x: &[f64], y: &[f64]) -> Gradient {
        self.backward(self.forward(x, Statistics::Batch), y)
    }

    /// The loss of the sample at `index` of `x` (`[n, n_inputs]`), whose target is `y`, and its gradient; without dropout.
    /// The other samples only have their part in mean and variance of batch normalization: without it they change nothing.
    pub fn gradient_of_one(&self, x: &[f64], index: usize, y: f64) -> Gradient {
        let passes = self.forward(x, Statistics::Batch);
        let n_outputs = self.spec.n_outputs;
        let outputs = &passes[passes.len() - 1].z;
        let own = index * n_outputs..(index + 1) * n_outputs;
        let mut judged = self.judge(&outputs[own.clone()], &[y]);
        let mut d_outputs = vec![0.0; outputs.len()];
        d_outputs[own].copy_from_slice(&judged.d_outputs);
        judged.d_outputs = d_outputs;
        self.backward_from(passes, judged)
    }

    /// Loss of `outputs` (`[n, n_outputs]`) against `y` (`[n]`), and its gradient with respect to them.
    pub fn judge(&self, outputs: &[f64], y: &[f64]) -> LossAndGradient {
        loss_and_gradient(
            self.training.loss,
            &self.training.class_weights,
            self.spec.n_outputs,
            outputs,
            y,
        )
    }

    /// Mean loss of a forward pass over samples whose targets are `y` (`[n]`), and its gradient.
    pub fn backward(&self, passes: Vec<LayerPass>, y: &[f64]) -> Gradient {
        let judged = self.judge(&passes[passes.len() - 1].z, y);
        self.backward_from(passes, judged)
    }

    /// Gradient of a loss of which is known how it depends on the outputs, layer by layer from the last to the first.
    fn backward_from(&self, passes: Vec<LayerPass>, judged: LossAndGradient) -> Gradient {
        let mut d_params = vec![0.0; self.params.len()];
        let mut d_z_of_layers = vec![Vec::new(); passes.len()];
        // dL/da of the layer at hand; of the output layer dL/d(outputs).
        let mut d_a = judged.d_outputs;
        for (l, (layer, pass)) in self.layout.layers.iter().zip(&passes).enumerate().rev() {
            let of = |range: &std::ops::Range<usize>| &self.params[range.clone()];
            let is_hidden = l < self.spec.hidden.len();

            if let Some(mask) = &pass.mask {
                d_a = dropout::backward(mask, &d_a);
            }
            let d_z = if is_hidden {
                let alphas = of(&layer.alpha);
                let back =
                    activate::backward(&self.activations[l], alphas, layer.n_out, &pass.z, &d_a);
                d_params[layer.alpha.clone()].copy_from_slice(&back.alphas);
                back.z
            } else {
                d_a
            };

            let back_of_norm = pass
                .normalized
                .as_ref()
                .map(|normalized| batch_norm::backward(of(&layer.gamma), normalized, &d_z));
            let d_u = match &back_of_norm {
                Some(back) => {
                    d_params[layer.gamma.clone()].copy_from_slice(&back.gamma);
                    d_params[layer.beta.clone()].copy_from_slice(&back.beta);
                    &back.u
                }
                None => &d_z,
            };

            let back = linear::backward(of(&layer.weights), layer.n_out, &pass.input, d_u);
            d_params[layer.weights.clone()].copy_from_slice(&back.weights);
            d_params[layer.biases.clone()].copy_from_slice(&back.biases);
            d_a = back.a;
            d_z_of_layers[l] = d_z;
        }
        Gradient {
            loss: judged.loss,
            params: d_params,
            z: d_z_of_layers,
            passes,
        }
    }

    /// One update on the batch `x` (`[n, n_inputs]`), `y` (`[n]`): gradient through dropout's masks of this step,
    /// regularisation, clipping, optimizer; then the running statistics.
    pub fn step(&mut self, x: &[f64], y: &[f64]) -> StepReport {
        let dropout = Dropout::new(self.training.dropout, self.seed);
        let passes = self.forward_with(x, Statistics::Batch, dropout);
        let Gradient {
            loss,
            params,
            passes,
            ..
        } = self.backward(passes, y);
        let (gradient, gradient_norm) = self.update(params);
        for (layer, pass) in self.layout.layers.iter().zip(&passes) {
            if let Some(normalized) = &pass.normalized {
                let running = &mut self.running[layer.running.clone()];
                batch_norm::update_running(running, normalized, y.len());
            }
        }
        StepReport {
            loss,
            gradient,
            gradient_norm,
        }
    }

    /// Moves the parameters by the gradient of a loss (`[n_params]`): regularisation, clipping, optimizer, and with that a
    /// step is made. Returns the gradient that the optimizer was given, and its norm before clipping.
    pub fn update(&mut self, mut gradient: Vec<f64>) -> (Vec<f64>, f64) {
        let training = &self.training;
        optimizer::add_regularization(
            training.l1,
            training.l2,
            &self.layout,
            &self.params,
            &mut gradient,
        );
        let gradient_norm = match training.clip_norm {
            Some(max_norm) => optimizer::clip_by_norm(max_norm, &mut gradient),
            None => optimizer::norm(&gradient),
        };
        let mut rates = self.layout.rates(training);
        let factor = training.schedule.factor(self.step);
        rates.iter_mut().for_each(|(_, rate)| *rate *= factor);
        optimizer::update(
            training.optimizer,
            &rates,
            &mut self.params,
            &gradient,
            &mut self.optimizer_state,
        );
        self.step += 1;
        (gradient, gradient_norm)
    }

    /// Loss and health over a probe set `x` (`[n, n_inputs]`), `y` (`[n]`). Changes nothing.
    pub fn probe(&self, x: &[f64], y: &[f64]) -> Probe {
        let gradient = self.gradient(x, y);
        let hidden = self.layout.hidden().iter().zip(&gradient.passes);
        let layers = hidden
            .zip(&gradient.z)
            .enumerate()
            .map(|(l, ((layer, pass), d_z))| {
                let alphas = &self.params[layer.alpha.clone()];
                let slopes = activate::slopes(&self.activations[l], alphas, layer.n_out, &pass.z);
                let d_weights = &gradient.params[layer.weights.clone()];
                LayerStats::new(
                    layer.n_out,
                    &pass.z,
                    &slopes,
                    d_z,
                    d_weights,
                    self.max_abs_slopes[l],
                )
            })
            .collect();
        let outputs = gradient.passes.into_iter().next_back();
        Probe {
            loss: gradient.loss,
            outputs: outputs.map_or(Vec::new(), |output| output.z),
            layers,
        }
    }
}
