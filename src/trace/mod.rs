//! Traces of somebody's own model: what a recorder wrote of it while it trained. All that is read and said of one is
//! core's ([`actiscope_core::interop::trace`]); this is which one is open, and what of it is on show.
//!
//! | file | does |
//! |---|---|
//! | this one | the state of all that is shown of a trace |
//! | [`opened`] | a trace with what is said of it, and what becomes of another one that is given beside it |
//! | [`reading`] | from a file, or bytes, to an open trace: in pieces |
//! | [`growing`] | a file that is still being written |
//! | [`live`] | traces that the page around this one sends |

pub mod growing;
pub mod live;
#[cfg(test)]
pub mod made;
pub mod opened;
pub mod reading;
#[cfg(test)]
mod tests;

use actiscope_core::interop::trace::Order;
use leptos::prelude::*;

use crate::held::Held;
use growing::FileOnDisk;
use opened::{Became, Opened};

/// Bytes of traces that were closed and can be opened again, as long as the page lives.
const MAX_KEPT_BYTES: usize = 256_000_000;

/// A file that is being read.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    pub name: String,
    /// Of its bytes, 0 to 1.
    pub share: f32,
}

/// What stands beside the layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    Doctor,
    Unit,
}

/// A unit of a layer, both from 0.
pub type UnitOf = (usize, usize);

/// Which trace is open, and what of it is on show. Handles: copying it copies no state.
#[derive(Clone, Copy)]
pub struct Traces {
    /// The Scope's place is a trace's, or that of how to record one.
    pub is_shown: Held<bool>,
    pub open: Held<Option<Opened>>,
    pub reading: Held<Option<Reading>>,
    /// The one on show.
    pub record: Held<usize>,
    pub is_playing: Held<bool>,
    pub order: Held<Order>,
    pub unit: Held<Option<UnitOf>>,
    pub tab: Held<Tab>,
    /// Traces that were closed, the last one first.
    pub before: Held<Vec<Opened>>,
    /// The file of the open trace has grown since it was read.
    pub has_grown: Held<bool>,
    /// Where the browser lets the page look at the file again.
    file: StoredValue<Option<FileOnDisk>, LocalStorage>,
    /// How often something was given: what is overtaken is not opened.
    n_given: StoredValue<u32>,
}

impl Traces {
    pub fn none() -> Self {
        Self {
            is_shown: Held::new(false),
            open: Held::new(None),
            reading: Held::new(None),
            record: Held::new(0),
            is_playing: Held::new(false),
            order: Held::new(Order::default()),
            unit: Held::new(None),
            tab: Held::new(Tab::Doctor),
            before: Held::new(Vec::new()),
            has_grown: Held::new(false),
            file: StoredValue::new_local(None),
            n_given: StoredValue::new(0),
        }
    }

    /// What the engine's chip says while a trace is shown, after "Trace of your model": "2,000 steps". Tracked.
    pub fn chip(self) -> Option<String> {
        let steps = self.open.with(|open| match open {
            Some(open) => {
                let steps = open.view.chip.split_once(" · ");
                steps.map_or(String::new(), |(_, steps)| steps.to_owned())
            }
            None => "none open".into(),
        });
        self.is_shown.get().then_some(steps)
    }

    /// Shows how one records a model.
    pub fn show_how(self) {
        self.put_away();
        self.is_shown.set(true);
    }

    /// Back to the Scope, whose run is as it was. The trace can be opened again.
    pub fn close(self) {
        self.is_shown.set(false);
        self.reading.set(None);
        // What is still being read is not wanted any more.
        self.n_given.update_value(|n| *n += 1);
        self.put_away();
    }

    /// Takes the last thing back: another trace that joined this one, or that it was opened.
    pub fn take_back(self) {
        let shorter = self
            .open
            .with_untracked(|open| open.as_ref().and_then(Opened::without_last));
        match shorter {
            Some(open) => self.open.set(Some(open)),
            None => self.close(),
        }
    }

    /// Opens one of those that were closed.
    pub fn open_again(self, which: usize) {
        let mut before = self.before.get_untracked();
        if which < before.len() {
            let opened = before.remove(which);
            self.put_away();
            self.before
                .update(|now| now.retain(|other| *other != opened));
            self.show(opened);
        }
    }

    /// Opens a trace that was read, or adds it to the one that is open. `is_update`: it takes the place of the open one,
    /// whatever it is.
    fn take(self, given: Opened, is_update: bool) -> Became {
        let Some(now) = self.open.get_untracked() else {
            self.show(given);
            return Became::Another;
        };
        let n_records = now.trace.n_records();
        let was_at_end = self.record.get_untracked() + 1 == n_records;
        let (opened, became) = now.take(given, is_update);
        match became {
            Became::Another => {
                self.put_away();
                self.show(opened);
            }
            Became::Longer => {
                let last = opened.last();
                let record = match was_at_end {
                    true => last,
                    false => self.record.get_untracked().min(last),
                };
                self.open.set(Some(opened));
                self.record.set(record);
            }
            Became::Beside => self.open.set(Some(opened)),
        }
        became
    }

    fn show(self, opened: Opened) {
        self.record.set(opened.view.opens_at.min(opened.last()));
        self.unit.set(None);
        self.tab.set(Tab::Doctor);
        self.open.set(Some(opened));
        self.is_shown.set(true);
    }

    /// Of the open trace nothing is shown any more.
    fn put_away(self) {
        self.is_playing.set(false);
        self.has_grown.set(false);
        self.file.set_value(None);
        let Some(open) = self.open.get_untracked() else {
            return;
        };
        self.open.set(None);
        self.unit.set(None);
        self.before.update(|before| {
            before.retain(|other| *other != open);
            before.insert(0, open);
            let mut n_bytes = 0;
            before.retain(|kept| {
                n_bytes += kept.n_bytes;
                n_bytes <= MAX_KEPT_BYTES
            });
        });
    }

    /// Tracked; 0 where none is open.
    pub fn n_records(self) -> usize {
        self.open
            .with(|open| open.as_ref().map_or(0, |open| open.trace.n_records()))
    }

    /// Shows a record; beyond the ends the first or the last.
    pub fn go(self, record: usize) {
        let n = untrack(|| self.n_records());
        let record = record.min(n.saturating_sub(1));
        if self.record.get_untracked() != record {
            self.record.set(record);
        }
    }

    /// So many records on, or back.
    pub fn go_by(self, n: isize) {
        self.go(self.record.get_untracked().saturating_add_signed(n));
    }

    /// Plays the records one after the other, from the first if the last is shown; or stops.
    pub fn play_or_pause(self) {
        let n = untrack(|| self.n_records());
        let is_on = self.is_playing.get_untracked();
        if !is_on && n > 1 && self.record.get_untracked() + 1 == n {
            self.record.set(0);
        }
        self.is_playing.set(!is_on && n > 1);
    }

    /// The next record of those that are played.
    pub fn play_on(self) {
        if self.is_playing.get_untracked() {
            self.go_by(1);
            let n = untrack(|| self.n_records());
            self.is_playing.set(self.record.get_untracked() + 1 < n);
        }
    }

    /// Puts a unit into its tab.
    pub fn select(self, unit: UnitOf) {
        self.unit.set(Some(unit));
        self.tab.set(Tab::Unit);
    }

    /// The step on show, while a trace is.
    pub fn step(self) -> Option<u64> {
        let record = self.record.get_untracked();
        let open = self.open.get_untracked()?;
        open.trace.steps.get(record).copied()
    }
}
