//! The same bits whatever computes them: every instruction set, any number of lanes and threads.

mod common;

use std::sync::Arc;

use actiscope_core::activation::ActivationSpec;
use actiscope_core::data::TargetKind;
use actiscope_core::nn::schedule::{Annealing, Schedule};
use actiscope_core::nn::spec::{Loss, NetworkSpec, Optimizer, PreluSharing, TrainingSpec};
use actiscope_core::scenario::View;
use actiscope_engine::cpu::probe::Prober;
use actiscope_engine::cpu::{CpuTrainer, LaneSpec};
use common::{
    LOSSES, OPTIMIZERS, activation, bits, bits_of, dataset, every_function, network, training,
};
use fearless_simd::Level;

/// Every level that this machine has.
fn levels() -> Vec<Level> {
    let best = Level::new();
    let mut levels = vec![best];
    #[cfg(target_arch = "x86_64")]
    {
        levels.extend(best.as_avx2().map(Level::Avx2));
        levels.extend(best.as_sse4_2().map(Level::Sse4_2));
        levels.extend(best.as_sse2().map(Level::Sse2));
    }
    levels
}

const STEP: Schedule = Schedule {
    warm_up: 3,
    annealing: Annealing::Step {
        every: 2.0,
        factor: 0.7,
    },
};
const COSINE: Schedule = Schedule {
    warm_up: 0,
    annealing: Annealing::Cosine {
        over: 30.0,
        floor: 0.1,
    },
};

/// Lanes of one shape that differ in all that lanes may differ in.
fn mixed_lanes(n_lanes: usize) -> Vec<LaneSpec> {
    let functions = every_function();
    let lane = |i: usize| {
        let mut function = functions[i % functions.len()].clone();
        if let Some(param) = function.params.first_mut() {
            *param *= 1.0 + 0.01 * (i % 7) as f64;
        }
        LaneSpec {
            network: NetworkSpec {
                batch_norm: i % 3 == 2,
                prelu_sharing: [PreluSharing::Layer, PreluSharing::Unit][i % 2],
                layer_activations: match i % 8 {
                    7 => vec![None, Some(functions[(i + 5) % functions.len()].clone())],
                    _ => Vec::new(),
                },
                ..network(&[2, 5, 9, 1], function)
            },
            training: TrainingSpec {
                batch_size: 10,
                l1: if i % 4 == 3 { 0.001 } else { 0.0 },
                l2: if i % 5 == 4 { 0.01 } else { 0.0 },
                clip_norm: (i % 6 == 5).then_some(0.1),
                dropout: if i % 7 > 4 { 0.3 } else { 0.0 },
                schedule: match i % 5 {
                    3 => STEP,
                    4 => COSINE,
                    _ => Schedule::default(),
                },
                ..training(
                    [LOSSES[0], LOSSES[1], LOSSES[3], LOSSES[4]][i % 4],
                    OPTIMIZERS[i % OPTIMIZERS.len()],
                    0.001 * (i + 1) as f64,
                )
            },
            seed: i as u64,
        }
    };
    (0..n_lanes).map(lane).collect()
}

/// Bits of loss and state of each lane after some steps.
fn train(level: Level, lanes: Vec<LaneSpec>, n_threads: usize, stretches: &[u64]) -> Vec<Vec<u32>> {
    let data = Arc::new(dataset(2, 33, TargetKind::Class { n_classes: 2 }));
    let mut trainer = CpuTrainer::new(level, data, 7, lanes).expect("good lanes");
    trainer.set_threads(n_threads);
    stretches.iter().for_each(|&n| trainer.train(n));
    let of_lane = |lane: &actiscope_engine::cpu::Lane| {
        let mut all = bits(&lane.state);
        all.push(bits_of(lane.batch_loss));
        all
    };
    trainer.lanes().iter().map(of_lane).collect()
}

#[test]
fn every_level_gives_the_same_bits() {
    let lanes = mixed_lanes(24);
    let expected = train(Level::new(), lanes.clone(), 1, &[100]);
    for level in levels() {
        let bits = train(level, lanes.clone(), 1, &[100]);
        for (lane, (bits, expected)) in bits.iter().zip(&expected).enumerate() {
            assert!(bits == expected, "{level:?}, {:?}", lanes[lane]);
        }
    }
}

#[test]
fn every_level_gives_the_same_bits_for_classes_and_large_layers() {
    let data = Arc::new(dataset(3, 70, TargetKind::Class { n_classes: 5 }));
    let spec = LaneSpec {
        network: network(&[3, 33, 20, 5], ActivationSpec::new("mish")),
        training: TrainingSpec {
            class_weights: vec![1.0, 0.5, 2.0, 1.0, 3.0],
            batch_size: 64,
            ..training(Loss::SoftmaxCrossEntropy, Optimizer::ADAM, 0.01)
        },
        seed: 1,
    };
    let run = |level: Level| {
        let lanes = vec![spec.clone()];
        let mut trainer = CpuTrainer::new(level, Arc::clone(&data), 1, lanes).expect("a good lane");
        trainer.train(50);
        let lane = &trainer.lanes()[0];
        let inspection = Prober::new(level, &data, &spec.network).inspect(lane, &View::default());
        (bits(&lane.state), format!("{:?}", inspection.layers))
    };
    let expected = run(Level::new());
    for level in levels() {
        assert!(run(level) == expected, "{level:?}");
    }
}

#[test]
fn a_lane_trains_alone_as_in_a_population() {
    for n_lanes in [1, 3, 64] {
        let lanes = mixed_lanes(n_lanes);
        let together = train(Level::new(), lanes.clone(), 1, &[60]);
        for (i, lane) in lanes.iter().enumerate() {
            let alone = train(Level::new(), vec![lane.clone()], 1, &[60]);
            assert!(alone[0] == together[i], "lane {i} of {n_lanes}: {lane:?}");
        }
    }
}

#[test]
fn threads_and_stretches_change_nothing() {
    let lanes = mixed_lanes(23);
    let expected = train(Level::new(), lanes.clone(), 1, &[77]);
    assert!(train(Level::new(), lanes.clone(), 3, &[77]) == expected);
    assert!(train(Level::new(), lanes.clone(), 64, &[77]) == expected);
    assert!(train(Level::new(), lanes, 2, &[1, 2, 3, 50, 21]) == expected);
}

/// A lane that diverges stands still and leaves the others alone.
#[test]
fn a_lane_that_diverges_does_not_touch_its_neighbours() {
    let mut lanes = vec![
        LaneSpec {
            network: network(&[2, 6, 1], activation("leaky_relu", &[0.2])),
            training: training(Loss::Mse, Optimizer::Sgd, 0.05),
            seed: 1,
        };
        3
    ];
    lanes[1].training.learning_rate = 1e30;
    let together = train(Level::new(), lanes.clone(), 1, &[40]);
    assert!(train(Level::new(), vec![lanes[0].clone()], 1, &[40])[0] == together[0]);
    assert!(together[0] == together[2]);
    assert!(together[1] != together[0]);
}
