//! What was looked at, with the numbers, whether it was found or not.

use super::case::Case;
use super::gradient::{EXPLODED_LOSS_RATIO, GRADIENT_RATIO};
use super::learning::confidence;
use super::words::short;
use super::{Evidence, Verdict, examine};
use crate::text::count;

/// One thing that was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    pub name: &'static str,
    pub is_passed: bool,
    /// The numbers.
    pub says: String,
}

/// Everything that [`examine`] looks for, in its order.
pub fn checklist(evidence: Evidence) -> Vec<Check> {
    let found: Vec<Verdict> = examine(evidence).iter().map(|f| f.verdict).collect();
    let case = Case::new(evidence);
    let check = |name, verdicts: &[Verdict], says: String| Check {
        name,
        is_passed: !verdicts.iter().any(|verdict| found.contains(verdict)),
        says,
    };
    let loss = f64::from(case.snapshot.loss);
    let n_born_dead = case.events.iter().filter(|event| {
        event.step == 0 && matches!(event.what, crate::health::What::BornDead { .. })
    });
    let mut checks = vec![
        check(
            "Diverged",
            &[Verdict::Diverged],
            format!("loss {} at step {}", short(loss), count(case.step())),
        ),
        check(
            "Born dead",
            &[Verdict::BornDead],
            format!("{} of {} layers", n_born_dead.count(), case.layers.len()),
        ),
        check(
            "Dead",
            &[Verdict::LayerDead, Verdict::Dying, Verdict::BornDead],
            format!("{} of {} units", case.n_dead, case.n_units),
        ),
        check(
            "Saturated",
            &[Verdict::Saturated],
            format!(
                "{} of {} units (30 % are too many)",
                case.n_saturated, case.n_units
            ),
        ),
    ];
    if let Some((first, output)) = case.gradient_ends() {
        let ratio = first / output;
        let ratio = if ratio.is_finite() {
            short(ratio)
        } else {
            "none".into()
        };
        checks.push(check(
            "Vanishing",
            &[Verdict::Vanishing],
            format!(
                "gradient of layer 1 over the output's: {ratio} (under {} and stuck is too little)",
                short(1.0 / GRADIENT_RATIO)
            ),
        ));
    }
    if let Some(first_loss) = case.first_loss() {
        let times = short(loss / first_loss);
        checks.push(check(
            "Exploding",
            &[Verdict::Exploding],
            format!(
                "loss {times} times its first value ({} is too much)",
                short(EXPLODED_LOSS_RATIO)
            ),
        ));
        checks.push(check(
            "Not learning",
            &[Verdict::NotLearning, Verdict::Vanishing],
            format!("loss {}, at first {}", short(loss), short(first_loss)),
        ));
    }
    if let Some((loss, bound, _)) = confidence(&case) {
        checks.push(check(
            "Overconfident",
            &[Verdict::Overconfident],
            format!(
                "test loss {}, calibrated at most {}",
                short(loss),
                short(bound)
            ),
        ));
    }
    checks
}
