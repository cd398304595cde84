//! Units whose slope is next to nothing.

use super::case::Case;
use super::remedies::{leaky, lower_if_high, normalize, raise_alpha, reinitialize};
use super::words::short;
use super::{Finding, Row, Verdict};
use crate::scenario::Chosen;

/// Enough of the units are for a word.
pub(super) fn is_saturated(case: &Case) -> bool {
    case.n_saturated >= 2 && 10 * case.n_saturated >= 3 * case.n_units
}

pub(super) fn saturated(case: &Case) -> Option<Finding> {
    if !is_saturated(case) {
        return None;
    }
    let emphasis = format!(
        "{} of {} units are saturated",
        case.n_saturated, case.n_units
    );
    let after = format!(
        "{}: their slope is under 5 % of its maximum, so they hardly learn.",
        case.mostly(|layer| layer.saturated)
    );
    let scenario = case.scenario;
    let remedies = [
        raise_alpha(scenario),
        reinitialize(scenario),
        normalize(scenario),
        leaky(scenario),
        lower_if_high(scenario),
    ];
    let network = &scenario.network;
    let rows = [
        Row::new("initializer", network.initializer.label(), ""),
        Row::new("gain", short(network.gain), ""),
    ];
    Some(
        Finding::new(Verdict::Saturated, "", emphasis, after)
            .seen(case.rows_by_layer("saturated", |layer| layer.saturated))
            .seen(rows)
            .with(remedies.into_iter().flatten()),
    )
}
