//! How much an update changes the weights, layer by layer.

use super::dots::{DotColumn, Dots};
use super::{Column, layer_name};
use crate::plot::kit::ticks::short;

/// Rule of thumb: an update moves weights by about a thousandth of their size.
pub const GUIDE: f64 = 1e-3;
/// The trail shows so many of the last columns.
const N_TRAIL: usize = 40;

/// The chart of the present step, whose ratios are given, with the trail of the steps before it.
pub fn update_dots(ratios: &[f32], columns: &[Column], step: u64) -> Dots {
    let n_layers = ratios.len();
    let past = &columns[..columns.partition_point(|column| column.step <= step)];
    let past = &past[past.len().saturating_sub(N_TRAIL)..];
    let trail = (0..n_layers).map(|layer| {
        let ratios = past.iter().filter_map(|column| column.layers.get(layer));
        ratios
            .map(|cell| f64::from(cell.update_ratio))
            .filter(|ratio| ratio.is_finite() && *ratio > 0.0)
            .fold(None, |range: Option<(f64, f64)>, ratio| {
                let (low, high) = range.unwrap_or((ratio, ratio));
                Some((low.min(ratio), high.max(ratio)))
            })
    });
    let column = DotColumn {
        name: "update / weights",
        guide: Some((GUIDE, "1e−3 guide")),
        // 0 before the first update is no measurement.
        measured: ratios
            .iter()
            .map(|&ratio| (step > 0).then_some(f64::from(ratio)))
            .collect(),
        trail: trail.collect(),
        ..DotColumn::default()
    };
    Dots {
        n_layers,
        columns: vec![column],
        ..Dots::default()
    }
}

/// The chart in words.
pub fn describe_update(dots: &Dots) -> String {
    let measured = dots
        .columns
        .first()
        .map_or(&[][..], |column| &column.measured);
    let known: Vec<(usize, f64)> = measured
        .iter()
        .enumerate()
        .filter_map(|(layer, ratio)| Some((layer, (*ratio)?)))
        .collect();
    let by = |a: &&(usize, f64), b: &&(usize, f64)| a.1.total_cmp(&b.1);
    let (Some(least), Some(most)) = (known.iter().min_by(by), known.iter().max_by(by)) else {
        return "Update ratio by layer: no update has been made yet.".into();
    };
    let name = |layer| layer_name(layer, dots.n_layers);
    let over = known
        .iter()
        .filter(|(_, ratio)| *ratio > 10.0 * GUIDE)
        .count();
    let under = known
        .iter()
        .filter(|(_, ratio)| *ratio < 0.1 * GUIDE)
        .count();
    format!(
        "RMS of the last update over RMS of the weights: least at {}: {}, most at {}: {}. The guide is 1e−3: {over} of {} layers are over ten times that, {under} under a tenth.",
        name(least.0),
        short(least.1),
        name(most.0),
        short(most.1),
        known.len(),
    )
}
