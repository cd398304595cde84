//! One lane: a network being trained, its rules and its state.

use std::mem::discriminant;

use actiscope_core::health::tracker::{DIVERGED_LOSS_RATIO, LEAST_FIRST_LOSS};
use actiscope_core::nn::dropout::Dropout;
use actiscope_core::nn::init::{initial_params, initial_running};
use actiscope_core::nn::layout::ParamLayout;
use actiscope_core::nn::spec::{NetworkSpec, Optimizer, TrainingSpec};
use fearless_simd::Simd;
use serde::{Deserialize, Serialize};

use super::TrainerError;
use super::activate::{Functions, LaneActivation};
use super::backward::backward;
use super::batch::Batch;
use super::dropout::Masks;
use super::forward::{Statistics, forward};
use super::linear::LANES;
use super::loss::{LossRule, loss_and_gradient};
use super::norm;
use super::scratch::Scratch;
use super::update::{Arrays, Moment, UpdateRule, update};

/// What one lane of a population trains. Lanes share widths, batch size and order of samples; all
/// else may differ.
#[derive(Clone, Debug, PartialEq)]
pub struct LaneSpec {
    pub network: NetworkSpec,
    pub training: TrainingSpec,
    /// Of the initial weights and of dropout's masks.
    pub seed: u64,
}

/// The function of a lane: where its parameters lie and what its units compute.
#[derive(Clone, Debug)]
pub struct Network {
    pub layout: ParamLayout,
    /// One for all hidden layers, or one each.
    activations: Vec<LaneActivation>,
}

impl Network {
    /// # Errors
    /// If an activation cannot be resolved.
    pub fn new(spec: &NetworkSpec) -> Result<Self, TrainerError> {
        Self::with_functions(spec, &mut Functions::default())
    }

    /// As [`Network::new`], with functions that other networks may have, too.
    ///
    /// # Errors
    /// As [`Network::new`].
    pub fn with_functions(
        spec: &NetworkSpec,
        functions: &mut Functions,
    ) -> Result<Self, TrainerError> {
        let activations = spec
            .activations()
            .into_iter()
            .map(|spec| functions.get(spec));
        Ok(Self {
            layout: ParamLayout::new(spec),
            activations: activations.collect::<Result<_, _>>()?,
        })
    }

    /// The activation of a hidden layer.
    pub fn activation(&self, layer: usize) -> &LaneActivation {
        &self.activations[layer.min(self.activations.len() - 1)]
    }
}

/// All that changes from step to step: enough to go on from exactly here. Arrays are `[n_params]`
/// padded with zeros to whole vectors; those of unused optimizer slots are empty.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LaneState {
    pub params: Vec<f32>,
    /// Velocity (momentum, Nesterov) or mean gradient (Adam).
    pub first: Vec<f32>,
    /// Mean squared gradient (RMSprop, Adam).
    pub second: Vec<f32>,
    /// Running means and variances of batch normalisation.
    pub running: Vec<f32>,
    /// Updates since the optimizer's state began.
    pub n_updates: u64,
    /// Of the first batch under the present loss: the measure of divergence.
    pub first_loss: Option<f32>,
}

impl LaneState {
    pub fn new(spec: &LaneSpec, layout: &ParamLayout) -> Self {
        let n_padded = layout.n_params.next_multiple_of(LANES);
        let mut params: Vec<f32> = initial_params(&spec.network, layout, spec.seed)
            .into_iter()
            .map(|p| p as f32)
            .collect();
        params.resize(n_padded, 0.0);
        let running = initial_running(&spec.network, layout)
            .into_iter()
            .map(|r| r as f32);
        let mut state = Self {
            params,
            first: Vec::new(),
            second: Vec::new(),
            running: running.collect(),
            n_updates: 0,
            first_loss: None,
        };
        state.reset_optimizer(spec.training.optimizer);
        state
    }

    /// Forgets what the optimizer remembers.
    pub fn reset_optimizer(&mut self, optimizer: Optimizer) {
        let n_padded = self.params.len();
        let (has_first, has_second) = match optimizer {
            Optimizer::Sgd => (false, false),
            Optimizer::Momentum { .. } | Optimizer::Nesterov { .. } => (true, false),
            Optimizer::RmsProp { .. } => (false, true),
            Optimizer::Adam { .. } | Optimizer::AdamW { .. } => (true, true),
        };
        let slot = |is_used| vec![0.0; if is_used { n_padded } else { 0 }];
        (self.first, self.second) = (slot(has_first), slot(has_second));
        self.n_updates = 0;
    }

