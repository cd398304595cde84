//! The WebGPU trainer against PyTorch's runs and against the f64 oracle: the same body as the CPU's.
//!
//! Natively on Vulkan: a GPU where there is one, Mesa's software driver otherwise.

mod common;

use std::sync::Arc;

use actiscope_core::data::TargetKind;
use actiscope_core::health::Health;
use actiscope_core::nn::spec::TrainingSpec;
use actiscope_core::scenario::View;
use actiscope_engine::cpu::LaneSpec;
use actiscope_engine::cpu::predict::{Question, Samples};
use actiscope_engine::gpu::{GpuDevice, GpuError, GpuTrainer};
use common::cases::{Case, every_feature, every_function_loss_and_optimizer, populations};
use common::engine::{Kind, check_against_oracle, ready};
use common::looks::{check_health, check_judged_population, check_looks};
use common::reference::{
    check_reference, dropout_layer_and_schedule_cases, health_cases, training_cases,
};
use common::{LOSSES, OPTIMIZERS, activation, dataset, network, training};
use fearless_simd::Level;

/// Without an adapter a test says so, and fails where CI is set.
fn gpu() -> Option<Kind> {
    match ready(GpuDevice::open()) {
        Ok(gpu) => Some(Kind::Gpu(gpu)),
        Err(error) => {
            assert!(std::env::var_os("CI").is_none(), "{error}");
            eprintln!("NOT TESTED: {error}");
            None
        }
    }
}

fn check(cases: &[Case]) {
    assert!(!cases.is_empty());
    let Some(gpu) = gpu() else { return };
    for case in cases {
        ready(check_against_oracle(&gpu, case));
    }
}

#[test]
fn runs_agree_with_pytorch() {
    let cases = training_cases();
    assert_eq!(cases.len(), 15);
    let Some(gpu) = gpu() else { return };
    for case in &cases {
        ready(check_reference(&gpu, case));
    }
}

#[test]
fn dropout_layers_and_schedules_agree_with_pytorch() {
    let cases = dropout_layer_and_schedule_cases();
    assert_eq!(cases.len(), 13);
    let Some(gpu) = gpu() else { return };
    for case in &cases {
        ready(check_reference(&gpu, case));
    }
}

#[test]
fn every_function_loss_and_optimizer_agrees_with_the_oracle() {
    check(&every_function_loss_and_optimizer());
}

#[test]
fn every_feature_agrees_with_the_oracle() {
    check(&every_feature());
}

#[test]
fn populations_agree_with_the_oracle() {
    check(&populations());
}

#[test]
fn verdicts_are_those_of_pytorch() {
    let cases = health_cases();
    assert_eq!(cases.len(), 5);
    let Some(gpu) = gpu() else { return };
    for case in &cases {
        ready(check_health(&gpu, case));
    }
}

#[test]
fn the_cpu_sees_the_same_in_the_same_state() {
    let Some(gpu) = gpu() else { return };
    ready(check_looks(&gpu, Level::new()));
    ready(check_judged_population(&gpu, Level::new()));
}

/// A population that does not fit is refused before it begins, with the number that would fit.
#[test]
fn what_does_not_fit_is_refused_with_what_would() {
    let Some(Kind::Gpu(gpu)) = gpu() else { return };
    let lane = LaneSpec {
        network: network(
            &[2, 128, 128, 128, 128, 128, 128, 128, 128, 1],
            activation("relu", &[]),
        ),
        training: TrainingSpec {
            batch_size: 10_000,
            ..training(LOSSES[0], OPTIMIZERS[4], 0.01)
        },
        seed: 1,
    };
    let data = Arc::new(dataset(2, 10_000, TargetKind::Number));
    let error = ready(GpuTrainer::new(&gpu, data, 1, vec![lane; 4_096])).err();
    let Some(GpuError::TooLarge { n_fitting, .. }) = error else {
        panic!("{error:?}");
    };
    assert!((1..4_096).contains(&n_fitting), "{n_fitting}");
    let text = error.map(|error| error.to_string()).unwrap_or_default();
    assert!(
        text.contains(&format!("{n_fitting} lanes would fit")),
        "{text}"
    );
}

/// What a snapshot tells, of whatever size, is one readback; so is the health of a population.
#[test]
fn looking_is_one_readback() {
    let Some(Kind::Gpu(gpu)) = gpu() else { return };
    let lane = LaneSpec {
        network: network(&[2, 64, 64, 1], activation("relu", &[])),
        training: training(LOSSES[0], OPTIMIZERS[0], 0.01),
        seed: 1,
    };
    let data = Arc::new(dataset(2, 600, TargetKind::Number));
    let trainer = GpuTrainer::new(&gpu, data, 1, vec![lane; 3]);
    let mut trainer = ready(trainer).expect("a good population");
    let samples = [90, 400, 4_096].map(|n| Samples::new(2, n));
    let questions = [0, 1, 2].map(|i| Question {
        samples: &samples[i],
        with_activations: i == 1,
    });
    let before = gpu.n_readbacks();
    let seen = ready(trainer.look(1, &View::default(), &questions));
    assert_eq!(seen.expect("answers").1.len(), 3);
    assert_eq!(gpu.n_readbacks(), before + 1);
    assert_eq!(ready(trainer.judge()).expect("health").len(), 3);
    assert_eq!(gpu.n_readbacks(), before + 2);
}

