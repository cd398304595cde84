//! Seeking, forking and resuming: exactly.

use actiscope_core::activation::ActivationSpec;
use actiscope_core::nn::schedule::Annealing;
use actiscope_core::nn::spec::Optimizer;
use actiscope_core::protocol::{
    Event, ParamAt, ParamValue, RunCommand, RunEvent, Snapshot, UnitParam,
};
use actiscope_core::random::{Random, Stream};
use actiscope_core::scenario::{Edit, Scenario, Setting};
use proptest::prelude::*;

use super::desk::{Desk, FAST, Pace, RUN, SLOW, assert_same};
use super::scenarios;

/// What somebody does at a step.
#[derive(Clone, Debug)]
enum Deed {
    Edit(Edit),
    Revive,
    SetParams(Vec<ParamValue>),
}

/// Deeds at rising steps, the same for one seed.
fn deeds(seed: u64, n: usize, last_step: u32) -> Vec<(u32, Deed)> {
    let random = Random::new(seed, Stream::Test, 0);
    let mut steps: Vec<u32> = (0..n as u64).map(|i| random.bits(i) % last_step).collect();
    steps.sort_unstable();
    let deed = |i: usize| match random.bits(1_000 + i as u64) % 13 {
        0 => Deed::Edit(Edit::Activation(ActivationSpec::new("leaky_relu"))),
        1 => Deed::Edit(Edit::Activation(ActivationSpec::new("prelu"))),
        2 => Deed::Edit(Edit::Activation(ActivationSpec::new("tanh"))),
        3 => Deed::Edit(Edit::Set(Setting::LearningRate, 0.003 * (i + 1) as f64)),
        4 => Deed::Edit(Edit::Optimizer(Optimizer::Nesterov { momentum: 0.5 })),
        5 => Deed::Edit(Edit::Set(Setting::BatchSize, (5 + i) as f64)),
        6 => Deed::Edit(Edit::Set(Setting::L2, 0.0001 * i as f64)),
        7 => Deed::Edit(Edit::Set(Setting::Param(0), 0.05 * (i % 10) as f64)),
        8 => Deed::Edit(Edit::Set(Setting::Dropout, 0.1 * (i % 4) as f64)),
        9 => Deed::Edit(Edit::LayerActivations(vec![
            None,
            Some(ActivationSpec::new(["prelu", "elu"][i % 2])),
        ])),
        10 => Deed::Edit(Edit::Annealing(Annealing::Cosine {
            over: 1_500.0,
            floor: 0.1 * (i % 5) as f64,
        })),
        11 => Deed::SetParams(vec![
            ParamValue {
                at: ParamAt {
                    layer: 0,
                    unit: i % 3,
                    part: UnitParam::Weight(0),
                },
                value: 0.5 - 0.2 * i as f32,
            },
            ParamValue {
                at: ParamAt {
                    layer: 1,
                    unit: 0,
                    part: UnitParam::Bias,
                },
                value: -0.3 * i as f32,
            },
        ]),
        _ => Deed::Revive,
    };
    steps
        .into_iter()
        .enumerate()
        .map(|(i, step)| (step, deed(i)))
        .collect()
}

fn do_it(desk: &mut Desk, deed: &Deed) {
    match deed {
        Deed::Edit(edit) => desk.edit(edit.clone()),
        Deed::Revive => desk.send(RunCommand::ReviveDead),
        Deed::SetParams(values) => desk.send(RunCommand::SetParams(values.clone())),
    }
}

/// A run with deeds, and its states at some steps on the way (after the deeds at that step).
fn straight(scenario: &Scenario, deeds: &[(u32, Deed)], stops: &[u32]) -> (Desk, Vec<Snapshot>) {
    let mut desk = Desk::new(scenario, FAST);
    let mut now = 0;
    let mut states = Vec::new();
    let mut deeds = deeds.iter().peekable();
    for &stop in stops {
        while let Some((step, deed)) = deeds.next_if(|(step, _)| *step <= stop) {
            desk.step(step - now);
            now = *step;
            do_it(&mut desk, deed);
        }
        desk.step(stop - now);
        now = stop;
        states.push(desk.state());
    }
    (desk, states)
}

/// False if the run diverged on the way, so that it has no such steps to go to.
fn check_seeks(scenario: &Scenario, seed: u64, pace: Pace) -> bool {
    let last_step = 2_600;
    let random = Random::new(seed, Stream::Test, 1);
    let mut stops: Vec<u32> = (0..12).map(|i| random.bits(i) % last_step).collect();
    stops.push(last_step);
    stops.sort_unstable();
    let deeds = deeds(seed, 6, last_step);
    let (mut desk, states) = straight(scenario, &deeds, &stops);
    if desk.snapshot().step < u64::from(last_step) {
        return false;
    }
    desk.pace = pace;
    for i in random.permutation(stops.len()) {
        let i = i as usize;
        desk.seek(u64::from(stops[i]));
        assert_same(
            &format!("seed {seed}, step {}", stops[i]),
            &desk.state(),
            &states[i],
        );
    }
    assert_eq!(desk.take_problems(), [""; 0]);
    true
}

