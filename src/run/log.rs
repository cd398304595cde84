//! What a run has told so far: its curves over steps and its events. Bounded, whatever the run.

use std::collections::BTreeSet;

use actiscope_core::health::{HealthEvent, What};
use actiscope_core::protocol::{HistoryPoint, Snapshot};
use actiscope_core::scenario::Scenario;

use crate::run::depth_log::DepthLog;
use crate::run::ghosts::{Course, Ghosts, Shown};
use crate::run::undo::EntryId;

/// Points kept of the curves: more than a wide screen has pixels.
const MAX_POINTS: usize = 4_000;
/// The latest that happened to units, all of which is kept. Of what is older, only what each unit was told of last.
const N_LATEST_EVENTS: usize = 1_000;
/// The latest edits, which are kept beside them.
const N_LATEST_EDITS: usize = 200;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunLog {
    /// By step, at least `min_gap` steps apart (the last one is always there).
    pub history: Vec<HistoryPoint>,
    /// In the order in which it happened.
    pub events: Vec<HealthEvent>,
    /// More than this are too many: old ones are forgotten then.
    most_events: usize,
    /// The line of the last edit: the step at which it stands, and the entry of [`super::Undo`] whose edits it tells.
    last_edit: Option<(u64, EntryId)>,
    /// What each layer was like.
    pub depth: DepthLog,
    ghosts: Ghosts,
    /// The settings at the run's last step.
    head: Option<Course>,
    /// An edit begins the run anew: what still comes of the old one is not of the new settings.
    is_ending: bool,
    min_gap: u64,
    /// A new engine goes on from a checkpoint: what it knows of the past does not replace ours.
    is_resuming: bool,
}

impl RunLog {
    /// Another run follows, of other settings.
    pub fn expect_restart(&mut self) {
        self.is_ending = true;
        self.is_resuming = false;
    }

    /// The next run to be loaded is this one, resumed.
    pub fn expect_resume(&mut self) {
        self.is_resuming = true;
    }

    /// A run was loaded: the one before is forgotten, unless it is the same, but for its curves where the
    /// data are the same.
    pub fn begin(&mut self, has_same_data: bool) {
        self.is_ending = false;
        if self.is_resuming {
            return;
        }
        let mut ghosts = std::mem::take(&mut self.ghosts);
        if !has_same_data {
            ghosts.clear();
        } else if let Some(course) = self.head.take() {
            ghosts.keep(course, &self.history);
        }
        *self = Self {
            ghosts,
            ..Self::default()
        };
    }

    /// `scenario` is the page's.
    pub fn take_snapshot(&mut self, snapshot: &Snapshot, scenario: &Scenario) {
        let is_at_head = snapshot.step >= snapshot.last_step && !self.is_ending;
        if is_at_head && !self.head.as_ref().is_some_and(|head| head.is_of(scenario)) {
            self.head = Some(Course::of(scenario));
        }
        if snapshot.history_is_whole && self.is_resuming {
            self.depth.forget_after(snapshot.step);
        }
        self.depth.take(snapshot, &scenario.network.activations());
        if snapshot.history_is_whole {
            match snapshot.history.first() {
                Some(first) if self.is_resuming => self.forget_points_from(first.step),
                _ if self.is_resuming => self.forget_points_from(snapshot.last_step + 1),
                _ => {
                    self.history.clear();
                    self.min_gap = 1;
                }
            }
            self.is_resuming = false;
        }
        for &point in &snapshot.history {
            self.push_point(point);
        }
    }

    /// `edited` is what a change by hand among them is part of, and that in words, where it is more than the last
    /// change: changes of one entry are one line, which stands where the first of them was made.
    pub fn take_events(
        &mut self,
        events: Vec<HealthEvent>,
        edited: Option<(EntryId, Option<String>)>,
    ) {
        for event in events {
            match (&event.what, &edited) {
                (What::Edited { text }, Some((entry, of_all))) => {
                    let text = of_all.as_ref().unwrap_or(text).clone();
                    self.take_edit(event.step, *entry, text);
                }
                _ => self.insert(event),
            }
        }
        if self.events.len() > self.most_events.max(N_LATEST_EVENTS + N_LATEST_EDITS) {
            self.forget_old_events();
        }
    }

