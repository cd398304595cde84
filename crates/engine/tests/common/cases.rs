//! What every trainer must do as the f64 oracle does: each function, loss and optimizer, and whatever
//! networks and their training can have, at odd sizes.

use std::sync::Arc;

use actiscope_core::activation::{ActivationSpec, Function};
use actiscope_core::data::{Dataset, TargetKind};
use actiscope_core::nn::schedule::{Annealing, Schedule};
use actiscope_core::nn::spec::{Loss, NetworkSpec, Optimizer, Order, PreluSharing, TrainingSpec};
use actiscope_engine::cpu::LaneSpec;

use super::{LOSSES, OPTIMIZERS, activation, dataset, every_function, network, training};

/// A population, its data, and how closely it must follow the oracle.
pub struct Case {
    pub name: String,
    pub data: Arc<Dataset>,
    pub lanes: Vec<LaneSpec>,
    /// Lanes that are compared.
    pub looked_at: Vec<usize>,
    pub order_seed: u64,
    pub n_steps: u64,
    pub tolerance: f64,
}

impl Case {
    pub fn new(name: &str, data: Dataset, lanes: Vec<LaneSpec>) -> Self {
        Self {
            name: name.to_owned(),
            data: Arc::new(data),
            looked_at: (0..lanes.len()).collect(),
            lanes,
            order_seed: 11,
            n_steps: 9,
            tolerance: 1e-4,
        }
    }

    pub fn one(name: &str, data: Dataset, lane: LaneSpec) -> Self {
        Self::new(name, data, vec![lane])
    }

    pub fn name_of(&self, lane: usize) -> String {
        let spec = &self.lanes[lane];
        let function = match &spec.network.activation.function {
            Function::Catalogue(id) => id,
            Function::Formula(text) => text,
        };
        format!("{}, {function}, {:?}", self.name, spec.training.optimizer)
    }
}

pub fn target_of(loss: Loss) -> TargetKind {
    match loss {
        Loss::Mse | Loss::Huber { .. } => TargetKind::Number,
        Loss::SoftmaxCrossEntropy => TargetKind::Class { n_classes: 3 },
        Loss::BceLogits | Loss::Focal { .. } | Loss::SigmoidMse | Loss::ReluMse => {
            TargetKind::Class { n_classes: 2 }
        }
    }
}

pub fn n_outputs_of(loss: Loss) -> usize {
    if loss == Loss::SoftmaxCrossEntropy {
        3
    } else {
        1
    }
}

/// For each loss a population of every function with every optimizer; those that learn alpha apart, for
/// their parameters lie otherwise.
pub fn every_function_loss_and_optimizer() -> Vec<Case> {
    let mut cases = Vec::new();
    for loss in LOSSES {
        for learns_alpha in [false, true] {
            let functions = every_function();
            let functions = functions
                .iter()
                .filter(|f| f.learns_alpha() == learns_alpha);
            let lanes = functions.flat_map(|function| {
                OPTIMIZERS.map(|optimizer| LaneSpec {
                    network: network(&[2, 5, 6, n_outputs_of(loss)], function.clone()),
                    training: TrainingSpec {
                        batch_size: 8,
                        ..training(loss, optimizer, 0.01)
                    },
                    seed: 3,
                })
            });
            // The last batch of an epoch is 5 samples.
            let data = dataset(2, 21, target_of(loss));
            cases.push(Case {
                order_seed: 3,
                n_steps: 7,
                // Adam's and RMSprop's first steps divide a gradient by its own size, which makes
                // the rounding of a small gradient that of the step.
                tolerance: 2e-5,
                ..Case::new(&format!("{loss:?}"), data, lanes.collect())
            });
        }
    }
    cases
}

