//! What was done to a run, so that it can be done again when a run is replayed.

use actiscope_core::protocol::{ParamValue, describe_params};
use actiscope_core::scenario::{Edit, Effect, Scenario};
use serde::{Deserialize, Serialize};

use super::set_params::{revive, set_params};
use crate::backend::Backend;
use crate::cpu::TrainerError;
use crate::cpu::probe::Judgement;

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
    /// Parameters that were set by hand.
    SetParams(Vec<ParamValue>),
}

impl Change {
    pub fn apply_to(&self, scenario: &mut Scenario) -> Effect {
        match self {
            Self::Edit(edit) => edit.apply(scenario),
            Self::Revive { .. } | Self::SetParams(_) => Effect::View,
            Self::Become(other) => {
                let before = std::mem::replace(scenario, (**other).clone());
                scenario.view = before.view;
                scenario.data.source.share(&before.data.source);
                Effect::Live
            }
        }
    }

    /// Makes it of a lane and its scenario, the present step's.
    ///
    /// # Errors
    /// If the lane cannot become it; both are then as they were.
    pub fn make(
        &self,
        backend: &mut Backend,
        scenario: &mut Scenario,
        judgement: &mut Judgement,
    ) -> Result<(), TrainerError> {
        let mut after = scenario.clone();
        match self.apply_to(&mut after) {
            Effect::View => {}
            Effect::Live | Effect::Restart => backend.change(&after)?,
        }
        *scenario = after;
        match self {
            Self::Revive { nth } => revive(backend, scenario, *nth, judgement),
            Self::SetParams(values) => set_params(backend, scenario, values),
            Self::Edit(_) | Self::Become(_) => {}
        }
        Ok(())
    }

    /// For the log of events.
    pub fn describe_in(&self, scenario: &Scenario) -> String {
        match self {
            Self::Edit(edit) => edit.describe_in(scenario),
            Self::Revive { .. } => "dead units revived".into(),
            Self::SetParams(values) => describe_params(values, scenario.network.hidden.len()),
            Self::Become(_) => "settings of before the restart".into(),
        }
    }
}
