//! What tells one cause from another: a measurement each, with the bounds beyond which it is a suspicion.
//!
//! | file | what is looked at |
//! |---|---|
//! | [`data`] | centre and scale of inputs and targets |
//! | [`weights`] | the first weights against those of their function's own initializer |
//! | [`shape`] | gradients from layer to layer, and narrow layers |
//! | [`updates`] | decay, clipping and learning rate: what an update is made of, and how far it goes |
//! | [`units`] | units that no gradient reaches, or next to none |
//!
//! A strong suspicion is one that hardly any network that learns would raise. A weak one counts where a trial
//! confirms it.

mod data;
mod shape;
mod units;
pub(super) mod updates;
mod weights;

use super::case::Case;
use super::words::short;
use super::{Cause, Finding, Row, Start, Verdict};
use crate::text::count;

/// A cause that the measurements speak for.
#[derive(Clone, Debug)]
pub struct Suspicion {
    pub is_strong: bool,
    /// With its cause and evidence, still without remedies.
    pub finding: Finding,
}

impl Suspicion {
    pub fn cause(&self) -> Cause {
        self.finding.cause
    }
}

/// All that is suspected, in the order of time.
pub(super) fn suspicions(case: &Case, start: &Start) -> Vec<Suspicion> {
    let mut all: Vec<Suspicion> = SIGNS.iter().filter_map(|sign| sign(case, start)).collect();
    all.sort_by_key(Suspicion::cause);
    all
}

const SIGNS: [fn(&Case, &Start) -> Option<Suspicion>; 13] = [
    data::inputs_offset,
    data::inputs_scale,
    data::targets_scale,
    weights::equal,
    weights::scale,
    shape::vanishing,
    shape::exploding,
    shape::too_few_units,
    updates::weight_decay,
    updates::clip_tight,
    updates::rate_high,
    updates::rate_low,
    units::dead_or_saturated,
];

/// A suspicion with the chain of evidence: its own rows, then how the loss went.
fn suspect(
    case: &Case,
    start: &Start,
    is_strong: bool,
    cause: Cause,
    [before, emphasis, after]: [String; 3],
    rows: impl IntoIterator<Item = Row>,
) -> Suspicion {
    let finding = Finding::new(verdict(case), before, emphasis, after);
    Suspicion {
        is_strong,
        finding: Finding {
            cause,
            blames_learning_rate: cause == Cause::LearningRateHigh,
            ..finding.seen(rows).seen(loss_rows(case, start))
        },
    }
}

/// What the cause has made of the run so far.
pub(super) fn verdict(case: &Case) -> Verdict {
    let is_whole = |layer: &super::case::LayerCount| layer.units > 0 && layer.dead == layer.units;
    if case.snapshot.has_diverged {
        Verdict::Diverged
    } else if case.layers.iter().any(is_whole) {
        Verdict::LayerDead
    } else {
        Verdict::NotLearning
    }
}

/// The loss at first and now, beside what it costs to answer the same to everything.
pub(super) fn loss_rows(case: &Case, start: &Start) -> Vec<Row> {
    let loss = f64::from(case.snapshot.loss);
    let first = case.first_loss().unwrap_or(start.loss);
    let collapse = super::base::Collapse::of(&case.scenario.training, start.base_loss, loss);
    let what = match collapse {
        Some(super::base::Collapse::One) => "loss, as of one answer to everything",
        Some(super::base::Collapse::Half) => "loss, as of half of the samples given one answer",
        Some(super::base::Collapse::Quarter) => "loss, as of three parts in four given one answer",
        None => "loss",
    };
    vec![
        Row::new("loss", short(first), "step 0"),
        Row::new(what, short(loss), format!("step {}", count(case.step()))),
        Row::new(super::chain::BASE, short(start.base_loss), ""),
    ]
}

/// "22 times", "1.3e4 times".
fn times(ratio: f64) -> String {
    format!("{} times", short(ratio))
}
