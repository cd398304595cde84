//! Learning-rate schedules: by what the learning rate is multiplied in each update of a run.
//!
//! ```text
//! t                 updates made before this one
//! w                 updates of warm-up
//! (t + 1) / w       while t < w                                     Goyal et al. 2017, arXiv 1706.02677
//! then, t - w in place of t:
//! 1                                                                 constant
//! factor^floor(t / every)                                           step; PyTorch's StepLR
//! floor + (1 - floor) (1 + cos(pi min(t / over, 1))) / 2            cosine; Loshchilov and Hutter 2017, arXiv 1608.03983,
//!                                                                   eq. 5 without restarts; PyTorch's CosineAnnealingLR up to
//!                                                                   `over`, after which it stays at its floor here
//! ```
//!
//! It is a function of the step and of nothing else, so that a run that is replayed, sought or moved to another engine
//! meets the same rates. A layer's own rate is multiplied as the common one.

use std::f64::consts::PI;

use serde::{Deserialize, Serialize};

#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Schedule {
    /// Updates over which the rate rises to its full height; 0 for none.
    pub warm_up: u32,
    pub annealing: Annealing,
}

/// How the rate falls after the warm-up. Lengths are whole numbers of updates, 1 at least.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub enum Annealing {
    #[default]
    Constant,
    Step {
        every: f64,
        factor: f64,
    },
    Cosine {
        over: f64,
        floor: f64,
    },
}

impl Schedule {
    /// What the learning rate is multiplied by in the update after `step` updates; exactly 1 where nothing is scheduled.
    pub fn factor(&self, step: u64) -> f64 {
        let warm_up = u64::from(self.warm_up);
        if step < warm_up {
            return (step + 1) as f64 / warm_up as f64;
        }
        let t = (step - warm_up) as f64;
        match self.annealing {
            Annealing::Constant => 1.0,
            Annealing::Step { every, factor } => libm::pow(factor, libm::floor(t / every)),
            Annealing::Cosine { over, floor } => {
                let falling = (1.0 + libm::cos(PI * (t / over).min(1.0))) / 2.0;
                floor + (1.0 - floor) * falling
            }
        }
    }

    /// The rate is the same in every update.
    pub fn is_constant(&self) -> bool {
        *self == Self::default()
    }

    /// Updates after which one has seen what there is to see of it: the end of the warm-up with some time after it, four falls
    /// of a step, the end of a cosine.
    pub fn n_telling_steps(&self) -> u64 {
        let warm_up = u64::from(self.warm_up);
        match self.annealing {
            Annealing::Constant => 2 * warm_up,
            Annealing::Step { every, .. } => warm_up + 4 * every as u64,
            Annealing::Cosine { over, .. } => warm_up + over as u64 + over as u64 / 8,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(schedule: Schedule, expected: &[(u64, f64)]) {
        for &(step, factor) in expected {
            let found = schedule.factor(step);
            assert!(
                (found - factor).abs() < 1e-12,
                "step {step}: {found}, not {factor}"
            );
        }
    }

    #[test]
    fn factors_by_hand() {
        let constant = Schedule::default();
        assert!(constant.is_constant());
        assert!([0, 1, 10_000].iter().all(|&t| constant.factor(t) == 1.0));
        let warm = Schedule {
            warm_up: 4,
            ..constant
        };
        check(warm, &[(0, 0.25), (1, 0.5), (3, 1.0), (4, 1.0), (99, 1.0)]);
        let step = Schedule {
            warm_up: 0,
            annealing: Annealing::Step {
                every: 10.0,
                factor: 0.1,
            },
        };
        check(step, &[(0, 1.0), (9, 1.0), (10, 0.1), (25, 0.01)]);
        let cosine = Schedule {
            warm_up: 2,
            annealing: Annealing::Cosine {
                over: 8.0,
                floor: 0.2,
            },
        };
        // Half way down, and at the floor from the end on.
        check(
            cosine,
            &[(1, 1.0), (2, 1.0), (6, 0.6), (10, 0.2), (500, 0.2)],
        );
    }
}
