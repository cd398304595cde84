//! What is happening, in sentences with their evidence, and what would mend it. Pure: scenario and
//! measurements in, words and commands out.
//!
//! | file | finds |
//! |---|---|
//! | [`diverged`] | training that has run away |
//! | [`dead`] | units and layers that no gradient reaches |
//! | [`rescued`] | dead units that an edit brought back |
//! | [`saturated`] | units whose slope is next to nothing |
//! | [`gradient`] | gradients that vanish or explode from layer to layer |
//! | [`learning`] | a loss that falls, or does not; answers that are too sure |
//! | [`mod@checklist`] | what was looked at, found or not |

mod case;
mod checklist;
mod dead;
mod diverged;
mod gradient;
mod learning;
mod remedies;
mod rescued;
mod saturated;
mod words;

use super::HealthEvent;
use crate::protocol::{HistoryPoint, RunCommand, Snapshot};
use crate::scenario::Scenario;
use case::Case;
pub use checklist::{Check, checklist};
pub use remedies::unit_remedies;
pub(super) use words::short;

/// What is known of a run up to the snapshot on show.
#[derive(Clone, Copy, Debug)]
pub struct Evidence<'a> {
    pub scenario: &'a Scenario,
    pub snapshot: &'a Snapshot,
    /// In the order in which it happened.
    pub events: &'a [HealthEvent],
    /// By step.
    pub history: &'a [HistoryPoint],
}

/// A sentence in three parts, of which the middle one matters most; the numbers that show it; and what
/// would mend it, the best first.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    pub verdict: Verdict,
    pub before: String,
    pub emphasis: String,
    pub after: String,
    pub evidence: Vec<Row>,
    pub remedies: Vec<Remedy>,
    /// The learning rate did it.
    pub blames_learning_rate: bool,
}

/// One measurement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub what: String,
    /// With its unit.
    pub value: String,
    /// Layer, step; empty where it is of the whole run.
    pub place: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// At step 0 with nothing amiss.
    Ready,
    Learning,
    Solved,
    /// An edit brought dead units back.
    Rescued,
    /// Some units are dead.
    Dying,
    /// All units of a layer are.
    LayerDead,
    BornDead,
    Saturated,
    Vanishing,
    Exploding,
    NotLearning,
    /// Wrong answers are given with too much confidence.
    Overconfident,
    Diverged,
}

impl Verdict {
    /// False where all is well.
    pub fn is_trouble(self) -> bool {
        !matches!(
            self,
            Self::Ready | Self::Learning | Self::Solved | Self::Rescued
        )
    }
}

/// What one button does.
#[derive(Clone, Debug, PartialEq)]
pub struct Remedy {
    pub label: String,
    pub commands: Vec<RunCommand>,
}

impl Finding {
    pub fn sentence(&self) -> String {
        [&*self.before, &*self.emphasis, &*self.after].concat()
    }

    /// The best there is.
    pub fn remedy(&self) -> Option<&Remedy> {
        self.remedies.first()
    }

    fn new(
        verdict: Verdict,
        before: impl Into<String>,
        emphasis: impl Into<String>,
        after: impl Into<String>,
    ) -> Self {
        Self {
            verdict,
            before: before.into(),
            emphasis: emphasis.into(),
            after: after.into(),
            evidence: Vec::new(),
            remedies: Vec::new(),
            blames_learning_rate: false,
        }
    }

    /// With more remedies, each once.
    fn with(mut self, remedies: impl IntoIterator<Item = Remedy>) -> Self {
        for remedy in remedies {
            if !self.remedies.contains(&remedy) {
                self.remedies.push(remedy);
            }
        }
        self
    }

    fn seen(mut self, rows: impl IntoIterator<Item = Row>) -> Self {
        self.evidence.extend(rows);
        self
    }

    fn blaming_learning_rate(self, is_to_blame: bool) -> Self {
        Self {
            blames_learning_rate: is_to_blame,
            ..self
        }
    }
}

impl Row {
    fn new(what: impl Into<String>, value: impl Into<String>, place: impl Into<String>) -> Self {
        Self {
            what: what.into(),
            value: value.into(),
            place: place.into(),
        }
    }
}

/// The most urgent thing to say: the first of [`examine`].
pub fn diagnose(evidence: Evidence) -> Finding {
    let case = Case::new(evidence);
    let first = FINDERS.iter().find_map(|find| find(&case));
    first.unwrap_or_else(|| learning::learning(&case))
}

/// All that there is to say, the most urgent first; never empty.
pub fn examine(evidence: Evidence) -> Vec<Finding> {
    let case = Case::new(evidence);
    let mut findings: Vec<Finding> = FINDERS.iter().filter_map(|find| find(&case)).collect();
    if findings.is_empty() {
        findings.push(learning::learning(&case));
    }
    findings
}

/// In the order of urgency.
const FINDERS: [fn(&Case) -> Option<Finding>; 11] = [
    diverged::diverged,
    dead::born_dead,
    dead::layer_dead,
    rescued::rescued,
    dead::dying,
    saturated::saturated,
    gradient::exploding,
    learning::solved,
    gradient::vanishing,
    learning::not_learning,
    learning::overconfident,
];

#[cfg(test)]
mod tests;
