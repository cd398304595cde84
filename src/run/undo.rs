//! Every edit can be undone and done again, and so can reviving dead units and setting weights by hand. An entry holds the
//! scenario before and after it; what is only looked at (layer, unit, axes, speed) is none.
//!
//! One gesture is one entry: the edits of a drag, of keys in quick succession on one control, of a remedy.

use std::mem::discriminant;

use actiscope_core::data::{CsvTable, DataSource};
use actiscope_core::protocol::{ParamValue, describe_params};
use actiscope_core::scenario::{Edit, Scenario};

/// Edits of one kind that follow each other faster than this are one.
const PAUSE_MS: f64 = 600.0;
/// Scenarios may hold tables: the oldest entries go where all together are larger.
const MAX_BYTES: usize = 32 << 20;
const MAX_ENTRIES: usize = 500;
/// Of a scenario, its table apart: about.
const BYTES_OF_THE_REST: usize = 512;

/// Of an entry, as long as the page lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EntryId(u32);

#[derive(Clone, Debug, PartialEq)]
struct Entry {
    id: EntryId,
    before: Scenario,
    after: Scenario,
    text: String,
    deed: Deed,
}

/// What an entry did.
#[derive(Clone, Debug, PartialEq)]
enum Deed {
    /// Led from one scenario to the other.
    Edit,
    /// Gave dead units new weights; the scenario is the same.
    Revival,
    /// Set parameters at a step; the scenario is the same.
    Params {
        step: u64,
        before: Vec<ParamValue>,
        after: Vec<ParamValue>,
    },
}

/// What is to be done to go one entry back or forth.
#[derive(Clone, Debug, PartialEq)]
pub enum Way {
    Become(Box<Scenario>),
    TakeBackRevival,
    Revive,
    SetParams(Vec<ParamValue>),
}

/// When an edit is made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Moment {
    pub now_ms: f64,
    /// The number of the press or of the group of edits that it is part of.
    pub gesture: Option<u32>,
}

#[derive(Clone, Debug, Default)]
pub struct Undo {
    done: Vec<Entry>,
    undone: Vec<Entry>,
    /// The last edit, as long as another may belong to it.
    last: Option<(Edit, Moment, EntryId)>,
    /// When parameters were set last.
    params_set_ms: f64,
    n_entries: u32,
}

impl Undo {
    /// An edit was made that led from one scenario to the other. The entry that it is part of; none where it
    /// changes nothing of the run.
    pub fn record(
        &mut self,
        edit: &Edit,
        before: &Scenario,
        after: &Scenario,
        moment: Moment,
    ) -> Option<EntryId> {
        if before.is_same_run(after) {
            return None;
        }
        self.undone.clear();
        let is_one = |(last, then, _): &(Edit, Moment, EntryId)| {
            let is_same_gesture = then.gesture.is_some() && then.gesture == moment.gesture;
            is_same_gesture || is_same_control(last, edit) && moment.now_ms - then.now_ms < PAUSE_MS
        };
        let id = self.last.take().filter(is_one).map(|(.., id)| id);
        let id = match self.done.last_mut() {
            Some(entry) if Some(entry.id) == id => {
                entry.after = after.clone();
                let whole = Edit::Whole(Box::new(after.clone()));
                entry.text = whole.describe_in(&entry.before);
                let id = entry.id;
                if entry.before.is_same_run(after) {
                    // There and back: nothing, unless more follows.
                    self.done.pop();
                }
                id
            }
            _ => {
                let id = id.unwrap_or_else(|| self.next_id());
                self.push(id, before, after, edit.describe_in(before), Deed::Edit);
                id
            }
        };
        self.last = Some((edit.clone(), moment, id));
        Some(id)
    }

    fn next_id(&mut self) -> EntryId {
        self.n_entries += 1;
        EntryId(self.n_entries)
    }

    /// Dead units of a run of `scenario` were given new weights.
    pub fn record_revival(&mut self, scenario: &Scenario) {
        self.undone.clear();
        self.last = None;
        let (id, text) = (self.next_id(), "dead units revived".into());
        self.push(id, scenario, scenario, text, Deed::Revival);
    }

