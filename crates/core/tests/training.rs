//! Whole training runs against PyTorch's (`reference/training.json` and `dropout_layers_schedules.json`, float64): the loss before
//! every step, the first gradients, the final parameters; and dropout's masks, which PyTorch was given.

mod common;

use std::collections::BTreeMap;

use actiscope_core::nn::batches::{EpochOrder, rows};
use actiscope_core::nn::dropout::Dropout;
use actiscope_core::nn::layout::ParamLayout;
use actiscope_core::nn::optimizer::norm;
use actiscope_core::nn::oracle::Oracle;
use actiscope_core::nn::schedule::Schedule;
use actiscope_core::nn::spec::{Loss, NetworkSpec, Optimizer, Order, TrainingSpec};
use common::{activation, assert_close, in_order, network, training};
use serde::Deserialize;

/// Relative; sums here and in PyTorch run in different orders, and 40 steps multiply the difference.
const TOLERANCE: f64 = 1e-10;

#[derive(Deserialize)]
struct Case {
    name: String,
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
    schedule: Schedule,
    #[serde(default)]
    dropout: f64,
    #[serde(default)]
    seed: u64,
    /// `[steps][hidden layers][samples][units]`, 1 where a unit is kept.
    #[serde(default)]
    masks: Vec<Vec<Vec<Vec<u8>>>>,
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
    steps: usize,
    x: Vec<Vec<f64>>,
    y: Vec<Target>,
    initial: Params,
    first_step_weight_gradient_norms: Vec<f64>,
    loss_before_each_step: Vec<f64>,
    #[serde(rename = "final")]
    last: Params,
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
    Outputs(Vec<f64>),
}

#[derive(Deserialize)]
struct Params {
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
    fn flat(&self, layout: &ParamLayout) -> (Vec<f64>, Vec<f64>) {
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

impl Case {
    fn network(&self) -> NetworkSpec {
        let own = self.acts.iter().zip(&self.act_params);
        NetworkSpec {
            batch_norm: self.batchnorm,
            layer_activations: own
                .map(|(act, params)| Some(activation(act, &in_order(params))))
                .collect(),
            ..network(&self.layers, activation(&self.act, &in_order(&self.params)))
        }
    }

    fn training(&self) -> TrainingSpec {
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
            l1: self.l1,
            l2: self.l2,
            clip_norm: self.clip_norm,
            dropout: self.dropout,
            schedule: self.schedule,
            ..training(loss, optimizer, self.opt.lr)
        }
    }

    /// One number a sample: the class, or the one output.
    fn y(&self) -> Vec<f64> {
        let one = |target: &Target| match target {
            Target::Class(class) => *class,
            Target::Outputs(outputs) => {
                assert_eq!(outputs.len(), 1);
                outputs[0]
            }
        };
        self.y.iter().map(one).collect()
    }
}

fn check(case: &Case) {
    let name = &case.name;
    let layout = ParamLayout::new(&case.network());
    let (params, running) = case.initial.flat(&layout);
    let mut oracle =
        Oracle::new(case.network(), case.training(), params).expect("the catalogue has it");
    oracle.seed = case.seed;
    assert_eq!(
        oracle.running, running,
        "{name}: initial running statistics"
    );

    let (x, y) = (case.x.concat(), case.y());
    let mut order = EpochOrder::new(y.len(), Order::Sequential, 0);
    assert_eq!(case.loss_before_each_step.len(), case.steps);
    for (step, &expected) in case.loss_before_each_step.iter().enumerate() {
        let batch = order.batch(step as u64, case.batch);
        let report = oracle.step(&rows(&x, case.layers[0], batch), &rows(&y, 1, batch));
        assert_close(
            &format!("{name}: loss before step {step}"),
            report.loss,
            expected,
            TOLERANCE,
            0.0,
        );
        if step == 0 {
            for (l, layer) in layout.layers.iter().enumerate() {
                let value = norm(&report.gradient[layer.weights.clone()]);
                let expected = case.first_step_weight_gradient_norms[l];
                assert_close(
                    &format!("{name}: first gradient of layer {l}"),
                    value,
                    expected,
                    TOLERANCE,
                    0.0,
                );
            }
        }
    }

    let (params, running) = case.last.flat(&layout);
    for (what, values, expected) in [
        ("final parameter", &oracle.params, params),
        ("final running statistic", &oracle.running, running),
    ] {
        assert_eq!(values.len(), expected.len());
        for (i, (&value, expected)) in values.iter().zip(expected).enumerate() {
            // A parameter near 0 is a sum of terms near 1, and so is its rounding error.
            assert_close(
                &format!("{name}: {what} {i}"),
                value,
                expected,
                TOLERANCE,
                1e-2,
            );
        }
    }
}

/// The masks that PyTorch was given are those of the generator.
fn check_masks(case: &Case) {
    let dropout = Dropout::new(case.dropout, case.seed).expect("the case has dropout");
    assert_eq!(case.masks.len(), case.steps);
    for (step, of_step) in case.masks.iter().enumerate() {
        for (l, of_layer) in of_step.iter().enumerate() {
            for (s, of_sample) in of_layer.iter().enumerate() {
                for (j, &is_kept) in of_sample.iter().enumerate() {
                    let expected = f64::from(is_kept) * dropout.scale;
                    let name = &case.name;
                    let m = dropout.factor(step as u64, l, j, s);
                    assert_eq!(
                        m, expected,
                        "{name}: step {step} layer {l} unit {j} sample {s}"
                    );
                }
            }
        }
    }
}

#[test]
fn dropout_layers_and_schedules_agree_with_pytorch() {
    let cases: Vec<Case> =
        serde_json::from_str(include_str!("reference/dropout_layers_schedules.json"))
            .expect("the reference file is as its script writes it");
    assert_eq!(cases.len(), 13);
    let with_dropout = cases.iter().filter(|case| case.dropout > 0.0);
    assert_eq!(with_dropout.map(check_masks).count(), 6);
    assert_eq!(cases.iter().filter(|case| !case.acts.is_empty()).count(), 4);
    let with_schedule = cases.iter().filter(|case| !case.schedule.is_constant());
    assert_eq!(with_schedule.count(), 5);
    cases.iter().for_each(check);
}

#[test]
fn runs_agree_with_pytorch() {
    let cases: Vec<Case> = serde_json::from_str(include_str!("reference/training.json"))
        .expect("the reference file is as generate.py writes it");
    assert_eq!(cases.len(), 15);
    cases.iter().for_each(check);
}
