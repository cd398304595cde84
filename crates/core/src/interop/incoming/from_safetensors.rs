//! A network from tensors by name, as a `state_dict` of PyTorch has them: weights are `[out, in]`, and nothing but
//! names tells their order.

use std::collections::BTreeMap;

use thiserror::Error;

use super::Incoming;
use super::assemble::{Ends, IncomingError, Part, PartNorm, assemble};
use super::told::Told;
use crate::activation::ActivationSpec;
use crate::interop::safetensors::{File, Tensor};
use crate::nn::oracle::batch_norm;
use crate::nn::spec::limits;

/// Layers of more kinds than could be of a network that is taken.
const MAX_MODULES: usize = 4 * (limits::HIDDEN_LAYERS + 1);

/// Why tensors make no network that can be taken.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum TensorsError {
    #[error("`{name}` has {n} dimensions: fully connected layers, which alone are read, have two")]
    Dimensions { name: String, n: usize },
    #[error(
        "`{module}` has a weight and a bias for each unit and no running statistics, as layer normalization has: it cannot be read here"
    )]
    LayerNorm { module: String },
    #[error(
        "`{name}` is of no part that is known: fully connected layers, batch normalization and PReLU are read"
    )]
    Unknown { name: String },
    #[error("`{name}` holds {dtype}: save it as floats")]
    NotFloats { name: String, dtype: &'static str },
    #[error("`{module}` has {given} values, and the layer before it has {units} units")]
    Units {
        module: String,
        given: usize,
        units: usize,
    },
    #[error(
        "`{module}` stands before any layer with weights: the order of names is not that of the network"
    )]
    First { module: String },
    #[error(
        "the file holds {n} modules with tensors, which is more than a network here can have: choose a smaller one"
    )]
    TooMany { n: usize },
    #[error("{0}")]
    Network(#[from] IncomingError),
}

/// A module's tensors by the last part of their names.
type Module<'f> = BTreeMap<&'f str, &'f Tensor<'f>>;

enum Kind {
    Linear,
    Norm,
    Prelu,
}

/// The network whose parameters these are. Functions are those that the file tells of, if it is our own; PReLU where
/// there are alphas; `chosen` else.
///
/// Modules are taken in the order of the numbers in their names (`2.weight` before `10.weight`), those without a number
/// last; where shapes do not chain so, in the only order in which they do.
///
/// # Errors
/// If a tensor is of no part that is known, or layers do not follow one another or are too large.
pub fn from_safetensors(
    file: &File<'_>,
    chosen: &ActivationSpec,
) -> Result<Incoming, TensorsError> {
    let told = Told::new(file.metadata.clone());
    let mut ends = Ends {
        input_names: told.texts("input_names"),
        class_names: told.texts("class_names"),
        threshold: told.number("threshold"),
        target_scale: told.pair("target_scale"),
        ..Ends::default()
    };
    // What is made of outputs has a meaning for classes alone.
    ends.squash = told.squash().filter(|_| !ends.class_names.is_empty());
    let mut modules: BTreeMap<&str, Module<'_>> = BTreeMap::new();
    let (mut means, mut stds) = (Vec::new(), Vec::new());
    for tensor in &file.tensors {
        let name = &*tensor.name;
        let (module, part) = name.rsplit_once('.').unwrap_or(("", name));
        match part {
            "num_batches_tracked" => {}
            "input_mean" => means = floats(tensor)?,
            "input_std" => stds = floats(tensor)?,
            _ => {
                modules.entry(module).or_default().insert(part, tensor);
            }
        }
    }
    if modules.len() > MAX_MODULES {
        return Err(TensorsError::TooMany { n: modules.len() });
    }
    let scales = means.iter().zip(&stds);
    ends.input_scale = scales
        .map(|(&mean, &std)| [mean as f32, std as f32])
        .collect();
    let mut kinds = Vec::with_capacity(modules.len());
    for (name, module) in &modules {
        kinds.push((name, module, kind_of(name, module)?));
    }
    kinds.sort_by_key(|(name, _, kind)| {
        let numbers = numbers(name);
        let kind = match kind {
            Kind::Linear => 0,
            Kind::Norm => 1,
            Kind::Prelu => 2,
        };
        (numbers.is_empty(), numbers, kind, **name)
    });
    let mut parts: Vec<Part> = Vec::new();
    for (name, module, kind) in kinds {
        match kind {
            Kind::Linear => parts.push(linear(module)?),
            Kind::Norm | Kind::Prelu => {
                let module_name = || (*name).to_owned();
                let Some(part) = parts.last_mut() else {
                    return Err(TensorsError::First {
                        module: module_name(),
                    });
                };
                let given = module.get("weight").map_or(0, |tensor| tensor.n_values());
                let units = part.n_out;
                let is_shared = matches!(kind, Kind::Prelu) && given == 1;
                if given != units && !is_shared {
                    let module = module_name();
                    return Err(TensorsError::Units {
                        module,
                        given,
                        units,
                    });
                }
                add(part, module, &kind)?;
            }
        }
    }
    let mut notes = Vec::new();
    if let Some(chained) = other_order(&parts) {
        parts = chained;
        notes.push(
            "The layers stand in the order in which their shapes chain, for their names tell none."
                .to_owned(),
        );
    }
    let n_hidden = parts.len().saturating_sub(1);
    let mut is_chosen = false;
    for (l, part) in parts.iter_mut().take(n_hidden).enumerate() {
        part.function = match told.function(l) {
            Some(function) => function,
            None if !part.alphas.is_empty() => ActivationSpec::new("prelu"),
            None => {
                is_chosen = true;
                chosen.clone()
            }
        };
    }
    if is_chosen {
        notes.push(
            "The file does not tell the activation function: it is the one that you chose."
                .to_owned(),
        );
    }
    if !ends.input_scale.is_empty()
        && parts.first().map(|part| part.n_in) != Some(ends.input_scale.len())
    {
        ends.input_scale.clear();
        notes.push(
            "The means of the inputs are not as many as inputs, and are left out.".to_owned(),
        );
    }
    Ok(assemble(parts, ends, notes)?)
}

