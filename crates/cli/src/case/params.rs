//! Parameters of a network, layer by layer, as PyTorch lists them.

use std::ops::Range;

use actiscope_core::nn::init::initial_running;
use actiscope_core::nn::layout::ParamLayout;
use actiscope_core::nn::spec::{NetworkSpec, PreluSharing};
use serde::{Deserialize, Serialize};

use crate::failure::Failure;

/// Of a network with L hidden layers.
#[derive(Deserialize, Serialize)]
pub struct Params {
    /// `[L + 1][n_out][n_in]`.
    pub weights: Vec<Vec<Vec<f64>>>,
    /// `[L + 1][n_out]`.
    pub biases: Vec<Vec<f64>>,
    /// `[L]`, with batch normalisation.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub batchnorm: Vec<BatchNorm>,
    /// Of each hidden layer that is a PReLU.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub prelu_alpha: Vec<Alpha>,
}

/// Of one hidden layer, each `[n_out]`.
#[derive(Deserialize, Serialize)]
pub struct BatchNorm {
    pub gamma: Vec<f64>,
    pub beta: Vec<f64>,
    pub running_mean: Vec<f64>,
    pub running_var: Vec<f64>,
}

/// PReLU's alpha of one hidden layer.
#[derive(Deserialize, Serialize)]
#[serde(untagged)]
pub enum Alpha {
    Layer(f64),
    Units(Vec<f64>),
}

impl Params {
    /// Whether alphas are given by unit.
    pub fn prelu_sharing(&self) -> PreluSharing {
        match self.prelu_alpha.first() {
            Some(Alpha::Units(_)) => PreluSharing::Unit,
            _ => PreluSharing::Layer,
        }
    }

    /// (parameters `[n_params]`, running statistics `[n_running]`) in the order of the layout.
    pub fn flat(&self, network: &NetworkSpec) -> Result<(Vec<f64>, Vec<f64>), Failure> {
        let layout = ParamLayout::new(network);
        let n_layers = layout.layers.len();
        let n_hidden = |is_given: bool| if is_given { n_layers - 1 } else { 0 };
        check_length("weights", self.weights.len(), n_layers)?;
        check_length("biases", self.biases.len(), n_layers)?;
        check_length(
            "batchnorm",
            self.batchnorm.len(),
            n_hidden(network.batch_norm),
        )?;
        let with_alpha = layout.layers.iter().filter(|layer| !layer.alpha.is_empty());
        check_length("prelu_alpha", self.prelu_alpha.len(), with_alpha.count())?;
        let mut alphas = self.prelu_alpha.iter();

        let mut params = vec![0.0; layout.n_params];
        let mut running = initial_running(network, &layout);
        for (l, layer) in layout.layers.iter().enumerate() {
            check_length(&format!("weights[{l}]"), self.weights[l].len(), layer.n_out)?;
            for (unit, row) in self.weights[l].iter().enumerate() {
                check_length(&format!("weights[{l}][{unit}]"), row.len(), layer.n_in)?;
            }
            let mut put = |what: &str, values: &[f64], place: &Range<usize>| {
                check_length(&format!("{what}[{l}]"), values.len(), place.len())?;
                params[place.clone()].copy_from_slice(values);
                Ok::<_, Failure>(())
            };
            put("weights", &self.weights[l].concat(), &layer.weights)?;
            put("biases", &self.biases[l], &layer.biases)?;
            if let Some(norm) = self.batchnorm.get(l) {
                put("batchnorm.gamma", &norm.gamma, &layer.gamma)?;
                put("batchnorm.beta", &norm.beta, &layer.beta)?;
                check_length("running_mean", norm.running_mean.len(), layer.n_out)?;
                check_length("running_var", norm.running_var.len(), layer.n_out)?;
                let statistics = [&norm.running_mean[..], &norm.running_var].concat();
                running[layer.running.clone()].copy_from_slice(&statistics);
            }
            let alpha = match layer.alpha.is_empty() {
                true => None,
                false => alphas.next(),
            };
            match alpha {
                Some(Alpha::Layer(alpha)) => put("prelu_alpha", &[*alpha], &layer.alpha)?,
                Some(Alpha::Units(alphas)) => put("prelu_alpha", alphas, &layer.alpha)?,
                None => {}
            }
        }
        Ok((params, running))
    }

    /// From arrays in the order of the layout.
    pub fn from_flat(network: &NetworkSpec, params: &[f64], running: &[f64]) -> Self {
        let layout = ParamLayout::new(network);
        let of = |range: &Range<usize>| params[range.clone()].to_vec();
        let with_norm = layout.layers.iter().filter(|layer| !layer.gamma.is_empty());
        let with_alpha = layout.layers.iter().filter(|layer| !layer.alpha.is_empty());
        Self {
            weights: (layout.layers.iter())
                .map(|layer| {
                    let rows = params[layer.weights.clone()].chunks_exact(layer.n_in);
                    rows.map(<[f64]>::to_vec).collect()
                })
                .collect(),
            biases: layout
                .layers
                .iter()
                .map(|layer| of(&layer.biases))
                .collect(),
            batchnorm: with_norm
                .map(|layer| {
                    let (mean, variance) = running[layer.running.clone()].split_at(layer.n_out);
                    BatchNorm {
                        gamma: of(&layer.gamma),
                        beta: of(&layer.beta),
                        running_mean: mean.to_vec(),
                        running_var: variance.to_vec(),
                    }
                })
                .collect(),
            prelu_alpha: with_alpha
                .map(|layer| match network.prelu_sharing {
                    PreluSharing::Layer => Alpha::Layer(params[layer.alpha.start]),
                    PreluSharing::Unit => Alpha::Units(of(&layer.alpha)),
                })
                .collect(),
        }
    }
}

fn check_length(what: &str, n: usize, expected: usize) -> Result<(), Failure> {
    if n == expected {
        return Ok(());
    }
    let text = format!("{what} has length {n}, the layers ask for {expected}");
    Err(Failure::new(text))
}
