//! What the Doctor offers, done to real runs.

use actiscope_core::activation::ActivationSpec;
use actiscope_core::health::diagnosis::{Evidence, Finding, Verdict, examine};
use actiscope_core::nn::spec::{Loss, Optimizer};
use actiscope_core::protocol::{RunCommand, Snapshot};
use actiscope_core::scenario::Scenario;

use super::desk::{Desk, FAST};

/// What is found of the first steps of a scenario's run, and the desk with the run.
fn examined(scenario: &Scenario, n_steps: u32) -> (Desk, Snapshot, Vec<Finding>) {
    let mut desk = Desk::new(scenario, FAST);
    desk.step(n_steps);
    let events = desk.take_happened();
    // The history is whole after a seek.
    let step = desk.snapshot().step;
    desk.seek(step);
    let snapshot = desk.snapshot();
    let findings = examine(Evidence {
        scenario,
        snapshot: &snapshot,
        events: &events,
        history: &snapshot.history,
    });
    (desk, snapshot, findings)
}

fn count(snapshot: &Snapshot, health: actiscope_core::health::Health) -> usize {
    let units = snapshot.layers.iter().flat_map(|layer| &layer.units);
    units.filter(|unit| unit.health == health).count()
}

/// Does one remedy of the first finding, and looks again after some steps.
fn after_remedy(
    scenario: &Scenario,
    n_steps: u32,
    label: &str,
    n_after: u32,
) -> (Verdict, Snapshot, Snapshot) {
    let (mut desk, before, findings) = examined(scenario, n_steps);
    let finding = &findings[0];
    let remedy = finding.remedies.iter().find(|r| r.label.starts_with(label));
    let remedy = remedy.unwrap_or_else(|| panic!("{label} is not among {:?}", finding.remedies));
    for command in &remedy.commands {
        match command {
            // A test trains by steps.
            RunCommand::Train => {}
            RunCommand::Seek(step) => desk.seek(*step),
            command => desk.send(command.clone()),
        }
    }
    desk.step(n_after);
    let after = desk.snapshot();
    (finding.verdict, before, after)
}

#[test]
fn a_dead_layer_is_mended() {
    use actiscope_core::health::Health::Dead;
    let mut scenario = Scenario::default();
    scenario.training.learning_rate = 3.0;
    // At that learning rate new weights do not last, a leak does.
    for (label, n_after) in [
        ("Rescue with Leaky ReLU", 20),
        ("Re-initialize the dead units only", 0),
    ] {
        let (verdict, before, after) = after_remedy(&scenario, 60, label, n_after);
        assert_eq!(verdict, Verdict::LayerDead);
        let (n_before, n_after) = (count(&before, Dead), count(&after, Dead));
        assert!(
            n_before >= 8 && n_after < n_before,
            "{label}: {n_before}, {n_after}"
        );
    }
}

#[test]
fn saturated_units_are_mended() {
    use actiscope_core::health::Health::Saturated;
    let mut scenario = Scenario::default();
    scenario.network.activation = ActivationSpec::new("tanh");
    scenario.network.gain = 10.0;
    scenario.training.learning_rate = 3.0;
    for label in [
        "Initialize with Glorot normal",
        "Add batch normalization",
        "Rescue",
    ] {
        let (verdict, before, after) = after_remedy(&scenario, 60, label, 0);
        assert_eq!(verdict, Verdict::Saturated);
        let (n_before, n_after) = (count(&before, Saturated), count(&after, Saturated));
        assert!(n_after < n_before, "{label}: {n_before}, {n_after}");
    }
}

#[test]
fn a_diverged_run_goes_on() {
    let mut scenario = Scenario::default();
    scenario.training.learning_rate = 10.0;
    scenario.training.optimizer = Optimizer::MOMENTUM;
    scenario.training.loss = Loss::Mse;
    let (_, before, findings) = examined(&scenario, 5_000);
    assert!(before.has_diverged);
    let look = findings[0]
        .remedies
        .iter()
        .find(|r| r.label.starts_with("Go to the step before"));
    let commands = look.map(|remedy| &*remedy.commands);
    assert_eq!(commands, Some(&[RunCommand::Seek(before.step - 1)][..]));
    let (verdict, before, after) = after_remedy(&scenario, 5_000, "Go back to step", 20);
    assert_eq!(verdict, Verdict::Diverged);
    assert!(before.has_diverged && !after.has_diverged && after.loss.is_finite());
}