    fn take_edit(&mut self, step: u64, entry: EntryId, text: String) {
        let at = self
            .last_edit
            .filter(|(_, last)| *last == entry)
            .and_then(|(at, _)| self.line_of_edit(at));
        let what = What::Edited { text };
        match at {
            Some(at) => self.events[at].what = what,
            None => {
                self.last_edit = Some((step, entry));
                self.insert(HealthEvent {
                    step,
                    what,
                    cause: None,
                });
            }
        }
    }

    /// The last line of an edit at a step.
    fn line_of_edit(&self, step: u64) -> Option<usize> {
        self.events
            .iter()
            .rposition(|event| event.step == step && matches!(event.what, What::Edited { .. }))
    }

    fn insert(&mut self, event: HealthEvent) {
        let at = self
            .events
            .partition_point(|earlier| earlier.step <= event.step);
        let mut of_its_step = self.events[..at]
            .iter()
            .rev()
            .take_while(|earlier| earlier.step == event.step);
        // Steps taken anew after a seek happen as they did the first time.
        if !of_its_step.any(|earlier| *earlier == event) {
            self.events.insert(at, event);
        }
    }

    /// Keeps the latest, and of older ones how each unit and layer came to be as it is, and how the run ended: the
    /// Doctor asks for that. Edits are counted apart, so that they push out nothing else.
    fn forget_old_events(&mut self) {
        let mut known = BTreeSet::new();
        let mut is_kept = vec![true; self.events.len()];
        let (mut n_happened, mut n_edits) = (0, 0);
        for (i, event) in self.events.iter().enumerate().rev() {
            is_kept[i] = match event.what {
                What::Edited { .. } => {
                    n_edits += 1;
                    n_edits <= N_LATEST_EDITS
                }
                What::Unit { layer, unit, .. } => {
                    n_happened += 1;
                    known.insert((layer, unit)) || n_happened <= N_LATEST_EVENTS
                }
                What::BornDead { .. } | What::Diverged { .. } => true,
            };
        }
        let mut is_kept = is_kept.into_iter();
        self.events.retain(|_| is_kept.next() == Some(true));
        // Not with every event: a wide network's are many.
        self.most_events = self.events.len() + N_LATEST_EVENTS / 2;
    }

    /// The latest `n` up to a step, the latest first. Edits take the place of a third of what else happened at most.
    pub fn latest(&self, n: usize, step: u64) -> Vec<HealthEvent> {
        let mut n_edits = 0;
        let is_listed = |event: &&HealthEvent| {
            let is_edit = matches!(event.what, What::Edited { .. });
            n_edits += usize::from(is_edit);
            event.step <= step && !(is_edit && n_edits > n / 3)
        };
        let listed = self.events.iter().rev().filter(is_listed);
        listed.take(n).cloned().collect()
    }

    /// The run takes another course: what happened after `step` is undone.
    pub fn fork(&mut self, step: u64) {
        self.events.retain(|event| event.step <= step);
        self.last_edit = self.last_edit.filter(|(at, _)| *at <= step);
        if let Some(course) = self.head.clone() {
            let from = self.history.partition_point(|point| point.step < step);
            self.ghosts.keep(course, &self.history[from..]);
        }
        self.depth.forget_after(step);
    }