    /// Parameters of a run of `scenario` were set at `step`. Those that are set in quick succession to one value after the
    /// other are one entry.
    pub fn record_params(
        &mut self,
        scenario: &Scenario,
        step: u64,
        [before, after]: [Vec<ParamValue>; 2],
        now_ms: f64,
    ) {
        self.undone.clear();
        self.last = None;
        let places =
            |values: &[ParamValue]| values.iter().map(|value| value.at).collect::<Vec<_>>();
        let n_hidden = scenario.network.hidden.len();
        let text = describe_params(&after, n_hidden);
        let is_one = now_ms - self.params_set_ms < PAUSE_MS;
        self.params_set_ms = now_ms;
        if let Some(Entry {
            deed: Deed::Params { after: last, .. },
            text: told,
            ..
        }) = self.done.last_mut()
            && is_one
            && places(last) == places(&after)
        {
            (*last, *told) = (after, text);
            return;
        }
        let id = self.next_id();
        let deed = Deed::Params {
            step,
            before,
            after,
        };
        self.push(id, scenario, scenario, text, deed);
    }

    /// The run begins anew: what was set by hand is gone with its weights.
    pub fn forget_params(&mut self) {
        let is_kept = |entry: &Entry| !matches!(entry.deed, Deed::Params { .. });
        self.done.retain(is_kept);
        self.undone.retain(is_kept);
    }

    fn push(&mut self, id: EntryId, before: &Scenario, after: &Scenario, text: String, deed: Deed) {
        self.done.push(Entry {
            id,
            before: before.clone(),
            after: after.clone(),
            text,
            deed,
        });
        self.forget_oldest();
    }

    /// What an entry that can be undone did, in words.
    pub fn text_of(&self, id: EntryId) -> Option<&str> {
        let entry = self.done.iter().rev().find(|entry| entry.id == id);
        entry.map(|entry| &*entry.text)
    }

    /// What [`Undo::undo`] takes back, in words.
    pub fn undo_text(&self) -> Option<&str> {
        self.done.last().map(|entry| &*entry.text)
    }

    /// What [`Undo::redo`] does again, in words.
    pub fn redo_text(&self) -> Option<&str> {
        self.undone.last().map(|entry| &*entry.text)
    }

    /// To before the last edit, with the present view unless the edit changed that; or the revival. `step`: where the run
    /// stands. What was set by hand later than that is not so here, and is passed over.
    pub fn undo(&mut self, now: &Scenario, step: u64) -> Option<Way> {
        self.last = None;
        let is_to_come =
            |entry: &mut Entry| matches!(entry.deed, Deed::Params { step: at, .. } if at > step);
        while let Some(entry) = self.done.pop_if(is_to_come) {
            self.undone.push(entry);
        }
        let entry = self.done.pop()?;
        let way = match &entry.deed {
            Deed::Edit => Way::Become(Box::new(seen_from(now, &entry.after, &entry.before))),
            Deed::Revival => Way::TakeBackRevival,
            Deed::Params { before, .. } => Way::SetParams(before.clone()),
        };
        self.undone.push(entry);
        Some(way)
    }

    /// To after the last edit that was undone.
    pub fn redo(&mut self, now: &Scenario) -> Option<Way> {
        self.last = None;
        let entry = self.undone.pop()?;
        let way = match &entry.deed {
            Deed::Edit => Way::Become(Box::new(seen_from(now, &entry.before, &entry.after))),
            Deed::Revival => Way::Revive,
            Deed::Params { after, .. } => Way::SetParams(after.clone()),
        };
        self.done.push(entry);
        Some(way)
    }

    /// The run went to a step at which it had this scenario: edits after it can be done again, those
    /// before it undone.
    pub fn follow(&mut self, now: &Scenario) {
        self.last = None;
        let is_there = |entry: Option<&Entry>| entry.is_some_and(|e| e.after.is_same_run(now));
        if is_there(self.done.last()) {
            return;
        }
        if let Some(at) = self.done.iter().rposition(|e| e.before.is_same_run(now)) {
            self.undone.extend(self.done.drain(at..).rev());
        } else if let Some(at) = self.undone.iter().rposition(|e| e.after.is_same_run(now)) {
            self.done.extend(self.undone.drain(at..).rev());
        }
    }

