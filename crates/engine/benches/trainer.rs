//! Steps a second of the trainer on the networks of DESIGN section 8, and what a probe costs.
//!
//! One element is one update of one lane.

use std::hint::black_box;
use std::sync::Arc;

use actiscope_core::activation::ActivationSpec;
use actiscope_core::data::{DataSource, DataSpec, Dataset};
use actiscope_core::nn::spec::{
    Initializer, Loss, NetworkSpec, Optimizer, PreluSharing, TrainingSpec,
};
use actiscope_core::scenario::View;
use actiscope_engine::cpu::probe::{Judgement, Prober};
use actiscope_engine::cpu::{CpuTrainer, LaneSpec};
use criterion::{Criterion, Throughput, criterion_group, criterion_main};
use fearless_simd::Level;

fn data() -> Arc<Dataset> {
    let spec = DataSpec::plain(DataSource::Circle, 512, 0.1);
    Arc::new(spec.generate(1).expect("numbers in their ranges"))
}

fn lane(hidden: &[usize], activation: &str, batch_size: usize, optimizer: Optimizer) -> LaneSpec {
    LaneSpec {
        network: NetworkSpec {
            n_inputs: 2,
            hidden: hidden.to_vec(),
            n_outputs: 1,
            activation: ActivationSpec::new(activation),
            layer_activations: Vec::new(),
            prelu_sharing: PreluSharing::Layer,
            batch_norm: false,
            initializer: Initializer::GlorotUniform,
            gain: 1.0,
            given: None,
        },
        training: TrainingSpec::plain(Loss::BceLogits, optimizer, 0.01, batch_size),
        seed: 1,
    }
}

fn trainer(lanes: Vec<LaneSpec>) -> CpuTrainer {
    CpuTrainer::new(Level::new(), data(), 1, lanes).expect("good lanes")
}

fn one_lane(c: &mut Criterion) {
    let mut group = c.benchmark_group("train");
    const N_STEPS: u64 = 1_000;
    group.throughput(Throughput::Elements(N_STEPS));
    for (name, hidden, activation, batch_size, optimizer) in [
        (
            "2-8-8-1 tanh batch 10",
            &[8, 8][..],
            "tanh",
            10,
            Optimizer::Sgd,
        ),
        (
            "2-8-8-1 tanh batch 10 Adam",
            &[8, 8],
            "tanh",
            10,
            Optimizer::ADAM,
        ),
        ("2-8-8-1 ReLU batch 10", &[8, 8], "relu", 10, Optimizer::Sgd),
        (
            "2-32-32-32-1 ReLU batch 64",
            &[32, 32, 32],
            "relu",
            64,
            Optimizer::Sgd,
        ),
        (
            "2-32-32-32-1 ReLU batch 64 Adam",
            &[32, 32, 32],
            "relu",
            64,
            Optimizer::ADAM,
        ),
    ] {
        let mut trainer = trainer(vec![lane(hidden, activation, batch_size, optimizer)]);
        group.bench_function(name, |b| b.iter(|| trainer.train(N_STEPS)));
        assert!(trainer.lanes()[0].divergence.is_none(), "{name} diverged");
    }
    group.finish();
}

fn population(c: &mut Criterion) {
    let mut group = c.benchmark_group("train population");
    const N_LANES: usize = 1_024;
    const N_STEPS: u64 = 32;
    group.throughput(Throughput::Elements(N_LANES as u64 * N_STEPS));
    group.sample_size(10);
    for (activation, n_threads) in [("tanh", 1), ("relu", 1), ("tanh", 2)] {
        let of_seed = |seed| LaneSpec {
            seed,
            ..lane(&[16, 16], activation, 32, Optimizer::Sgd)
        };
        let mut trainer = trainer((0..N_LANES as u64).map(of_seed).collect());
        trainer.set_threads(n_threads);
        let name =
            format!("{N_LANES} lanes of 2-16-16-1 {activation} batch 32, {n_threads} threads");
        group.bench_function(name, |b| b.iter(|| trainer.train(N_STEPS)));
    }
    group.finish();
}

fn probe(c: &mut Criterion) {
    let mut group = c.benchmark_group("probe of 512 samples");
    for (name, hidden, activation) in [
        ("2-8-8-1 tanh", &[8, 8][..], "tanh"),
        ("2-32-32-32-1 ReLU", &[32, 32, 32], "relu"),
    ] {
        let trainer = trainer(vec![lane(hidden, activation, 64, Optimizer::Sgd)]);
        let lane = &trainer.lanes()[0];
        let mut prober = Prober::new(Level::new(), &data(), &lane.spec.network);
        let mut judgement = Judgement::default();
        group.bench_function(format!("{name}, health"), |b| {
            b.iter(|| prober.judge(black_box(lane), &mut judgement));
        });
        group.bench_function(format!("{name}, everything"), |b| {
            b.iter(|| prober.inspect(black_box(lane), &View::default()));
        });
    }
    group.finish();
}

criterion_group!(benches, one_lane, population, probe);
criterion_main!(benches);