    /// Earlier runs that differ from this one, the oldest first.
    pub fn ghosts(&self) -> impl Iterator<Item = Shown<'_>> {
        self.ghosts.shown(self.head.as_ref(), &self.history)
    }

    pub fn forget_ghosts(&mut self) {
        self.ghosts.clear();
    }

    /// Where the axis of steps of the charts ends: at the last step, or where the longest ghost does, but
    /// not so far that the run itself could not be seen.
    pub fn domain_end(&self, last_step: u64) -> u64 {
        let of_ghosts = self
            .ghosts()
            .filter_map(|ghost| Some(ghost.points.last()?.step))
            .max();
        last_step.max(of_ghosts.unwrap_or(0).min(8 * last_step.max(50)))
    }

    /// The latest event of a unit up to a step.
    pub fn last_of_unit(&self, layer: usize, unit: usize, step: u64) -> Option<&HealthEvent> {
        self.events.iter().rev().find(|event| {
            event.step <= step
                && matches!(event.what, What::Unit { layer: l, unit: u, .. } if (l, u) == (layer, unit))
        })
    }

    fn push_point(&mut self, point: HistoryPoint) {
        self.forget_points_from(point.step);
        // The last point stands at any gap; the next one takes its place if it came too early.
        if let [.., before, last] = self.history[..]
            && last.step - before.step < self.min_gap
        {
            self.history.pop();
        }
        self.history.push(point);
        if self.history.len() > MAX_POINTS {
            self.min_gap = 2 * self.min_gap.max(1);
            let mut next = 0;
            let last_step = point.step;
            let min_gap = self.min_gap;
            self.history.retain(|point| {
                let keep = point.step >= next || point.step == last_step;
                if keep {
                    next = point.step + min_gap;
                }
                keep
            });
        }
    }

    fn forget_points_from(&mut self, step: u64) {
        while self.history.last().is_some_and(|last| last.step >= step) {
            self.history.pop();
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use actiscope_core::activation::ActivationSpec;
    use actiscope_core::health::Health;
    use actiscope_core::scenario::{Edit, Setting};

    use super::*;

    fn point(step: u64) -> HistoryPoint {
        HistoryPoint {
            step,
            batch_loss: 0.5,
            loss: 0.5,
            dead: 0,
            saturated: 0,
        }
    }

    pub fn snapshot(steps: std::ops::Range<u64>, is_whole: bool) -> Snapshot {
        Snapshot {
            run: 1,
            step: steps.end.saturating_sub(1),
            epoch: 0.0,
            is_training: true,
            has_diverged: false,
            loss: 0.5,
            accuracy: None,
            test_loss: None,
            test_accuracy: None,
            layers: Vec::new(),
            unit_weights: None,
            last_step: steps.end.saturating_sub(1),
            history: steps.map(point).collect(),
            history_is_whole: is_whole,
            field: Vec::new(),
            answers: None,
            steps_per_second: 0.0,
        }
    }

    fn death(step: u64, unit: usize) -> HealthEvent {
        HealthEvent {
            step,
            what: What::Unit {
                layer: 0,
                unit,
                from: Health::Alive,
                to: Health::Dead,
            },
            cause: None,
        }
    }

    fn take(log: &mut RunLog, steps: std::ops::Range<u64>, is_whole: bool) {
        log.take_snapshot(&snapshot(steps, is_whole), &Scenario::default());
    }

    fn steps(log: &RunLog) -> Vec<u64> {
        log.history.iter().map(|point| point.step).collect()
    }

    #[test]
    fn a_long_run_keeps_evenly_spaced_points() {
        let mut log = RunLog::default();
        take(&mut log, 0..1, true);
        for start in (1..300_000).step_by(500) {
            take(&mut log, start..start + 500, false);
        }
        let steps = steps(&log);
        assert!(
            (MAX_POINTS / 4..=MAX_POINTS).contains(&steps.len()),
            "{}",
            steps.len()
        );
        assert_eq!(steps[0], 0);
        assert_eq!(steps.last(), Some(&300_000));
        let gaps: Vec<u64> = steps.windows(2).map(|pair| pair[1] - pair[0]).collect();
        let widest = gaps.iter().max();
        assert!(
            widest <= Some(&(300_000 / MAX_POINTS as u64 * 4)),
            "{widest:?}"
        );
    }

    #[test]
    fn a_whole_history_replaces_and_a_resumed_one_continues() {
        let mut log = RunLog::default();
        take(&mut log, 0..10, true);
        take(&mut log, 3..5, true);
        assert_eq!(steps(&log), [3, 4]);

        log.expect_resume();
        log.begin(false);
        take(&mut log, 4..7, true);
        assert_eq!(steps(&log), [3, 4, 5, 6]);

        log.begin(false);
        assert!(log.history.is_empty());
    }

    fn labels(log: &RunLog) -> Vec<String> {
        log.ghosts().map(|ghost| ghost.label).collect()
    }

    /// The scenario after an edit.
    fn with(edit: Edit) -> Scenario {
        let mut scenario = Scenario::default();
        edit.apply(&mut scenario);
        scenario
    }

    #[test]
    fn a_fork_that_changes_something_leaves_a_ghost() {
        let leaky = with(Edit::Activation(ActivationSpec::new("leaky_relu")));
        let mut log = RunLog::default();
        take(&mut log, 0..301, true);
        // Back to step 60: the whole history comes again.
        let back = Snapshot {
            step: 60,
            ..snapshot(0..301, true)
        };
        log.take_snapshot(&back, &Scenario::default());
        assert_eq!(log.domain_end(300), 300);
        // The edit is applied to the page's scenario first, then the engine tells of the fork.
        log.fork(60);
        assert!(labels(&log).is_empty(), "nothing differs yet");
        log.take_snapshot(&snapshot(0..61, true), &leaky);
        assert_eq!(labels(&log), ["ReLU"]);
        let ghost = log
            .ghosts()
            .next()
            .map(|ghost| (ghost.points[0].step, ghost.instead));
        assert_eq!(ghost, Some((60, "Leaky ReLU, alpha 0.01".into())));
        assert_eq!(log.domain_end(60), 300);
        assert_eq!(log.domain_end(900), 900);
        log.forget_ghosts();
        assert!(labels(&log).is_empty());
    }

    #[test]
    fn a_run_begun_anew_on_the_same_data_leaves_a_ghost() {
        let mut log = RunLog::default();
        take(&mut log, 0..101, true);
        let normalised = with(Edit::Set(Setting::BatchNorm, 1.0));
        log.expect_restart();
        // One of the old run was under way when the edit was made.
        log.take_snapshot(&snapshot(101..103, false), &normalised);
        log.begin(true);
        log.take_snapshot(&snapshot(0..1, true), &normalised);
        assert_eq!(labels(&log), ["BatchNorm off"]);
        assert_eq!(log.domain_end(0), 102);
        log.begin(false);
        log.take_snapshot(&snapshot(0..1, true), &normalised);
        assert!(labels(&log).is_empty(), "other data, no comparison");
    }

    #[test]
    fn events_of_steps_taken_anew_are_kept_once() {
        let mut log = RunLog::default();
        log.take_events(vec![death(3, 0), death(7, 1)], None);
        log.take_events(vec![death(3, 0)], None);
        assert_eq!(log.events, [death(3, 0), death(7, 1)]);
        assert_eq!(log.last_of_unit(0, 1, 9), Some(&death(7, 1)));
        assert_eq!(log.last_of_unit(0, 1, 6), None);

        // Another course from step 5 on.
        log.fork(5);
        assert_eq!(log.events, [death(3, 0)]);
    }

    #[test]
    fn how_each_unit_came_to_be_as_it_is_outlives_what_followed() {
        const N_UNITS: usize = 4_096;
        let mut log = RunLog::default();
        log.take_events((0..N_UNITS).map(|unit| death(0, unit)).collect(), None);
        // One of them comes and goes.
        for step in 1..5_000 {
            log.take_events(vec![death(step, 7)], None);
        }
        let births = log.events.iter().filter(|event| event.step == 0);
        assert_eq!(births.count(), N_UNITS - 1);
        let latest = log.events.iter().rev().take(N_LATEST_EVENTS);
        assert!(latest.map(|event| event.step).eq((4_000..5_000).rev()));
        assert!(log.events.len() <= N_UNITS + 3 * N_LATEST_EVENTS);
    }
}
