//! What a run has told so far: its curves over steps and its events. Bounded, whatever the run.

use actiscope_core::health::{HealthEvent, What};
use actiscope_core::protocol::{HistoryPoint, Snapshot};

/// Points kept of the curves: more than a wide screen has pixels.
const MAX_POINTS: usize = 4_000;
/// Events kept; the oldest go first.
const MAX_EVENTS: usize = 1_000;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct RunLog {
    /// By step, at least `min_gap` steps apart (the last one is always there).
    pub history: Vec<HistoryPoint>,
    /// In the order in which it happened.
    pub events: Vec<HealthEvent>,
    min_gap: u64,
    /// A new engine goes on from a checkpoint: what it knows of the past does not replace ours.
    is_resuming: bool,
}

impl RunLog {
    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// The next run to be loaded is this one, resumed.
    pub fn expect_resume(&mut self) {
        self.is_resuming = true;
    }

    /// A run was loaded: forget the one before, unless it is the same.
    pub fn begin(&mut self) {
        if !self.is_resuming {
            self.clear();
        }
    }

    pub fn take_snapshot(&mut self, snapshot: &Snapshot) {
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

    pub fn take_events(&mut self, events: Vec<HealthEvent>) {
        for event in events {
            // Steps taken anew after a seek happen as they did the first time.
            if self.events.contains(&event) {
                continue;
            }
            let at = self
                .events
                .partition_point(|earlier| earlier.step <= event.step);
            self.events.insert(at, event);
        }
        if self.events.len() > MAX_EVENTS {
            self.events.drain(..self.events.len() - MAX_EVENTS);
        }
    }

    /// The run takes another course: what happened after `step` is undone.
    pub fn fork(&mut self, step: u64) {
        self.events.retain(|event| event.step <= step);
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
mod tests {
    use actiscope_core::health::Health;

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

    fn snapshot(steps: std::ops::Range<u64>, is_whole: bool) -> Snapshot {
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
            last_step: steps.end.saturating_sub(1),
            history: steps.map(point).collect(),
            history_is_whole: is_whole,
            field: Vec::new(),
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

    fn steps(log: &RunLog) -> Vec<u64> {
        log.history.iter().map(|point| point.step).collect()
    }

    #[test]
    fn a_long_run_keeps_evenly_spaced_points() {
        let mut log = RunLog::default();
        log.take_snapshot(&snapshot(0..1, true));
        for start in (1..300_000).step_by(500) {
            log.take_snapshot(&snapshot(start..start + 500, false));
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
        log.take_snapshot(&snapshot(0..10, true));
        log.take_snapshot(&snapshot(3..5, true));
        assert_eq!(steps(&log), [3, 4]);

        log.expect_resume();
        log.begin();
        log.take_snapshot(&snapshot(4..7, true));
        assert_eq!(steps(&log), [3, 4, 5, 6]);

        log.begin();
        assert!(log.history.is_empty());
    }

    #[test]
    fn events_of_steps_taken_anew_are_kept_once() {
        let mut log = RunLog::default();
        log.take_events(vec![death(3, 0), death(7, 1)]);
        log.take_events(vec![death(3, 0)]);
        assert_eq!(log.events, [death(3, 0), death(7, 1)]);
        assert_eq!(log.last_of_unit(0, 1, 9), Some(&death(7, 1)));
        assert_eq!(log.last_of_unit(0, 1, 6), None);

        // Another course from step 5 on.
        log.fork(5);
        assert_eq!(log.events, [death(3, 0)]);
    }
}
