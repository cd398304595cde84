//! What was changed here and is still on its way to the engine. Page and engine hold the same scenario at the same
//! number: what the engine tells of an earlier one is brought up to now by these.

use std::collections::VecDeque;

use actiscope_core::scenario::{Edit, Scenario};

use super::undo::EntryId;

/// Something that changes the scenario.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    Edit(Edit),
    Load(Box<Scenario>),
}

#[derive(Clone, Debug, PartialEq)]
struct Sent {
    number: u64,
    change: Change,
    /// What it is part of, where it can be undone.
    entry: Option<EntryId>,
}

#[derive(Clone, Debug, Default)]
pub struct Unheard(VecDeque<Sent>);

impl Unheard {
    /// Numbers rise.
    pub fn push(&mut self, number: u64, change: Change, entry: Option<EntryId>) {
        self.0.push_back(Sent {
            number,
            change,
            entry,
        });
    }

    /// The engine has taken all up to this number. What it has taken last is kept: it may tell more of it.
    pub fn forget(&mut self, heard: u64) {
        while self.0.front().is_some_and(|sent| sent.number < heard) {
            self.0.pop_front();
        }
    }

    /// The edit of this number that can be undone, and what it is part of.
    pub fn edit(&self, number: u64) -> Option<(EntryId, &Edit)> {
        let sent = self.0.iter().find(|sent| sent.number == number)?;
        match &sent.change {
            Change::Edit(edit) => Some((sent.entry?, edit)),
            Change::Load(_) => None,
        }
    }

    /// The engine's scenario after message `heard`, with what it has not yet heard of.
    pub fn apply_to(&self, mut scenario: Scenario, heard: u64) -> Scenario {
        for sent in self.0.iter().filter(|sent| sent.number > heard) {
            match &sent.change {
                Change::Edit(edit) => {
                    edit.apply(&mut scenario);
                }
                Change::Load(loaded) => scenario.clone_from(loaded),
            }
        }
        scenario
    }

    /// The entries of which the engine has not heard all at this number.
    pub fn entries_after(&self, heard: u64) -> Vec<EntryId> {
        let after = self.0.iter().filter(|sent| sent.number > heard);
        after.filter_map(|sent| sent.entry).collect()
    }
}
