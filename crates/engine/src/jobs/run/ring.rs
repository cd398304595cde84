//! Training over several probes in one round trip to the GPU, which judges on its way.
//!
//! What the GPU saw tells where nothing changed: there its loss and counts are the history. Where it saw a verdict change,
//! the state of that step, which came with it, is judged as it would have been without: events, their causes and marks
//! are those of a run that is asked for step by step.

use actiscope_core::health::Health;
use actiscope_core::protocol::HistoryPoint;

use super::checkpoints::SPACING;
use super::course::Run;
use crate::gpu::{KeptLane, LaneLook, LaneReading};

impl Run {
    /// Trains on up to `end` at most, over some probes, if a GPU trains. False, and nothing done, where there is no
    /// more than one probe before `end` or the next checkpoint, or the GPU cannot.
    pub(super) async fn train_over_probes(&mut self, end: u64) -> bool {
        let stops = self.probes_until(end);
        if stops.len() < 2 {
            return false;
        }
        let looks = self.backend.train_and_judge(&stops).await;
        if looks.is_empty() {
            return false;
        }
        self.take_looks(&stops, looks).await;
        true
    }

    /// The probes from here to `end`, the next checkpoint among them the last. None where no interval begins.
    fn probes_until(&self, end: u64) -> Vec<u64> {
        let mut stops = Vec::new();
        // To stop by what a probe says is to look at each.
        let asks_probes = self.scenario.view.stop.asks_probes();
        if !self.backend.is_on_gpu() || self.step() != self.mark.step || asks_probes {
            return stops;
        }
        let mut stop = self.schedule.next(self.step());
        while stop <= end {
            stops.push(stop);
            if stop.is_multiple_of(SPACING) {
                break;
            }
            stop = self.schedule.next(stop);
        }
        stops
    }

    /// What the looks tell, in the order of steps.
    async fn take_looks(&mut self, stops: &[u64], looks: Vec<LaneLook>) {
        let n_looks = looks.len();
        let mut known: Vec<Health> = self.mark.verdicts.concat();
        // The state of the probe before, where the next interval begins.
        let mut before = None;
        for (i, (look, &stop)) in looks.into_iter().zip(stops).enumerate() {
            let (point, divergence) = (point_of(&look), look.status.divergence);
            let Some(KeptLane { verdicts, reading }) = look.kept else {
                return;
            };
            let is_changed = verdicts != known;
            if divergence.is_none() && !is_changed && i + 1 < n_looks {
                self.history.push(point);
                before = Some(reading);
                continue;
            }
            let has_begun = match before.take() {
                Some(before) => self.end_interval_at(before).await,
                None => true,
            };
            if !has_begun {
                // The other engine had to say what happened up to here: what this one saw later is void.
                return;
            }
            if let Some(divergence) = divergence {
                self.backend.adopt(reading);
                return self.diverge(divergence).await;
            }
            debug_assert_eq!(reading.status.step, stop);
            if !self.end_interval_at(reading).await {
                return;
            }
            known = verdicts;
        }
    }

    /// Judges a probe that was trained over, which ends an interval. False if the other engine was needed for that.
    async fn end_interval_at(&mut self, reading: LaneReading) -> bool {
        self.backend.adopt(reading);
        self.close_interval().await;
        self.backend.is_on_gpu()
    }
}

fn point_of(look: &LaneLook) -> HistoryPoint {
    HistoryPoint {
        step: look.status.step,
        batch_loss: look.status.batch_loss,
        loss: look.health.loss,
        dead: look.health.n_dead as u16,
        saturated: look.health.n_saturated as u16,
    }
}
