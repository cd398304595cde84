//! When a run that trains stands still by itself: at a step, at a loss, or when it tells all rightly.

use actiscope_core::data::TargetKind;
use actiscope_core::scenario::{Stop, View};
use actiscope_core::text::{count, number};

use super::course::Run;
use crate::accuracy::Tally;

/// Of the variance of numbers so much is explained where they are told rightly.
const EXPLAINED: f64 = 0.99;

/// Where a run stands with what it is to stop at.
#[derive(Clone, Debug, Default)]
pub(super) struct Stopping {
    /// What was so at a probe since the run began, was changed, or went elsewhere.
    met: Met,
    /// It became so at the last probe.
    is_due: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Met {
    loss: bool,
    solved: bool,
}

impl Run {
    /// Trains on as [`Run::train`] does, up to where the scenario has it stop. Why it stopped, if it did.
    pub async fn train_to_stop(&mut self, n_steps: u64) -> Option<String> {
        let at = self.scenario.view.stop.step.map(|step| step as u64);
        let to_go = at.and_then(|at| at.checked_sub(self.step()));
        let to_go = to_go.filter(|&to_go| to_go > 0);
        self.stopping.is_due = false;
        let n_steps = n_steps.min(to_go.unwrap_or(u64::MAX));
        self.train_while(n_steps, |run| !run.stopping.is_due).await;
        let step = count(self.step());
        if self.stopping.is_due && !self.has_diverged() {
            return Some(format!("Stopped at step {step}: {}.", self.why()));
        }
        let has_arrived = to_go.is_some() && at == Some(self.step());
        has_arrived.then(|| format!("Stopped at step {step}, as it was to."))
    }

    /// Looks at the run in another way.
    pub fn look_at(&mut self, view: View) {
        let stop = std::mem::replace(&mut self.scenario.view, view).stop;
        if stop != self.scenario.view.stop {
            self.judge();
            self.stand_at_stop();
        }
    }

    /// What the state that was judged last has met already does not stop the run.
    pub(super) fn stand_at_stop(&mut self) {
        self.stopping = Stopping {
            met: self.met(),
            is_due: false,
        };
    }

    /// After a probe, while what it saw is at hand.
    pub(super) fn look_for_stop(&mut self) {
        let (before, now) = (self.stopping.met, self.met());
        // A loss that goes up and down about the one that was asked for stops the run once.
        let met = Met {
            loss: before.loss || now.loss,
            solved: before.solved || now.solved,
        };
        self.stopping = Stopping {
            met,
            is_due: met != before,
        };
    }

    /// Of the state that was judged last.
    fn met(&self) -> Met {
        let Stop {
            loss, when_solved, ..
        } = self.scenario.view.stop;
        Met {
            loss: loss.is_some_and(|loss| f64::from(self.judgement.loss) <= loss),
            solved: when_solved && self.is_solved(),
        }
    }

    fn is_solved(&self) -> bool {
        let (outputs, targets) = self.backend.judged_outputs();
        match (self.data.target, &outputs[..]) {
            (TargetKind::Number, [output]) => explains(output, targets),
            (TargetKind::Number, _) => false,
            (target, _) => {
                let (loss, threshold) = (self.scenario.training.loss, self.scenario.view.threshold);
                let tally = Tally::new(loss, threshold, target, &outputs, targets);
                tally.n_right == tally.n
            }
        }
    }

    fn why(&self) -> String {
        let stop = self.scenario.view.stop;
        match (stop.loss, self.stopping.met) {
            (Some(least), Met { loss: true, .. }) => {
                let loss = number(f64::from(self.judgement.loss), 3);
                format!("the loss is {loss}, at most {}", number(least, 3))
            }
            _ if self.data.target == TargetKind::Number => {
                "it explains 99 % of the numbers' variance".into()
            }
            _ => "every sample of the probe set is told rightly".into(),
        }
    }
}

/// Whether `outputs` leave 1 % of the targets' variance at most.
fn explains(outputs: &[f32], targets: &[f32]) -> bool {
    let mean = targets.iter().map(|&y| f64::from(y)).sum::<f64>() / targets.len() as f64;
    let sum = |from: &dyn Fn(usize) -> f64| -> f64 {
        let squares = (0..targets.len()).map(|i| {
            let distance = f64::from(targets[i]) - from(i);
            distance * distance
        });
        squares.sum()
    };
    let (left, whole) = (sum(&|i| f64::from(outputs[i])), sum(&|_| mean));
    left <= (1.0 - EXPLAINED) * whole
}
