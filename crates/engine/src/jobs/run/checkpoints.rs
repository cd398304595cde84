//! States to go back to, in bounded memory.

use crate::cpu::LaneState;

/// Bytes that the kept states may take together.
const MAX_BYTES: usize = 48 << 20;
/// Most states that are kept; some are always, however large.
const MAX_KEPT: usize = 256;
const MIN_KEPT: usize = 8;
/// Steps between states at the least.
pub const SPACING: u64 = 100;

/// A state of a run.
#[derive(Clone, Debug)]
pub struct Checkpoint {
    pub step: u64,
    /// Entries of the run's log that were applied before it.
    pub n_applied: usize,
    pub state: LaneState,
}

/// States in the order of their steps, the first one at step 0: dense close to the newest, and ever
/// sparser before it. Going back by some steps replays a few percent of that many.
#[derive(Clone, Debug)]
pub struct Checkpoints {
    kept: Vec<Checkpoint>,
}

impl Checkpoints {
    pub fn new(first: Checkpoint) -> Self {
        Self { kept: vec![first] }
    }

    /// Adds a state, if `step` is later than the newest and a multiple of [`SPACING`].
    pub fn push_if_due(&mut self, step: u64, make: impl FnOnce() -> Checkpoint) {
        let newest = self.kept.last().map_or(0, |kept| kept.step);
        if step.is_multiple_of(SPACING) && step > newest {
            self.push(make());
        }
    }

    /// Adds a state later than the newest.
    pub fn push(&mut self, checkpoint: Checkpoint) {
        let step = checkpoint.step;
        let n_bytes = checkpoint.state.n_bytes().max(1);
        self.kept.push(checkpoint);
        let max_kept = (MAX_BYTES / n_bytes).clamp(MIN_KEPT, MAX_KEPT);
        while self.kept.len() > max_kept {
            self.drop_one(step);
        }
    }

    /// Drops the state whose loss leaves the smallest gap, for its age.
    fn drop_one(&mut self, newest: u64) {
        let cost = |i: usize| {
            let (before, after) = (self.kept[i - 1].step, self.kept[i + 1].step);
            (after - before) as f64 / (newest - before) as f64
        };
        let candidates = 1..self.kept.len() - 1;
        let cheapest = candidates.min_by(|&a, &b| cost(a).total_cmp(&cost(b)));
        if let Some(cheapest) = cheapest {
            self.kept.remove(cheapest);
        }
    }

    /// The last state at or before `step`.
    pub fn before(&self, step: u64) -> &Checkpoint {
        let n = self.kept.partition_point(|kept| kept.step <= step);
        &self.kept[n.saturating_sub(1)]
    }

    /// Forgets what came after `step` or after so many entries of the log. The first state stays.
    pub fn truncate(&mut self, step: u64, n_applied: usize) {
        let first_step = self.kept[0].step;
        self.kept.retain(|kept| {
            kept.step == first_step || (kept.step <= step && kept.n_applied <= n_applied)
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checkpoint(step: u64, n_params: usize) -> Checkpoint {
        let state = LaneState {
            params: vec![0.0; n_params],
            first: Vec::new(),
            second: Vec::new(),
            running: Vec::new(),
            n_updates: step,
            first_loss: None,
        };
        Checkpoint {
            step,
            n_applied: 0,
            state,
        }
    }

    /// Whatever the step, the state before it is at most some percent of its age away.
    #[test]
    fn gaps_grow_with_age() {
        let mut checkpoints = Checkpoints::new(checkpoint(0, 8));
        let newest = 2_000_000;
        for step in (0..=newest).step_by(SPACING as usize) {
            checkpoints.push_if_due(step, || checkpoint(step, 8));
        }
        assert!(checkpoints.kept.len() <= MAX_KEPT);
        for step in (0..newest).step_by(9_973) {
            let gap = step - checkpoints.before(step).step;
            let age = newest - step;
            assert!(gap <= SPACING + age / 8, "gap {gap} at age {age}");
        }
    }

    #[test]
    fn memory_is_bounded() {
        let n_params = 500_000;
        let mut checkpoints = Checkpoints::new(checkpoint(0, n_params));
        for step in (0..20_000).step_by(SPACING as usize) {
            checkpoints.push_if_due(step, || checkpoint(step, n_params));
        }
        let n_bytes: usize = checkpoints.kept.iter().map(|c| c.state.n_bytes()).sum();
        assert!(n_bytes <= MAX_BYTES, "{n_bytes}");
    }

    #[test]
    fn a_fork_forgets_what_came_after() {
        let mut checkpoints = Checkpoints::new(checkpoint(0, 8));
        for step in [100, 200, 300] {
            checkpoints.push_if_due(step, || checkpoint(step, 8));
        }
        checkpoints.truncate(250, 0);
        assert_eq!(checkpoints.before(1_000).step, 200);
    }
}
