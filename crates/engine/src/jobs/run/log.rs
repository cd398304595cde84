//! What was done to a run, so that it can be done again when a run is replayed.

use actiscope_core::scenario::{Edit, Effect, Scenario};
use serde::{Deserialize, Serialize};

/// Something done to a run at a step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    /// Updates made before it.
    pub step: u64,
    pub change: Change,
}

impl Entry {
    pub fn is_revival(&self) -> bool {
        matches!(self.change, Change::Revive { .. })
    }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Change {
    /// A live edit.
    Edit(Edit),
    /// New weights for dead units; `nth` counts the revivals of the run, so that each draws others.
    Revive { nth: u32 },
    /// Several live edits that were lost with an engine, as the scenario that they led to.
    Become(Box<Scenario>),
}

impl Change {
    pub fn apply_to(&self, scenario: &mut Scenario) -> Effect {
        match self {
            Self::Edit(edit) => edit.apply(scenario),
            Self::Revive { .. } => Effect::View,
            Self::Become(other) => {
                let before = std::mem::replace(scenario, (**other).clone());
                scenario.view = before.view;
                scenario.data.source.share(&before.data.source);
                Effect::Live
            }
        }
    }

    /// For the log of events.
    pub fn describe_in(&self, scenario: &Scenario) -> String {
        match self {
            Self::Edit(edit) => edit.describe_in(scenario),
            Self::Revive { .. } => "dead units revived".into(),
            Self::Become(_) => "settings of before the restart".into(),
        }
    }
}