/// Lanes of one population that differ in all that lanes may differ in.
pub fn populations() -> Vec<Case> {
    let functions = [
        activation("tanh", &[]),
        activation("relu", &[]),
        activation("leaky_relu", &[0.1]),
        activation("leaky_relu", &[0.3]),
        ActivationSpec::formula("where(z > 0, z, alpha * sin(z))"),
    ];
    let mut cases = Vec::new();
    for n_lanes in [1, 3, 1_024] {
        let lane = |i: usize| LaneSpec {
            network: NetworkSpec {
                gain: 0.5 + 0.1 * (i % 7) as f64,
                layer_activations: match n_lanes {
                    3 if i == 2 => vec![None, Some(functions[3].clone())],
                    _ => Vec::new(),
                },
                ..network(&[2, 16, 16, 1], functions[i % functions.len()].clone())
            },
            training: TrainingSpec {
                batch_size: 32,
                l2: if i % 4 == 1 { 0.01 } else { 0.0 },
                clip_norm: (i % 5 == 2).then_some(0.1),
                // In some lanes of a population.
                dropout: if n_lanes == 3 && i == 1 { 0.3 } else { 0.0 },
                schedule: Schedule {
                    warm_up: i as u32 % 4,
                    ..Schedule::default()
                },
                ..training(
                    [LOSSES[1], LOSSES[3]][i % 2],
                    OPTIMIZERS[i % 6],
                    0.001 * (1 + i % 10) as f64,
                )
            },
            seed: i as u64,
        };
        let data = dataset(2, 80, TargetKind::Class { n_classes: 2 });
        let looked_at = [0, 1, 2, 5, 63, 510, 511, 1_022, 1_023];
        cases.push(Case {
            looked_at: looked_at.into_iter().filter(|&i| i < n_lanes).collect(),
            n_steps: 5,
            ..Case::new(
                &format!("{n_lanes} lanes"),
                data,
                (0..n_lanes).map(lane).collect(),
            )
        });
    }
    cases
}