    /// Rearranges every array for the layout of other activations. Alphas of a layer are set to what `alphas` has for it,
    /// their optimizer state to 0; where it has `None` the layer keeps them.
    fn move_to(&mut self, (old, new): (&ParamLayout, &ParamLayout), alphas: &[Option<f32>]) {
        let move_array = |array: &mut Vec<f32>, is_state: bool| {
            if array.is_empty() {
                return;
            }
            let mut moved = vec![0.0; new.n_params.next_multiple_of(LANES)];
            for (l, (old, new)) in old.layers.iter().zip(&new.layers).enumerate() {
                let kept = old.weights.start..old.beta.end;
                moved[new.weights.start..new.beta.end].copy_from_slice(&array[kept]);
                let moved = &mut moved[new.alpha.clone()];
                match alphas.get(l).copied().flatten() {
                    Some(alpha) => moved.fill(if is_state { 0.0 } else { alpha }),
                    None => moved.copy_from_slice(&array[old.alpha.clone()]),
                }
            }
            *array = moved;
        };
        move_array(&mut self.params, false);
        move_array(&mut self.first, true);
        move_array(&mut self.second, true);
    }

    /// Overwrites this state with another of the same sizes, without allocating.
    pub fn copy_from(&mut self, other: &Self) {
        self.params.clone_from(&other.params);
        self.first.clone_from(&other.first);
        self.second.clone_from(&other.second);
        self.running.clone_from(&other.running);
        self.n_updates = other.n_updates;
        self.first_loss = other.first_loss;
    }

    /// True if every array is as long as that of `other`.
    pub fn fits(&self, other: &Self) -> bool {
        let lengths = |state: &Self| {
            [&state.params, &state.first, &state.second, &state.running].map(Vec::len)
        };
        lengths(self) == lengths(other)
    }

    /// Bytes of memory.
    pub fn n_bytes(&self) -> usize {
        let arrays = [&self.params, &self.first, &self.second, &self.running];
        size_of::<Self>()
            + arrays
                .map(|array| size_of_val(&array[..]))
                .iter()
                .sum::<usize>()
    }
}

/// Why a lane stands still.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Divergence {
    /// The loss of the next batch is not finite, or over 1e6 times the first: no update was made.
    Loss,
    /// The last update left a parameter that is not finite.
    Parameter,
}

/// A lane as another trainer left it.
#[derive(Clone, Debug)]
pub struct Trained {
    pub step: u64,
    pub state: LaneState,
    /// As [`Lane::previous`].
    pub previous: Vec<f32>,
    /// As [`Lane::batch_loss`].
    pub batch_loss: f32,
    pub divergence: Option<Divergence>,
}

#[derive(Clone, Debug)]
pub struct Lane {
    pub spec: LaneSpec,
    pub network: Network,
    pub update_rule: UpdateRule,
    pub loss_rule: LossRule,
    pub dropout: Option<Dropout>,
    pub state: LaneState,
    /// Parameters before the last update; those of now if there was none since the lane was set.
    pub previous: Vec<f32>,
    /// Updates made.
    pub step: u64,
    /// Of the batch of the last update, before it; NaN before the first.
    pub batch_loss: f32,
    pub divergence: Option<Divergence>,
}

impl Lane {
    pub fn new(spec: LaneSpec) -> Result<Self, TrainerError> {
        let network = Network::new(&spec.network)?;
        Ok(Self::of_network(spec, network))
    }

    /// As [`Lane::new`], with a function that other lanes may have, too.
    ///
    /// # Errors
    /// As [`Lane::new`].
    pub fn with_functions(spec: LaneSpec, functions: &mut Functions) -> Result<Self, TrainerError> {
        let network = Network::with_functions(&spec.network, functions)?;
        Ok(Self::of_network(spec, network))
    }

    fn of_network(spec: LaneSpec, network: Network) -> Self {
        let state = LaneState::new(&spec, &network.layout);
        Self {
            update_rule: UpdateRule::new(&spec.training, &network.layout),
            loss_rule: LossRule::new(&spec.training),
            dropout: Dropout::new(spec.training.dropout, spec.seed),
            network,
            previous: state.params.clone(),
            state,
            step: 0,
            batch_loss: f32::NAN,
            divergence: None,
            spec,
        }
    }

    /// Puts the lane into a state that it was in after `step` updates.
    pub fn restore(&mut self, step: u64, state: &LaneState) {
        self.state.copy_from(state);
        self.previous.clone_from(&state.params);
        self.step = step;
        self.batch_loss = f32::NAN;
        self.divergence = None;
    }

    /// Takes over what another trainer made of this lane. `state` is as long as that of now.
    pub fn adopt(&mut self, trained: Trained) {
        self.state = trained.state;
        self.previous = trained.previous;
        self.step = trained.step;
        self.batch_loss = trained.batch_loss;
        self.divergence = trained.divergence;
    }

