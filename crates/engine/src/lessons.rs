//! The claims of lessons, measured: for callers that wait.

use actiscope_core::lessons::{Condition, Held, Measured, Quantity, Seen};
use actiscope_core::scenario::Scenario;

use crate::doctor::{DoctorError, observe};
use crate::sets;
use crate::wait::wait;

/// A condition on one seed.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct OnSeed {
    pub seed: u32,
    pub held: Held,
}

/// A condition on all of its seeds.
#[derive(Clone, Debug, PartialEq)]
pub struct Tried {
    pub seeds: Vec<OnSeed>,
    /// On as many as it says.
    pub holds: bool,
}

/// Measures a condition on each of its seeds: the scenario's, and those after it.
///
/// # Errors
/// If one of its networks cannot be run.
pub fn try_condition(
    condition: &Condition,
    now_ms: &mut dyn FnMut() -> f64,
) -> Result<Tried, DoctorError> {
    let (least, n_seeds) = condition.seeds;
    let mut seeds = Vec::new();
    for k in 0..n_seeds {
        let mut measured = Vec::new();
        for network in condition.networks() {
            let mut scenario = network.clone();
            scenario.seed = scenario.seed.wrapping_add(k);
            measured.push(measure(
                condition.quantity,
                scenario,
                condition.step,
                now_ms,
            )?);
        }
        seeds.push(OnSeed {
            seed: condition.with.seed.wrapping_add(k),
            held: condition.judge(measured[0], measured.get(1).copied().flatten()),
        });
    }
    let n_held = seeds.iter().filter(|seed| seed.held.holds).count();
    Ok(Tried {
        seeds,
        holds: n_held >= least as usize,
    })
}

/// A quantity of a scenario's run after so many steps.
///
/// # Errors
/// If it cannot be run.
pub fn measure(
    quantity: Quantity,
    mut scenario: Scenario,
    step: u64,
    now_ms: &mut dyn FnMut() -> f64,
) -> Result<Option<Measured>, DoctorError> {
    wait(sets::bring(&mut scenario));
    let n_steps = u32::try_from(step).unwrap_or(u32::MAX);
    let observed = observe(&scenario, n_steps, Quantity::look(), now_ms)?;
    Ok(quantity.of(&Seen {
        scenario: &scenario,
        loaded: &observed.loaded,
        snapshot: &observed.snapshot,
        history: &observed.history,
    }))
}
