//! What was looked at of the start of a run that does well, with its numbers. What is looked at of its units and its
//! loss is in [`mod@super::checklist`].

use super::words::short;
use super::{Check, Start};
use crate::scenario::{Chosen, Scenario, functions_label};

/// Data, first weights, and what the updates are made of; all of it in order, because nothing has to be mended.
pub fn checked_start(scenario: &Scenario, start: &Start) -> Vec<Check> {
    let check = |name, says: String| Check {
        name,
        is_passed: true,
        says,
    };
    let network = &scenario.network;
    let training = &scenario.training;
    let mut checks = Vec::new();
    let widest = |by: fn(&super::Column) -> f64| {
        let all = start.inputs.iter().map(by);
        all.fold(0.0, |most: f64, value| match value.abs() > most.abs() {
            true => value,
            false => most,
        })
    };
    checks.push(check(
        "Inputs",
        format!(
            "mean {}, deviation {}",
            short(widest(|column| column.mean)),
            short(widest(|column| column.std))
        ),
    ));
    if let Some(targets) = &start.targets {
        let says = format!(
            "mean {}, deviation {}",
            short(targets.mean),
            short(targets.std)
        );
        checks.push(check("Targets", says));
    }
    checks.push(check(
        "First weights",
        format!(
            "{}, gain {}, for {}",
            network.initializer.label(),
            short(network.gain),
            functions_label(network)
        ),
    ));
    checks.push(check(
        "Learning rate",
        format!(
            "{}, {}",
            short(training.learning_rate),
            training.optimizer.label()
        ),
    ));
    checks.push(check(
        "Decay",
        match start.decay_norm > 0.0 {
            true => format!(
                "{} of the gradient",
                short(start.decay_norm / start.gradient_norm)
            ),
            false => "off".into(),
        },
    ));
    checks.push(check(
        "Clip",
        match training.clip_norm {
            Some(_) => format!(
                "{} % of the first updates",
                short(100.0 * start.clipped_share())
            ),
            None => "off".into(),
        },
    ));
    checks
}
