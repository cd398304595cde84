//! The cases of `reference/*.json`, as the scripts write them.

use std::collections::BTreeMap;

use actiscope_core::data::{Dataset, TargetKind};
use actiscope_core::nn::layout::ParamLayout;
use actiscope_core::nn::optimizer::norm;
use actiscope_core::nn::schedule::Schedule;
use actiscope_core::nn::spec::{Loss, NetworkSpec, Optimizer, Order, TrainingSpec};
use actiscope_engine::cpu::LaneSpec;
use serde::Deserialize;

use super::cases::Case;
use super::engine::{Engine, Kind};
use super::{activation, assert_close, network, to_f64, training};

pub fn training_cases() -> Vec<TrainingCase> {
    let text = include_str!("../../../core/tests/reference/training.json");
    serde_json::from_str(text).expect("the file is as generate.py writes it")
}

/// With dropout, with layers of unlike functions, or with a schedule.
pub fn dropout_layer_and_schedule_cases() -> Vec<TrainingCase> {
    let text = include_str!("../../../core/tests/reference/dropout_layers_schedules.json");
    serde_json::from_str(text).expect("the file is as its script writes it")
}

pub fn health_cases() -> Vec<HealthCase> {
    let text = include_str!("../../../core/tests/reference/health.json");
    serde_json::from_str(text).expect("the file is as generate.py writes it")
}

/// One run, computed by PyTorch in float64.
#[derive(Deserialize)]
pub struct TrainingCase {
    pub name: String,
    pub layers: Vec<usize>,
    act: String,
    #[serde(default)]
    params: BTreeMap<String, f64>,
    /// Of each hidden layer, where they differ.
    #[serde(default)]
    acts: Vec<String>,
    #[serde(default)]
    act_params: Vec<BTreeMap<String, f64>>,
    #[serde(default)]
    schedule: Schedule,
    #[serde(default)]
    dropout: f64,
    /// Of dropout's masks.
    #[serde(default)]
    seed: u64,
    loss: String,
    opt: Opt,
    #[serde(default)]
    batchnorm: bool,
    #[serde(default)]
    class_weights: Vec<f64>,
    #[serde(default)]
    gamma: f64,
    #[serde(default)]
    focal_alpha: f64,
    #[serde(default)]
    l1: f64,
    #[serde(default)]
    l2: f64,
    clip_norm: Option<f64>,
    batch: usize,
    pub steps: usize,
    x: Vec<Vec<f64>>,
    y: Vec<Target>,
    pub initial: Params,
    pub first_step_weight_gradient_norms: Vec<f64>,
    pub loss_before_each_step: Vec<f64>,
    #[serde(rename = "final")]
    pub last: Params,
}

#[derive(Deserialize)]
struct Opt {
    kind: String,
    lr: f64,
    #[serde(default)]
    momentum: f64,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Target {
    Class(f64),
    Outputs([f64; 1]),
}

#[derive(Deserialize)]
pub struct Params {
    weights: Vec<Vec<Vec<f64>>>,
    biases: Vec<Vec<f64>>,
    #[serde(default)]
    batchnorm: Vec<BatchNorm>,
    #[serde(default)]
    prelu_alpha: Vec<f64>,
}

#[derive(Deserialize)]
struct BatchNorm {
    gamma: Vec<f64>,
    beta: Vec<f64>,
    running_mean: Vec<f64>,
    running_var: Vec<f64>,
}

impl Params {
    /// (parameters, running statistics) in the order of `layout`.
    pub fn flat(&self, layout: &ParamLayout) -> (Vec<f64>, Vec<f64>) {
        let mut params = vec![f64::NAN; layout.n_params];
        let mut running = vec![f64::NAN; layout.n_running];
        let mut alphas = self.prelu_alpha.iter();
        for (l, layer) in layout.layers.iter().enumerate() {
            params[layer.weights.clone()].copy_from_slice(&self.weights[l].concat());
            params[layer.biases.clone()].copy_from_slice(&self.biases[l]);
            if !layer.gamma.is_empty() {
                let norm = &self.batchnorm[l];
                params[layer.gamma.clone()].copy_from_slice(&norm.gamma);
                params[layer.beta.clone()].copy_from_slice(&norm.beta);
                let both = [&norm.running_mean[..], &norm.running_var].concat();
                running[layer.running.clone()].copy_from_slice(&both);
            }
            if !layer.alpha.is_empty() {
                let alpha = alphas.next().expect("one for each layer that learns it");
                params[layer.alpha.clone()].fill(*alpha);
            }
        }
        (params, running)
    }
}

impl TrainingCase {
    pub fn network(&self) -> NetworkSpec {
        let own = self.acts.iter().zip(&self.act_params);
        NetworkSpec {
            batch_norm: self.batchnorm,
            layer_activations: own
                .map(|(act, params)| Some(activation(act, &in_order(params))))
                .collect(),
            ..network(&self.layers, activation(&self.act, &in_order(&self.params)))
        }
    }

