//! Health events: at exact steps, with their cause, at any pace.

use actiscope_core::health::{Health, HealthEvent, What};
use actiscope_core::nn::spec::Optimizer;
use actiscope_core::protocol::RunCommand;
use actiscope_core::scenario::{Edit, Scenario};

use super::desk::{Desk, FAST, SLOW, assert_same};
use super::scenarios;

fn deaths(events: &[HealthEvent]) -> Vec<&HealthEvent> {
    let is_death = |event: &&HealthEvent| {
        matches!(
            event.what,
            What::Unit {
                to: Health::Dead,
                ..
            }
        ) && event.step > 0
    };
    events.iter().filter(is_death).collect()
}

#[test]
fn the_default_scenario_kills_units_and_says_why() {
    let mut desk = Desk::new(&Scenario::default(), FAST);
    desk.step(500);
    let events = desk.take_happened();
    let deaths = deaths(&events);
    assert!(deaths.len() >= 8, "{} deaths", deaths.len());
    for death in deaths {
        let cause = death.cause.expect("an update killed it");
        assert_eq!(
            cause.learning_rate,
            Scenario::default().training.learning_rate
        );
        let is_number = |x: f64| x.is_finite() && x >= 0.0;
        assert!(is_number(cause.gradient_norm) && is_number(cause.weight_change_norm));
        // SGD: the change is the learning rate times the gradient, to rounding.
        let change = libm::hypot(cause.weight_change_norm, cause.bias_change);
        let expected = cause.learning_rate * cause.gradient_norm;
        assert!(
            (change - expected).abs() <= 1e-5 * (1.0 + expected),
            "{cause:?}"
        );
    }
    assert!(events.is_sorted_by_key(|event| event.step));
}

/// Probes lie up to 100 steps apart here; each event must stand at the step where a look finds it.
#[test]
fn events_between_probes_are_pinned_to_their_step() {
    let mut desk = Desk::new(&Scenario::default(), FAST);
    desk.edit(Edit::LearningRate(0.3));
    desk.step(30_000);
    let events = desk.take_happened();
    let late: Vec<_> = events.iter().filter(|event| event.step > 2_000).collect();
    assert!(
        late.len() >= 3,
        "only {} events after step 2,000",
        late.len()
    );
    assert!(late.iter().any(|event| event.step % 10 != 0));
    let mut health_at = |step: u64, layer: usize, unit: usize| {
        desk.seek(step);
        let snapshot = desk.snapshot();
        assert_eq!(snapshot.step, step);
        snapshot.layers[layer].units[unit].health
    };
    for event in late.iter().take(12) {
        let What::Unit {
            layer,
            unit,
            from,
            to,
        } = event.what
        else {
            continue;
        };
        assert_eq!(health_at(event.step - 1, layer, unit), from, "{event:?}");
        assert_eq!(health_at(event.step, layer, unit), to, "{event:?}");
    }
}

#[test]
fn pace_changes_nothing() {
    for scenario in scenarios() {
        let run = |pace| {
            let mut desk = Desk::new(&scenario, pace);
            desk.step(700);
            desk.edit(Edit::LearningRate(0.5 * scenario.training.learning_rate));
            desk.step(1_733);
            desk.edit(Edit::Optimizer(Optimizer::MOMENTUM));
            desk.step(900);
            (desk.take_happened(), desk.state())
        };
        let (fast, slow) = (run(FAST), run(SLOW));
        assert_same("events", &fast.0, &slow.0);
        assert_same("state", &fast.1, &slow.1);
    }
}

/// Looking, and training in pieces.
#[test]
fn looking_changes_nothing() {
    let mut plain = Desk::new(&Scenario::default(), FAST);
    plain.step(2_345);
    let mut watched = Desk::new(&Scenario::default(), FAST);
    for n in [1, 10, 89, 900, 1_001, 344] {
        watched.step(n);
        watched.snapshot();
        watched.edit(Edit::Layer((n % 3) as usize));
        watched.edit(Edit::Unit(Some(1)));
    }
    watched.edit(Edit::Layer(0));
    assert_same("state", &plain.state(), &watched.state());
    assert_same("events", &plain.take_happened(), &watched.take_happened());
}

#[test]
fn a_run_that_diverges_stops_and_says_where() {
    let mut scenario = Scenario::default();
    scenario.training.learning_rate = 10.0;
    scenario.training.optimizer = Optimizer::MOMENTUM;
    scenario.training.loss = actiscope_core::nn::spec::Loss::Mse;
    scenario.view.steps_per_second = None;
    let mut desk = Desk::new(&scenario, FAST);
    desk.send(RunCommand::Train);
    desk.settle();
    let events = desk.take_happened();
    let last = events.last().expect("an event");
    assert!(matches!(last.what, What::Diverged { .. }), "{last:?}");
    assert!(last.cause.is_some());
    let snapshot = desk.snapshot();
    assert!(snapshot.has_diverged && !snapshot.is_training);
    assert_eq!(snapshot.step, last.step);

    // It stands still until something changes.
    desk.send(RunCommand::Train);
    assert_eq!(desk.take_problems().len(), 1);
    desk.settle();
    assert_eq!(desk.snapshot().step, last.step);

    // Going back and training on leads to the same end.
    desk.seek(last.step / 2);
    assert!(!desk.snapshot().has_diverged);
    desk.send(RunCommand::Train);
    desk.settle();
    let again = desk.take_happened();
    assert_same("the same end", &again.last(), &Some(last));

    desk.send(RunCommand::Reset);
    desk.edit(Edit::LearningRate(0.01));
    desk.edit(Edit::Optimizer(Optimizer::Sgd));
    desk.step(1_000);
    assert!(!desk.snapshot().has_diverged);
}

#[test]
fn a_layer_born_dead_is_told_at_step_0() {
    let mut scenario = Scenario::default();
    scenario.network.initializer = actiscope_core::nn::spec::Initializer::Zeros;
    let mut desk = Desk::new(&scenario, FAST);
    let events = desk.take_happened();
    let born_dead = events
        .iter()
        .filter(|e| matches!(e.what, What::BornDead { .. }));
    assert_eq!(born_dead.count(), 3, "{events:?}");
    assert!(
        events
            .iter()
            .all(|event| event.step == 0 && event.cause.is_none())
    );
}