/// Whatever a network and its training can have, at odd sizes.
pub fn every_feature() -> Vec<Case> {
    let numbers = TargetKind::Number;
    let relu = || ActivationSpec::new("relu");
    let base = training(Loss::Mse, Optimizer::Sgd, 0.02);
    let mut cases = Vec::new();
    let mut check = |what: &str, data: Dataset, network: NetworkSpec, training: TrainingSpec| {
        let lane = LaneSpec {
            network,
            training,
            seed: 11,
        };
        cases.push(Case::one(what, data, lane));
    };
    for n_units in [1, 3, 17, 128] {
        let network = network(&[3, n_units, n_units, 1], relu());
        check(
            &format!("{n_units} units"),
            dataset(3, 40, numbers),
            network,
            base.clone(),
        );
    }
    for n_hidden in [1, 2, 8, 32] {
        let mut layers = vec![4; n_hidden + 2];
        (layers[0], layers[n_hidden + 1]) = (2, 1);
        let network = network(&layers, ActivationSpec::new("tanh"));
        check(
            &format!("{n_hidden} layers"),
            dataset(2, 40, numbers),
            network,
            base.clone(),
        );
    }
    for batch_size in [1, 2, 7, 8, 9, 39, 40, 1000] {
        let what = format!("batch {batch_size}");
        let training = TrainingSpec {
            batch_size,
            ..base.clone()
        };
        check(
            &what,
            dataset(2, 40, numbers),
            network(&[2, 6, 1], relu()),
            training,
        );
    }
    for (batch_size, order) in [
        (16, Order::Shuffled),
        (5, Order::Sequential),
        (40, Order::Shuffled),
    ] {
        let normalized = NetworkSpec {
            batch_norm: true,
            ..network(&[2, 7, 5, 1], ActivationSpec::new("gelu"))
        };
        let training = TrainingSpec {
            batch_size,
            order,
            ..base.clone()
        };
        check(
            &format!("BatchNorm, batch {batch_size}"),
            dataset(2, 40, numbers),
            normalized,
            training,
        );
    }
    for prelu_sharing in [PreluSharing::Layer, PreluSharing::Unit] {
        for batch_norm in [false, true] {
            let prelu = NetworkSpec {
                prelu_sharing,
                batch_norm,
                ..network(&[2, 7, 5, 1], activation("prelu", &[0.25]))
            };
            // Not Adam: BatchNorm takes the biases' gradient out, and Adam would divide what rounding
            // leaves of it by its own size.
            let training = TrainingSpec {
                optimizer: Optimizer::MOMENTUM,
                ..base.clone()
            };
            check(
                &format!("PReLU {prelu_sharing:?} {batch_norm}"),
                dataset(2, 40, numbers),
                prelu,
                training,
            );
        }
    }
    let regularized = TrainingSpec {
        l1: 0.003,
        l2: 0.02,
        ..base.clone()
    };
    check(
        "L1 and L2",
        dataset(2, 40, numbers),
        network(&[2, 6, 1], relu()),
        regularized,
    );
    for clip_norm in [0.01, 0.5, 100.0] {
        let clipped = TrainingSpec {
            clip_norm: Some(clip_norm),
            learning_rate: 0.5,
            ..base.clone()
        };
        check(
            "clipping",
            dataset(2, 40, numbers),
            network(&[2, 6, 1], relu()),
            clipped,
        );
    }
    for (loss, weights) in [
        (Loss::SoftmaxCrossEntropy, vec![0.5, 3.0, 0.0]),
        (Loss::BceLogits, vec![0.25, 2.0]),
        (LOSSES[3], vec![2.0, 0.5]),
    ] {
        let weighted = TrainingSpec {
            class_weights: weights,
            ..training(loss, Optimizer::Sgd, 0.1)
        };
        let network = network(&[2, 6, n_outputs_of(loss)], relu());
        check(
            &format!("{loss:?} weighted"),
            dataset(2, 40, target_of(loss)),
            network,
            weighted,
        );
    }
    for loss in [Loss::SigmoidMse, Loss::ReluMse] {
        check(
            &format!("{loss:?}"),
            dataset(2, 40, target_of(loss)),
            network(&[2, 6, 1], relu()),
            training(loss, Optimizer::Sgd, 0.1),
        );
    }
    for (batch_norm, batch_size, p) in [(false, 7, 0.5), (true, 16, 0.1), (false, 40, 0.35)] {
        for (id, own) in [("tanh", None), ("prelu", None), ("gelu", Some("prelu"))] {
            let network = NetworkSpec {
                batch_norm,
                prelu_sharing: PreluSharing::Unit,
                layer_activations: vec![None, own.map(ActivationSpec::new), None],
                ..network(&[2, 9, 6, 5, 1], ActivationSpec::new(id))
            };
            let training = TrainingSpec {
                batch_size,
                dropout: p,
                ..base.clone()
            };
            let what = format!("dropout {p}, layer 2 {own:?}, BatchNorm {batch_norm}");
            check(&what, dataset(2, 40, numbers), network, training);
        }
    }
    let annealings = [
        Annealing::Constant,
        Annealing::Step {
            every: 3.0,
            factor: 0.4,
        },
        Annealing::Cosine {
            over: 9.0,
            floor: 0.05,
        },
    ];
    for annealing in annealings {
        let network = network(&[2, 9, 6, 1], ActivationSpec::new("tanh"));
        let training = TrainingSpec {
            optimizer: Optimizer::ADAMW,
            schedule: Schedule {
                warm_up: 4,
                annealing,
            },
            ..base.clone()
        };
        let what = format!("AdamW with warm-up and {annealing:?}");
        check(&what, dataset(2, 40, numbers), network, training);
    }
    // More outputs than one under losses of single outputs, which have one-hot targets, and a focal loss of all of them.
    let classes = TargetKind::Class { n_classes: 3 };
    let focal = |gamma, class_weights| TrainingSpec {
        class_weights,
        ..training(Loss::Focal { gamma, alpha: 0.7 }, Optimizer::Sgd, 0.1)
    };
    let plain = |loss| training(loss, Optimizer::Sgd, 0.1);
    for several in [
        base,
        plain(Loss::BceLogits),
        plain(Loss::SigmoidMse),
        focal(0.0, Vec::new()),
        focal(2.0, Vec::new()),
        focal(1.5, vec![0.5, 3.0, 0.0]),
    ] {
        check(
            &format!("{:?} of three", several.loss),
            dataset(2, 40, classes),
            network(&[2, 6, 3], relu()),
            several,
        );
    }
    cases
}
