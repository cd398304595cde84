//! Structures and arrays that host and kernels share. `bindings.wgsl` has the same; a test compares the
//! two as naga reads them.

use actiscope_core::activation::ActivationSpec;
use actiscope_core::nn::dropout::Dropout;
use actiscope_core::nn::layout::ParamLayout;
use actiscope_core::nn::schedule::Annealing;
use actiscope_core::nn::spec::{Loss, NetworkSpec, Optimizer};
use bytemuck::{Pod, Zeroable};

use crate::cpu::LaneSpec;

/// Most parameters of a function.
pub const MAX_FUNCTION_PARAMS: usize = 8;
/// Turns of all loops of a thread together, after which Mesa's software driver ends them without a word.
const MAX_SOFTWARE_TURNS: usize = 60_000;
/// Steps of one dispatch on a software adapter, if there is a choice.
const WANTED_SOFTWARE_STEPS: usize = 8;
/// Values of a step in the array `batches` before its samples: their number, and whether lanes are looked at after it.
pub const BATCH_HEADER: usize = 2;
/// Most classes that can have weights.
pub const MAX_CLASSES: usize = 16;

/// `Layer` of the kernels.
#[repr(C)]
#[derive(Clone, Copy, Debug, Pod, Zeroable)]
pub struct Layer {
    pub n_in: u32,
    pub n_out: u32,
    pub weights: u32,
    pub biases: u32,
    pub gamma: u32,
    pub beta: u32,
    pub alpha: u32,
    pub n_alpha: u32,
    pub running: u32,
    pub in_row: u32,
    pub unit_row: u32,
    pub z_row: u32,
}

/// `Rule` of the kernels.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
pub struct Rule {
    pub learning_rate: f32,
    pub l1: f32,
    pub l2: f32,
    pub clip_norm: f32,
    pub optimizer: u32,
    pub loss: u32,
    pub function: u32,
    pub has_class_weights: u32,
    pub small_slope: f32,
    pub mask_threshold: u32,
    pub mask_scale: f32,
    pub mask_seed: u32,
    pub warm_up: u32,
    pub annealing: u32,
    pub annealing_length: u32,
    pub annealing_param: f32,
    pub optimizer_params: [f32; 8],
    pub loss_params: [f32; 2],
    pub function_params: [f32; MAX_FUNCTION_PARAMS],
    pub class_weights: [f32; MAX_CLASSES],
}

/// `Status` of the kernels.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, Pod, Zeroable)]
pub struct Status {
    pub n_done: u32,
    pub n_updates: u32,
    pub batch_loss: f32,
    pub first_loss: f32,
    pub has_first_loss: u32,
    pub divergence: u32,
    pub n_looks: u32,
}

/// `Dispatch` of the kernels.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, Pod, Zeroable)]
pub struct Dispatch {
    pub n_steps: u32,
    pub keeps_previous: u32,
    pub first_lane: u32,
    pub is_whole: u32,
    pub view_layer: u32,
    pub view_unit: u32,
    pub n_samples: u32,
    pub first_group: u32,
    pub first_done: u32,
    pub first_look: u32,
    pub keeps_lane: u32,
}

/// Lengths and rows of the arrays of one lane. Lanes of a population share them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shape {
    pub params: ParamLayout,
    pub n_inputs: usize,
    pub n_outputs: usize,
    /// Units of all hidden layers.
    pub n_hidden_units: usize,
    pub widest: usize,
    pub batch_size: usize,
    pub has_norm: bool,
    pub learns_alpha: bool,
    pub purpose: Purpose,
    /// Threads of a workgroup.
    pub n_threads: usize,
    is_software: bool,
}

/// What a kernel is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    /// Many steps of every lane.
    Train,
    /// Loss, health and more over the probe set, which is one batch.
    Probe,
    /// Outputs and activations for samples that are not learnt from, a batch a workgroup.
    Predict,
}

impl Shape {
    /// Arrays for batches of this many samples. `is_software`: of the adapter.
    pub fn new(
        network: &NetworkSpec,
        batch_size: usize,
        purpose: Purpose,
        is_software: bool,
    ) -> Self {
        let params = ParamLayout::new(network);
        let hidden = &network.hidden;
        let mut shape = Self {
            n_inputs: network.n_inputs,
            n_outputs: network.n_outputs,
            n_hidden_units: hidden.iter().sum(),
            widest: hidden.iter().copied().max().unwrap_or(0),
            batch_size,
            has_norm: network.batch_norm && !hidden.is_empty(),
            learns_alpha: params.layers.iter().any(|layer| !layer.alpha.is_empty()),
            params,
            purpose,
            n_threads: 0,
            is_software,
        };
        shape.n_threads = shape.fitting_threads();
        shape
    }