/// Runs of digits in a name.
fn numbers(name: &str) -> Vec<u64> {
    let runs = name.split(|c: char| !c.is_ascii_digit());
    runs.filter_map(|run| run.parse().ok()).collect()
}

fn floats(tensor: &Tensor<'_>) -> Result<Vec<f64>, TensorsError> {
    tensor.to_f64().ok_or_else(|| TensorsError::NotFloats {
        name: tensor.name.to_string(),
        dtype: tensor.dtype.name(),
    })
}

fn kind_of(name: &str, module: &Module<'_>) -> Result<Kind, TensorsError> {
    let known = ["weight", "bias", "running_mean", "running_var"];
    let unknown = module.iter().find(|(part, _)| !known.contains(part));
    let weight = match (unknown, module.get("weight")) {
        (None, Some(weight)) => weight,
        (other, _) => {
            let tensor =
                other
                    .map(|(_, tensor)| tensor)
                    .or(module.values().next().as_ref().copied());
            let name = tensor.map_or(name, |tensor| &*tensor.name).to_owned();
            return Err(TensorsError::Unknown { name });
        }
    };
    let has = |part| module.contains_key(part);
    match weight.shape.len() {
        2 => Ok(Kind::Linear),
        1 if has("running_mean") && has("running_var") => Ok(Kind::Norm),
        1 if !has("bias") => Ok(Kind::Prelu),
        1 => Err(TensorsError::LayerNorm {
            module: name.to_owned(),
        }),
        n => Err(TensorsError::Dimensions {
            name: weight.name.to_string(),
            n,
        }),
    }
}

fn part_of(module: &Module<'_>, part: &str) -> Result<Option<Vec<f64>>, TensorsError> {
    module.get(part).map(|tensor| floats(tensor)).transpose()
}

fn linear(module: &Module<'_>) -> Result<Part, TensorsError> {
    let shape = module.get("weight").map_or(&[][..], |weight| &weight.shape);
    let (n_out, n_in) = match *shape {
        [n_out, n_in] => (n_out, n_in),
        _ => (0, 0),
    };
    // What is too large is refused before a bias of as many zeros is made for it.
    let biases = match part_of(module, "bias")? {
        Some(biases) => biases,
        None => vec![0.0; n_out.min(limits::UNITS_PER_LAYER)],
    };
    Ok(Part {
        n_in,
        n_out,
        weights: part_of(module, "weight")?.unwrap_or_default(),
        biases,
        norm: None,
        function: ActivationSpec::new("identity"),
        alphas: Vec::new(),
    })
}

fn add(part: &mut Part, module: &Module<'_>, kind: &Kind) -> Result<(), TensorsError> {
    let weight = part_of(module, "weight")?.unwrap_or_default();
    if matches!(kind, Kind::Prelu) {
        part.alphas = weight;
        return Ok(());
    }
    part.norm = Some(PartNorm {
        beta: part_of(module, "bias")?.unwrap_or_else(|| vec![0.0; weight.len()]),
        gamma: weight,
        mean: part_of(module, "running_mean")?.unwrap_or_default(),
        variance: part_of(module, "running_var")?.unwrap_or_default(),
        eps: batch_norm::EPS,
    });
    Ok(())
}

/// The parts in the only order in which each takes what the one before gives. `None` where they stand so already, and
/// where there is no such order, or more than one.
fn other_order(parts: &[Part]) -> Option<Vec<Part>> {
    if parts.is_sorted_by(|a, b| a.n_out == b.n_in) {
        return None;
    }
    // More than one could follow where widths repeat; then no shape tells which.
    let followers = |of: &Part| parts.iter().filter(|part| part.n_in == of.n_out).count();
    let is_first = |of: &&Part| !parts.iter().any(|part| part.n_out == of.n_in);
    let mut firsts = parts.iter().filter(is_first);
    let (Some(first), None) = (firsts.next(), firsts.next()) else {
        return None;
    };
    let mut chained = vec![first.clone()];
    while chained.len() < parts.len() {
        let last = chained.last()?;
        if followers(last) != 1 {
            return None;
        }
        let next = parts.iter().find(|part| part.n_in == last.n_out)?;
        chained.push(next.clone());
    }
    Some(chained)
}
