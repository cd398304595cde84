//! The text of a population's kernel: what is the same for all of them, with what depends on its widths
//! and functions before it.

use actiscope_core::activation::{Activation, ActivationError, ActivationSpec, Function};
use actiscope_core::expr::print::wgsl_helpers;
use actiscope_core::health::tracker::{DIVERGED_LOSS_RATIO, LEAST_FIRST_LOSS};
use actiscope_core::nn::oracle::batch_norm::{EPS, MOMENTUM};

use super::layout::{Purpose, Shape, StateArray};
use super::memory::Memory;

/// The different functions of a population. Lanes that differ in parameters alone share one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Functions(Vec<Function>);

impl Functions {
    /// Index of the function of `spec`, added if it is new.
    pub fn index_of(&mut self, spec: &ActivationSpec) -> usize {
        let found = self
            .0
            .iter()
            .position(|function| *function == spec.function);
        found.unwrap_or_else(|| {
            self.0.push(spec.function.clone());
            self.0.len() - 1
        })
    }

    /// WGSL of `activation`, f and f' of a lane's function, and of `slope_of_alpha`, df/dalpha.
    ///
    /// # Errors
    /// If a function cannot be resolved with the parameters of `specs`, one spec a function.
    fn wgsl(
        &self,
        learns_alpha: bool,
        specs: &[ActivationSpec],
    ) -> Result<String, ActivationError> {
        let mut text = String::new();
        let (mut values, mut slopes) = (Vec::new(), Vec::new());
        for (k, spec) in specs.iter().enumerate() {
            let activation = Activation::resolve(spec)?;
            text += &activation.wgsl(&format!("function_{k}"));
            let param = |i: usize| match learns_alpha {
                true => "alpha".to_owned(),
                false => format!("rules[lane].function_params[{i}]"),
            };
            let params: String = (0..activation.params.len())
                .map(|i| format!(", {}", param(i)))
                .collect();
            values.push(format!("function_{k}(z{params})"));
            if learns_alpha {
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

/// A function that gives the value of the lane's function.
fn choice(name: &str, kind: &str, values: &[String]) -> String {
    let mut text = format!("fn {name}(lane: u32, alpha: f32, z: f32) -> {kind} {{\n");
    let (last, others) = values.split_last().expect("a population has a function");
    if !others.is_empty() {
        text += "    switch rules[lane].function {\n";
        for (k, value) in others.iter().enumerate() {
            text += &format!("        case {k}u: {{ return {value}; }}\n");
        }
        text += "        default: {}\n    }\n";
    }
    text + &format!("    return {last};\n}}\n")
}

/// The kernel of a purpose, whose entry is named after it. `specs`: for each function a specification that
/// uses it.
///
/// # Errors
/// If a function cannot be resolved.
pub fn shader(
    shape: &Shape,
    memory: &Memory,
    functions: &Functions,
    specs: &[ActivationSpec],
) -> Result<String, ActivationError> {
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
    ];
    let mut text: String = constants
        .iter()
        .map(|(name, value)| format!("const {name} = {value}u;\n"))
        .collect();
    for (name, value) in [
        ("HAS_NORM", shape.has_norm),
        ("LEARNS_ALPHA", shape.learns_alpha),
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
    text += &functions.wgsl(shape.learns_alpha, specs)?;
    for part in [
        include_str!("linear.wgsl"),
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
