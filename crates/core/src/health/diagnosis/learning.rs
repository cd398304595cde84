//! Whether anything is learnt.

use super::case::Case;
use super::remedies::{decay, lower_learning_rate, normalize, reinitialize, set_learning_rate};
use super::words::{percent, short};
use super::{Cause, Finding, Row, Verdict};
use crate::nn::spec::{Initializer, Loss, Optimizer};
use crate::observe::HistoryPoint;
use crate::scenario::functions_label;
use crate::text::count;

pub(super) fn solved(case: &Case) -> Option<Finding> {
    let alive = alive(case);
    let steps = count(case.step());
    match case.snapshot.accuracy {
        Some(accuracy) if accuracy >= 0.985 => {
            let emphasis = format!("{} % of the samples are right", short(percent(accuracy)));
            let after = format!(" after {steps} steps; {alive}.");
            Some(Finding::new(Verdict::Solved, "", emphasis, after))
        }
        None => {
            let first_loss = case.first_loss()?;
            let loss = f64::from(case.snapshot.loss);
            (case.step() > 0 && loss <= 0.01 * first_loss).then(|| {
                let emphasis = format!("the loss is down to {}", short(loss));
                let before = format!("After {steps} steps ");
                let after = format!(", from {}; {alive}.", short(first_loss));
                Finding::new(Verdict::Solved, before, emphasis, after)
            })
        }
        _ => None,
    }
}

/// Whether the loss is where it began, though there was time to learn.
pub(super) fn is_stuck(case: &Case) -> bool {
    let Some(first_loss) = case.first_loss() else {
        return false;
    };
    let recent = &case.history[case.history.len() * 3 / 4..];
    let mean = recent
        .iter()
        .map(|point| f64::from(point.loss))
        .sum::<f64>()
        / recent.len() as f64;
    case.step() >= 300 && recent.len() >= 5 && mean > 0.97 * first_loss
}

pub(super) fn not_learning(case: &Case) -> Option<Finding> {
    if !is_stuck(case) {
        return None;
    }
    let training = &case.scenario.training;
    let too_small = match training.optimizer {
        Optimizer::Sgd => 0.01,
        Optimizer::Momentum { .. } | Optimizer::Nesterov { .. } => 1e-3,
        Optimizer::RmsProp { .. } | Optimizer::Adam { .. } | Optimizer::AdamW { .. } => 3e-4,
    };
    let learning_rate = training.learning_rate;
    let (cause, emphasis, after, remedy) =
        if case.scenario.network.initializer == Initializer::Zeros {
            (
                Cause::WeightsEqual,
                "Nothing is learnt".to_owned(),
                ": all weights began at zero, so all units are alike and stay so.".to_owned(),
                reinitialize(case.scenario),
            )
        } else if learning_rate < too_small {
            let higher = 10.0 * too_small;
            (
                Cause::LearningRateLow,
                "Hardly anything is learnt".to_owned(),
                format!(
                    ": learning rate {} moves the weights too little.",
                    short(learning_rate)
                ),
                Some(set_learning_rate(higher)),
            )
        } else {
            let lower = lower_learning_rate(learning_rate);
            (
                Cause::Unexplained,
                "The loss has not fallen".to_owned(),
                format!(
                    " in {} steps: it is {}, as at the start.",
                    count(case.step()),
                    short(f64::from(case.snapshot.loss))
                ),
                (learning_rate > 30.0 * too_small).then(|| set_learning_rate(lower)),
            )
        };
    let loss = |point: Option<&HistoryPoint>| {
        let point = point?;
        let place = format!("step {}", count(point.step));
        Some(Row::new("loss", short(f64::from(point.loss)), place))
    };
    let rows = [loss(case.history.first()), loss(case.history.last())];
    let rate = Row::new("learning rate", short(learning_rate), "");
    let finding = Finding {
        cause,
        ..Finding::new(Verdict::NotLearning, "", emphasis, after)
    };
    Some(
        finding
            .seen(rows.into_iter().flatten())
            .seen([rate])
            .with(remedy)
            .with(reinitialize(case.scenario))
            .with(normalize(case.scenario)),
    )
}

pub(super) fn learning(case: &Case) -> Finding {
    let alive = alive(case);
    let first_loss = case.first_loss().filter(|_| case.step() > 0);
    let Some(first_loss) = first_loss else {
        let name = functions_label(&case.scenario.network);
        let before = format!(
            "{name} at learning rate {}: ",
            short(case.scenario.training.learning_rate)
        );
        return Finding::new(Verdict::Ready, before, alive, " at the start.");
    };
    let loss = f64::from(case.snapshot.loss);
    let change = if loss < first_loss { "fell" } else { "went" };
    Finding::new(
        Verdict::Learning,
        format!("The loss {change} from {} to ", short(first_loss)),
        format!("{} in {} steps", short(loss), count(case.step())),
        format!("; {alive}."),
    )
}

/// Cross-entropy of answers as sure as they are right: no more than the entropy of that accuracy (Guo et
/// al. 2017, arXiv 1706.04599, on calibration; the bound is Jensen's). This many times it is too sure.
const CALIBRATED_RATIO: f64 = 1.5;

pub(super) fn is_overconfident(case: &Case) -> bool {
    let train_loss = f64::from(case.snapshot.loss);
    confidence(case)
        .is_some_and(|(loss, bound, _)| loss > CALIBRATED_RATIO * bound && train_loss < 0.5 * loss)
}

pub(super) fn overconfident(case: &Case) -> Option<Finding> {
    let (loss, bound, accuracy) = confidence(case).filter(|_| is_overconfident(case))?;
    let train_loss = f64::from(case.snapshot.loss);
    let emphasis = "The answers are too sure";
    let after = format!(
        ": on the test samples the loss is {}, where {} would do for {} % right answers.",
        short(loss),
        short(bound),
        short(100.0 * accuracy)
    );
    let rows = [
        Row::new("loss", short(loss), "test samples"),
        Row::new("loss", short(train_loss), "training samples"),
        Row::new(
            "right answers",
            format!("{} %", short(100.0 * accuracy)),
            "test samples",
        ),
    ];
    Some(
        Finding::new(Verdict::Overconfident, "", emphasis, after)
            .seen(rows)
            .with(decay(case.scenario)),
    )
}

/// Test loss, the most that calibrated answers of that accuracy would have, and the accuracy; where the
/// loss is a plain cross-entropy.
pub(super) fn confidence(case: &Case) -> Option<(f64, f64, f64)> {
    let training = &case.scenario.training;
    let is_plain = matches!(training.loss, Loss::BceLogits | Loss::SoftmaxCrossEntropy);
    if !is_plain || !training.class_weights.is_empty() || case.step() == 0 {
        return None;
    }
    let loss = f64::from(case.snapshot.test_loss?);
    let accuracy = f64::from(case.snapshot.test_accuracy?);
    // A few hundred samples do not tell 99 % from 100 %.
    let (right, wrong) = (accuracy.clamp(0.01, 0.99), 1.0 - accuracy.clamp(0.01, 0.99));
    let n_others = case.scenario.network.n_outputs.saturating_sub(2) as f64 + 1.0;
    let entropy = -right * libm::log(right) - wrong * libm::log(wrong / n_others);
    Some((loss, entropy, accuracy))
}

/// "all 24 units are alive", "22 of 24 units are alive".
pub(super) fn alive(case: &Case) -> String {
    let n_alive = case.n_units - case.n_dead - case.n_saturated;
    if n_alive == case.n_units {
        format!("all {n_alive} units are alive")
    } else {
        format!("{n_alive} of {} units are alive", case.n_units)
    }
}