    /// Enough threads for the widest layer, eight values each, within what every device allows. A software
    /// adapter runs the threads of a workgroup in turns: as few as fill its vectors, unless their loops get too
    /// long for it.
    fn fitting_threads(&self) -> usize {
        let n_values = self.widest.max(self.n_outputs) * self.batch_size;
        let fitting = (n_values / 8).next_power_of_two().clamp(32, 256);
        if !self.is_software {
            return fitting;
        }
        let few = [8, 16, 32, 64, 128].into_iter().find(|&n_threads| {
            n_threads < fitting
                && WANTED_SOFTWARE_STEPS * self.turns_of_step(n_threads) <= MAX_SOFTWARE_TURNS
        });
        few.unwrap_or(fitting)
    }

    /// Most steps of one dispatch that the adapter gets to the end of.
    pub fn max_steps(&self) -> usize {
        match self.is_software {
            true => (MAX_SOFTWARE_TURNS / self.turns_of_step(self.n_threads)).max(1),
            false => usize::MAX,
        }
    }

    /// Whether the adapter gets to the end of one step.
    pub fn is_within_turns(&self) -> bool {
        // The statistics of a probe come on top of a step.
        !self.is_software || 2 * self.turns_of_step(self.n_threads) <= MAX_SOFTWARE_TURNS
    }

    /// Values of a row of samples: an odd number, so that the same column of several rows lies in several
    /// memory banks.
    pub fn row(&self) -> usize {
        self.batch_size | 1
    }

    /// Whether pre-activations of hidden layers are kept.
    pub fn keeps_z(&self) -> bool {
        self.learns_alpha || self.purpose == Purpose::Probe
    }

    pub fn n_units(&self) -> usize {
        self.n_hidden_units + self.n_outputs
    }

    /// `[n_params]` padded as the states of lanes are.
    pub fn n_padded(&self) -> usize {
        self.params
            .n_params
            .next_multiple_of(crate::cpu::linear::LANES)
    }

    /// Values of a lane in the array `state`.
    pub fn state_size(&self) -> usize {
        StateArray::Running.offset(self) + self.params.n_running
    }

    /// Values of a step in the array `batches`.
    pub fn batch_stride(&self) -> usize {
        BATCH_HEADER + self.batch_size
    }

    /// Turns that all loops of a thread make in a step of training, at most.
    fn turns_of_step(&self, n_threads: usize) -> usize {
        let n = self.batch_size;
        let share = |items: usize| items.div_ceil(n_threads);
        let of_layers = self.params.layers.iter().map(|layer| {
            let (n_in, n_out) = (layer.n_in, layer.n_out);
            let products = share(n_out.div_ceil(4) * n) * (n_in + 1)
                + share(n_out * n_in.div_ceil(4)) * (n + 1)
                + share(n_in.div_ceil(4) * n) * (n_out + 1);
            let regularization = share(n_in * n_out) + 1;
            let norm = 4 * share(n_out) * (n + 1) + 2 * share(n_out * n);
            let alpha = share(n_out) * (n + 1) + share(n_out * n) + n_threads;
            let if_used = |is_used, turns| if is_used { turns } else { 0 };
            2 + products
                + regularization
                + if_used(self.has_norm, norm)
                + if_used(self.learns_alpha, alpha)
        });
        let gather = share(n) * (self.n_inputs + 1);
        let loss = 2 * n_threads + share(n) * (3 * self.n_outputs + 2);
        let update = n_threads + 3 * share(self.params.n_params);
        1 + of_layers.sum::<usize>() + gather + loss + update
    }

    pub fn layers(&self) -> Vec<Layer> {
        let mut unit_row = 0;
        let layers = self.params.layers.iter().enumerate().map(|(l, layer)| {
            let is_hidden = l + 1 < self.params.layers.len();
            let row = unit_row;
            unit_row += layer.n_out;
            Layer {
                n_in: layer.n_in as u32,
                n_out: layer.n_out as u32,
                weights: layer.weights.start as u32,
                biases: layer.biases.start as u32,
                gamma: layer.gamma.start as u32,
                beta: layer.beta.start as u32,
                alpha: layer.alpha.start as u32,
                n_alpha: layer.alpha.len() as u32,
                running: layer.running.start as u32,
                in_row: match l {
                    0 => 0,
                    _ => (self.n_inputs + row - layer.n_in) as u32,
                },
                unit_row: row as u32,
                z_row: match is_hidden || self.keeps_z() {
                    true => row as u32,
                    false => 0,
                },
            }
        });
        layers.collect()
    }
}

/// The arrays of a lane in `state`, in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StateArray {
    Params,
    First,
    Second,
    Previous,
    Gradient,
    Running,
}

