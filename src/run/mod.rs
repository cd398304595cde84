//! State of one run: the scenario, what the engine tells of it, and how to change either.
//!
//! Everything the user does goes through [`Run::dispatch`]. An edit is applied to the page's own scenario and sent
//! to the engine, which applies the same edit to its own.
//!
//! | file | does |
//! |---|---|
//! | this one | what is known, and simple questions about it |
//! | [`commands`], [`editing`] | what the user does |
//! | [`hearing`] | what the engine tells |
//! | [`handing`] | a run that is saved, and one that was |
//! | [`unheard`], [`seeking`] | what is on its way to the engine, by its number |
//! | [`undo`] | edits made, to be taken back and made again |
//! | [`log`], [`depth_log`], [`ghosts`] | what a run has told, in bounded memory |
//! | [`points`], [`axes`], [`samples`] | points by hand; where samples lie on the plane shown |
//! | [`table`] | a table of one's own before it is used |
//! | [`following`] | which of its samples is followed term by term |
//! | [`host`] | what a run needs of its surroundings |

use std::rc::Rc;
use std::sync::Arc;

use actiscope_core::health::story::{StoryRequest, UnitStory};
use actiscope_core::health::{Health, HealthEvent};
use actiscope_core::protocol::{JobId, Loaded, Look, Snapshot};
use actiscope_core::scenario::Scenario;
use leptos::prelude::*;

use crate::app::notices::Notices;

pub mod axes;
mod commands;
mod depth_log;
mod editing;
mod following;
mod ghosts;
mod handing;
mod hearing;
mod host;
mod log;
pub mod points;
pub mod samples;
mod seeking;
pub mod table;
#[cfg(test)]
pub mod tests;
mod undo;
mod unheard;

use editing::Gesture;
pub use following::Followed;
pub use handing::Resumed;
use handing::Takers;
pub use host::{BrowserHost, Host, Port};
pub use log::RunLog;
use seeking::Seeking;
pub use undo::Undo;
use unheard::Unheard;

/// What the engine answered to `RunCommand::Explain`.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    pub request: StoryRequest,
    pub story: Result<Box<UnitStory>, String>,
}

