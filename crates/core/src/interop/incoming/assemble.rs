//! Layers as a file has them, in double precision, put together to a network of ours.

use thiserror::Error;

use super::Incoming;
use crate::activation::{ActivationSpec, Function, entry};
use crate::classify::Squash;
use crate::nn::oracle::batch_norm;
use crate::nn::spec::{Initializer, NetworkSpec, PreluSharing, limits};

/// A layer: `u = W a + b`, normalised where it is, then the function.
#[derive(Clone, Debug, PartialEq)]
pub struct Part {
    pub n_in: usize,
    pub n_out: usize,
    /// `[n_out, n_in]`, row-major.
    pub weights: Vec<f64>,
    /// `[n_out]`.
    pub biases: Vec<f64>,
    pub norm: Option<PartNorm>,
    /// Of no effect in the last layer.
    pub function: ActivationSpec,
    /// `[1]` or `[n_out]`: PReLU's; empty for other functions.
    pub alphas: Vec<f64>,
}

/// `gamma (u - mean) / sqrt(variance + eps) + beta`, `[n_out]` each.
#[derive(Clone, Debug, PartialEq)]
pub struct PartNorm {
    pub gamma: Vec<f64>,
    pub beta: Vec<f64>,
    pub mean: Vec<f64>,
    pub variance: Vec<f64>,
    pub eps: f64,
}

/// What lies before the first layer and behind the last.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ends {
    pub input_names: Vec<String>,
    pub input_scale: Vec<[f32; 2]>,
    pub target_scale: Option<[f32; 2]>,
    pub class_names: Vec<String>,
    pub squash: Option<Squash>,
    pub threshold: Option<f64>,
}

/// Why layers make no network that can be taken.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum IncomingError {
    #[error("there is no layer with weights in the file: choose one that holds a trained network")]
    NoLayers,
    #[error(
        "the network has {n} inputs, and {} are the most: choose a smaller one",
        limits::INPUTS
    )]
    Inputs { n: usize },
    #[error(
        "layer {layer} has {n} units, and {} are the most: choose a smaller network",
        limits::UNITS_PER_LAYER
    )]
    Units { layer: usize, n: usize },
    #[error("layer {layer} has no units: the file is of no network that can be evaluated")]
    NoUnits { layer: usize },
    #[error(
        "the network has {n} outputs, and {} are the most: choose a smaller one",
        limits::OUTPUTS
    )]
    Outputs { n: usize },
    #[error(
        "the network has {n} hidden layers, and {} are the most: choose a smaller one",
        limits::HIDDEN_LAYERS
    )]
    Layers { n: usize },
    #[error(
        "layer {layer} takes {n_in} values, and {given} come from before it: the layers of the file do not follow one another"
    )]
    Chain {
        layer: usize,
        n_in: usize,
        given: usize,
    },
    #[error("layer {layer} has {expected} {of}, and {given} are in the file")]
    Length {
        layer: usize,
        of: &'static str,
        expected: usize,
        given: usize,
    },
    #[error(
        "layer {layer} holds a number that is not finite: the network has diverged, or the file is damaged"
    )]
    NotFinite { layer: usize },
}

/// A network of these layers, the last of which is the output layer.
///
/// # Errors
/// If it is larger than what is trained here, or its parts do not fit each other.
pub fn assemble(
    mut parts: Vec<Part>,
    ends: Ends,
    mut notes: Vec<String>,
) -> Result<Incoming, IncomingError> {
    check(&parts)?;
    let n_hidden = parts.len() - 1;
    let n_normed = parts[..n_hidden]
        .iter()
        .filter(|part| part.norm.is_some())
        .count();
    let batch_norm = n_hidden > 0 && n_normed == n_hidden;
    let mut folded = Vec::new();
    for (l, part) in parts.iter_mut().enumerate() {
        match part.norm.take() {
            Some(norm) if batch_norm && l < n_hidden => part.norm = Some(with_our_eps(norm)),
            Some(norm) => {
                fold(part, &norm);
                folded.push((l + 1).to_string());
            }
            None => {}
        }
    }
    if !folded.is_empty() {
        notes.push(format!(
            "Batch normalization of layer {} became part of its weights and biases: here all hidden layers have it, or none.",
            folded.join(", "),
        ));
    }
    let network = network_of(&mut parts, batch_norm);
    let (mut params, mut running) = (Vec::new(), Vec::new());
    for part in &parts {
        params.extend(part.weights.iter().chain(&part.biases));
        if let Some(norm) = &part.norm {
            params.extend(norm.gamma.iter().chain(&norm.beta));
            running.extend(norm.mean.iter().chain(&norm.variance));
        }
        params.extend(&part.alphas);
    }
    let narrow = |values: Vec<f64>| values.into_iter().map(|value| value as f32).collect();
    Ok(Incoming {
        input_names: fitting(ends.input_names, network.n_inputs),
        class_names: fitting(ends.class_names, network.n_outputs.max(2)),
        network,
        params: narrow(params),
        running: narrow(running),
        input_scale: ends.input_scale,
        target_scale: ends.target_scale,
        squash: ends.squash,
        threshold: ends.threshold.unwrap_or(0.5),
        notes,
    })
}

/// Names, where there are as many as things.
fn fitting(names: Vec<String>, n: usize) -> Vec<String> {
    if names.len() == n { names } else { Vec::new() }
}

