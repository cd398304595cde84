//! The curves over time, in bounded memory.

use actiscope_core::protocol::HistoryPoint;

/// Most points that are kept.
const MAX_POINTS: usize = 4_096;
/// The first steps are kept whole.
const N_FIRST_STEPS: u64 = 500;

/// Points at growing distances: after the first steps only multiples of `stride`, which grows by 1, 2,
/// 5, 10 ... when there are too many. Which points are kept depends on nothing but the points.
#[derive(Clone, Debug)]
pub struct History {
    points: Vec<HistoryPoint>,
    stride: u64,
    /// Points that the page has.
    n_sent: usize,
    /// What the page has is to be replaced.
    is_whole: bool,
}

impl History {
    pub fn new() -> Self {
        Self::from_points(Vec::new())
    }

    /// Goes on from these.
    pub fn from_points(points: Vec<HistoryPoint>) -> Self {
        let mut history = Self {
            points,
            stride: 1,
            n_sent: 0,
            is_whole: true,
        };
        history.thin();
        history
    }

    /// Adds a point, if it is later than the last.
    pub fn push(&mut self, point: HistoryPoint) {
        let is_later = self.points.last().is_none_or(|last| last.step < point.step);
        if is_later && self.keeps(point.step) {
            self.points.push(point);
            self.thin();
        }
    }

    /// Forgets what came after `step`.
    pub fn truncate(&mut self, step: u64) {
        self.points.retain(|point| point.step <= step);
        self.send_whole();
    }

    /// The next increment is everything.
    pub fn send_whole(&mut self) {
        self.n_sent = 0;
        self.is_whole = true;
    }

    /// What was added since the last call, and whether it replaces what was sent before.
    pub fn take_increment(&mut self) -> (Vec<HistoryPoint>, bool) {
        let increment = self.points[self.n_sent..].to_vec();
        self.n_sent = self.points.len();
        (increment, std::mem::take(&mut self.is_whole))
    }

    pub fn points(&self) -> &[HistoryPoint] {
        &self.points
    }

    fn keeps(&self, step: u64) -> bool {
        step < N_FIRST_STEPS || step.is_multiple_of(self.stride)
    }

    fn thin(&mut self) {
        while self.points.len() > MAX_POINTS {
            // 1, 2, 5, 10, 20, 50 ...: in step with the probes.
            self.stride = match self.stride.to_string().as_bytes()[0] {
                b'2' => self.stride / 2 * 5,
                _ => self.stride * 2,
            };
            let stride = self.stride;
            self.points
                .retain(|point| point.step < N_FIRST_STEPS || point.step.is_multiple_of(stride));
            self.send_whole();
        }
    }
}

#[cfg(test)]
mod tests {
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

    #[test]
    fn memory_is_bounded_and_the_beginning_is_whole() {
        let mut history = History::new();
        (0..1_000_000).for_each(|step| history.push(point(step)));
        let steps: Vec<u64> = history.points().iter().map(|p| p.step).collect();
        assert!(steps.len() <= MAX_POINTS && steps.len() > MAX_POINTS / 3);
        assert_eq!(steps[..500], (0..500).collect::<Vec<_>>());
        assert_eq!(history.stride, 500);
        assert!(steps[500..].iter().all(|step| step % 500 == 0));
    }

    #[test]
    fn increments_add_up_to_the_whole() {
        let mut history = History::new();
        let mut page: Vec<HistoryPoint> = Vec::new();
        for step in 0..20_000 {
            history.push(point(step));
            if step % 37 == 0 {
                let (increment, is_whole) = history.take_increment();
                if is_whole {
                    page.clear();
                }
                page.extend(increment);
                assert_eq!(page, history.points());
            }
        }
    }

    #[test]
    fn a_fork_forgets_what_came_after() {
        let mut history = History::new();
        (0..100).for_each(|step| history.push(point(step)));
        history.take_increment();
        history.truncate(40);
        let (increment, is_whole) = history.take_increment();
        assert!(is_whole);
        assert_eq!(increment.len(), 41);
    }
}
