//! Dead units that an edit brought back.

use super::case::Case;
use super::remedies::{lower_learning_rate, raise_alpha, set_learning_rate};
use super::words::{are, subject_of};
use super::{Finding, Verdict};
use crate::health::{Health, HealthEvent, What};
use crate::scenario::Scenario;

pub(super) fn rescued(case: &Case) -> Option<Finding> {
    let at = case
        .events
        .iter()
        .rposition(|event| matches!(event.what, What::Edited { .. }))?;
    let What::Edited { text } = &case.events[at].what else {
        return None;
    };
    let edited_at = case.events[at].step;
    // Long enough to be read at any pace.
    if case.step() - edited_at > (edited_at / 2).max(400) {
        return None;
    }
    let was_dead = dead_before(case, at);
    let health_of = |&(layer, unit): &(usize, usize)| {
        case.snapshot
            .layers
            .get(layer)?
            .units
            .get(unit)
            .map(|u| u.health)
    };
    let n_now = |health| {
        was_dead
            .iter()
            .filter(|unit| health_of(unit) == Some(health))
            .count()
    };
    let (n_back, n_saturated) = (n_now(Health::Alive), n_now(Health::Saturated));
    let n_was = was_dead.len();
    if n_back + n_saturated == 0 || case.n_dead >= n_was {
        return None;
    }
    let n_freed = n_back + n_saturated;
    let still = match case.n_dead {
        0 => String::new(),
        n_dead => format!("; {n_dead} {} dead", are(n_dead)),
    };
    let slow = match n_saturated {
        0 => String::new(),
        n if n == n_freed => "; saturated as they are, they learn slowly".into(),
        1 => "; 1 of them is saturated and learns slowly".into(),
        n => format!("; {n} of them are saturated and learn slowly"),
    };
    let before = format!("{} brought ", subject_of(text));
    let emphasis = format!("{n_freed} of {n_was} back");
    let after = format!("{slow}{still}.");
    // What killed them is still at work.
    let remedy = if killed_by_learning_rate(&case.events[..at], case.scenario) {
        Some(set_learning_rate(lower_learning_rate(
            case.scenario.training.learning_rate,
        )))
    } else if n_saturated > 0 {
        raise_alpha(case.scenario)
    } else {
        None
    };
    Some(
        Finding::new(Verdict::Rescued, before, emphasis, after)
            .seen(case.rows_by_layer("dead", |layer| layer.dead))
            .with(remedy),
    )
}

/// Whether the last death was by an update at the learning rate that is still set.
fn killed_by_learning_rate(events: &[HealthEvent], scenario: &Scenario) -> bool {
    let last_death = events.iter().rev().find(|event| {
        matches!(
            event.what,
            What::Unit {
                to: Health::Dead,
                ..
            }
        )
    });
    let cause = last_death.and_then(|event| event.cause);
    cause.is_some_and(|cause| cause.learning_rate == scenario.training.learning_rate)
}

/// Units (layer, unit) that were dead when the event at index `at` happened: the present, taken back
/// event by event.
fn dead_before(case: &Case, at: usize) -> Vec<(usize, usize)> {
    let mut health: Vec<Vec<Health>> = case
        .snapshot
        .layers
        .iter()
        .map(|layer| layer.units.iter().map(|unit| unit.health).collect())
        .collect();
    for event in case.events[at..].iter().rev() {
        if let What::Unit {
            layer, unit, from, ..
        } = event.what
            && let Some(place) = health.get_mut(layer).and_then(|units| units.get_mut(unit))
        {
            *place = from;
        }
    }
    let units = health.iter().enumerate().flat_map(|(layer, units)| {
        units
            .iter()
            .enumerate()
            .map(move |(unit, health)| (layer, unit, *health))
    });
    units
        .filter(|(.., health)| *health == Health::Dead)
        .map(|(layer, unit, _)| (layer, unit))
        .collect()
}
