//! The f32 trainer against PyTorch's runs and against the f64 oracle.

mod common;

use std::sync::Arc;

use actiscope_core::activation::ActivationSpec;
use actiscope_core::data::{Dataset, TargetKind};
use actiscope_core::nn::batches::{EpochOrder, rows};
use actiscope_core::nn::layout::ParamLayout;
use actiscope_core::nn::optimizer::norm;
use actiscope_core::nn::spec::{Loss, NetworkSpec, Optimizer, Order, PreluSharing, TrainingSpec};
use actiscope_engine::cpu::LaneSpec;
use common::reference::{TrainingCase, training_cases};
use common::{
    LOSSES, OPTIMIZERS, Pair, activation, assert_close, dataset, every_function, network, to_f64,
    training,
};
use fearless_simd::Level;

/// f32 has 6e-8 of relative rounding; sums of some ten terms and forty steps that build on each other
/// make it a thousand times that at most.
const REFERENCE_TOLERANCE: f64 = 1e-4;

fn check_reference(case: &TrainingCase) {
    let name = &case.name;
    let spec = LaneSpec {
        network: case.network(),
        training: case.training(),
        seed: 0,
    };
    let layout = ParamLayout::new(&spec.network);
    let (params, _) = case.initial.flat(&layout);
    let mut pair = Pair::new(Level::new(), &Arc::new(case.data()), &spec, Some(&params));
    for (step, &expected) in case.loss_before_each_step.iter().enumerate() {
        pair.trainer.train(1);
        let loss = f64::from(pair.trainer.lanes()[0].batch_loss);
        let what = format!("{name}: loss before step {step}");
        assert_close(&what, loss, expected, REFERENCE_TOLERANCE, 0.0);
        if step == 0 {
            let gradient = to_f64(pair.trainer.gradient());
            let expected = &case.first_step_weight_gradient_norms;
            for (l, (layer, &expected)) in layout.layers.iter().zip(expected).enumerate() {
                let what = format!("{name}: first gradient of layer {l}");
                let value = norm(&gradient[layer.weights.clone()]);
                assert_close(&what, value, expected, REFERENCE_TOLERANCE, 0.0);
            }
        }
    }
    let (params, running) = case.last.flat(&layout);
    let values = [
        (&pair.state().params, params),
        (&pair.state().running, running),
    ];
    for (values, expected) in values {
        for (i, (&value, &expected)) in values.iter().zip(&expected).enumerate() {
            let what = format!("{name}: final value {i}");
            assert_close(&what, f64::from(value), expected, REFERENCE_TOLERANCE, 0.1);
        }
    }
}

#[test]
fn runs_agree_with_pytorch() {
    let cases = training_cases();
    assert_eq!(cases.len(), 15);
    cases.iter().for_each(check_reference);
}

/// Some updates of lane and oracle from the same parameters. Losses and parameters agree to
/// `tolerance`, relative to 1.
fn check_against_oracle(
    what: &str,
    data: &Arc<Dataset>,
    spec: &LaneSpec,
    n_steps: u64,
    tolerance: f64,
) {
    let mut pair = Pair::new(Level::new(), data, spec, None);
    let n_inputs = data.n_inputs;
    let (x, y) = (to_f64(&data.x_train), to_f64(&data.y_train));
    let mut order = EpochOrder::new(data.n_train(), spec.training.order, spec.seed);
    for step in 0..n_steps {
        let batch = order.batch(step, spec.training.batch_size);
        let report = pair
            .oracle
            .step(&rows(&x, n_inputs, batch), &rows(&y, 1, batch));
        pair.trainer.train(1);
        let lane = &pair.trainer.lanes()[0];
        assert_eq!(lane.divergence, None, "{what}");
        let name = format!("{what}: loss before step {step}");
        assert_close(
            &name,
            f64::from(lane.batch_loss),
            report.loss,
            tolerance,
            1.0,
        );
        for (i, (&value, &expected)) in lane
            .state
            .params
            .iter()
            .zip(&pair.oracle.params)
            .enumerate()
        {
            let name = format!("{what}: parameter {i} after step {step}");
            assert_close(&name, f64::from(value), expected, tolerance, 1.0);
        }
        let running = lane.state.running.iter().zip(&pair.oracle.running);
        for (i, (&value, &expected)) in running.enumerate() {
            let name = format!("{what}: running statistic {i} after step {step}");
            assert_close(&name, f64::from(value), expected, tolerance, 1.0);
        }
    }
}

fn target_of(loss: Loss) -> TargetKind {
    match loss {
        Loss::Mse | Loss::Huber { .. } => TargetKind::Number,
        Loss::SoftmaxCrossEntropy => TargetKind::Class { n_classes: 3 },
        Loss::BceLogits | Loss::Focal { .. } => TargetKind::Class { n_classes: 2 },
    }
}

fn n_outputs_of(loss: Loss) -> usize {
    if loss == Loss::SoftmaxCrossEntropy {
        3
    } else {
        1
    }
}

#[test]
fn every_function_loss_and_optimizer_agrees_with_the_oracle() {
    for loss in LOSSES {
        // The last batch of an epoch is 5 samples.
        let data = Arc::new(dataset(2, 21, target_of(loss)));
        for function in every_function() {
            for optimizer in OPTIMIZERS {
                let spec = LaneSpec {
                    network: network(&[2, 5, 6, n_outputs_of(loss)], function.clone()),
                    training: TrainingSpec {
                        batch_size: 8,
                        ..training(loss, optimizer, 0.01)
                    },
                    seed: 3,
                };
                let what = format!("{:?} {loss:?} {optimizer:?}", function.function);
                // Adam's and RMSprop's first steps divide a gradient by its own size, which makes
                // the rounding of a small gradient that of the step.
                check_against_oracle(&what, &data, &spec, 7, 2e-5);
            }
        }
    }
}

/// Whatever a network and its training can have, at odd sizes.
#[test]
fn every_feature_agrees_with_the_oracle() {
    let numbers = TargetKind::Number;
    let relu = || ActivationSpec::new("relu");
    let base = training(Loss::Mse, Optimizer::Sgd, 0.02);
    let check = |what: &str, data: Dataset, network: NetworkSpec, training: TrainingSpec| {
        let spec = LaneSpec {
            network,
            training,
            seed: 11,
        };
        check_against_oracle(what, &Arc::new(data), &spec, 9, 1e-4);
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
    // One-hot targets: more outputs than one under a loss of single outputs.
    let classes = TargetKind::Class { n_classes: 3 };
    check(
        "one-hot MSE",
        dataset(2, 40, classes),
        network(&[2, 6, 3], relu()),
        base,
    );
}
