//! The text of a population's kernel: what is the same for all of them, with what depends on its widths
//! and functions before it.

use actiscope_core::activation::{Activation, ActivationError, ActivationSpec};
use actiscope_core::expr::print::wgsl_helpers;
use actiscope_core::health::tracker::{DIVERGED_LOSS_RATIO, LEAST_FIRST_LOSS};
use actiscope_core::nn::dropout::{GROUP, GROUPS_PER_LAYER};
use actiscope_core::nn::oracle::batch_norm::{EPS, MOMENTUM};

use super::layout::{Purpose, Shape, StateArray};
use super::memory::Memory;
use crate::cpu::LaneSpec;

/// What a population's kernels are printed for.
#[derive(Clone, Debug)]
pub struct Traits {
    /// For each of its functions a specification that uses it. Lanes that differ in parameters alone share one.
    specs: Vec<ActivationSpec>,
    /// Whether the layers of a lane differ in their function: each has a rule then, after those of all lanes.
    pub has_layer_rules: bool,
    /// Whether a lane has dropout; only training asks.
    has_dropout: bool,
}

impl Traits {
    pub fn of(lanes: &[LaneSpec]) -> Self {
        let mut specs: Vec<ActivationSpec> = Vec::new();
        for spec in lanes.iter().flat_map(|lane| lane.network.activations()) {
            if specs.iter().all(|known| known.function != spec.function) {
                specs.push(spec.clone());
            }
        }
        Self {
            specs,
            has_layer_rules: has_layer_rules(lanes),
            has_dropout: lanes.iter().any(|lane| lane.training.dropout > 0.0),
        }
    }

    /// Index of a function of the population.
    pub fn index_of(&self, spec: &ActivationSpec) -> usize {
        let mut known = self.specs.iter();
        let found = known.position(|known| known.function == spec.function);
        found.unwrap_or_default()
    }

    /// WGSL of `activation`, f and f' by a rule's function, and of `slope_of_alpha`, df/dalpha.
    ///
    /// # Errors
    /// If a function cannot be resolved.
    fn wgsl(&self) -> Result<String, ActivationError> {
        let mut text = String::new();
        let (mut values, mut slopes) = (Vec::new(), Vec::new());
        for (k, spec) in self.specs.iter().enumerate() {
            let activation = Activation::resolve(spec)?;
            text += &activation.wgsl(&format!("function_{k}"));
            let param = |i: usize| match spec.learns_alpha() {
                true => "alpha".to_owned(),
                false => format!("rules[rule].function_params[{i}]"),
            };
            let params: String = (0..activation.params.len())
                .map(|i| format!(", {}", param(i)))
                .collect();
            values.push(format!("function_{k}(z{params})"));
            if spec.learns_alpha() {
                text += &activation.wgsl_of_first_param(&format!("alpha_slope_{k}"));
                slopes.push(format!("alpha_slope_{k}(z{params})"));
            } else {
                slopes.push("0.0f".to_owned());
            }
        }
        text += &choice("activation", "vec2<f32>", &values);
        text += &choice("slope_of_alpha", "f32", &slopes);
        Ok(text)
    }
}

/// Whether the layers of a lane differ in their function.
pub fn has_layer_rules(lanes: &[LaneSpec]) -> bool {
    lanes
        .iter()
        .any(|lane| lane.network.activations().len() > 1)
}

/// A function that gives the value of a rule's function.
fn choice(name: &str, kind: &str, values: &[String]) -> String {
    let mut text = format!("fn {name}(rule: u32, alpha: f32, z: f32) -> {kind} {{\n");
    let (last, others) = values.split_last().expect("a population has a function");
    if !others.is_empty() {
        text += "    switch rules[rule].function {\n";
        for (k, value) in others.iter().enumerate() {
            text += &format!("        case {k}u: {{ return {value}; }}\n");
        }
        text += "        default: {}\n    }\n";
    }
    text + &format!("    return {last};\n}}\n")
}

/// The kernel of a purpose, whose entry is named after it.
///
/// # Errors
/// If a function cannot be resolved.
pub fn shader(shape: &Shape, memory: &Memory, traits: &Traits) -> Result<String, ActivationError> {
    let constants = [
        ("N_LAYERS", shape.params.layers.len()),
        ("N_INPUTS", shape.n_inputs),
        ("N_PARAMS", shape.params.n_params),
        ("BATCH_SIZE", shape.batch_size),
        ("ROW", shape.row()),
        ("WORKGROUP", shape.n_threads),
        ("STATE_SIZE", shape.state_size()),
        ("SCRATCH_SIZE", memory.scratch_size),
        ("FIRST", StateArray::First.offset(shape)),
        ("SECOND", StateArray::Second.offset(shape)),
        ("PREVIOUS", StateArray::Previous.offset(shape)),
        ("RUNNING", StateArray::Running.offset(shape)),
        ("N_UNITS", shape.n_units()),
        ("N_HIDDEN_UNITS", shape.n_hidden_units),
        ("GROUP", GROUP),
        ("GROUPS_PER_LAYER", GROUPS_PER_LAYER),
    ];
    let mut text: String = constants
        .iter()
        .map(|(name, value)| format!("const {name} = {value}u;\n"))
        .collect();
    for (name, value) in [
        ("HAS_NORM", shape.has_norm),
        ("LEARNS_ALPHA", shape.learns_alpha),
        (
            "HAS_DROPOUT",
            traits.has_dropout && shape.purpose == Purpose::Train,
        ),
        ("HAS_LAYER_RULES", traits.has_layer_rules),
        ("KEEPS_Z", shape.keeps_z()),
        ("USES_RUNNING", shape.purpose == Purpose::Predict),
    ] {
        text += &format!("const {name} = {value};\n");
    }
    for (name, value) in [
        ("NORM_EPS", EPS),
        ("NORM_MOMENTUM", MOMENTUM),
        ("DIVERGED_LOSS_RATIO", DIVERGED_LOSS_RATIO),
        ("LEAST_FIRST_LOSS", LEAST_FIRST_LOSS),
    ] {
        text += &format!("const {name} = {:?}f;\n", value as f32);
    }
    text += include_str!("bindings.wgsl");
    text += &memory.wgsl(shape);
    text += wgsl_helpers();
    text += &traits.wgsl()?;
    for part in [
        include_str!("linear.wgsl"),
        include_str!("dropout.wgsl"),
        include_str!("activate.wgsl"),
        include_str!("norm.wgsl"),
        include_str!("forward.wgsl"),
        include_str!("loss.wgsl"),
    ] {
        text += part;
    }
    let own: &[&str] = match shape.purpose {
        Purpose::Train => &[
            include_str!("backward.wgsl"),
            include_str!("schedule.wgsl"),
            include_str!("update.wgsl"),
            include_str!("train.wgsl"),
        ],
        Purpose::Probe => &[include_str!("backward.wgsl"), include_str!("probe.wgsl")],
        Purpose::Predict => &[include_str!("predict.wgsl")],
    };
    Ok(text + &own.concat())
}

/// Name of the entry of a kernel.
pub fn entry(purpose: Purpose) -> &'static str {
    match purpose {
        Purpose::Train => "train",
        Purpose::Probe => "probe",
        Purpose::Predict => "predict",
    }
}