impl StateArray {
    pub fn offset(self, shape: &Shape) -> usize {
        self as usize * shape.n_padded()
    }
}

impl Rule {
    /// Of a lane, with an activation of its network. `function`: its index among those of the population.
    pub fn new(lane: &LaneSpec, activation: &ActivationSpec, function: usize) -> Self {
        let LaneSpec { training, seed, .. } = lane;
        let mut rule = Self {
            learning_rate: training.learning_rate as f32,
            l1: training.l1 as f32,
            l2: training.l2 as f32,
            clip_norm: training.clip_norm.map_or(-1.0, |norm| norm as f32),
            function: function as u32,
            mask_scale: 1.0,
            ..Self::zeroed()
        };
        if let Some(dropout) = Dropout::new(training.dropout, *seed) {
            rule.mask_threshold = dropout.threshold;
            rule.mask_scale = dropout.scale as f32;
            rule.mask_seed = dropout.seed;
        }
        rule.warm_up = training.schedule.warm_up;
        let (annealing, length, param) = match training.schedule.annealing {
            Annealing::Constant => (0, 1.0, 0.0),
            Annealing::Step { every, factor } => (1, every, libm::log(factor)),
            Annealing::Cosine { over, floor } => (2, over, floor),
        };
        rule.annealing = annealing;
        // `as` saturates.
        rule.annealing_length = length as u32;
        rule.annealing_param = param as f32;
        let learning_rate = training.learning_rate;
        let (optimizer, params): (u32, &[f64]) = match training.optimizer {
            Optimizer::Sgd => (0, &[]),
            Optimizer::Momentum { momentum } => (1, &[momentum]),
            Optimizer::Nesterov { momentum } => (2, &[momentum]),
            Optimizer::RmsProp { alpha, eps } => (3, &[alpha, 1.0 - alpha, eps]),
            Optimizer::Adam { beta1, beta2, eps } => (4, &adam(beta1, beta2, eps, 0.0)),
            Optimizer::AdamW {
                beta1,
                beta2,
                eps,
                weight_decay,
            } => (5, &adam(beta1, beta2, eps, learning_rate * weight_decay)),
        };
        rule.optimizer = optimizer;
        copy(params, &mut rule.optimizer_params);
        let (loss, params): (u32, &[f64]) = match training.loss {
            Loss::Mse => (0, &[]),
            Loss::BceLogits => (1, &[]),
            Loss::SoftmaxCrossEntropy => (2, &[]),
            Loss::Focal { gamma, alpha } => (3, &[gamma, alpha]),
            Loss::Huber { delta } => (4, &[delta]),
            Loss::SigmoidMse => (5, &[]),
            Loss::ReluMse => (6, &[]),
        };
        rule.loss = loss;
        copy(params, &mut rule.loss_params);
        copy(&activation.params, &mut rule.function_params);
        if training.loss.takes_class_weights() {
            rule.has_class_weights = u32::from(!training.class_weights.is_empty());
            // A class without a weight has weight 1.
            rule.class_weights = [1.0; MAX_CLASSES];
            copy(&training.class_weights, &mut rule.class_weights);
        }
        rule
    }
}

/// beta1, 1 - beta1, beta2, 1 - beta2, eps, what share of itself a parameter loses, log beta1, log beta2.
fn adam(beta1: f64, beta2: f64, eps: f64, loses: f64) -> [f64; 8] {
    let (log1, log2) = (libm::log(beta1), libm::log(beta2));
    [
        beta1,
        1.0 - beta1,
        beta2,
        1.0 - beta2,
        eps,
        loses,
        log1,
        log2,
    ]
}

fn copy(from: &[f64], to: &mut [f32]) {
    for (to, from) in to.iter_mut().zip(from) {
        *to = *from as f32;
    }
}

#[cfg(test)]
mod tests {
    use std::mem::offset_of;

    use actiscope_core::nn::spec::{Initializer, PreluSharing, TrainingSpec};

    use super::*;
    use crate::gpu::memory::Memory;
    use crate::gpu::shader::{Traits, shader};

    fn lane(activation: &str, batch_norm: bool) -> LaneSpec {
        let network = NetworkSpec {
            n_inputs: 3,
            hidden: vec![5, 4],
            n_outputs: 2,
            activation: ActivationSpec::new(activation),
            layer_activations: Vec::new(),
            prelu_sharing: PreluSharing::Unit,
            batch_norm,
            initializer: Initializer::HeNormal,
            gain: 1.0,
            given: None,
        };
        LaneSpec {
            network,
            training: TrainingSpec::plain(Loss::Mse, Optimizer::Sgd, 0.1, 7),
            seed: 1,
        }
    }

