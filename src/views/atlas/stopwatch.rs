//! Measures what functions cost on this device, a few milliseconds at a time.

use std::slice::Iter;

use actiscope_core::activation::cost::{BLOCK, Timed};
use actiscope_core::activation::{Activation, ActivationSpec, Entry, catalogue};
use leptos::prelude::*;

use super::measured::Measured;
use super::slices::in_slices;
use crate::browser::now_ms;
use crate::memo::Memo;
use crate::ui::kit::erased::effect;

/// Runs of each function, of which the fastest counts.
const N_RUNS: u32 = 5;
/// A run is as long as it takes the browser's clock to tell it.
const RUN_MS: f64 = 2.0;

/// A function that is being timed.
struct OnTheClock {
    id: &'static str,
    timed: Timed,
    n_runs: u32,
    least_ns: f64,
}

/// How far measuring has come.
struct Stopwatch {
    left: Iter<'static, Entry>,
    now: Option<OnTheClock>,
    found: Vec<(&'static str, f64)>,
    /// What was computed is used, so that computing it is not left out.
    kept: f32,
}

impl Stopwatch {
    /// Times one run, and says whether there is another.
    fn step(&mut self, measured: Measured) -> bool {
        if self.now.is_none() {
            let Some(entry) = self.left.next() else {
                if !self.kept.is_nan() {
                    measured.tell(std::mem::take(&mut self.found));
                }
                return false;
            };
            if let Ok(activation) = Activation::resolve(&ActivationSpec::new(entry.id)) {
                self.now = Some(OnTheClock {
                    id: entry.id,
                    timed: Timed::new(&activation),
                    n_runs: 0,
                    least_ns: f64::INFINITY,
                });
            }
        }
        if let Some(now) = &mut self.now {
            let begin = now_ms();
            let mut n_blocks = 0.0;
            while now_ms() - begin < RUN_MS {
                self.kept = self.kept.max(now.timed.run_as_built());
                n_blocks += 1.0;
            }
            let ns = 1e6 * (now_ms() - begin) / (n_blocks * BLOCK as f64);
            now.least_ns = now.least_ns.min(ns);
            now.n_runs += 1;
            if now.n_runs == N_RUNS {
                self.found.push((now.id, now.least_ns));
                self.now = None;
            }
        }
        true
    }
}

/// Measures all functions as long as there is leisure for it, and goes on when there is again.
pub fn measure_at_leisure(measured: Measured, has_leisure: Memo<bool>) {
    let stopwatch = StoredValue::new_local(Stopwatch {
        left: catalogue().iter(),
        now: None,
        found: Vec::new(),
        kept: 0.0,
    });
    let is_measuring = StoredValue::new(false);
    let step = move || {
        // None where the tab is gone.
        let step =
            |stopwatch: &mut Stopwatch| has_leisure.get_untracked() && stopwatch.step(measured);
        let has_more = stopwatch.try_update_value(step).unwrap_or(false);
        if !has_more {
            is_measuring.try_set_value(false);
        }
        has_more
    };
    effect(move || {
        if has_leisure.get() && !measured.is_done() && !is_measuring.get_value() {
            is_measuring.set_value(true);
            in_slices(Box::new(step));
        }
    });
}
