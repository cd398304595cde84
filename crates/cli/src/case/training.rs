//! A case of `training.json`.

use std::collections::BTreeMap;
use std::path::Path;

use actiscope_core::activation::{ActivationSpec, Function};
use actiscope_core::nn::schedule::Schedule;
use actiscope_core::nn::spec::{Loss, NetworkSpec, Optimizer, TrainingSpec};
use actiscope_core::scenario::unknown_name;
use serde::Deserialize;

use super::{Params, Samples, Target, network, plain_training};
use crate::failure::Failure;
use crate::function::specify;
use crate::input::read_json;

/// A network with its weights, samples and the rules of its training.
pub struct TrainingCase {
    pub network: NetworkSpec,
    pub training: TrainingSpec,
    pub samples: Samples,
    /// `[n_params]`, in the order of the layout.
    pub params: Vec<f64>,
    /// `[n_running]`.
    pub running: Vec<f64>,
    pub n_steps: u64,
    pub seed: u64,
}

#[derive(Deserialize)]
struct File {
    layers: Vec<usize>,
    act: String,
    #[serde(default)]
    params: BTreeMap<String, f64>,
    /// Of each hidden layer, where they differ.
    #[serde(default)]
    acts: Vec<String>,
    #[serde(default)]
    act_params: Vec<BTreeMap<String, f64>>,
    #[serde(default)]
    batchnorm: bool,
    loss: String,
    /// Of the focal loss.
    #[serde(default = "two")]
    gamma: f64,
    #[serde(default = "quarter")]
    focal_alpha: f64,
    /// Of the Huber loss.
    #[serde(default = "one")]
    delta: f64,
    #[serde(default)]
    class_weights: Vec<f64>,
    opt: Opt,
    #[serde(default)]
    l1: f64,
    #[serde(default)]
    l2: f64,
    clip_norm: Option<f64>,
    #[serde(default)]
    schedule: Schedule,
    #[serde(default)]
    dropout: f64,
    /// Of dropout's masks.
    #[serde(default)]
    seed: u64,
    batch: usize,
    steps: u64,
    x: Vec<Vec<f64>>,
    y: Vec<Target>,
    initial: Params,
}

/// An optimizer; what is not given has PyTorch's default.
#[derive(Deserialize)]
struct Opt {
    kind: String,
    lr: f64,
    momentum: Option<f64>,
    alpha: Option<f64>,
    betas: Option<[f64; 2]>,
    eps: Option<f64>,
    weight_decay: Option<f64>,
}

fn named(id: &str, params: &BTreeMap<String, f64>) -> Result<ActivationSpec, Failure> {
    let values = params.iter().map(|(name, &value)| (&**name, value));
    specify(Function::Catalogue(id.to_owned()), values)
}

fn two() -> f64 {
    2.0
}

fn quarter() -> f64 {
    0.25
}

fn one() -> f64 {
    1.0
}

impl TrainingCase {
    pub fn read(path: &Path) -> Result<Self, Failure> {
        let file: File = read_json(path)?;
        file.check().map_err(|failure| failure.at(path.display()))
    }
}

impl File {
    fn check(self) -> Result<TrainingCase, Failure> {
        let activation = named(&self.act, &self.params)?;
        let none = BTreeMap::new();
        let own = self.acts.iter().enumerate();
        let own = own.map(|(l, act)| named(act, self.act_params.get(l).unwrap_or(&none)).map(Some));
        let network = NetworkSpec {
            batch_norm: self.batchnorm,
            layer_activations: own.collect::<Result<_, _>>()?,
            prelu_sharing: self.initial.prelu_sharing(),
            ..network(&self.layers, activation)?
        };
        let loss = self.loss()?;
        if self.batch == 0 {
            return Err(Failure::new("batch is 0: choose 1 or more"));
        }
        if !(0.0..1.0).contains(&self.dropout) {
            let text = format!("dropout is {}: choose 0 to below 1", self.dropout);
            return Err(Failure::new(text));
        }
        let samples = Samples::new(&self.x, &self.y, &network, loss)?;
        let initial = self.initial.flat(&network);
        let (params, running) = initial.map_err(|failure| failure.at("initial"))?;
        let training = TrainingSpec {
            class_weights: self.class_weights,
            optimizer: self.opt.optimizer()?,
            learning_rate: self.opt.lr,
            batch_size: self.batch,
            l1: self.l1,
            l2: self.l2,
            clip_norm: self.clip_norm,
            dropout: self.dropout,
            schedule: self.schedule,
            ..plain_training(loss)
        };
        Ok(TrainingCase {
            network,
            training,
            samples,
            params,
            running,
            n_steps: self.steps,
            seed: self.seed,
        })
    }

    fn loss(&self) -> Result<Loss, Failure> {
        let (gamma, alpha) = (self.gamma, self.focal_alpha);
        match &*self.loss {
            "mse" => Ok(Loss::Mse),
            "bce_logits" => Ok(Loss::BceLogits),
            "cce" => Ok(Loss::SoftmaxCrossEntropy),
            "focal" => Ok(Loss::Focal { gamma, alpha }),
            "huber" => Ok(Loss::Huber { delta: self.delta }),
            other => {
                let names = ["mse", "bce_logits", "cce", "focal", "huber"];
                let text = unknown_name("loss", other, names);
                Err(Failure::new(text).at(format!("loss '{other}'")))
            }
        }
    }
}

impl Opt {
    fn optimizer(&self) -> Result<Optimizer, Failure> {
        let momentum = self.momentum.unwrap_or(0.9);
        let [beta1, beta2] = self.betas.unwrap_or([0.9, 0.999]);
        let eps = self.eps.unwrap_or(1e-8);
        match &*self.kind {
            "sgd" => Ok(Optimizer::Sgd),
            "momentum" => Ok(Optimizer::Momentum { momentum }),
            "nesterov" => Ok(Optimizer::Nesterov { momentum }),
            "rmsprop" => Ok(Optimizer::RmsProp {
                alpha: self.alpha.unwrap_or(0.99),
                eps,
            }),
            "adam" => Ok(Optimizer::Adam { beta1, beta2, eps }),
            "adamw" => Ok(Optimizer::AdamW {
                beta1,
                beta2,
                eps,
                weight_decay: self.weight_decay.unwrap_or(0.01),
            }),
            other => {
                let names = ["sgd", "momentum", "nesterov", "rmsprop", "adam", "adamw"];
                let text = unknown_name("optimizer", other, names);
                Err(Failure::new(text).at(format!("opt.kind '{other}'")))
            }
        }
    }
}
