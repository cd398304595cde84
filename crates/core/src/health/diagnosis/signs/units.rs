//! Units that no gradient reaches, or next to none, where nothing before them explains it.

use super::super::case::Case;
use super::super::{Cause, Row, Start};
use super::{Suspicion, suspect};

/// Share of the hidden units that is too large, and perhaps.
const MANY: (f64, f64) = (0.6, 0.3);

pub(super) fn dead_or_saturated(case: &Case, start: &Start) -> Option<Suspicion> {
    let n = case.n_units.max(1) as f64;
    let is_whole = case.layers.iter().any(|l| l.units > 0 && l.dead == l.units);
    let (dead, saturated) = (case.n_dead as f64 / n, case.n_saturated as f64 / n);
    let (share, n_units, what, cause) = match dead >= saturated || is_whole {
        true => (dead, case.n_dead, "dead", Cause::DeadUnits),
        false => (
            saturated,
            case.n_saturated,
            "saturated",
            Cause::SaturatedUnits,
        ),
    };
    if share < MANY.1 && !is_whole {
        return None;
    }
    let n_first: usize = start
        .hidden()
        .iter()
        .map(|layer| match cause {
            Cause::DeadUnits => layer.n_dead,
            _ => layer.n_saturated,
        })
        .sum();
    let emphasis = format!("{n_units} of {} units are {what}", case.n_units);
    let after = match n_first {
        0 => ": they were not with the first weights.".to_owned(),
        n => format!(": {n} were so with the first weights."),
    };
    let rows = [Row::new(what, format!("{n_first} units"), "step 0")];
    let rows = rows
        .into_iter()
        .chain(case.rows_by_layer(what, |layer| match cause {
            Cause::DeadUnits => layer.dead,
            _ => layer.saturated,
        }));
    let words = [String::new(), emphasis, after];
    let is_strong = share >= MANY.0 || is_whole;
    Some(suspect(case, start, is_strong, cause, words, rows))
}