#[test]
fn a_seek_leads_to_the_exact_state() {
    let mut n_checked = 0;
    for (i, scenario) in (0..).zip(&scenarios()) {
        n_checked += usize::from(check_seeks(scenario, 10 + i, FAST));
        n_checked += usize::from(check_seeks(scenario, 20 + i, SLOW));
    }
    assert!(n_checked >= 8, "{n_checked} of 10 runs did not diverge");
}

/// Masks are functions of the step: none is drawn twice, none is kept.
#[test]
fn a_seek_meets_the_same_masks() {
    let mut scenario = Scenario::default();
    scenario.training.learning_rate = 0.1;
    scenario.training.dropout = 0.4;
    assert!(check_seeks(&scenario, 31, FAST));
    scenario.training.dropout = 0.0;
    let (mut without, _) = straight(&scenario, &[], &[50]);
    scenario.training.dropout = 0.4;
    let (mut with, _) = straight(&scenario, &[], &[50]);
    assert_ne!(with.state().layers, without.state().layers);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn seeks_among_random_deeds_lead_to_exact_states(seed in 0_u64..1_000_000, which in 0_usize..5) {
        prop_assume!(check_seeks(&scenarios()[which], seed, FAST));
    }

    /// Back, and on without a change: the same run again, events included.
    #[test]
    fn a_fork_without_a_change_is_the_same_run(seed in 0_u64..1_000_000, which in 0_usize..5) {
        let (mut desk, states) = straight(&scenarios()[which], &[], &[2_400]);
        let events = desk.take_happened();
        let back = Random::new(seed, Stream::Test, 2).bits(0) % 2_400;
        desk.seek(u64::from(back));
        desk.step(2_400 - back);
        assert_same("state", &desk.state(), &states[0]);
        let again = desk.take_happened();
        let forked = desk.take(|event| matches!(event, Event::Run(_, RunEvent::Forked { .. })));
        let Some(Event::Run(_, RunEvent::Forked { step: undone_after })) = forked.first() else {
            panic!("the fork was to be told");
        };
        prop_assert!(*undone_after <= u64::from(back));
        let kept = events.iter().filter(|event| event.step <= *undone_after);
        let together: Vec<_> = kept.cloned().chain(again).collect();
        assert_same("events", &together, &events);
    }
}

/// Back, a deed, and on: as if the deed had been done when the run first came by.
#[test]
fn a_fork_is_the_run_with_the_deed() {
    for (i, scenario) in scenarios().iter().enumerate() {
        let (mut desk, _) = straight(scenario, &deeds(i as u64, 3, 2_000), &[2_500]);
        let deed = Deed::Edit(Edit::Set(Setting::LearningRate, 0.0123));
        desk.seek(0);
        let deeds_before: Vec<_> = deeds(i as u64, 3, 2_000)
            .into_iter()
            .filter(|(step, _)| *step <= 1_111)
            .collect();
        desk.seek(1_111);
        do_it(&mut desk, &deed);
        desk.step(777);
        let expected = [deeds_before, vec![(1_111, deed)]].concat();
        let (_, states) = straight(scenario, &expected, &[1_888]);
        assert_same("state", &desk.state(), &states[0]);
        assert_eq!(desk.snapshot().last_step, 1_888);
    }
}

/// The history of a fork ends where it was forked, and goes on from there.
#[test]
fn a_fork_drops_the_history_of_the_future() {
    let mut desk = Desk::new(&Scenario::default(), FAST);
    desk.step(900);
    desk.snapshot();
    desk.seek(300);
    desk.edit(Edit::Set(Setting::LearningRate, 0.1));
    desk.step(50);
    let snapshot = desk.snapshot();
    assert!(snapshot.history_is_whole);
    let steps: Vec<u64> = snapshot.history.iter().map(|point| point.step).collect();
    assert_eq!(steps, (0..=350).collect::<Vec<_>>());
}

#[test]
fn a_seek_over_edits_tells_the_scenario_of_then() {
    let scenario = Scenario::default();
    let mut desk = Desk::new(&scenario, FAST);
    desk.step(100);
    desk.edit(Edit::Set(Setting::LearningRate, 0.01));
    desk.step(100);
    let told = |desk: &mut Desk| {
        let told = desk.take(|event| matches!(event, Event::Run(_, RunEvent::Scenario(_))));
        told.into_iter()
            .map(|event| match event {
                Event::Run(_, RunEvent::Scenario(scenario)) => scenario.training.learning_rate,
                _ => f64::NAN,
            })
            .next_back()
    };
    assert_eq!(told(&mut desk), None);
    desk.seek(50);
    assert_eq!(told(&mut desk), Some(scenario.training.learning_rate));
    desk.seek(60);
    assert_eq!(told(&mut desk), None);
    desk.seek(150);
    assert_eq!(told(&mut desk), Some(0.01));
}

