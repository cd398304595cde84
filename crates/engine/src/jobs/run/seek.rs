//! Going to a step: from the nearest state before it, replaying updates and edits.

use actiscope_core::health::HealthTracker;

use super::RunError;
use super::course::Run;

/// A way to go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seek {
    target: u64,
    /// Where the interval that holds the target begins: the last probe or edit up to the target.
    mark_step: u64,
    is_marked: bool,
}

impl Seek {
    /// From where the run stands to a later step, through what was done to it on the way.
    pub fn onward(target: u64) -> Self {
        Self {
            target,
            mark_step: u64::MAX,
            is_marked: true,
        }
    }
}

impl Run {
    /// Sets out for the state after `target` updates, edits at that step included; for the last there
    /// is, if that is less. Call [`Run::continue_seek`] until it arrives.
    ///
    /// # Errors
    /// If the past scenario cannot be run any more, which no run that was loaded leads to.
    pub fn begin_seek(&mut self, target: u64) -> Result<Seek, RunError> {
        let target = target.min(self.last_step);
        let edits = self.log.iter().rev().map(|entry| entry.step);
        let last_edit = edits.into_iter().find(|&step| step <= target).unwrap_or(0);
        let mark_step = self.schedule.last(target).max(last_edit);
        // From before the target, so that the last update is there to be shown.
        let from = self
            .checkpoints
            .before(mark_step.min(target.saturating_sub(1)))
            .clone();

        let mut scenario = self.origin.clone();
        for entry in &self.log[..from.n_applied] {
            entry.change.apply_to(&mut scenario);
        }
        scenario.view = self.scenario.view.clone();
        if scenario != self.scenario {
            self.backend.change(&scenario)?;
            self.scenario = scenario;
        }
        self.backend.restore(from.step, &from.state);
        self.n_applied = from.n_applied;
        Ok(Seek {
            target,
            mark_step,
            is_marked: false,
        })
    }

    /// Goes up to `n_steps` updates of the way. Returns whether it arrived.
    ///
    /// # Errors
    /// As [`Run::begin_seek`].
    pub async fn continue_seek(
        &mut self,
        seek: &mut Seek,
        mut n_steps: u64,
    ) -> Result<bool, RunError> {
        loop {
            let step = self.step();
            while let Some(entry) = self.log.get(self.n_applied).filter(|e| e.step == step) {
                let change = entry.change.clone();
                self.apply(&change)?;
                self.n_applied += 1;
            }
            if step == seek.mark_step && !seek.is_marked {
                self.judge();
                self.stand_at_stop();
                self.tracker = HealthTracker::begin(self.judgement.verdicts.clone()).0;
                self.set_mark();
                seek.is_marked = true;
            }
            if step >= seek.target {
                self.history.send_whole();
                return Ok(true);
            }
            if n_steps == 0 {
                return Ok(false);
            }
            let next_edit = self
                .log
                .get(self.n_applied)
                .map_or(u64::MAX, |entry| entry.step);
            let mark_step = if seek.is_marked {
                u64::MAX
            } else {
                seek.mark_step
            };
            let stop = seek.target.min(next_edit).min(mark_step);
            let n = n_steps.min(stop.saturating_sub(step));
            self.backend.train(n).await;
            n_steps -= n;
            if self.step() == step {
                // A replay repeats the run, so that it cannot stop short; but neither may it hang.
                return Ok(true);
            }
        }
    }
}