    /// The engine's scenario is `now`, which was not to be foreseen, and what is still on its way there makes `then` of
    /// it. `latest` is the edit that it has heard of last, if it was told of the scenario because of that: it was made
    /// of another scenario than the page took it for, or refused.
    pub fn catch_up(
        &mut self,
        now: &Scenario,
        latest: Option<(EntryId, &Edit)>,
        unheard: &[EntryId],
        then: &Scenario,
    ) {
        let is_unheard = |entry: &Entry| unheard.contains(&entry.id);
        let at = self.done.iter().position(is_unheard);
        let on_its_way = at.and_then(|at| self.done.drain(at..).next_back());
        let is_latest = |entry: &mut Entry| latest.is_some_and(|(id, _)| entry.id == id);
        match (latest, self.done.pop_if(is_latest)) {
            (Some((_, edit)), Some(entry)) => self.remake(entry, edit, now),
            _ => self.follow(now),
        }
        match on_its_way {
            Some(entry) => {
                // Where it changes nothing there, for it was made there before, it leads there from what was shown.
                let from = match now.is_same_run(then) {
                    true => entry.before.clone(),
                    false => now.clone(),
                };
                self.connect(entry, &from, then);
            }
            // What was undone here, or made again, has no entry on its way.
            None => self.follow(then),
        }
        self.last = None;
    }

    /// `edit`, of which `entry` tells, led to `now`: from the scenario of an earlier time, or nowhere.
    fn remake(&mut self, entry: Entry, edit: &Edit, now: &Scenario) {
        let leads_here = |from: &&Scenario| {
            let mut to = Scenario::clone(from);
            edit.apply(&mut to);
            to.is_same_run(now)
        };
        let known = self.done.iter().chain(&self.undone).rev();
        let mut known = known.flat_map(|entry| [&entry.after, &entry.before]);
        let from = known.find(leads_here).cloned();
        drop(known);
        match from {
            Some(from) => {
                self.follow(&from);
                self.connect(entry, &from, now);
            }
            None if entry.before.is_same_run(now) => {}
            None => self.done.push(Entry {
                after: now.clone(),
                ..entry
            }),
        }
    }

    /// An entry that leads from one scenario to another, whatever it led to before. All that made the difference is in
    /// it, and what could be done again was of another course.
    fn connect(&mut self, entry: Entry, from: &Scenario, to: &Scenario) {
        if from.is_same_run(to) {
            return;
        }
        self.undone.clear();
        self.done.push(Entry {
            before: from.clone(),
            after: to.clone(),
            text: Edit::Whole(Box::new(to.clone())).describe_in(from),
            ..entry
        });
    }

    fn forget_oldest(&mut self) {
        let mut n_bytes = 0;
        let mut known: Option<CsvTable> = None;
        let fits = |entry: &&Entry| {
            for scenario in [&entry.after, &entry.before] {
                let table = table_of(scenario);
                // Entries of one table share it.
                let is_known = table
                    .zip(known.as_ref())
                    .is_some_and(|(a, b)| a.is_shared_with(b));
                n_bytes += BYTES_OF_THE_REST;
                if let Some(table) = table.filter(|_| !is_known) {
                    n_bytes += table.text().len();
                    known = Some(table.clone());
                }
            }
            n_bytes <= MAX_BYTES
        };
        let n_kept = self.done.iter().rev().take_while(fits).count();
        // The last one can always be undone.
        let n_kept = n_kept.clamp(1, MAX_ENTRIES).min(self.done.len());
        self.done.drain(..self.done.len() - n_kept);
    }
}

/// `to`, looked at as `now` where the view is not what the edit (or its undoing) made it.
fn seen_from(now: &Scenario, from: &Scenario, to: &Scenario) -> Scenario {
    let mut to = to.clone();
    if now.view != from.view {
        Edit::View(now.view.clone()).apply(&mut to);
    }
    to
}

fn is_same_control(a: &Edit, b: &Edit) -> bool {
    match (a, b) {
        (Edit::Set(a, _), Edit::Set(b, _)) => a == b,
        // Another source is another choice, and every point of one's own counts.
        (Edit::Data(a), Edit::Data(b)) => a.source == b.source && a.reading == b.reading,
        (Edit::Whole(_), _) => false,
        _ => discriminant(a) == discriminant(b),
    }
}

fn table_of(scenario: &Scenario) -> Option<&CsvTable> {
    match &scenario.data.source {
        DataSource::Csv(table) => Some(table),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