/// What lanes are seen to be while they train is what they are seen to be when they are asked one look at a time, bit
/// by bit, and costs one readback.
#[test]
fn many_looks_are_one_readback() {
    let Some(Kind::Gpu(gpu)) = gpu() else { return };
    let lane = |learning_rate, optimizer| LaneSpec {
        network: network(&[2, 9, 6, 1], activation("relu", &[])),
        training: training(LOSSES[0], optimizer, learning_rate),
        seed: 3,
    };
    // One learns, one loses units, one diverges on the way.
    let lanes = vec![
        lane(0.01, OPTIMIZERS[4]),
        lane(0.5, OPTIMIZERS[4]),
        lane(40.0, OPTIMIZERS[1]),
    ];
    let data = Arc::new(dataset(2, 90, TargetKind::Number));
    let new = || GpuTrainer::new(&gpu, Arc::clone(&data), 1, lanes.clone());
    let (mut apart, mut together) = (
        ready(new()).expect("good lanes"),
        ready(new()).expect("good lanes"),
    );
    // A ring may begin anywhere, and follows another.
    ready(together.train(2)).expect("it trains");
    ready(apart.train(2)).expect("it trains");
    let (mut has_dead, mut n_diverged) = (false, 0);
    for stops in [&[3, 4, 7, 8][..], &[9, 14], &[15]] {
        assert_eq!(together.n_fitting_looks(stops, true), stops.len());
        let before = gpu.n_readbacks();
        let ring = ready(together.train_and_judge(stops, true)).expect("looks");
        assert_eq!(gpu.n_readbacks(), before + 1);
        assert_eq!(ring.len(), stops.len());
        for (&stop, looks) in stops.iter().zip(&ring) {
            let statuses = ready(apart.train(stop - apart.step())).expect("it trains");
            let health = ready(apart.judge()).expect("health");
            for (look, (status, health)) in looks.iter().zip(statuses.iter().zip(&health)) {
                // NaN is told as NaN, and is equal to nothing.
                assert_eq!(format!("{:?}", look.status), format!("{status:?}"));
                assert_eq!(format!("{:?}", look.health), format!("{health:?}"));
                let kept = look.kept.as_ref().expect("lanes are kept");
                let n = |of| kept.verdicts.iter().filter(|&&v| v == of).count() as u32;
                assert_eq!(kept.verdicts.len(), 15);
                assert_eq!(
                    (n(Health::Dead), n(Health::Saturated)),
                    (health.n_dead, health.n_saturated)
                );
                has_dead |= health.n_dead > 0;
            }
            n_diverged = statuses.iter().filter(|s| s.divergence.is_some()).count();
        }
        let last = ring.last().and_then(|looks| looks[1].kept.as_ref());
        let reading = &last.expect("lanes are kept").reading;
        let alone = ready(apart.read_lane(1)).expect("a reading");
        assert_eq!(reading.state, alone.state);
        assert_eq!(
            (&reading.previous, &reading.gradient),
            (&alone.previous, &alone.gradient)
        );
    }
    assert!(
        has_dead && n_diverged == 1,
        "nothing to see: {has_dead} {n_diverged}"
    );
}

/// All that uses a lost device says so, and nothing hangs.
#[test]
fn a_lost_device_is_noticed() {
    let Some(Kind::Gpu(gpu)) = gpu() else { return };
    let case = &every_feature()[0];
    let mut trainer = ready(GpuTrainer::new(
        &gpu,
        Arc::clone(&case.data),
        1,
        case.lanes.clone(),
    ))
    .expect("a good lane");
    gpu.pretend_out_of_memory();
    let failed = ready(trainer.train(3)).err();
    assert!(matches!(failed, Some(GpuError::OutOfMemory)), "{failed:?}");
    ready(trainer.train(3)).expect("there is memory again");
    gpu.spoil_work();
    let failed = ready(trainer.train(3)).err();
    let Some(GpuError::Refused(why)) = failed else {
        panic!("{failed:?}");
    };
    assert!(why.contains("invalid on purpose"), "{why}");
    gpu.destroy();
    assert!(gpu.lost().is_some());
    let failed = ready(trainer.train(3)).err();
    assert!(matches!(failed, Some(GpuError::Lost(_))), "{failed:?}");
}