/// What a run begins with.
pub struct Opening {
    pub scenario: Scenario,
    pub start: Start,
    pub look: Look,
    /// Where it tells what went wrong.
    pub notices: Notices,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Start {
    Training,
    /// At this step exactly, and resting there.
    At(u64),
    /// Training from the moment on when it is first looked at; see [`Run::set_seen`].
    WhenSeen,
}

/// State of one run. Handles: copying it copies no state.
#[derive(Clone, Copy)]
pub struct Run {
    pub job: JobId,
    pub scenario: RwSignal<Scenario>,
    pub loaded: RwSignal<Option<Arc<Loaded>>>,
    pub snapshot: RwSignal<Option<Arc<Snapshot>>>,
    pub log: RwSignal<RunLog>,
    /// Rises whenever the run begins anew, whatever made it: what is known of one is not of the next.
    pub course: RwSignal<u32>,
    /// Whether the run is to go on; the engine follows.
    pub wants_training: RwSignal<bool>,
    pub notices: Notices,
    /// The last answer to `RunCommand::Explain`.
    pub story: RwSignal<Option<Arc<Answer>>>,
    /// What snapshots hold; `extent` is the scale of maps and field.
    pub look: RwSignal<Look>,
    /// What of it is on show.
    seen: StoredValue<Option<Look>>,
    /// Which sample is followed term by term, beside the run.
    pub followed: RwSignal<Followed>,
    /// Rises with each whole update that is asked for of that sample alone.
    pub own_updates: RwSignal<u32>,
    /// Edits made, to be undone and done again.
    pub undo: RwSignal<Undo>,
    port: StoredValue<Rc<dyn Port>, LocalStorage>,
    host: StoredValue<Rc<dyn Host>, LocalStorage>,
    start: StoredValue<Start>,
    /// Of which step, and its bytes.
    checkpoint: StoredValue<Option<(u64, Vec<u8>)>>,
    /// The number of the message with which the run began anew: what was made before it is of another.
    began: StoredValue<u64>,
    /// The number of the last message that revived dead units, or took that back.
    revived: StoredValue<u64>,
    /// Up to which number the engine had heard when it made the snapshot on show.
    shown: StoredValue<u64>,
    seeking: StoredValue<Seeking>,
    unheard: StoredValue<Unheard>,
    /// The number of the message that last said whether to train.
    wanted_since: StoredValue<u64>,
    gesture: StoredValue<Gesture>,
    takers: StoredValue<Takers, LocalStorage>,
    /// What had happened in a run that was saved, and the number of the message that brings it back.
    told_before: StoredValue<Option<(u64, Vec<HealthEvent>)>>,
}

impl Run {
    /// Before anything was sent of it; see [`Run::open`].
    pub fn new(job: JobId, opening: Opening, port: Rc<dyn Port>, host: Rc<dyn Host>) -> Self {
        let Opening {
            scenario,
            start,
            look,
            notices,
        } = opening;
        Self {
            job,
            scenario: RwSignal::new(scenario),
            loaded: RwSignal::new(None),
            snapshot: RwSignal::new(None),
            log: RwSignal::new(RunLog::default()),
            course: RwSignal::new(0),
            wants_training: RwSignal::new(start == Start::Training),
            notices,
            story: RwSignal::new(None),
            seen: StoredValue::new(Some(look.clone())),
            look: RwSignal::new(look),
            followed: RwSignal::new(Followed::Nothing),
            own_updates: RwSignal::new(0),
            undo: RwSignal::new(Undo::default()),
            port: StoredValue::new_local(port),
            host: StoredValue::new_local(host),
            start: StoredValue::new(start),
            checkpoint: StoredValue::new(None),
            began: StoredValue::new(0),
            revived: StoredValue::new(0),
            shown: StoredValue::new(0),
            seeking: StoredValue::new(Seeking::default()),
            unheard: StoredValue::new(Unheard::default()),
            wanted_since: StoredValue::new(0),
            gesture: StoredValue::new(Gesture::default()),
            takers: StoredValue::new_local(Takers::default()),
            told_before: StoredValue::new(None),
        }
    }

    /// Hidden units of the run on show; 0 before there is one.
    pub fn n_units(self) -> usize {
        self.scenario
            .with(|scenario| scenario.network.hidden.iter().sum())
    }

    /// Dead and saturated units in the last snapshot.
    pub fn health_counts(self) -> (usize, usize) {
        self.snapshot.with(|snapshot| {
            snapshot
                .as_ref()
                .map_or((0, 0), |snapshot| health_counts(snapshot))
        })
    }

    /// The step on show and the last one that one can go to.
    pub fn steps(self) -> (u64, u64) {
        self.snapshot.with(|snapshot| {
            snapshot.as_ref().map_or((0, 0), |snapshot| {
                (snapshot.step, snapshot.last_step.max(snapshot.step))
            })
        })
    }

    /// Whether the snapshot on show is of the run as it began last, and not still of the one before. Not tracked.
    pub fn shows_present(self) -> bool {
        self.shown.get_value() >= self.began.get_value()
    }

    /// [`Run::steps`]' last. Not tracked.
    pub fn last_step(self) -> u64 {
        untrack(|| self.steps()).1
    }

    /// The step that a new engine would go on from; none where it would begin anew.
    pub fn checkpoint_step(self) -> Option<u64> {
        self.checkpoint
            .with_value(|checkpoint| checkpoint.as_ref().map(|(step, _)| *step))
    }
}

pub fn health_counts(snapshot: &Snapshot) -> (usize, usize) {
    let (mut n_dead, mut n_saturated) = (0, 0);
    for unit in snapshot.layers.iter().flat_map(|layer| &layer.units) {
        n_dead += usize::from(unit.health == Health::Dead);
        n_saturated += usize::from(unit.health == Health::Saturated);
    }
    (n_dead, n_saturated)
}
