//! Units that no gradient reaches.

use super::case::{Case, LayerCount};
use super::remedies::{is_high, leaky, lower_if_high, reinitialize, revive_dead};
use super::words::{deed, short};
use super::{Finding, Remedy, Row, Verdict};
use crate::health::{Moved, What};
use crate::scenario::Chosen;
use crate::text::count;

pub(super) fn born_dead(case: &Case) -> Option<Finding> {
    let layer = case.events.iter().find_map(|event| match event.what {
        What::BornDead { layer } => Some(layer),
        _ => None,
    })?;
    let now = case.layers.get(layer)?;
    if now.dead < now.units {
        return None;
    }
    let emphasis = format!("Layer {} was born dead", layer + 1);
    let after = ": whatever the input, the output is the same, and nothing can be learnt.";
    let remedies = [
        reinitialize(case.scenario),
        leaky(case.scenario),
        Some(revive_dead()),
    ];
    let weights = [
        Row::new("initializer", case.scenario.network.initializer.label(), ""),
        Row::new("gain", short(case.scenario.network.gain), ""),
    ];
    Some(
        Finding::new(Verdict::BornDead, "", emphasis, after)
            .seen(case.rows_by_layer("dead", |layer| layer.dead))
            .seen(weights)
            .with(remedies.into_iter().flatten()),
    )
}

pub(super) fn layer_dead(case: &Case) -> Option<Finding> {
    let layer = case
        .layers
        .iter()
        .position(|layer| layer.units > 0 && layer.dead == layer.units)?;
    let last_death = case.deaths().find(|&(_, l, _)| l == layer);
    let since = last_death.map_or_else(String::new, |(event, ..)| {
        format!(" since step {}", count(event.step))
    });
    let emphasis = format!("All of layer {} is dead{since}", layer + 1);
    let learning_rate = last_death.and_then(|(event, ..)| event.cause?.learning_rate.into());
    let after = match learning_rate {
        Some(learning_rate) => format!(
            ", killed at learning rate {}: the output is the same for every input.",
            short(learning_rate)
        ),
        None => ": the output is the same for every input.".into(),
    };
    Some(
        Finding::new(Verdict::LayerDead, "", emphasis, after)
            .seen(case.rows_by_layer("dead", |layer| layer.dead))
            .seen(death_rows(case))
            .with(cures(case))
            .blaming_learning_rate(learning_rate.is_some()),
    )
}

pub(super) fn dying(case: &Case) -> Option<Finding> {
    let is_whole = |layer: &&LayerCount| layer.dead == layer.units;
    let n_told: usize = case
        .layers
        .iter()
        .filter(is_whole)
        .map(|layer| layer.dead)
        .sum();
    // Those of wholly dead layers have a finding of their own.
    if case.n_dead == n_told {
        return None;
    }
    let of_all = format!("{} of {}", case.n_dead, case.n_units);
    let mostly = case.mostly(|layer| layer.dead);
    let finish = |finding: Finding| {
        let rows = case.rows_by_layer("dead", |layer| layer.dead);
        Some(finding.seen(rows).seen(death_rows(case)).with(cures(case)))
    };
    let Some((death, layer, unit)) = case.deaths().next() else {
        let emphasis = format!("{of_all} units are dead");
        let after = format!("{mostly}: no gradient reaches them.");
        return finish(Finding::new(Verdict::Dying, "", emphasis, after));
    };
    if death.step == 0 {
        let emphasis = format!("{of_all} units were born dead");
        let after = format!("{mostly}: their first weights give them slope 0 on every sample.");
        return finish(Finding::new(Verdict::Dying, "", emphasis, after));
    }
    let Some(cause) = death.cause else {
        let emphasis = format!("{of_all} units dead");
        let before = "The last change left ";
        let after = format!("{mostly}: no gradient reaches them.");
        return finish(Finding::new(Verdict::Dying, before, emphasis, after));
    };
    let (n_born, n_died) = case.born_and_died();
    if n_born > n_died {
        let emphasis = format!("{of_all} units are dead");
        let after = format!("{mostly}: {} of them were born dead.", count(n_born as u64));
        return finish(Finding::new(Verdict::Dying, "", emphasis, after));
    }
    let learning_rate = short(cause.learning_rate);
    // A small one moves no unit far: what else did it is not known.
    let is_to_blame = is_high(cause.learning_rate);
    let is_recent = case.step() - death.step <= (case.step() / 4).max(200);
    let diagnosis = if case.n_dead == 1 {
        let emphasis = format!("Layer {} unit {} died", layer + 1, unit + 1);
        let after = format!(
            " at step {}: one update {}.",
            count(death.step),
            deed(&cause)
        );
        Finding::new(Verdict::Dying, "", emphasis, after)
    } else if is_recent && is_to_blame {
        let before = format!("Learning rate {learning_rate} throws units off the data: ");
        let emphasis = format!("{of_all} are dead");
        Finding::new(Verdict::Dying, before, emphasis, format!("{mostly}."))
    } else {
        let emphasis = format!("{of_all} units are dead");
        let after = format!(
            "{mostly}; the last died at step {}, at learning rate {learning_rate}.",
            count(death.step)
        );
        Finding::new(Verdict::Dying, "", emphasis, after)
    };
    finish(diagnosis.blaming_learning_rate(is_to_blame))
}

/// The last death that is still in force: what the update did.
fn death_rows(case: &Case) -> Vec<Row> {
    let Some((death, layer, unit)) = case.deaths().next() else {
        return Vec::new();
    };
    let place = format!("layer {} unit {}", layer + 1, unit + 1);
    let mut rows = vec![Row::new(
        "last death",
        format!("step {}", count(death.step)),
        place.clone(),
    )];
    if let Some(cause) = death.cause {
        rows.extend([
            Row::new(
                "change of its bias",
                short(cause.bias_change),
                place.clone(),
            ),
            Row::new(
                "norm of its gradient",
                short(cause.gradient_norm),
                place.clone(),
            ),
            Row::new("learning rate", short(cause.learning_rate), ""),
        ]);
        if matches!(cause.moved(), Moved::Nothing | Moved::NextToNothing) {
            rows.push(Row::new(
                "change of a unit below",
                short(cause.below_change),
                place,
            ));
        }
    }
    rows
}

fn cures(case: &Case) -> impl Iterator<Item = Remedy> {
    let cures = [
        leaky(case.scenario),
        Some(revive_dead()),
        lower_if_high(case.scenario),
    ];
    cures.into_iter().flatten()
}
