//! A network as it is handed over: all that lies between a sample as it was given and what is said of it. What leaves
//! this project is written from a [`Model`], and what comes is read into one.

use thiserror::Error;

use crate::activation::{Activation, ActivationError};
use crate::classify::Squash;
use crate::data::{Dataset, TargetKind};
use crate::nn::layout::ParamLayout;
use crate::nn::oracle::Oracle;
use crate::nn::spec::{Loss, NetworkSpec, Optimizer, TrainingSpec};
use crate::scenario::Scenario;

/// `(x - mean) / std`, the layers, then what [`Meaning`] makes of the outputs.
#[derive(Clone, Debug)]
pub struct Model {
    pub network: NetworkSpec,
    pub layout: ParamLayout,
    /// Of each hidden layer.
    pub activations: Vec<Activation>,
    /// `[layout.n_params]`.
    pub params: Vec<f32>,
    /// `[layout.n_running]`: running statistics of batch normalisation.
    pub running: Vec<f32>,
    /// What the loss makes of the outputs.
    pub squash: Squash,
    pub meaning: Meaning,
    /// `[n_inputs]`.
    pub input_names: Vec<String>,
    /// `[n_inputs]`: by what inputs are moved and divided, mean and deviation; empty where they are taken as they are.
    pub input_scale: Vec<[f32; 2]>,
}

/// What the outputs tell.
#[derive(Clone, Debug, PartialEq)]
pub enum Meaning {
    /// A number, in units of `scale` (mean and deviation of the targets) where these were standardised.
    Number { scale: Option<[f32; 2]> },
    /// One of these, two at least. Of two with one output: the second where its probability is over the threshold.
    Class { names: Vec<String>, threshold: f64 },
}

/// One layer: `u = W a + b`, normalised where it is, then the function.
#[derive(Clone, Copy, Debug)]
pub struct Layer<'a> {
    pub n_in: usize,
    pub n_out: usize,
    /// `[n_out, n_in]`, row-major.
    pub weights: &'a [f32],
    /// `[n_out]`.
    pub biases: &'a [f32],
    pub norm: Option<Norm<'a>>,
    /// `None` of the output layer.
    pub activation: Option<&'a Activation>,
    /// `[1]` or `[n_out]`: PReLU's learned alpha; empty for other functions.
    pub alphas: &'a [f32],
}

/// `gamma (u - mean) / sqrt(variance + eps) + beta` with the statistics gathered in training, `[n_out]` each. `eps` is
/// [`batch_norm::EPS`](crate::nn::oracle::batch_norm::EPS).
#[derive(Clone, Copy, Debug)]
pub struct Norm<'a> {
    pub gamma: &'a [f32],
    pub beta: &'a [f32],
    pub mean: &'a [f32],
    pub variance: &'a [f32],
}

/// Why parameters and a network do not go together.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum ModelError {
    #[error("{0}")]
    Function(#[from] ActivationError),
    #[error("the network has {expected} {of}, and {given} are given")]
    Length {
        of: &'static str,
        expected: usize,
        given: usize,
    },
}

impl Model {
    /// The network of a scenario with the parameters of some step, and what its samples say of inputs and classes.
    ///
    /// # Errors
    /// If the parameters are not of this network.
    pub fn new(
        scenario: &Scenario,
        data: &Dataset,
        params: Vec<f32>,
        running: Vec<f32>,
    ) -> Result<Self, ModelError> {
        let network = scenario.network.clone();
        let layout = ParamLayout::new(&network);
        let lengths = [
            ("parameters", layout.n_params, params.len()),
            ("running statistics", layout.n_running, running.len()),
            ("inputs", network.n_inputs, data.n_inputs),
        ];
        if let Some(&(of, expected, given)) = lengths.iter().find(|(_, a, b)| a != b) {
            return Err(ModelError::Length {
                of,
                expected,
                given,
            });
        }
        let layers = 0..network.hidden.len();
        let activations = layers.map(|l| Activation::resolve(network.activation_of(l)));
        let activations = activations.collect::<Result<_, _>>()?;
        let meaning = match data.target {
            TargetKind::Number => Meaning::Number {
                scale: data.target_scale,
            },
            TargetKind::Class { n_classes } => Meaning::Class {
                names: class_names(n_classes, &data.class_names),
                threshold: scenario.view.threshold,
            },
        };
        Ok(Self {
            squash: Squash::of(scenario.training.loss, network.n_outputs),
            layout,
            activations,
            params,
            running,
            meaning,
            input_names: data.input_names.clone(),
            input_scale: data.input_scale.clone(),
            network,
        })
    }

    /// Hidden layers, then the output layer.
    pub fn layers(&self) -> impl Iterator<Item = Layer<'_>> {
        self.layout.layers.iter().enumerate().map(|(l, layer)| {
            let of = |range: &std::ops::Range<usize>| &self.params[range.clone()];
            let (mean, variance) =
                self.running[layer.running.clone()].split_at(layer.running.len() / 2);
            let norm = Norm {
                gamma: of(&layer.gamma),
                beta: of(&layer.beta),
                mean,
                variance,
            };
            Layer {
                n_in: layer.n_in,
                n_out: layer.n_out,
                weights: of(&layer.weights),
                biases: of(&layer.biases),
                norm: (!layer.gamma.is_empty()).then_some(norm),
                activation: self.activations.get(l),
                alphas: of(&layer.alpha),
            }
        })
    }

    /// Outputs for samples as they were given (`[n, n_inputs]`), before anything is made of them: `[n, n_outputs]`, in f64.
    pub fn outputs(&self, x: &[f64]) -> Vec<f64> {
        let mut x = x.to_vec();
        if !self.input_scale.is_empty() {
            let scales = self.input_scale.iter().cycle();
            for (x, &[mean, std]) in x.iter_mut().zip(scales) {
                *x = (*x - f64::from(mean)) / f64::from(std);
            }
        }
        let wide = |values: &[f32]| values.iter().map(|&value| f64::from(value)).collect();
        // How it was trained is of no effect on what it says.
        let training = TrainingSpec::plain(Loss::Mse, Optimizer::Sgd, 0.0, 1);
        let oracle = Oracle::new(self.network.clone(), training, wide(&self.params));
        let mut oracle = oracle
            .expect("functions were resolved, and parameters counted, when the model was made");
        oracle.running = wide(&self.running);
        oracle.predict(&x)
    }

    /// What is made of a row of outputs: probabilities of classes as the loss squashes them, or the number in its own units.
    pub fn answers(&self, row: &[f64]) -> Vec<f64> {
        match &self.meaning {
            Meaning::Class { .. } => self.squash.shares(row, 1.0),
            Meaning::Number { scale } => {
                let [mean, std] = scale.unwrap_or([0.0, 1.0]).map(f64::from);
                let positive = |y: f64| match self.squash {
                    Squash::Positive => y.max(0.0),
                    Squash::Sigmoid => self.squash.shares(&[y], 1.0)[0],
                    _ => y,
                };
                row.iter().map(|&y| positive(y) * std + mean).collect()
            }
        }
    }

    /// Names of the classes; none where a number is told.
    pub fn class_names(&self) -> &[String] {
        match &self.meaning {
            Meaning::Class { names, .. } => names,
            Meaning::Number { .. } => &[],
        }
    }
}

/// Those that the data have; 0, 1 and so on where they have none.
fn class_names(n_classes: usize, given: &[String]) -> Vec<String> {
    (0..n_classes.max(2))
        .map(|class| {
            given
                .get(class)
                .cloned()
                .unwrap_or_else(|| class.to_string())
        })
        .collect()
}
