//! Every edit can be undone and done again, and so can reviving dead units. An entry holds the scenario before
//! and after it; what is only looked at (layer, unit, axes, speed) is none.
//!
//! One gesture is one entry: the edits of a drag, of keys in quick succession on one control, of a remedy.

use std::mem::discriminant;

use actiscope_core::data::{CsvTable, DataSource};
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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    /// Led from one scenario to the other.
    Edit,
    /// Gave dead units new weights; the scenario is the same.
    Revival,
}

/// What is to be done to go one entry back or forth.
#[derive(Clone, Debug, PartialEq)]
pub enum Way {
    Become(Box<Scenario>),
    TakeBackRevival,
    Revive,
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

    /// To before the last edit, with the present view unless the edit changed that; or the revival.
    pub fn undo(&mut self, now: &Scenario) -> Option<Way> {
        self.last = None;
        let entry = self.done.pop()?;
        let way = match entry.deed {
            Deed::Edit => Way::Become(Box::new(seen_from(now, &entry.after, &entry.before))),
            Deed::Revival => Way::TakeBackRevival,
        };
        self.undone.push(entry);
        Some(way)
    }

    /// To after the last edit that was undone.
    pub fn redo(&mut self, now: &Scenario) -> Option<Way> {
        self.last = None;
        let entry = self.undone.pop()?;
        let way = match entry.deed {
            Deed::Edit => Way::Become(Box::new(seen_from(now, &entry.before, &entry.after))),
            Deed::Revival => Way::Revive,
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
            Some(entry) => self.connect(entry, now, then),
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
        (Edit::Data(a), Edit::Data(b)) => a.source == b.source,
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
mod tests {
    use actiscope_core::activation::ActivationSpec;
    use actiscope_core::nn::spec::{Initializer, Loss, Optimizer, Order, PreluSharing};
    use actiscope_core::scenario::{Setting, View};

    use super::*;

    const ALONE: Option<u32> = None;

    fn moment(now_ms: f64, gesture: Option<u32>) -> Moment {
        Moment { now_ms, gesture }
    }

    /// The page's scenario and its undo stack.
    struct Desk {
        scenario: Scenario,
        undo: Undo,
    }

    impl Desk {
        fn new() -> Self {
            let mut scenario = Scenario::default();
            scenario.network.activation = ActivationSpec::new("leaky_relu");
            // Three inputs, so that there are axes to choose.
            scenario.data.source = DataSource::Csv("1,2,3,0\n2,3,4,1\n3,1,2,0\n".into());
            scenario.fit_to_data();
            Self {
                scenario,
                undo: Undo::default(),
            }
        }

        fn edit(&mut self, edit: Edit, moment: Moment) {
            let before = self.scenario.clone();
            edit.apply(&mut self.scenario);
            self.undo.record(&edit, &before, &self.scenario, moment);
        }

        /// As the page does it.
        fn go_to(&mut self, way: Option<Way>) {
            let Some(Way::Become(to)) = way else {
                panic!("not an edit: {way:?}");
            };
            let to = *to;
            Edit::Whole(Box::new(to.clone())).apply(&mut self.scenario);
            Edit::View(to.view).apply(&mut self.scenario);
        }

        fn undo(&mut self) {
            let to = self.undo.undo(&self.scenario);
            self.go_to(to);
        }

        fn redo(&mut self) {
            let to = self.undo.redo(&self.scenario);
            self.go_to(to);
        }

        fn rates(&self) -> f64 {
            self.scenario.training.learning_rate
        }
    }

    fn every_edit() -> Vec<Edit> {
        let data = Scenario::default().data;
        let other = Scenario {
            seed: 99,
            ..Scenario::default()
        };
        let edits = vec![
            Edit::Activation(ActivationSpec::new("tanh")),
            Edit::Set(Setting::Param(0), 0.3),
            Edit::Set(Setting::LearningRate, 0.5),
            Edit::Optimizer(Optimizer::ADAM),
            Edit::Set(Setting::BatchSize, 7.0),
            Edit::Order(Order::Sequential),
            Edit::Loss(Loss::Mse),
            Edit::Loss(Loss::SoftmaxCrossEntropy),
            Edit::ClassWeights(vec![1.0, 2.0]),
            Edit::Set(Setting::L1, 0.1),
            Edit::Set(Setting::L2, 0.1),
            Edit::Set(Setting::ClipNorm, 2.0),
            Edit::Set(Setting::BatchNorm, 1.0),
            Edit::PreluSharing(PreluSharing::Unit),
            Edit::Initializer(Initializer::GlorotNormal),
            Edit::Set(Setting::Gain, 2.0),
            Edit::Hidden(vec![3]),
            Edit::Data(actiscope_core::data::DataSpec {
                source: DataSource::Sine,
                ..data
            }),
            Edit::Set(Setting::Seed, 5.0),
            Edit::Layer(1),
            Edit::Unit(Some(2)),
            Edit::Axes(actiscope_core::data::Axes::Principal),
            Edit::Set(Setting::Speed, f64::INFINITY),
            Edit::View(View::default()),
            Edit::Whole(Box::new(other)),
        ];
        // A variant that is new belongs into the list above.
        for edit in &edits {
            match edit {
                Edit::Activation(_)
                | Edit::Set(..)
                | Edit::Optimizer(_)
                | Edit::Order(_)
                | Edit::Loss(_)
                | Edit::ClassWeights(_)
                | Edit::PreluSharing(_)
                | Edit::Initializer(_)
                | Edit::Hidden(_)
                | Edit::Data(_)
                | Edit::Layer(_)
                | Edit::Unit(_)
                | Edit::Axes(_)
                | Edit::View(_)
                | Edit::Whole(_) => {}
            }
        }
        edits
    }

    #[test]
    fn every_edit_goes_back_and_forth() {
        for edit in every_edit() {
            let mut desk = Desk::new();
            // The last layer, which some edits take away.
            Edit::Layer(2).apply(&mut desk.scenario);
            let before = desk.scenario.clone();
            desk.edit(edit.clone(), moment(0.0, ALONE));
            let after = desk.scenario.clone();
            assert_ne!(before, after, "{edit:?}");
            if before.is_same_run(&after) {
                // Only the look: not on the stack.
                assert_eq!(desk.undo.undo_text(), None, "{edit:?}");
                continue;
            }
            desk.undo();
            assert_eq!(desk.scenario, before, "{edit:?}");
            desk.redo();
            assert_eq!(desk.scenario, after, "{edit:?}");
        }
    }

    #[test]
    fn what_undoing_asks_of_a_run_is_what_the_edit_did() {
        for edit in every_edit() {
            let before = Desk::new().scenario;
            let mut after = before.clone();
            let effect = edit.apply(&mut after);
            let whole = Edit::Whole(Box::new(before.clone()));
            assert_eq!(whole.apply(&mut after), effect, "{edit:?}");
        }
    }

    #[test]
    fn a_drag_is_one_entry_and_so_are_quick_keys() {
        let check = |edits: &[(f64, Option<u32>, f64)], expect: &[f64]| {
            let mut desk = Desk::new();
            for &(now_ms, gesture, rate) in edits {
                desk.edit(
                    Edit::Set(Setting::LearningRate, rate),
                    moment(now_ms, gesture),
                );
            }
            let mut seen = Vec::new();
            while desk.undo.undo_text().is_some() {
                desk.undo();
                seen.push(desk.rates());
            }
            assert_eq!(seen, expect, "{edits:?}");
        };
        // Held however long.
        check(&[(0.0, Some(1), 0.1), (9e3, Some(1), 0.2)], &[1.6]);
        // Two drags.
        check(&[(0.0, Some(1), 0.1), (9e3, Some(2), 0.2)], &[0.1, 1.6]);
        check(&[(0.0, None, 0.1), (500.0, None, 0.2)], &[1.6]);
        check(&[(0.0, None, 0.1), (700.0, None, 0.2)], &[0.1, 1.6]);
        // There and back is nothing.
        check(&[(0.0, Some(1), 0.1), (10.0, Some(1), 1.6)], &[]);
    }

    #[test]
    fn a_drag_that_comes_by_where_it_began_touches_no_earlier_edit() {
        let mut desk = Desk::new();
        desk.edit(Edit::Set(Setting::BatchSize, 7.0), moment(0.0, Some(1)));
        for rate in [0.1, 1.6, 0.2] {
            desk.edit(Edit::Set(Setting::LearningRate, rate), moment(1e3, Some(2)));
        }
        assert_eq!(desk.undo.undo_text(), Some("learning rate 0.2"));
        desk.undo();
        assert_eq!(desk.undo.undo_text(), Some("batch size 7"));
    }

    #[test]
    fn a_remedy_of_several_edits_is_one_entry() {
        let mut desk = Desk::new();
        let before = desk.scenario.clone();
        desk.edit(Edit::Set(Setting::LearningRate, 0.1), moment(0.0, Some(4)));
        desk.edit(Edit::Set(Setting::BatchSize, 32.0), moment(0.0, Some(4)));
        assert_eq!(
            desk.undo.undo_text(),
            Some("learning rate 0.1, batch size 32")
        );
        desk.undo();
        assert_eq!(desk.scenario, before);
        assert_eq!(
            desk.undo.redo_text(),
            Some("learning rate 0.1, batch size 32")
        );
    }

    #[test]
    fn a_revival_lies_between_edits() {
        let mut desk = Desk::new();
        desk.edit(Edit::Set(Setting::LearningRate, 0.1), moment(0.0, Some(1)));
        desk.undo.record_revival(&desk.scenario);
        // Of the same press, and yet another deed.
        desk.edit(Edit::Set(Setting::LearningRate, 0.2), moment(1.0, Some(1)));
        desk.undo();
        assert_eq!(desk.undo.undo_text(), Some("dead units revived"));
        let now = desk.scenario.clone();
        assert_eq!(desk.undo.undo(&now), Some(Way::TakeBackRevival));
        assert_eq!(desk.undo.redo_text(), Some("dead units revived"));
        assert_eq!(desk.undo.redo(&now), Some(Way::Revive));
        assert_eq!(desk.undo.undo(&now), Some(Way::TakeBackRevival));
        desk.undo();
        assert_eq!(desk.undo.undo_text(), None);
    }

    #[test]
    fn a_new_edit_ends_what_could_be_done_again() {
        let mut desk = Desk::new();
        desk.edit(Edit::Set(Setting::LearningRate, 0.1), moment(0.0, ALONE));
        desk.undo();
        desk.edit(Edit::Set(Setting::LearningRate, 0.2), moment(1.0, ALONE));
        assert_eq!(desk.undo.redo_text(), None);
        assert_eq!(desk.undo.undo_text(), Some("learning rate 0.2"));
    }

    #[test]
    fn the_view_of_now_stays_unless_the_edit_changed_it() {
        let mut desk = Desk::new();
        desk.edit(Edit::Set(Setting::LearningRate, 0.1), moment(0.0, ALONE));
        desk.edit(Edit::Set(Setting::Speed, 5.0), moment(1.0, ALONE));
        desk.undo();
        assert_eq!(desk.scenario.view.steps_per_second, Some(5.0));
    }

    #[test]
    fn going_back_in_time_goes_back_in_edits() {
        let mut desk = Desk::new();
        let origin = desk.scenario.clone();
        desk.edit(Edit::Set(Setting::LearningRate, 0.1), moment(0.0, ALONE));
        let middle = desk.scenario.clone();
        desk.edit(Edit::Set(Setting::LearningRate, 0.2), moment(1e3, ALONE));
        let end = desk.scenario.clone();
        let check = |desk: &mut Desk, to: &Scenario, undo: Option<&str>, redo: Option<&str>| {
            desk.scenario = to.clone();
            desk.undo.follow(to);
            assert_eq!((desk.undo.undo_text(), desk.undo.redo_text()), (undo, redo));
        };
        let (first, second) = ("learning rate 0.1", "learning rate 0.2");
        check(&mut desk, &origin, None, Some(first));
        desk.redo();
        assert_eq!(desk.scenario, middle);
        check(&mut desk, &end, Some(second), None);
        check(&mut desk, &middle, Some(first), Some(second));
    }

    #[test]
    fn large_tables_do_not_pile_up() {
        let mut desk = Desk::new();
        let table = |i: usize| DataSource::Csv(format!("{i},{}", "1,2,3\n".repeat(2 << 20)).into());
        for i in 0..20 {
            let data = actiscope_core::data::DataSpec {
                source: table(i),
                ..desk.scenario.data.clone()
            };
            let before = desk.scenario.clone();
            let mut after = before.clone();
            after.data = data.clone();
            desk.undo
                .record(&Edit::Data(data), &before, &after, moment(0.0, ALONE));
            desk.scenario = after;
        }
        assert!(desk.undo.done.len() <= 2, "{}", desk.undo.done.len());
        assert!(!desk.undo.done.is_empty());
        // All that is done with one table is kept.
        for i in 0..50 {
            let edit = Edit::Set(Setting::LearningRate, 0.01 * f64::from(i + 1));
            desk.edit(edit, moment(1e3 * f64::from(i), ALONE));
        }
        assert!(desk.undo.done.len() >= 50, "{}", desk.undo.done.len());
    }
}
