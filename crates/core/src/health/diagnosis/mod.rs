//! What is happening, in sentences with their evidence, why, and what would mend it. Pure: scenario and
//! measurements in, words and deeds out.
//!
//! [`examine`] names symptoms, at any step and at no cost. An [`Examination`] asks why a run does not learn: it looks
//! at the [`Start`] of its scenario for the signs of a [`Cause`], names the first in time, and says what to try; when
//! the [`Trials`] are in, which other engines train, it says what came of it.
//!
//! | file | holds |
//! |---|---|
//! | [`cause`] | the causes, in the order of time |
//! | [`start`] | what is measured of data, first weights and first updates |
//! | [`neighbours`] | whether the inputs tell the answers at all |
//! | [`base`] | the loss of the best single answer, and of answers that fell together |
//! | [`signs`] | what tells one cause from another |
//! | [`mod@candidates`] | single changes, with the causes that they would mend |
//! | [`trials`] | what is tried as lanes of a fleet, and how it is judged |
//! | [`examination`] | from signs and trials to findings |
//! | [`brief`] | a remedy in few words |
//! | [`said`] | causes and trials in one line |
//! | [`chain`] | evidence in the order of time |
//! | [`checked`] | what was looked at where nothing is amiss |
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

mod base;
mod brief;
mod candidates;
mod case;
mod cause;
mod chain;
mod checked;
mod checklist;
mod dead;
mod diverged;
mod examination;
mod gradient;
mod learning;
mod neighbours;
mod pair;
mod remedies;
mod rescued;
mod said;
mod saturated;
mod signs;
mod start;
mod trials;
mod words;

use super::{HealthEvent, What};
use crate::observe::{HistoryPoint, Snapshot};
use crate::scenario::{Edit, Scenario, Setting};
pub use base::base_loss;
pub use brief::Brief;
pub use candidates::{Candidate, SEEDS_APART};
use case::Case;
pub use cause::Cause;
pub use chain::Link;
pub use checked::checked_start;
pub use checklist::{Check, checklist};
pub use examination::{Examination, Standing};
pub use neighbours::Neighbours;
pub use remedies::unit_remedies;
pub use said::{Parts, none_helps};
pub use signs::Suspicion;
pub use start::{Column, FirstUpdate, LayerStart, Start};
pub use trials::{N_SEEDS, Trial, Trials, trial_steps};
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
    pub cause: Cause,
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

    /// What a symptom counts as where nothing says why.
    fn usual_cause(self) -> Cause {
        match self {
            Self::Ready | Self::Learning | Self::Solved | Self::Rescued => Cause::Healthy,
            Self::Dying | Self::LayerDead | Self::BornDead => Cause::DeadUnits,
            Self::Saturated => Cause::SaturatedUnits,
            Self::Vanishing => Cause::DepthVanishing,
            Self::Exploding | Self::Diverged => Cause::LearningRateHigh,
            Self::Overconfident => Cause::Overconfident,
            Self::NotLearning => Cause::Unexplained,
        }
    }
}

/// What one button does.
#[derive(Clone, Debug, PartialEq)]
pub struct Remedy {
    pub label: String,
    pub deeds: Vec<Deed>,
    /// What came of it; none where it is not tried yet.
    pub trial: Option<Trial>,
}

/// How much a remedy changes, the smallest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Size {
    /// How the data are seen, or another draw of the first weights.
    Data,
    /// A number, or the initializer with its gain.
    Number,
    /// A switch that adds parameters.
    Switch,
    /// Another function or another number of units.
    Shape,
    /// Several settings.
    Several,
}

impl Remedy {
    pub fn new(label: impl Into<String>, deeds: Vec<Deed>) -> Self {
        Self {
            label: label.into(),
            deeds,
            trial: None,
        }
    }

    /// What it changes of the scenario.
    pub fn edits(&self) -> impl Iterator<Item = &Edit> {
        self.deeds.iter().filter_map(|deed| match deed {
            Deed::Edit(edit) => Some(edit),
            _ => None,
        })
    }

    pub fn size(&self) -> Size {
        let of = |edit: &Edit| match edit {
            Edit::Set(Setting::Seed | Setting::Standardize | Setting::StandardizeTargets, _) => {
                Size::Data
            }
            Edit::Set(Setting::BatchNorm, _) => Size::Switch,
            Edit::Set(Setting::Width | Setting::Depth, _)
            | Edit::Hidden(_)
            | Edit::Activation(_) => Size::Shape,
            _ => Size::Number,
        };
        // An initializer and its gain are one thing, and so are the decays.
        let is_one = |edit: &&Edit| {
            use Setting::{Gain, L1, L2, WeightDecay};
            matches!(edit, Edit::Set(Gain | L1 | L2 | WeightDecay, _))
        };
        let n = self.edits().filter(|edit| !is_one(edit)).count();
        match n {
            0 | 1 => self.edits().map(of).max().unwrap_or(Size::Number),
            _ => Size::Several,
        }
    }
}

/// What a remedy does to a run, one after the other.
#[derive(Clone, Debug, PartialEq)]
pub enum Deed {
    Edit(Edit),
    /// Gives dead units new weights.
    ReviveDead,
    /// Goes back to this step.
    Seek(u64),
    /// Goes on from where the run stands.
    Train,
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
            cause: verdict.usual_cause(),
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
        let cause = match is_to_blame {
            true => Cause::LearningRateHigh,
            false => self.cause,
        };
        Self {
            cause,
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

/// What there is to say of a run of which nothing is amiss; `None` where something may be, and [`examine`] has to look,
/// which is ten times the code.
pub fn glance(evidence: Evidence) -> Option<Finding> {
    let case = Case::new(evidence);
    let is_event = |event: &HealthEvent| matches!(event.what, What::Edited { .. });
    let is_amiss = case.snapshot.has_diverged
        || case.n_dead > 0
        // It may have brought units back.
        || case.events.iter().any(is_event)
        || saturated::is_saturated(&case)
        || gradient::is_exploding(&case)
        || learning::is_stuck(&case)
        || learning::is_overconfident(&case);
    (!is_amiss).then(|| learning::solved(&case).unwrap_or_else(|| learning::learning(&case)))
}

/// What is said where nobody could look for what is amiss.
pub fn unexamined(evidence: Evidence) -> Finding {
    learning::learning(&Case::new(evidence))
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
