//! Health of the f32 engine against PyTorch's numbers: the verdicts are equal.

mod common;

use common::engine::{Kind, ready};
use common::looks::check_health;
use std::sync::Arc;

use actiscope_core::health::Health;
use actiscope_core::scenario::link::from_link;
use actiscope_engine::cpu::deaths::DeathWatch;
use actiscope_engine::cpu::probe::{Judgement, Prober};
use actiscope_engine::cpu::{CpuTrainer, LaneSpec};
use common::reference::health_cases;
use fearless_simd::Level;

#[test]
fn verdicts_are_those_of_pytorch() {
    let cases = health_cases();
    assert_eq!(cases.len(), 5);
    for case in &cases {
        ready(check_health(&Kind::Cpu(Level::new()), case));
    }
}

/// What a map watches for on its way is what a probe finds, whatever the function, batch normalization, and the number of
/// samples.
#[test]
fn a_death_is_seen_without_a_probe() {
    let mut seen = [0, 0];
    for link in [
        "#v=1&h=8-8&a=relu&lr=2&s=1",
        "#v=1&h=8-8&a=relu&lr=0.05&s=3",
        "#v=1&h=6-5-4&a=relu&lr=1&bn=1&s=2",
        "#v=1&h=9&a=hard_tanh&lr=3&s=1&n=37",
        "#v=1&h=4-4&a=leaky_relu&lr=0.3&s=1",
        "#v=1&h=3-3&a=relu&i=zeros&lr=0.3&n=20&b=10",
    ] {
        let (scenario, problems) = from_link(link);
        assert!(problems.is_empty(), "{link}: {problems:?}");
        let data = Arc::new(scenario.data.generate(scenario.seed).expect("good data"));
        let lanes = (0..12_u64).map(|seed| LaneSpec {
            network: scenario.network.clone(),
            training: scenario.training.clone(),
            seed,
        });
        let level = Level::new();
        let mut trainer =
            CpuTrainer::new(level, Arc::clone(&data), 1, lanes.collect()).expect("good lanes");
        let mut prober = Prober::new(level, &data, &scenario.network);
        let mut watch = DeathWatch::new(level, &data, &scenario.network);
        let mut judgement = Judgement::default();
        for _ in 0..20 {
            for (i, lane) in trainer.lanes().iter().enumerate() {
                prober.judge(lane, &mut judgement);
                let has_dead = judgement.count(Health::Dead) > 0;
                assert_eq!(
                    watch.has_dead(lane),
                    has_dead,
                    "{link}, lane {i} at {}",
                    lane.step
                );
                seen[usize::from(has_dead)] += 1;
            }
            trainer.train(5);
        }
    }
    assert!(seen.iter().all(|&n| n > 200), "{seen:?}");
}
