//! Training that has run away.

use super::case::Case;
use super::remedies::{clip, lower_learning_rate, normalize, reinitialize};
use super::words::short;
use super::{Deed, Finding, Remedy, Row, Verdict};
use crate::health::What;
use crate::health::words::layer_name;
use crate::observe::HistoryPoint;
use crate::scenario::{Edit, Setting};
use crate::text::count;

pub(super) fn diverged(case: &Case) -> Option<Finding> {
    if !case.snapshot.has_diverged {
        return None;
    }
    let event = case.events.iter().rev().find_map(|event| match event.what {
        What::Diverged { layer } => Some((event.step, layer)),
        _ => None,
    });
    let (step, layer) = event.unwrap_or((case.step(), None));
    let after = match layer {
        Some(layer) => format!(
            ": a parameter of {} is no longer a finite number.",
            layer_name(layer, case.layers.len())
        ),
        None if case.snapshot.loss.is_finite() => {
            ": the loss is over a million times what it was at first.".into()
        }
        None => ": the loss is no longer a finite number.".into(),
    };
    let learning_rate = case.scenario.training.learning_rate;
    let lower = lower_learning_rate(learning_rate);
    let back_to = last_calm_step(case, step);
    let remedy = Remedy {
        label: format!(
            "Go back to step {back_to} with learning rate {}",
            short(lower)
        ),
        deeds: vec![
            Deed::Seek(back_to),
            Deed::Edit(Edit::Set(Setting::LearningRate, lower)),
            Deed::Train,
        ],
        trial: None,
    };
    let step_before = step.saturating_sub(1);
    let look = Remedy {
        label: format!("Go to the step before ({})", count(step_before)),
        deeds: vec![Deed::Seek(step_before)],
        trial: None,
    };
    let place = format!("step {}", count(step));
    let loss_before = case
        .history
        .iter()
        .rev()
        .find(|point| point.step < step && point.loss.is_finite());
    let rows = [
        layer.map(|layer| {
            let name = layer_name(layer, case.layers.len());
            Row::new("first parameter that is not finite", name, place.clone())
        }),
        Some(Row::new(
            "loss",
            short(f64::from(case.snapshot.loss)),
            place,
        )),
        loss_before.map(|point| {
            let place = format!("step {}", count(point.step));
            Row::new("loss before", short(f64::from(point.loss)), place)
        }),
        Some(Row::new("learning rate", short(learning_rate), "")),
    ];
    // A run that stands still goes on from before, or begins anew.
    let clipped = clip(case.scenario).map(|clip| Remedy {
        label: format!("Go back to step {} and clip the gradient", count(back_to)),
        deeds: [&[Deed::Seek(back_to)], &clip.deeds[..], &[Deed::Train]].concat(),
        trial: None,
    });
    let anew = [reinitialize(case.scenario), normalize(case.scenario)];
    let anew = anew.into_iter().flatten().map(|remedy| Remedy {
        deeds: [&remedy.deeds[..], &[Deed::Train]].concat(),
        ..remedy
    });
    let before = format!("At learning rate {} training ", short(learning_rate));
    let emphasis = format!("diverged at step {}", count(step));
    Some(
        Finding::new(Verdict::Diverged, before, emphasis, after)
            .seen(rows.into_iter().flatten())
            .with([remedy, look])
            .with(clipped)
            .with(anew)
            .blaming_learning_rate(true),
    )
}

/// The last step before `step` at which the loss was no more than twice its first value.
fn last_calm_step(case: &Case, step: u64) -> u64 {
    let Some(first_loss) = case.first_loss() else {
        return 0;
    };
    let is_calm =
        |point: &&HistoryPoint| point.step < step && f64::from(point.loss) <= 2.0 * first_loss;
    case.history
        .iter()
        .rev()
        .find(is_calm)
        .map_or(0, |point| point.step)
}
