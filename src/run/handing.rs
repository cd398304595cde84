//! A run that leaves the page as a file, and one that comes from a file.

use actiscope_core::health::HealthEvent;
use actiscope_core::protocol::{HandedOver, RunCommand};
use actiscope_core::scenario::{Edit, Scenario};
use leptos::prelude::*;

use super::Run;
use super::unheard::Change;

/// What is done with a run that the engine was asked for.
type Taker = Box<dyn FnOnce(HandedOver)>;

/// Who waits for the run, each with the number of the message that asked for it.
#[derive(Default)]
pub(super) struct Takers(Vec<(u64, Taker)>);

/// A run that was saved.
pub struct Resumed {
    pub scenario: Scenario,
    pub step: u64,
    /// What the engine takes.
    pub run: Vec<u8>,
    /// What had happened in it.
    pub events: Vec<HealthEvent>,
}

impl Run {
    /// Asks the engine for all that can leave the page of the run as it stands now.
    pub fn hand_over(self, then: impl FnOnce(HandedOver) + 'static) {
        let number = self.send(RunCommand::HandOver);
        self.takers
            .update_value(|takers| takers.0.push((number, Box::new(then))));
    }

    pub(super) fn hear_handed_over(self, heard: u64, run: &HandedOver) {
        let takers = self.takers.try_update_value(|takers| {
            let (due, rest) = std::mem::take(&mut takers.0)
                .into_iter()
                .partition(|(number, _)| *number <= heard);
            takers.0 = rest;
            due
        });
        let takers: Vec<(u64, Taker)> = takers.unwrap_or_default();
        for (_, take) in takers {
            take(run.clone());
        }
    }

    /// Another engine, which has not heard of who waits.
    pub(super) fn ask_for_takers(self) {
        let is_waiting = self.takers.with_value(|takers| !takers.0.is_empty());
        if is_waiting {
            let number = self.send(RunCommand::HandOver);
            self.takers.update_value(|takers| {
                takers.0.iter_mut().for_each(|(asked, _)| *asked = number);
            });
        }
    }

    /// Goes on, paused, from exactly where a run stood that was saved; with one entry of undo, which leads back to the
    /// scenario before.
    pub fn resume(self, resumed: Resumed) {
        let Resumed {
            scenario,
            step,
            run,
            events,
        } = resumed;
        let scenario = Box::new(scenario);
        let entry = self.scenario.with_untracked(|before| {
            self.record(&Edit::Whole(scenario.clone()), before, &scenario)
        });
        self.scenario.set((*scenario).clone());
        self.start.set_value(super::Start::At(0));
        self.wants_training.set(false);
        let number = self.send(RunCommand::Resume(run.clone()));
        self.begin_anew(number);
        self.wanted_since.set_value(number);
        self.checkpoint.set_value(Some((step, run)));
        self.told_before.set_value(Some((number, events)));
        self.unheard.update_value(|unheard| {
            unheard.push(number, Change::Load(scenario), entry);
        });
    }

    /// What had happened in a run before it was saved, once it is here.
    pub(super) fn recall_events(self, heard: u64) {
        let due = self.told_before.try_update_value(|told| {
            told.take_if(|(number, _)| *number <= heard)
                .map(|(_, events)| events)
        });
        if let Some(events) = due.flatten() {
            self.log.update(|log| log.take_events(events, None));
        }
    }
}