    pub fn training(&self) -> TrainingSpec {
        let loss = match self.loss.as_str() {
            "mse" => Loss::Mse,
            "bce_logits" => Loss::BceLogits,
            "cce" => Loss::SoftmaxCrossEntropy,
            "focal" => Loss::Focal {
                gamma: self.gamma,
                alpha: self.focal_alpha,
            },
            other => panic!("loss {other}"),
        };
        let optimizer = match self.opt.kind.as_str() {
            "sgd" => Optimizer::Sgd,
            "momentum" => Optimizer::Momentum {
                momentum: self.opt.momentum,
            },
            "rmsprop" => Optimizer::RMSPROP,
            "adam" => Optimizer::ADAM,
            other => panic!("optimizer {other}"),
        };
        TrainingSpec {
            class_weights: self.class_weights.clone(),
            batch_size: self.batch,
            order: Order::Sequential,
            l1: self.l1,
            l2: self.l2,
            clip_norm: self.clip_norm,
            dropout: self.dropout,
            schedule: self.schedule,
            ..training(loss, optimizer, self.opt.lr)
        }
    }

    pub fn data(&self) -> Dataset {
        let y = self.y.iter().map(|target| match target {
            Target::Class(y) | Target::Outputs([y]) => *y as f32,
        });
        let target = match self.loss.as_str() {
            "mse" => TargetKind::Number,
            "cce" => TargetKind::Class {
                n_classes: self.layers[self.layers.len() - 1],
            },
            _ => TargetKind::Class { n_classes: 2 },
        };
        data_of(&self.x, y.collect(), target)
    }
}

/// Health of one network over a probe set.
#[derive(Deserialize)]
pub struct HealthCase {
    pub activation: String,
    params: BTreeMap<String, f64>,
    pub layers: Vec<usize>,
    weights: Vec<Vec<Vec<f64>>>,
    biases: Vec<Vec<f64>>,
    x: Vec<Vec<f64>>,
    y: Vec<f64>,
    pub hidden: Vec<HealthOfLayer>,
}

#[derive(Deserialize)]
pub struct HealthOfLayer {
    pub dead: Vec<bool>,
    pub saturated: Vec<bool>,
    pub negative_fraction: Vec<f64>,
    pub z_mean: Vec<f64>,
    pub z_std: Vec<f64>,
    pub weight_gradient_rms: f64,
    pub z_gradient_rms: f64,
}

impl HealthCase {
    pub fn network(&self) -> NetworkSpec {
        let params = in_order(&self.params);
        network(&self.layers, activation(&self.activation, &params))
    }

    pub fn params(&self) -> Vec<f64> {
        let layers = self.weights.iter().zip(&self.biases);
        layers
            .flat_map(|(weights, biases)| [weights.concat(), biases.clone()].concat())
            .collect()
    }

    pub fn data(&self) -> Dataset {
        let y = self.y.iter().map(|&y| y as f32).collect();
        data_of(&self.x, y, TargetKind::Number)
    }
}

fn data_of(x: &[Vec<f64>], y: Vec<f32>, target: TargetKind) -> Dataset {
    Dataset {
        n_inputs: x[0].len(),
        target,
        x_train: x.iter().flatten().map(|&x| x as f32).collect(),
        y_train: y,
        x_test: Vec::new(),
        y_test: Vec::new(),
        x_validation: Vec::new(),
        y_validation: Vec::new(),
        input_scale: Vec::new(),
        target_scale: None,
        input_names: Vec::new(),
        class_names: Vec::new(),
    }
}

/// Parameters by name. Every function in the files has one at most.
fn in_order(params: &BTreeMap<String, f64>) -> Vec<f64> {
    assert!(
        params.len() <= 1,
        "the order of {params:?} is not in the file"
    );
    params.values().copied().collect()
}

/// f32 has 6e-8 of relative rounding; sums of some ten terms and forty steps that build on each other
/// make it a thousand times that at most.
const TOLERANCE: f64 = 1e-4;

/// The run of a case from PyTorch's initial parameters: every loss, the first gradient, and the last
/// parameters.
pub async fn check_reference(kind: &Kind, case: &TrainingCase) {
    let name = &case.name;
    let lane = LaneSpec {
        network: case.network(),
        training: case.training(),
        seed: case.seed,
    };
    let layout = ParamLayout::new(&lane.network);
    let mut engine = Engine::new(kind, &Case::one(name, case.data(), lane)).await;
    let mut state = engine.state(0).await;
    let (params, _) = case.initial.flat(&layout);
    for (to, from) in state.params.iter_mut().zip(&params) {
        *to = *from as f32;
    }
    engine.write(0, &state);
    for (step, &expected) in case.loss_before_each_step.iter().enumerate() {
        let loss = f64::from(engine.train(1).await[0].batch_loss);
        let what = format!("{name}: loss before step {step}");
        assert_close(&what, loss, expected, TOLERANCE, 0.0);
        if step == 0 {
            let gradient = to_f64(&engine.gradient().await);
            let expected = &case.first_step_weight_gradient_norms;
            for (l, (layer, &expected)) in layout.layers.iter().zip(expected).enumerate() {
                let what = format!("{name}: first gradient of layer {l}");
                let value = norm(&gradient[layer.weights.clone()]);
                assert_close(&what, value, expected, TOLERANCE, 0.0);
            }
        }
    }
    let last = engine.state(0).await;
    let (params, running) = case.last.flat(&layout);
    for (values, expected) in [(&last.params, params), (&last.running, running)] {
        for (i, (&value, &expected)) in values.iter().zip(&expected).enumerate() {
            let what = format!("{name}: final value {i}");
            assert_close(&what, f64::from(value), expected, TOLERANCE, 0.1);
        }
    }
}
