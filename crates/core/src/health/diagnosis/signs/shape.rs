//! Depth and width: a gradient that shrinks or grows from layer to layer before anything is learnt, and layers too
//! narrow to carry what is asked.

use super::super::case::Case;
use super::super::words::short;
use super::super::{Cause, Row, Start};
use super::{Suspicion, suspect, times};
use crate::scenario::functions_label;

/// Hidden layers from which on depth is to blame, and may be.
const DEEP: (usize, usize) = (5, 3);
/// Of the gradient's RMS in layer 1 to that in the output layer: has shrunk, and may have.
const SHRUNK: (f64, f64) = (1e-2, 6e-2);
const GROWN: (f64, f64) = (1e2, 2e1);
/// Units of the narrowest layer: too few for nearly everything, and perhaps.
const NARROW: (usize, usize) = (2, 5);

pub(super) fn vanishing(case: &Case, start: &Start) -> Option<Suspicion> {
    let (ratio, rows) = gradients(start)?;
    if ratio >= SHRUNK.1 {
        return None;
    }
    let function = functions_label(&case.scenario.network);
    let words = [
        format!("Through {} layers of {function} ", start.hidden().len()),
        "the gradient dies out".into(),
        format!(
            ": in layer 1 it is {} what it is at the output, before anything is learnt.",
            times(ratio)
        ),
    ];
    let is_strong = ratio < SHRUNK.0 && start.hidden().len() >= DEEP.0;
    Some(suspect(
        case,
        start,
        is_strong,
        Cause::DepthVanishing,
        words,
        rows,
    ))
}

pub(super) fn exploding(case: &Case, start: &Start) -> Option<Suspicion> {
    let (ratio, rows) = gradients(start)?;
    let (first, last) = (start.layers.first()?.z_rms, start.layers.last()?.z_rms);
    let growth = ratio.max(last / first);
    if growth <= GROWN.1 || !growth.is_finite() {
        return None;
    }
    let words = [
        format!("Through {} layers ", start.hidden().len()),
        "signal and gradient grow".into(),
        format!(
            ": {} from one end to the other, before anything is learnt.",
            times(growth)
        ),
    ];
    let is_strong = growth > GROWN.0 && start.hidden().len() >= DEEP.0;
    Some(suspect(
        case,
        start,
        is_strong,
        Cause::DepthExploding,
        words,
        rows,
    ))
}

pub(super) fn too_few_units(case: &Case, start: &Start) -> Option<Suspicion> {
    let layers = start.hidden().iter().enumerate();
    let (at, narrowest) = layers.min_by_key(|(_, layer)| layer.n_units)?;
    let n_units = narrowest.n_units;
    if n_units > NARROW.1 {
        return None;
    }
    let words = [
        "All that is known passes through ".into(),
        match n_units {
            1 => "a single unit".into(),
            n => format!("{n} units"),
        },
        format!(
            " of layer {}: too few to bend the border as the data ask.",
            at + 1
        ),
    ];
    let units: Vec<String> = start
        .hidden()
        .iter()
        .map(|l| l.n_units.to_string())
        .collect();
    let rows = [Row::new("units a layer", units.join(", "), "step 0")];
    let is_strong = n_units <= NARROW.0;
    Some(suspect(
        case,
        start,
        is_strong,
        Cause::TooFewUnits,
        words,
        rows,
    ))
}

/// RMS of dL/dz in layer 1 over that at the output, with both; of deep networks.
fn gradients(start: &Start) -> Option<(f64, [Row; 2])> {
    if start.hidden().len() < DEEP.1 {
        return None;
    }
    let (first, output) = (start.layers.first()?, start.layers.last()?);
    let ratio = first.z_gradient_rms / output.z_gradient_rms;
    let row =
        |rms: f64, place: &str| Row::new("gradient RMS", short(rms), format!("step 0, {place}"));
    let rows = [
        row(first.z_gradient_rms, "layer 1"),
        row(output.z_gradient_rms, "output layer"),
    ];
    ratio.is_finite().then_some((ratio, rows))
}
