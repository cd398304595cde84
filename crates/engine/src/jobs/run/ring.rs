//! Training over several probes in one round trip to the GPU, which judges on its way.
//!
//! What the GPU saw tells where nothing changed: there its loss and counts are the history. Where a verdict changed, the run
//! goes there, one probe after the other, and is judged as it would have been without: events, their causes and marks are
//! what they are on the CPU, within the rounding that decides on the GPU's own verdicts.

use actiscope_core::health::Health;
use actiscope_core::protocol::HistoryPoint;

use super::checkpoints::SPACING;
use super::course::Run;
use crate::gpu::LaneLook;

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
        self.take_looks(&stops[..looks.len()], &looks).await;
        true
    }

    /// The probes from here to `end`, the next checkpoint among them the last. None where no interval begins.
    fn probes_until(&self, end: u64) -> Vec<u64> {
        let mut stops = Vec::new();
        if !self.backend.is_on_gpu() || self.step() != self.mark.step {
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

    /// What the looks tell, in the order of steps. The lane stands where the last of them left it.
    async fn take_looks(&mut self, stops: &[u64], looks: &[LaneLook]) {
        let is_valid = |(stop, look): &(&u64, &LaneLook)| {
            look.status.step == **stop && look.status.divergence.is_none()
        };
        let n_valid = stops.iter().zip(looks).take_while(is_valid).count();
        let mut known: Vec<Health> = self.mark.verdicts.concat();
        for (i, look) in looks[..n_valid].iter().enumerate() {
            if look.verdicts == known {
                self.history.push(point_of(look));
                continue;
            }
            known.clone_from(&look.verdicts);
            for &stop in &stops[i.saturating_sub(1)..=i] {
                if !self.repeat_to(stop).await {
                    return;
                }
            }
        }
        if n_valid == looks.len() {
            self.repeat_to(stops[n_valid - 1]).await;
        } else if let Some(&stop) = stops[..n_valid].last() {
            // How it diverges is for the next turn, which begins there.
            self.repeat_to(stop).await;
        } else if let Some(divergence) = self.backend.divergence() {
            self.diverge(divergence).await;
        }
    }

    /// Ends an interval at a probe that was trained over; the run is where the looks left it, or at the mark. False if the
    /// other engine had to do it: what the looks saw later is void.
    async fn repeat_to(&mut self, stop: u64) -> bool {
        if stop <= self.mark.step {
            return true;
        }
        // One that stands still is judged as it was before that.
        if self.step() != stop || self.backend.divergence().is_some() {
            self.replay_to(stop).await;
        }
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
