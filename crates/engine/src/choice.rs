//! Which engine is to train a job that is left to choose. What is known is an argument, and nothing here
//! measures or moves.

use actiscope_core::protocol::{EngineKind, Rates, Why};

/// So much faster must the other engine be to take over: a move is not for nothing, and rates are measured in
/// tens of milliseconds.
const WORTH_A_MOVE: f64 = 1.25;

/// Steps that a GPU makes in a call at the least, where as many are wanted.
const GPU_CALL_STEPS: u64 = 100;

/// What steps cost on an engine, in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    /// Of asking for steps and learning what came of them, however many.
    pub call: f64,
    pub step: f64,
}

impl Cost {
    /// Of what a call of one step took, and one of `n` of them.
    pub fn measured(one_ms: f64, n: u64, all_ms: f64) -> Self {
        let step = match n {
            0 | 1 => one_ms,
            _ => ((all_ms - one_ms) / (n - 1) as f64).clamp(0.0, all_ms / n as f64),
        };
        Self {
            call: (one_ms - step).max(0.0),
            step,
        }
    }

    /// Steps a second in calls of `n`.
    pub fn rate(self, n: u64) -> f64 {
        let n = n.max(1) as f64;
        1000.0 * n / (self.call + n * self.step).max(1e-6)
    }
}

/// Both engines on one device, for one shape of lane.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    pub cpu: Cost,
    pub gpu: Cost,
}

impl Measured {
    /// In calls of `n` steps; of more on the GPU, which is looked at on its way.
    pub fn rates(&self, n: u64) -> Rates {
        Rates {
            cpu: Some(self.cpu.rate(n)),
            gpu: Some(self.gpu.rate(n.max(GPU_CALL_STEPS))),
        }
    }
}

/// The engine that is to train, and why. `asked`: steps a second; `None` for as many as there can be. `trains`:
/// the engine that trains now, if the job has begun; it stays where both are about as fast.
pub fn decide(asked: Option<f64>, rates: Rates, trains: EngineKind) -> (EngineKind, Why) {
    let (cpu, gpu) = (rates.cpu.unwrap_or(0.0), rates.gpu.unwrap_or(0.0));
    if let Some(asked) = asked.filter(|&asked| gpu >= asked) {
        return (EngineKind::Gpu, Why::KeepsUp { asked });
    }
    let kind = match trains {
        EngineKind::Cpu if gpu > WORTH_A_MOVE * cpu => EngineKind::Gpu,
        EngineKind::Gpu if cpu > WORTH_A_MOVE * gpu => EngineKind::Cpu,
        trains => trains,
    };
    (kind, Why::Faster)
}

/// Milliseconds that a trial takes at least, if it is to be believed.
const TRIAL_MS: f64 = 6.0;
/// Most steps of a trial, for clocks that hardly move.
const MAX_TRIAL_STEPS: u64 = 1_024;

/// Finds what an engine's steps cost: twice as many steps at a time until they take long enough.
#[derive(Clone, Copy, Debug, Default)]
pub struct Trial {
    one_ms: Option<f64>,
    n: u64,
    all_ms: f64,
}

impl Trial {
    /// Steps to try next; `None` when enough is known. The first ones are for the engine to get warm.
    pub fn next(&self) -> Option<u64> {
        match (self.n, self.one_ms) {
            (0, _) | (1, None) => Some(1),
            _ if self.all_ms >= TRIAL_MS || self.n >= MAX_TRIAL_STEPS => None,
            _ => Some(2 * self.n),
        }
    }

    /// What they took.
    pub fn learn(&mut self, n: u64, took_ms: f64) {
        if self.n == 1 && n == 1 {
            self.one_ms = Some(took_ms);
        }
        (self.n, self.all_ms) = (n, took_ms);
    }

    pub fn cost(&self) -> Cost {
        Cost::measured(self.one_ms.unwrap_or(self.all_ms), self.n, self.all_ms)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use EngineKind::{Cpu, Gpu};

    fn rates(cpu: f64, gpu: f64) -> Rates {
        Rates {
            cpu: Some(cpu),
            gpu: Some(gpu),
        }
    }

    #[test]
    fn a_gpu_stays_while_it_keeps_the_speed_that_is_asked_for() {
        let check =
            |asked: Option<f64>, (cpu, gpu): (f64, f64), trains, expect: (EngineKind, Why)| {
                assert_eq!(
                    decide(asked, rates(cpu, gpu), trains),
                    expect,
                    "{asked:?} {cpu} {gpu}"
                );
            };
        let keeps_up = |asked| Why::KeepsUp { asked };
        check(Some(60.0), (40_000.0, 900.0), Gpu, (Gpu, keeps_up(60.0)));
        check(Some(60.0), (40_000.0, 900.0), Cpu, (Gpu, keeps_up(60.0)));
        check(Some(1_000.0), (40_000.0, 900.0), Gpu, (Cpu, Why::Faster));
        check(Some(1_000.0), (500.0, 900.0), Cpu, (Gpu, Why::Faster));
        // At full speed the faster one.
        check(None, (40_000.0, 900.0), Gpu, (Cpu, Why::Faster));
        check(None, (900.0, 40_000.0), Cpu, (Gpu, Why::Faster));
        // About the same: no move.
        check(None, (1_000.0, 1_100.0), Cpu, (Cpu, Why::Faster));
        check(None, (1_100.0, 1_000.0), Gpu, (Gpu, Why::Faster));
    }

    #[test]
    fn what_a_call_costs_weighs_less_the_more_it_does() {
        let cost = Cost::measured(2.0, 101, 3.0);
        assert!((cost.step - 0.01).abs() < 1e-12 && (cost.call - 1.99).abs() < 1e-12);
        assert!(cost.rate(1) < 501.0 && cost.rate(1_000) > 80_000.0);
        // A first call that took longer than many: nothing below zero.
        let odd = Cost::measured(5.0, 10, 4.0);
        assert!(odd.step >= 0.0 && odd.call >= 0.0 && odd.rate(1).is_finite());
    }

    #[test]
    fn a_trial_ends() {
        let check = |call_ms: f64, step_ms: f64, most: usize| {
            let mut trial = Trial::default();
            let mut n_calls = 0;
            while let Some(n) = trial.next() {
                trial.learn(n, call_ms + n as f64 * step_ms);
                n_calls += 1;
            }
            assert!((2..=most).contains(&n_calls), "{n_calls} calls");
            let cost = trial.cost();
            assert!((cost.call - call_ms).abs() < 1e-9 && (cost.step - step_ms).abs() < 1e-9);
        };
        check(0.0, 100.0, 3);
        check(1.0, 0.01, 11);
        check(0.0, 0.001, 12);
        check(0.0, 0.0, 12);
    }
}