/// A long way is gone in turns, so that a worker's heart goes on beating.
#[test]
fn what_acts_where_a_run_arrives_waits_for_it_unheard() {
    let mut desk = Desk::new(&Scenario::default(), SLOW);
    desk.step(400);
    desk.send(RunCommand::Seek(390));
    desk.edit(Edit::Set(Setting::LearningRate, 0.01));
    let n_before = desk.n_sent - 1;
    assert_eq!(desk.engine.heard(), n_before, "the edit waits");
    desk.send(RunCommand::Seek(395));
    assert_eq!(desk.engine.heard(), n_before, "nothing overtakes it");
    let mut n_turns = 0;
    while desk.engine.heard() == n_before {
        desk.advance();
        n_turns += 1;
    }
    assert!(n_turns > 1, "the way takes more than a turn");
    desk.settle();
    assert_eq!(desk.engine.heard(), desk.n_sent);
    let run = desk.engine.run(RUN).expect("it is open");
    // The edit was made where the run arrived, and there is nothing beyond it to go to.
    assert_eq!(
        (run.step(), run.scenario().training.learning_rate),
        (390, 0.01)
    );
}

#[test]
fn another_engine_goes_on_from_a_checkpoint_exactly() {
    for (i, scenario) in scenarios().iter().enumerate() {
        let (mut desk, _) = straight(scenario, &deeds(40 + i as u64, 4, 2_000), &[2_043]);
        desk.take_checkpoint();
        desk.wait(10_000.0);
        desk.step(7);
        let bytes = desk.take_checkpoint().expect("ten seconds are over");
        // The last update is not kept, but all that it led to.
        let without_update = |mut snapshot: Snapshot| {
            snapshot
                .layers
                .iter_mut()
                .for_each(|layer| layer.update_ratio = 0.0);
            snapshot
        };
        let mut latest = without_update(desk.state());
        let scenario_now = scenario_after(scenario, &deeds(40 + i as u64, 4, 2_000));

        let mut other = Desk::empty(SLOW);
        other.resume(&scenario_now, bytes);
        assert_eq!(other.take_problems(), [""; 0]);
        assert_same("resumed", &without_update(other.state()), &latest);

        // On, and back to before the checkpoint.
        desk.step(500);
        other.step(500);
        latest = desk.state();
        assert_same("trained on", &other.state(), &latest);
        desk.take_happened();
        desk.seek(777);
        other.seek(777);
        assert_same("gone back", &other.state(), &desk.state());
        let points = |desk: &mut Desk| desk.snapshot().history.len();
        let (of_one, of_other) = (points(&mut desk), points(&mut other));
        assert_eq!(of_one, of_other);
    }
}

fn scenario_after(scenario: &Scenario, deeds: &[(u32, Deed)]) -> Scenario {
    let mut scenario = scenario.clone();
    for (_, deed) in deeds {
        if let Deed::Edit(edit) = deed {
            edit.apply(&mut scenario);
        }
    }
    scenario
}

/// An edit that was made after the checkpoint is not lost with the engine.
#[test]
fn edits_beyond_the_checkpoint_are_made_again() {
    let mut scenario = Scenario::default();
    let mut desk = Desk::new(&scenario, FAST);
    desk.step(300);
    desk.wait(10_000.0);
    desk.step(1);
    let checkpoint = desk.take_checkpoint().expect("it is due");
    let edit = Edit::Activation(ActivationSpec::new("leaky_relu"));
    edit.apply(&mut scenario);
    desk.edit(edit);
    desk.step(200);

    let mut other = Desk::empty(FAST);
    other.resume(&scenario, checkpoint.clone());
    other.step(200);
    assert_same("state", &other.state(), &desk.state());

    // One that begins a run anew begins it anew.
    Edit::Set(Setting::Seed, 77.0).apply(&mut scenario);
    let mut other = Desk::empty(FAST);
    other.resume(&scenario, checkpoint);
    assert_eq!(other.snapshot().step, 0);
}

#[test]
fn damaged_checkpoints_are_refused() {
    let scenario = Scenario::default();
    let mut desk = Desk::new(&scenario, FAST);
    desk.step(300);
    desk.wait(10_000.0);
    desk.step(1);
    let good = desk.take_checkpoint().expect("it is due");
    let random = Random::new(1, Stream::Test, 0);
    for i in 0..300 {
        let mut bytes = good.clone();
        if i % 3 == 0 {
            bytes.truncate(random.bits(i) as usize % good.len());
        } else {
            let place =
                random.bits(i) as usize % good.len().min(if i % 3 == 1 { 300 } else { good.len() });
            bytes[place] ^= 1 << (random.bits(1_000 + i) % 8);
        }
        let mut other = Desk::empty(FAST);
        other.resume(&scenario, bytes);
        // Either a problem, or (a bit of a number was changed) some run that can be trained.
        if other.take_problems().is_empty() {
            other.step(3);
        }
    }
}