fn check(parts: &[Part]) -> Result<(), IncomingError> {
    let (Some(first), Some(last)) = (parts.first(), parts.last()) else {
        return Err(IncomingError::NoLayers);
    };
    let n_hidden = parts.len() - 1;
    if n_hidden > limits::HIDDEN_LAYERS {
        return Err(IncomingError::Layers { n: n_hidden });
    }
    if first.n_in > limits::INPUTS {
        return Err(IncomingError::Inputs { n: first.n_in });
    }
    let mut given = first.n_in;
    for (part, layer) in parts.iter().zip(1..) {
        let n = part.n_out;
        if n > limits::UNITS_PER_LAYER {
            return Err(IncomingError::Units { layer, n });
        }
        if n == 0 || part.n_in == 0 {
            return Err(IncomingError::NoUnits { layer });
        }
        if part.n_in != given {
            let n_in = part.n_in;
            return Err(IncomingError::Chain { layer, n_in, given });
        }
        check_part(part, layer)?;
        given = n;
    }
    if last.n_out > limits::OUTPUTS {
        return Err(IncomingError::Outputs { n: last.n_out });
    }
    Ok(())
}

fn check_part(part: &Part, layer: usize) -> Result<(), IncomingError> {
    let n = part.n_out;
    let empty = Vec::new();
    let norm = part.norm.as_ref();
    let norms = norm.map_or([&empty; 4], |norm| {
        [&norm.gamma, &norm.beta, &norm.mean, &norm.variance]
    });
    let n_norm = if norm.is_some() { n } else { 0 };
    let lengths = [
        ("weights", n.saturating_mul(part.n_in), &part.weights),
        ("biases", n, &part.biases),
        ("scales of normalization", n_norm, norms[0]),
        ("shifts of normalization", n_norm, norms[1]),
        ("running means", n_norm, norms[2]),
        ("running variances", n_norm, norms[3]),
    ];
    for (of, expected, values) in lengths {
        if values.len() != expected {
            let given = values.len();
            return Err(IncomingError::Length {
                layer,
                of,
                expected,
                given,
            });
        }
        if !values.iter().all(|&value| (value as f32).is_finite()) {
            return Err(IncomingError::NotFinite { layer });
        }
    }
    let n_alphas = part.alphas.len();
    if n_alphas > 1 && n_alphas != n {
        let (of, expected, given) = ("alphas", n, n_alphas);
        return Err(IncomingError::Length {
            layer,
            of,
            expected,
            given,
        });
    }
    let is_finite = part.alphas.iter().all(|&alpha| (alpha as f32).is_finite());
    // A variance below 0 has no root.
    let has_root = norms[3]
        .iter()
        .all(|&v| v + norm.map_or(0.0, |norm| norm.eps) > 0.0);
    if !is_finite || !has_root {
        return Err(IncomingError::NotFinite { layer });
    }
    Ok(())
}

/// The same normalisation with the epsilon of ours.
fn with_our_eps(mut norm: PartNorm) -> PartNorm {
    if (norm.eps as f32) != (batch_norm::EPS as f32) {
        for (gamma, variance) in norm.gamma.iter_mut().zip(&norm.variance) {
            *gamma *= libm::sqrt((variance + batch_norm::EPS) / (variance + norm.eps));
        }
        norm.eps = batch_norm::EPS;
    }
    norm
}

fn fold(part: &mut Part, norm: &PartNorm) {
    let rows = part.weights.chunks_exact_mut(part.n_in);
    for (j, (row, bias)) in rows.zip(&mut part.biases).enumerate() {
        let scale = norm.gamma[j] / libm::sqrt(norm.variance[j] + norm.eps);
        row.iter_mut().for_each(|w| *w *= scale);
        *bias = (*bias - norm.mean[j]) * scale + norm.beta[j];
    }
}

/// What the parts are; alphas become as many as the network has.
fn network_of(parts: &mut [Part], batch_norm: bool) -> NetworkSpec {
    let n_hidden = parts.len() - 1;
    let (n_inputs, n_outputs) = (parts[0].n_in, parts[n_hidden].n_out);
    parts[n_hidden].alphas.clear();
    let hidden = &mut parts[..n_hidden];
    let by_unit = hidden.iter().any(|part| part.alphas.len() > 1);
    for part in hidden.iter_mut() {
        if !part.function.learns_alpha() {
            part.alphas.clear();
            continue;
        }
        if part.alphas.is_empty() {
            part.alphas.extend(part.function.params.first());
        }
        if by_unit && let [alpha] = part.alphas[..] {
            part.alphas = vec![alpha; part.n_out];
        }
    }
    let activation = hidden
        .first()
        .map_or_else(|| ActivationSpec::new("relu"), |part| part.function.clone());
    let is_one = hidden.iter().all(|part| part.function == activation);
    let own = |part: &Part| (part.function != activation).then(|| part.function.clone());
    NetworkSpec {
        n_inputs,
        hidden: hidden.iter().map(|part| part.n_out).collect(),
        n_outputs,
        layer_activations: if is_one {
            Vec::new()
        } else {
            hidden.iter().map(own).collect()
        },
        initializer: initializer_of(&activation),
        activation,
        prelu_sharing: if by_unit {
            PreluSharing::Unit
        } else {
            PreluSharing::Layer
        },
        batch_norm,
        gain: 1.0,
        given: None,
    }
}

/// Where it begins when it is trained anew: what suits its function.
fn initializer_of(activation: &ActivationSpec) -> Initializer {
    let entry = match &activation.function {
        Function::Catalogue(id) => entry(id),
        Function::Formula(_) => None,
    };
    entry.map_or(Initializer::HeNormal, |entry| entry.initializer)
}
