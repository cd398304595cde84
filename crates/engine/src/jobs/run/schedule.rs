//! When a run is probed and kept: functions of the step alone, so that neither pacing nor looking can
//! change what is found.

/// Steps between probes: growing with the step, as what happens slows down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ProbeSchedule {
    max_interval: u64,
}

/// Work, in multiply-adds, that one interval should not exceed: a change within an interval is pinned by
/// replaying it a few times.
const MAX_INTERVAL_WORK: u64 = 200_000_000;

impl ProbeSchedule {
    /// For a network of `n_params` parameters trained on `batch_size` samples a step.
    pub fn new(n_params: usize, batch_size: usize) -> Self {
        let work_per_step = 3 * n_params as u64 * batch_size as u64;
        let max_interval = match MAX_INTERVAL_WORK / work_per_step.max(1) {
            0..100 => 10,
            100..1_000 => 100,
            _ => 1_000,
        };
        Self { max_interval }
    }

    /// Steps between probes at and after `step`. Each divides the next.
    fn interval(self, step: u64) -> u64 {
        let interval = match step {
            0..2_000 => 1,
            2_000..20_000 => 10,
            20_000..200_000 => 100,
            _ => 1_000,
        };
        interval.min(self.max_interval)
    }

    /// The first step after `step` that is probed.
    pub fn next(self, step: u64) -> u64 {
        let interval = self.interval(step);
        step - step % interval + interval
    }

    /// The last step up to `step` that is probed.
    pub fn last(self, step: u64) -> u64 {
        step - step % self.interval(step)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn probes_lie_farther_and_farther_apart() {
        let schedule = ProbeSchedule::new(100, 10);
        let check = |step, next, last| {
            assert_eq!((schedule.next(step), schedule.last(step)), (next, last));
        };
        check(0, 1, 0);
        check(1_999, 2_000, 1_999);
        check(2_000, 2_010, 2_000);
        check(2_009, 2_010, 2_000);
        check(19_995, 20_000, 19_990);
        check(20_001, 20_100, 20_000);
        check(1_000_001, 1_001_000, 1_000_000);
    }

    #[test]
    fn large_networks_keep_short_intervals() {
        let schedule = ProbeSchedule::new(500_000, 64);
        assert_eq!(schedule.next(1_000_000), 1_000_010);
    }
}
