//! How long a map takes, from how long the last one took: what is quick is trained at once, and what is not says how long
//! it will take before it begins.

use actiscope_core::protocol::{FleetProgress, FleetSpec};

/// What takes no longer is trained without being asked for.
const QUICK_S: f64 = 12.0;
/// Multiply-adds a second, before anything was measured: a slow laptop's.
const FIRST_GUESS: f64 = 3e8;

/// Measured on this device.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pace {
    work_per_second: f64,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            work_per_second: FIRST_GUESS,
        }
    }
}

impl Pace {
    /// Takes in how fast a fleet is trained.
    pub fn learn(&mut self, spec: &FleetSpec, progress: &FleetProgress) {
        let rate = f64::from(progress.lane_steps_per_second);
        if rate > 0.0 {
            self.work_per_second = rate * spec.work_per_step();
        }
    }

    /// Seconds that all of a fleet takes.
    pub fn seconds(&self, spec: &FleetSpec) -> f64 {
        spec.work() / self.work_per_second
    }

    pub fn is_quick(&self, spec: &FleetSpec) -> bool {
        self.seconds(spec) <= QUICK_S
    }
}

/// "3 s", "2 min".
pub fn duration(seconds: f64) -> String {
    match seconds {
        s if s < 1.0 => "under 1 s".into(),
        s if s < 90.0 => format!("{s:.0} s"),
        s => format!("{:.0} min", s / 60.0),
    }
}

#[cfg(test)]
mod tests {
    use actiscope_core::scenario::Scenario;

    use super::*;
    use crate::views::map::state::State;

    #[test]
    fn what_was_measured_tells_how_long_the_next_takes() {
        let state = State::default();
        let base = state.base(&Scenario::default()).expect("it can be");
        let spec = state.fleet(&base).expect("it is a map");
        let mut pace = Pace::default();
        let progress = FleetProgress {
            lane_steps_per_second: 102_400.0,
            ..FleetProgress::default()
        };
        pace.learn(&spec, &progress);
        assert!(
            (pace.seconds(&spec) - 3.0).abs() < 1e-6,
            "{}",
            pace.seconds(&spec)
        );
        let wide = State { grid: 128, ..state };
        let wide = wide.fleet(&base).expect("it is a map");
        assert!((pace.seconds(&wide) - 48.0).abs() < 1e-6);
        assert!(pace.is_quick(&spec) && !pace.is_quick(&wide));
        assert_eq!(duration(pace.seconds(&wide)), "48 s");
        assert_eq!(duration(150.0), "2 min");
    }
}