    /// Other rules from now on, with the weights kept and as PyTorch would go on: the state of an
    /// optimizer of another kind begins anew. PReLU's alphas come and go with it, and begin at its
    /// parameter, also when that parameter is what changes. Only activations and training may differ.
    ///
    /// # Errors
    /// If more than that differs, or the activation cannot be resolved; the lane is then as it was.
    pub fn change(&mut self, spec: LaneSpec) -> Result<(), TrainerError> {
        let is_same_shape = NetworkSpec {
            activation: spec.network.activation.clone(),
            layer_activations: spec.network.layer_activations.clone(),
            ..self.spec.network.clone()
        } == spec.network;
        if !is_same_shape {
            return Err(TrainerError::Shape);
        }
        let network = Network::new(&spec.network)?;
        let (old, new) = (&self.spec, &spec);
        let alphas = (0..new.network.hidden.len()).map(|l| {
            let (old, new) = (old.network.activation_of(l), new.network.activation_of(l));
            let alpha = new.params.first().copied().unwrap_or_default();
            (old != new).then_some(alpha as f32)
        });
        let alphas: Vec<Option<f32>> = alphas.collect();
        if alphas.iter().any(Option::is_some) {
            let layouts = (&self.network.layout, &network.layout);
            self.state.move_to(layouts, &alphas);
        }
        if discriminant(&old.training.optimizer) != discriminant(&new.training.optimizer) {
            self.state.reset_optimizer(spec.training.optimizer);
        }
        if old.training.loss != new.training.loss
            || old.training.class_weights != new.training.class_weights
        {
            self.state.first_loss = None;
        }
        self.previous.clone_from(&self.state.params);
        self.divergence = None;
        self.update_rule = UpdateRule::new(&spec.training, &network.layout);
        self.loss_rule = LossRule::new(&spec.training);
        self.dropout = Dropout::new(spec.training.dropout, spec.seed);
        (self.network, self.spec) = (network, spec);
        Ok(())
    }

    /// The common learning rate of the last update.
    pub fn last_rate(&self) -> f64 {
        self.spec.training.rate_at(self.step.saturating_sub(1))
    }

    /// One update on `batch`. Does nothing if the lane has diverged.
    #[inline(always)]
    pub fn train_step<S: Simd>(
        &mut self,
        simd: S,
        batch: Batch<'_>,
        scratch: &mut Scratch,
        gradient: &mut [f32],
    ) {
        if self.divergence.is_some() {
            return;
        }
        let step = self.step;
        let masks = self.dropout.map(|dropout| Masks { dropout, step });
        let Self { network, state, .. } = self;
        let layout = &network.layout;
        forward(
            simd,
            network,
            &state.params,
            Statistics::Batch,
            masks,
            batch,
            scratch,
        );

        let output_rows = scratch.rows(layout.layers.len() - 1, batch.n_cols);
        let loss = loss_and_gradient(
            simd,
            &self.loss_rule,
            batch,
            &scratch.z[output_rows.clone()],
            &mut scratch.slope[output_rows],
        );
        self.batch_loss = loss;
        let first_loss = state.first_loss.unwrap_or(loss);
        let limit = DIVERGED_LOSS_RATIO * f64::from(first_loss).max(LEAST_FIRST_LOSS);
        // A NaN is no number to be under a limit.
        if !(f64::from(loss) <= limit && loss.is_finite()) {
            self.divergence = Some(Divergence::Loss);
            return;
        }
        state.first_loss = Some(first_loss);

        backward(simd, network, &state.params, batch, scratch, gradient, None);
        norm::update_running(&mut state.running, layout, &scratch.statistics, batch.n);
        state.n_updates += 1;
        self.previous.copy_from_slice(&state.params);
        let arrays = Arrays {
            params: &mut state.params,
            gradient,
            first: &mut state.first,
            second: &mut state.second,
        };
        let moment = Moment {
            step,
            n_updates: state.n_updates,
        };
        update(simd, &self.update_rule, layout, moment, arrays);
        // An optimizer without an epsilon makes 0 / 0 of padding.
        state.params[layout.n_params..].fill(0.0);
        self.step += 1;
        if !all_finite(simd, &state.params) {
            self.divergence = Some(Divergence::Parameter);
        }
    }
}

/// `values`: whole vectors.
#[inline(always)]
fn all_finite<S: Simd>(simd: S, values: &[f32]) -> bool {
    use fearless_simd::{f32x8, prelude::*};
    // 0 x is 0 for finite x and NaN for the rest.
    let zero = f32x8::splat(simd, 0.0);
    let mut total = zero;
    for v in values.as_chunks::<LANES>().0 {
        total += f32x8::load_array_ref(simd, v) * zero;
    }
    super::linear::sum(total) == 0.0
}
