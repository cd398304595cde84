//! How many steps to make before looking at the clock. Here time meets a job, and
//! decides nothing but how far the job gets.

use actiscope_core::protocol::EngineKind;

/// Milliseconds between two looks at the clock. The GPU takes some of them to answer, however little it
/// is asked: the more it is asked at a time, the better.
const CPU_LOOK_MS: f64 = 1.0;
const GPU_LOOK_MS: f64 = 8.0;
/// Most steps between two looks, for clocks that hardly move: some browsers round theirs.
const MAX_STRETCH: f64 = 4_096.0;
/// A rate is measured over at least this long.
const RATE_WINDOW_MS: f64 = 300.0;
/// A pause of the whole engine (a hidden page, a laptop asleep) counts as this long at most.
const MAX_GAP_MS: f64 = 250.0;

#[derive(Clone, Debug)]
pub struct Pacer {
    look_ms: f64,
    /// Estimated, so that a stretch takes `look_ms`.
    steps_per_look: f64,
    /// Steps that the speed limit allows and that were not made yet.
    allowance: f64,
    allowance_at_ms: Option<f64>,
    window_began_ms: Option<f64>,
    window_steps: u64,
    steps_per_second: f64,
}

impl Pacer {
    pub fn new() -> Self {
        Self {
            look_ms: CPU_LOOK_MS,
            steps_per_look: 1.0,
            allowance: 0.0,
            allowance_at_ms: None,
            window_began_ms: None,
            window_steps: 0,
            steps_per_second: 0.0,
        }
    }

    /// Another engine trains: what was learned of the last one is of no use.
    pub fn begin_anew(&mut self, engine: EngineKind) {
        self.look_ms = match engine {
            EngineKind::Cpu => CPU_LOOK_MS,
            EngineKind::Gpu => GPU_LOOK_MS,
        };
        self.steps_per_look = 1.0;
        self.window_began_ms = None;
        self.window_steps = 0;
    }

    /// Forgets when it was called last: training has paused.
    pub fn rest(&mut self) {
        self.allowance_at_ms = None;
        self.window_began_ms = None;
        self.window_steps = 0;
    }

    /// Steps to make before looking at the clock again.
    pub fn stretch(&self) -> u64 {
        self.steps_per_look as u64
    }

    /// What a stretch took.
    pub fn learn(&mut self, n_steps: u64, took_ms: f64) {
        let fitting = n_steps as f64 * self.look_ms / took_ms.max(0.01);
        // Half way towards it, and at most twice as many at a time: one slow stretch tells little.
        let next = 0.5 * (self.steps_per_look + fitting);
        self.steps_per_look = next.clamp(1.0, (2.0 * self.steps_per_look).min(MAX_STRETCH));
        self.count(n_steps);
    }

    /// Steps that were made.
    pub fn count(&mut self, n_steps: u64) {
        self.window_steps += n_steps;
    }

    /// Steps that a limit of `steps_per_second` allows now.
    pub fn allowed(&mut self, steps_per_second: Option<f64>, now_ms: f64) -> u64 {
        let Some(rate) = steps_per_second else {
            self.allowance_at_ms = None;
            return u64::MAX;
        };
        // The first step after a rest is free.
        let gap_ms = self.allowance_at_ms.map(|at| (now_ms - at).min(MAX_GAP_MS));
        self.allowance = gap_ms.map_or(1.0, |gap| self.allowance + rate * gap.max(0.0) / 1000.0);
        self.allowance_at_ms = Some(now_ms);
        self.allowance as u64
    }

    /// Counts steps against the limit.
    pub fn spend(&mut self, n_steps: u64) {
        self.allowance -= n_steps as f64;
    }

    /// Milliseconds until the limit allows the next step.
    pub fn wait_ms(&self, steps_per_second: f64) -> f64 {
        (1000.0 * (1.0 - self.allowance) / steps_per_second).max(0.0)
    }

    /// Steps a second, measured while training. Call it after every stretch of work.
    pub fn measure(&mut self, now_ms: f64) -> f64 {
        let began = *self.window_began_ms.get_or_insert(now_ms);
        let took_ms = now_ms - began;
        if took_ms >= RATE_WINDOW_MS {
            self.steps_per_second = 1000.0 * self.window_steps as f64 / took_ms;
            self.window_began_ms = Some(now_ms);
            self.window_steps = 0;
        }
        self.steps_per_second
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_kept_whatever_the_rhythm_of_calls() {
        let mut pacer = Pacer::new();
        let (mut now_ms, mut n_made) = (0.0, 0);
        for call in 0..1_000 {
            now_ms += f64::from(call % 17);
            let n = pacer.allowed(Some(100.0), now_ms);
            pacer.spend(n);
            n_made += n;
        }
        let expected = 100.0 * now_ms / 1000.0;
        assert!(
            (n_made as f64 - expected).abs() <= 2.0,
            "{n_made} of {expected}"
        );
    }

    #[test]
    fn stretches_grow_towards_the_look_interval() {
        let mut pacer = Pacer::new();
        for _ in 0..30 {
            let n = pacer.stretch();
            // 2 us a step.
            pacer.learn(n, n as f64 * 0.002);
        }
        assert!(
            (400..=600).contains(&pacer.stretch()),
            "{}",
            pacer.stretch()
        );
    }
}