    fn shape(activation: &str, batch_norm: bool, purpose: Purpose) -> Shape {
        Shape::new(&lane(activation, batch_norm).network, 7, purpose, false)
    }

    fn kernel(
        activation: &str,
        batch_norm: bool,
        purpose: Purpose,
        workgroup_bytes: usize,
    ) -> naga::Module {
        kernel_of(&lane(activation, batch_norm), purpose, workgroup_bytes)
    }

    fn kernel_of(lane: &LaneSpec, purpose: Purpose, workgroup_bytes: usize) -> naga::Module {
        let shape = Shape::new(&lane.network, 7, purpose, false);
        let memory = Memory::plan(&shape, workgroup_bytes);
        let traits = Traits::of(std::slice::from_ref(lane));
        let text = shader(&shape, &memory, &traits).expect("it resolves");
        let module = naga::front::wgsl::parse_str(&text)
            .unwrap_or_else(|error| panic!("{}", error.emit_to_string(&text)));
        naga::valid::Validator::new(
            naga::valid::ValidationFlags::all(),
            naga::valid::Capabilities::empty(),
        )
        .validate(&module)
        .unwrap_or_else(|error| panic!("{}", error.emit_to_string(&text)));
        module
    }

    /// The offsets and the size of a structure as naga reads them are those of its Rust counterpart.
    fn check(module: &naga::Module, name: &str, size: usize, offsets: &[(&str, usize)]) {
        let found = module
            .types
            .iter()
            .find(|(_, ty)| ty.name.as_deref() == Some(name));
        let (_, ty) = found.unwrap_or_else(|| panic!("the kernel has no structure {name}"));
        let naga::TypeInner::Struct { members, span } = &ty.inner else {
            panic!("{name} is no structure");
        };
        assert_eq!(*span as usize, size, "size of {name}");
        let read: Vec<(&str, usize)> = members
            .iter()
            .map(|m| (m.name.as_deref().unwrap_or(""), m.offset as usize))
            .collect();
        assert_eq!(read, offsets, "{name}");
    }

    #[test]
    fn host_and_kernel_agree_on_every_structure() {
        macro_rules! check_fields {
            ($module:expr, $name:ident: $($field:ident),+) => {
                check(
                    $module,
                    stringify!($name),
                    size_of::<$name>(),
                    &[$((stringify!($field), offset_of!($name, $field))),+],
                )
            };
        }
        let module = &kernel("relu", false, Purpose::Train, 16_384);
        check_fields!(module, Layer: n_in, n_out, weights, biases, gamma, beta, alpha, n_alpha, running,
            in_row, unit_row, z_row);
        check_fields!(module, Rule: learning_rate, l1, l2, clip_norm, optimizer, loss, function,
            has_class_weights, small_slope, mask_threshold, mask_scale, mask_seed, warm_up, annealing,
            annealing_length, annealing_param, optimizer_params, loss_params, function_params, class_weights);
        check_fields!(module, Status: n_done, n_updates, batch_loss, first_loss, has_first_loss,
            divergence, n_looks);
        check_fields!(module, Dispatch: n_steps, keeps_previous, first_lane, is_whole, view_layer,
            view_unit, n_samples, first_group, first_done, first_look, keeps_lane);
    }

    #[test]
    fn naga_validates_every_kind_of_kernel() {
        for entry in actiscope_core::activation::catalogue() {
            kernel(entry.id, false, Purpose::Train, 16_384);
        }
        for purpose in [Purpose::Train, Purpose::Probe, Purpose::Predict] {
            for activation in ["prelu", "gelu"] {
                for batch_norm in [false, true] {
                    for workgroup_bytes in [1_024, 2_048, 16_384] {
                        kernel(activation, batch_norm, purpose, workgroup_bytes);
                    }
                    let mut lane = lane(activation, batch_norm);
                    lane.training.dropout = 0.5;
                    lane.network.layer_activations = vec![None, Some(ActivationSpec::new("elu"))];
                    kernel_of(&lane, purpose, 16_384);
                }
            }
        }
    }

    #[test]
    fn rows_lie_side_by_side() {
        let layers = shape("prelu", true, Purpose::Train).layers();
        let rows = |layer: &Layer| (layer.in_row, layer.unit_row, layer.z_row);
        assert_eq!(
            layers.iter().map(rows).collect::<Vec<_>>(),
            [(0, 0, 0), (3, 5, 5), (8, 9, 9)]
        );
        let layers = shape("relu", false, Purpose::Train).layers();
        assert_eq!(
            layers.iter().map(rows).collect::<Vec<_>>(),
            [(0, 0, 0), (3, 5, 5), (8, 9, 0)]
        );
    }
}
