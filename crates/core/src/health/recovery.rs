//! What would bring a dead or saturated unit back: how far its samples are from where the function has a
//! slope, and whether anything can still move them there.

use serde::{Deserialize, Serialize};

use super::Health;
use super::judge::{SATURATED_SAMPLE_SHARE, small_slope};
use crate::activation::Activation;

/// A slope of a dead unit counts as living over this share of max |f'|: under it f32 makes of the slope of
/// a smooth function what it likes.
const LIVING_SHARE: f64 = 1e-6;

/// The way back of a unit that is not alive.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recovery {
    /// The least change of all its z together, signed, that gives `n_needed` samples a slope again;
    /// `None` where there is none.
    pub shift: Option<f64>,
    /// Samples that must come back: 1 of a dead unit, over 5 % of a saturated one's.
    pub n_needed: usize,
    pub n_samples: usize,
    pub lever: Lever,
    pub inputs: Inputs,
    /// What moves its weights though no gradient does.
    pub drive: Drive,
}

/// The parameter that shifts all z of a unit alike.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Lever {
    Bias,
    /// Batch normalisation takes the bias out again; its own shift does not.
    NormShift,
}

/// What feeds the unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Inputs {
    /// The data, which stand still.
    Data,
    /// Layers that still learn.
    LayersBelow,
    /// Layers that get no gradient either, because all of hidden layer `layer` is dead.
    Cut { layer: usize },
}

/// What moves a unit's own weights where its gradient is 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Drive {
    Nothing,
    /// What the optimizer remembers, for some more steps.
    Momentum,
    /// L1 or L2 draws them towards 0.
    Decay,
}

/// How a unit is fed and moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Situation {
    pub lever: Lever,
    pub inputs: Inputs,
    pub drive: Drive,
}

impl Recovery {
    /// Of a unit with this health and these pre-activations, `[n_samples]`. `None` if it is alive.
    pub fn new(
        health: Health,
        activation: &Activation,
        z: &[f32],
        situation: Situation,
    ) -> Option<Self> {
        let max_abs_slope = activation.max_abs_slope();
        let (threshold, n_needed) = match health {
            Health::Alive => return None,
            Health::Dead => (LIVING_SHARE * max_abs_slope, 1),
            Health::Saturated => {
                let share = 1.0 - SATURATED_SAMPLE_SHARE;
                let n = (share * z.len() as f64 + 1e-9) as usize + 1;
                (small_slope(max_abs_slope), n)
            }
        };
        let lives = |z: f64| activation.slope(z).abs() >= threshold;
        let z: Vec<f64> = z.iter().map(|&z| f64::from(z)).collect();
        let Situation {
            lever,
            inputs,
            drive,
        } = situation;
        Some(Self {
            shift: least_shift(&z, n_needed, &lives),
            n_needed,
            n_samples: z.len(),
            lever,
            inputs,
            drive,
        })
    }

    /// In words, a sentence each. `health`: of the unit.
    pub fn sentences(&self, health: Health) -> Vec<String> {
        let is_dead = health == Health::Dead;
        let mut said = Vec::new();
        let lever = match self.lever {
            Lever::Bias => "bias",
            Lever::NormShift => "normalization's shift",
        };
        if let Some(shift) = self.shift {
            let direction = if shift < 0.0 { "fall" } else { "rise" };
            let distance = super::diagnosis::short(shift.abs());
            let aim = if is_dead {
                "to get gradient from one sample".into()
            } else {
                let Self {
                    n_needed,
                    n_samples,
                    ..
                } = self;
                format!("to learn from {n_needed} of {n_samples} samples")
            };
            said.push(format!(
                "Its {lever} would have to {direction} by {distance} {aim}."
            ));
        } else {
            said.push(format!("No change of its {lever} alone would do."));
        }
        if !is_dead {
            said.push(
                "Its gradient is small but not 0: it may come back by itself, slowly.".into(),
            );
            return said;
        }
        said.push(
            match self.drive {
                Drive::Nothing => "No gradient moves its own weights.",
                Drive::Momentum => {
                    "No gradient moves its own weights, only what the optimizer remembers."
                }
                Drive::Decay => "No gradient moves its own weights, only decay.",
            }
            .into(),
        );
        said.push(match self.inputs {
            Inputs::Data => "Its inputs are the data: only a change of yours brings it back.".into(),
            Inputs::LayersBelow => "The layers below still learn, and may bring it back.".into(),
            Inputs::Cut { layer } => format!(
                "All of layer {} is dead, so the layers below stand still too: only a change of yours brings it back.",
                layer + 1
            ),
        });
        said
    }
}

