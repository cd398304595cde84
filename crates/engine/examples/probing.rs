//! What looking at a fleet costs beside its training, on one thread: the fleets of a map and of a comparison as page and
//! shell open them, against the bare trainer with the same networks, in turns; the best of each.

#![expect(clippy::disallowed_methods, reason = "what measures has a clock")]

use std::sync::Arc;
use std::time::Instant;

use actiscope_core::activation::ActivationSpec;
use actiscope_core::protocol::{FleetCommand, FleetSpec, JobId};
use actiscope_core::scenario::{Axis, AxisScale, Edit, Scenario, Setting};
use actiscope_core::{compare, map};
use actiscope_engine::cpu::{CpuTrainer, LaneSpec};
use actiscope_engine::wait::wait;
use actiscope_engine::{FleetJob, Progress};
use fearless_simd::Level;

/// Turns of each.
const N_TURNS: usize = 7;
/// Networks that a trainer takes, as the engine's.
const N_TOGETHER: usize = 32;

fn main() {
    let axis = |setting, from, to, scale| Axis {
        setting,
        from,
        to,
        n: 32,
        scale,
    };
    let x = axis(Setting::LearningRate, 1e-3, 10.0, AxisScale::Log);
    let y = axis(Setting::Gain, 0.2, 3.0, AxisScale::Linear);
    let map = map::fleet(Scenario::default(), x, y, 1, 300);
    show("map of 32 x 32, learning rate and gain, 300 steps", &map);
    // The page's opening map, with rates that all networks bear.
    let mut leaky = Scenario::default();
    leaky.network.activation = ActivationSpec::new("leaky_relu");
    let x = axis(Setting::LearningRate, 0.01, 1.0, AxisScale::Log);
    let y = axis(Setting::Param(0), 0.0, 0.5, AxisScale::Linear);
    show(
        "map of 32 x 32, learning rate and alpha, 300 steps",
        &map::fleet(leaky, x, y, 1, 300),
    );
    let functions = [
        "sigmoid",
        "tanh",
        "relu",
        "leaky_relu",
        "elu",
        "selu",
        "silu",
        "gelu",
    ];
    let lanes = functions.map(|id| vec![Edit::Activation(ActivationSpec::new(id))]);
    let mut base = Scenario::default();
    base.training.learning_rate = 0.1;
    let comparison = compare::fleet(base, lanes.to_vec(), 16, 600);
    show(
        "comparison of 8 functions x 16 seeds, 600 steps",
        &comparison,
    );
}

fn show(name: &str, spec: &FleetSpec) {
    let (mut bare, mut looked_at) = (f64::INFINITY, f64::INFINITY);
    for _ in 0..N_TURNS {
        bare = bare.min(train_bare(spec));
        looked_at = looked_at.min(train_fleet(spec));
    }
    let share = 100.0 * (looked_at / bare - 1.0);
    let n_looks = spec.n_looks;
    println!(
        "{name}, {n_looks} looks: bare {bare:.3} s, as a fleet {looked_at:.3} s: {share:.1} % more"
    );
}

/// Seconds of the updates alone.
fn train_bare(spec: &FleetSpec) -> f64 {
    let mut trainers = Vec::new();
    for seed in 0..spec.seeds {
        let scenarios = (0..spec.lanes.len()).map(|lane| {
            let mut scenario = spec.scenario(lane);
            scenario.seed = scenario.seed.wrapping_add(seed);
            scenario
        });
        let scenarios: Vec<Scenario> = scenarios.collect();
        let first = &scenarios[0];
        let data = Arc::new(first.data.generate(first.seed).expect("good data"));
        for some in scenarios.chunks(N_TOGETHER) {
            let lanes = some.iter().map(|scenario| LaneSpec {
                network: scenario.network.clone(),
                training: scenario.training.clone(),
                seed: u64::from(scenario.seed),
            });
            let (data, seed) = (Arc::clone(&data), u64::from(first.seed));
            let trainer = CpuTrainer::new(Level::new(), data, seed, lanes.collect());
            trainers.push(trainer.expect("good lanes"));
        }
    }
    let began = Instant::now();
    for trainer in &mut trainers {
        trainer.train(spec.n_steps);
    }
    began.elapsed().as_secs_f64()
}

/// Seconds of a fleet from its beginning to its last measure.
fn train_fleet(spec: &FleetSpec) -> f64 {
    let mut job = FleetJob::new(JobId(1), spec.clone()).expect("a good fleet");
    let began = Instant::now();
    let mut now_ms = || began.elapsed().as_secs_f64() * 1000.0;
    while wait(job.advance_async(50.0, &mut now_ms)) == Progress::Busy {
        job.take_events();
        job.handle(FleetCommand::Shown);
    }
    began.elapsed().as_secs_f64()
}
