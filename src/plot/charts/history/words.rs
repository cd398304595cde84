//! The chart over steps without a picture: read-outs, words, and its data as a table.

use actiscope_core::protocol::HistoryPoint;

use super::HistoryData;
use crate::plot::kit::ticks::{count, short};

/// The last point at or before a step, else the first.
fn nearest_point(points: &[HistoryPoint], step: u64) -> Option<&HistoryPoint> {
    let after = points.partition_point(|p| p.step <= step);
    points.get(after.saturating_sub(1))
}

/// `step 120 · loss 0.41 · dead 7 · saturated 0`, then shorter forms for less room.
fn read_outs(p: &HistoryPoint) -> [String; 3] {
    let (step, loss) = (count(p.step), short(f64::from(p.loss)));
    let HistoryPoint {
        dead, saturated, ..
    } = p;
    [
        format!("step {step} · loss {loss} · dead {dead} · saturated {saturated}"),
        format!("step {step} · loss {loss} · dead {dead}"),
        format!("step {step} · {loss}"),
    ]
}

/// What is known of a step, the longest form first: of the run, with the batch's loss, and of the ghosts;
/// of these alone where the run has not come yet.
pub fn forms_at(data: &HistoryData, step: u64) -> Vec<String> {
    let mut of_ghosts = String::new();
    for ghost in data.ghosts {
        let steps = ghost.points.first().zip(ghost.points.last());
        let is_there = steps.is_some_and(|(first, last)| (first.step..=last.step).contains(&step));
        if let Some(p) = nearest_point(ghost.points, step).filter(|_| is_there) {
            let loss = short(f64::from(p.loss));
            of_ghosts += &format!(" · with {}: loss {loss}, {} dead", ghost.label, p.dead);
        }
    }
    let Some(p) = nearest_point(data.points, step) else {
        return Vec::new();
    };
    let is_ahead = data.points.last().is_some_and(|last| last.step < step);
    if is_ahead && !of_ghosts.is_empty() {
        return vec![format!("step {}{of_ghosts}", count(step))];
    }
    let shorter = read_outs(p);
    let batch = f64::from(p.batch_loss);
    let full = if batch.is_nan() {
        shorter[0].clone()
    } else {
        shorter[0].replacen(
            " · dead",
            &format!(" · batch loss {} · dead", short(batch)),
            1,
        )
    };
    let mut forms = vec![full + &of_ghosts];
    forms.extend(shorter);
    forms
}

/// The chart in words.
pub fn describe_history(data: &HistoryData) -> String {
    let (Some(first), Some(last)) = (data.points.first(), data.points.last()) else {
        return "Loss and health over steps. Nothing has been recorded yet.".into();
    };
    let loss = |p: &HistoryPoint| short(f64::from(p.loss));
    if first.step == last.step {
        return format!(
            "At step {} the loss is {}; {} of {} units are dead and {} saturated.",
            count(last.step),
            loss(last),
            last.dead,
            data.n_units,
            last.saturated
        );
    }
    let least = data
        .points
        .iter()
        .filter(|p| p.loss.is_finite())
        .min_by(|a, b| a.loss.total_cmp(&b.loss))
        .unwrap_or(last);
    let mut text = format!(
        "Loss from step {} to {}: from {} to {}, least {} at step {}.",
        count(first.step),
        count(last.step),
        loss(first),
        loss(last),
        loss(least),
        count(least.step)
    );
    if data.n_units > 0 {
        text += &format!(
            " Dead units: from {} to {} of {}. Saturated units: from {} to {}.",
            first.dead, last.dead, data.n_units, first.saturated, last.saturated
        );
    }
    for ghost in data.ghosts {
        if let Some(last) = ghost.points.last() {
            text += &format!(
                " Earlier run with {}: loss {} and {} dead at step {}.",
                ghost.label,
                short(f64::from(last.loss)),
                last.dead,
                count(last.step)
            );
        }
    }
    text
}

/// The data of the chart: a row a point, this run's first.
pub fn history_csv(data: &HistoryData) -> String {
    let mut text = String::from("run,step,batch_loss,probe_loss,dead_units,saturated_units\n");
    let now = std::iter::once(("now", data.points));
    let ghosts = data.ghosts.iter().map(|ghost| (ghost.label, ghost.points));
    for (run, points) in now.chain(ghosts) {
        let run = crate::plot::kit::csv_field(run);
        for p in points {
            // What there is not is empty, as tables have it.
            let batch = if p.batch_loss.is_nan() {
                String::new()
            } else {
                p.batch_loss.to_string()
            };
            text += &format!(
                "{run},{},{batch},{},{},{}\n",
                p.step, p.loss, p.dead, p.saturated
            );
        }
    }
    text
}