/// The change of all `z`, least in magnitude, with which at least `n_needed` of them live.
fn least_shift(z: &[f64], n_needed: usize, lives: &dyn Fn(f64) -> bool) -> Option<f64> {
    if z.len() < n_needed || z.iter().any(|z| !z.is_finite()) {
        return None;
    }
    let stretches = living_stretches(z, lives);
    // Of each sample, up to the next living stretch and down to the last.
    let up = |z: f64| {
        let next = stretches.iter().find(|&&(_, high)| high >= z)?;
        Some((next.0 - z).max(0.0))
    };
    let down = |z: f64| {
        let last = stretches.iter().rev().find(|&&(low, _)| low <= z)?;
        Some((last.1 - z).min(0.0))
    };
    let nth = |shift: &dyn Fn(f64) -> Option<f64>| {
        let mut shifts: Vec<f64> = z.iter().filter_map(|&z| shift(z)).collect();
        shifts.sort_by(|a, b| a.abs().total_cmp(&b.abs()));
        shifts.get(n_needed - 1).copied()
    };
    // A sample that needs less may be carried through a narrow stretch: only what holds is told.
    let holds = |shift: f64| z.iter().filter(|&&z| lives(z + shift)).count() >= n_needed;
    [nth(&up), nth(&down)]
        .into_iter()
        .flatten()
        .filter(|&shift| holds(shift))
        .min_by(|a, b| a.abs().total_cmp(&b.abs()))
}

/// Where a function lives, from left to right, as far as the samples go and a little farther. Both ends
/// live.
fn living_stretches(z: &[f64], lives: &dyn Fn(f64) -> bool) -> Vec<(f64, f64)> {
    const DENSE_HALF: f64 = 16.0;
    const PER_Z: f64 = 64.0;
    let reach = z.iter().fold(DENSE_HALF, |reach, z| reach.max(z.abs())) * 1.1;
    // Functions bend near 0; far out they go on as they were.
    let mut half: Vec<f64> = (1..=(DENSE_HALF * PER_Z) as i32)
        .map(|i| f64::from(i) / PER_Z)
        .collect();
    let mut far = DENSE_HALF;
    while far < reach {
        far *= 1.1;
        half.push(far);
    }
    let grid = half.iter().rev().map(|z| -z).chain([0.0]);
    let grid: Vec<f64> = grid.chain(half.iter().copied()).collect();
    let mut stretches: Vec<(f64, f64)> = Vec::new();
    let mut before: Option<f64> = None;
    let mut is_open = false;
    for &z in &grid {
        match (lives(z), before) {
            (true, None) => stretches.push((z, z)),
            (true, Some(dead)) if !is_open => {
                let edge = living_edge(z, dead, lives);
                stretches.push((edge, z));
            }
            (false, Some(alive)) if is_open => {
                let edge = living_edge(alive, z, lives);
                if let Some(last) = stretches.last_mut() {
                    last.1 = edge;
                }
            }
            _ => {}
        }
        is_open = lives(z);
        if let Some(last) = stretches.last_mut().filter(|_| is_open) {
            last.1 = z;
        }
        before = Some(z);
    }
    stretches
}

