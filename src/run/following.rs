//! A sample that is followed term by term: the run stands meanwhile, and keeps its weights.

use actiscope_core::protocol::RunCommand;
use leptos::prelude::*;

use super::Run;

/// Which of the run's samples is followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Followed {
    /// All of the run is on show.
    Nothing,
    /// The one with the greatest loss, which whoever shows it finds.
    Worst,
    /// By its index.
    Sample(usize),
}

impl Run {
    /// Tracked.
    pub fn is_following(self) -> bool {
        self.followed.get() != Followed::Nothing
    }

    /// Follows a sample, for which the run stands still and tells its weights; or none any more.
    pub fn follow(self, sample: Followed) {
        if sample != Followed::Nothing && self.wants_training.get_untracked() {
            self.dispatch(RunCommand::Pause);
        }
        self.followed.set(sample);
        self.send(RunCommand::Look(self.asked_look()));
    }

    /// One update: of the run, or of the sample that is followed.
    pub fn step(self) {
        match self.followed.get_untracked() {
            Followed::Nothing => self.dispatch(RunCommand::Step(1)),
            _ => self.own_updates.update(|n| *n += 1),
        }
    }
}