/// The last living place between a living and a dead one, but for a billionth: what is added to a z
/// must not round to the edge itself.
fn living_edge(mut alive: f64, mut dead: f64, lives: &dyn Fn(f64) -> bool) -> f64 {
    for _ in 0..26 {
        let middle = 0.5 * (alive + dead);
        if lives(middle) {
            alive = middle;
        } else {
            dead = middle;
        }
    }
    alive
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::activation::ActivationSpec;
    use crate::health::SlopeCounts;

    const SITUATION: Situation = Situation {
        lever: Lever::Bias,
        inputs: Inputs::Data,
        drive: Drive::Nothing,
    };

    fn activation(id: &str) -> Activation {
        Activation::resolve(&ActivationSpec::new(id)).expect("a function of the catalogue")
    }

    /// As the judge has it, of z shifted by `shift`.
    fn health(f: &Activation, z: &[f32], shift: f64) -> Health {
        let slopes = z.iter().map(|&z| f.slope(f64::from(z) + shift));
        SlopeCounts::new(slopes, f.max_abs_slope()).health()
    }

    fn check(id: &str, z: &[f32], health: Health, expected: f64) {
        let recovery = Recovery::new(health, &activation(id), z, SITUATION);
        let shift = recovery.and_then(|recovery| recovery.shift);
        let shift = shift.unwrap_or(f64::NAN);
        assert!(
            (shift - expected).abs() < 1e-6,
            "{id}: {shift}, not {expected}"
        );
    }

    #[test]
    fn the_nearest_sample_is_the_way_back() {
        let dead = Health::Dead;
        check("relu", &[-3.0, -0.42, -1.0], dead, f64::from(0.42_f32));
        // Beyond the upper bend it is nearer to go down.
        check("relu6", &[6.5, 9.0], dead, -0.5);
        check("relu6", &[-0.25, 9.0], dead, 0.25);
        check("hard_tanh", &[-1.5, 1.25], dead, -0.25);
    }

    #[test]
    fn a_saturated_unit_needs_more_than_one_sample() {
        // tanh: 1 - a² = 0.05 at z = artanh(sqrt(0.95)).
        let edge = libm::atanh(libm::sqrt(0.95));
        let z: Vec<f32> = (0..100).map(|i| 3.0 + 0.01 * i as f32).collect();
        let recovery = Recovery::new(Health::Saturated, &activation("tanh"), &z, SITUATION);
        let recovery = recovery.expect("a way back");
        // Six of a hundred are over 5 %: the sixth stands at 3.05.
        assert_eq!(recovery.n_needed, 6);
        let shift = recovery.shift.expect("a shift");
        assert!((shift - (edge - 3.05)).abs() < 1e-5, "{shift}");
    }

    #[test]
    fn what_cannot_be_shifted_is_not_promised() {
        let z = [f32::NAN, -1.0];
        let relu = activation("relu");
        let recovery = Recovery::new(Health::Dead, &relu, &z, SITUATION).expect("dead");
        assert_eq!(recovery.shift, None);
        assert_eq!(Recovery::new(Health::Alive, &relu, &z, SITUATION), None);
        assert!(
            Recovery::new(Health::Dead, &relu, &[], SITUATION).is_some_and(|r| r.shift.is_none())
        );
    }

    #[test]
    fn the_way_back_in_words() {
        let said = |inputs, drive, lever| {
            let situation = Situation {
                lever,
                inputs,
                drive,
            };
            let recovery = Recovery::new(Health::Dead, &activation("relu"), &[-0.42], situation);
            recovery.expect("dead").sentences(Health::Dead).join(" ")
        };
        expect_test::expect!["Its bias would have to rise by 0.42 to get gradient from one sample. No gradient moves its own weights. Its inputs are the data: only a change of yours brings it back."]
        .assert_eq(&said(Inputs::Data, Drive::Nothing, Lever::Bias));
        expect_test::expect!["Its normalization's shift would have to rise by 0.42 to get gradient from one sample. No gradient moves its own weights, only what the optimizer remembers. The layers below still learn, and may bring it back."]
        .assert_eq(&said(Inputs::LayersBelow, Drive::Momentum, Lever::NormShift));
        expect_test::expect!["Its bias would have to rise by 0.42 to get gradient from one sample. No gradient moves its own weights, only decay. All of layer 2 is dead, so the layers below stand still too: only a change of yours brings it back."]
        .assert_eq(&said(Inputs::Cut { layer: 1 }, Drive::Decay, Lever::Bias));
        // Of each side too few come back.
        let z: Vec<f32> = (0..100)
            .map(|i| {
                if i % 2 == 0 {
                    4.0 + i as f32
                } else {
                    -4.0 - i as f32
                }
            })
            .collect();
        let torn = Recovery::new(Health::Saturated, &activation("tanh"), &z, SITUATION);
        let torn = torn.expect("saturated").sentences(Health::Saturated);
        assert_eq!(torn[0], "No change of its bias alone would do.");
        let z = [4.0; 100];
        let saturated =
            Recovery::new(Health::Saturated, &activation("tanh"), &z, SITUATION).expect("a way");
        expect_test::expect!["Its bias would have to fall by 1.8 to learn from 6 of 100 samples. Its gradient is small but not 0: it may come back by itself, slowly."]
        .assert_eq(&saturated.sentences(Health::Saturated).join(" "));
    }

    proptest! {
        /// What is told holds: with that shift the judge finds the unit better, with 99 % of it not.
        #[test]
        fn the_shift_is_enough_and_no_more_than_enough(
            id in prop::sample::select(vec!["relu", "relu6", "hard_tanh", "tanh", "sigmoid", "elu", "gelu"]),
            middle in -9.0_f32..9.0, spread in 0.0_f32..2.0, n in 1_usize..60,
        ) {
            let f = activation(id);
            let z: Vec<f32> = (0..n)
                .map(|i| middle + spread * (i as f32 / n as f32 - 0.5))
                .collect();
            let now = health(&f, &z, 0.0);
            prop_assume!(now != Health::Alive);
            let recovery = Recovery::new(now, &f, &z, SITUATION).expect("a way back");
            let Some(shift) = recovery.shift else { return Ok(()) };
            let then = health(&f, &z, shift);
            prop_assert!(then != Health::Dead, "{then:?} after {shift}");
            if now == Health::Saturated {
                prop_assert_eq!(then, Health::Alive);
                prop_assert_eq!(health(&f, &z, 0.99 * shift), Health::Saturated);
            }
        }
    }
}
