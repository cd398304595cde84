//! What an update is made of, and how far it goes: the decay's part, what the clip leaves, and the learning rate.

use super::super::case::Case;
use super::super::words::short;
use super::super::{Cause, Row, Start};
use super::{Suspicion, suspect, times};
use crate::nn::spec::{Optimizer, TrainingSpec};
use crate::scenario::Chosen;
use crate::text::count;

/// Norm of the decay's gradient over that of the data's, with the first weights: outweighs, and may.
const DECAY: (f64, f64) = (0.1, 0.02);
/// Share of updates that are clipped, to be called most of them.
const MOST: f64 = 0.9;
/// Norm of all that updates can add up to, over that of the first weights: too little to get anywhere, and perhaps.
const REACH: (f64, f64) = (0.5, 2.0);
/// Change of one of the first updates over the parameters' norm: overshoots, and may.
const CHANGE: (f64, f64) = (0.3, 0.1);
/// Times its first value that the loss has been at: thrown off, and perhaps.
const PEAK: (f64, f64) = (3.0, 1.5);

pub(super) fn weight_decay(case: &Case, start: &Start) -> Option<Suspicion> {
    let training = &case.scenario.training;
    let TrainingSpec {
        learning_rate,
        l1,
        l2,
        ..
    } = *training;
    // AdamW takes lr times decay of each parameter beside a step of about lr: they are equal at 1 / decay.
    let (pull, own) = match training.optimizer {
        Optimizer::AdamW { weight_decay, .. } => {
            let rms = start.weight_norm / libm::sqrt(start.n_params.max(1) as f64);
            (weight_decay * rms, weight_decay)
        }
        _ => (0.0, 0.0),
    };
    let ratio = match start.gradient_norm > 0.0 {
        true => start.decay_norm / start.gradient_norm,
        false => 0.0,
    };
    let (stable, shrink) = (
        2.0 * (1.0 + momentum(training)),
        learning_rate * l2.max(own),
    );
    let overshoots = shrink >= stable && adapts(training) == (own > 0.0);
    if !overshoots && ratio.max(pull) < DECAY.1 {
        return None;
    }
    let is_strong = overshoots || ratio.max(pull) >= DECAY.0;
    let (emphasis, after) = if overshoots {
        let after = format!(
            ": learning rate times decay is {}, and from {} on each update throws the weights past 0 and farther out.",
            short(shrink),
            short(stable)
        );
        ("The decay itself overshoots", after)
    } else {
        let after = format!(
            ": at the first step it pulls at the weights {} as hard as the data do.",
            times(ratio.max(pull))
        );
        ("The decay outweighs the data", after)
    };
    let named = [("L1", l1), ("L2", l2), ("weight decay", own)];
    let named = named.into_iter().filter(|(_, value)| *value > 0.0);
    let rows = named.map(|(name, value)| Row::new(name, short(value), ""));
    let parts = format!(
        "{} of decay, {} of data",
        short(start.decay_norm),
        short(start.gradient_norm)
    );
    let rows = rows.chain([Row::new("norm of the gradient", parts, "step 0")]);
    let words = [String::new(), emphasis.into(), after];
    Some(suspect(
        case,
        start,
        is_strong,
        Cause::WeightDecay,
        words,
        rows,
    ))
}

pub(super) fn clip_tight(case: &Case, start: &Start) -> Option<Suspicion> {
    let training = &case.scenario.training;
    let limit = training.clip_norm?;
    let share = start.clipped_share();
    // Who divides by the gradient's own size does not mind its size.
    if adapts(training) || share < MOST {
        return None;
    }
    let norm = start.usual_gradient_norm();
    let reach = reach(case, start, limit.min(norm));
    let far = reach * norm / limit.min(norm);
    if reach >= REACH.1 || far <= reach {
        return None;
    }
    let words = [
        "The gradient is ".into(),
        format!("cut to {} of its length", short(limit / norm)),
        format!(
            ": the limit {} leaves {} updates together less than {} of the weights' own norm.",
            short(limit),
            count(case.step()),
            short(reach)
        ),
    ];
    let rows = [
        Row::new("norm of the gradient", short(norm), "first updates"),
        Row::new("limit of it", short(limit), ""),
        Row::new(
            "updates that were cut",
            format!("{} %", short(100.0 * share)),
            "first updates",
        ),
    ];
    let is_strong = reach < REACH.0 || limit < 0.02 * norm;
    Some(suspect(
        case,
        start,
        is_strong,
        Cause::ClipTight,
        words,
        rows,
    ))
}

pub(super) fn rate_high(case: &Case, start: &Start) -> Option<Suspicion> {
    let training = &case.scenario.training;
    let learning_rate = training.learning_rate;
    let change = start.largest_change();
    let peak = peak(case);
    let has_diverged = case.snapshot.has_diverged;
    if !has_diverged && change < CHANGE.1 && peak < PEAK.1 {
        return None;
    }
    let is_strong = has_diverged || change >= CHANGE.0 || peak >= PEAK.0;
    let after = if has_diverged {
        format!(": training diverged at step {}.", count(case.step()))
    } else if change >= CHANGE.1 {
        format!(
            ": one of the first updates changed the parameters by {} % of their size.",
            short(100.0 * change)
        )
    } else {
        format!(": the loss has been at {} its first value.", times(peak))
    };
    let words = [
        format!("Learning rate {} ", short(learning_rate)),
        "overshoots".into(),
        after,
    ];
    let rows = [
        rate_row(training),
        Row::new(
            "largest change by an update",
            short(change),
            "first updates",
        ),
        Row::new("greatest loss over the first", short(peak), ""),
    ];
    Some(suspect(
        case,
        start,
        is_strong,
        Cause::LearningRateHigh,
        words,
        rows,
    ))
}

pub(super) fn rate_low(case: &Case, start: &Start) -> Option<Suspicion> {
    let training = &case.scenario.training;
    let norm = start.usual_gradient_norm();
    let norm = training.clip_norm.map_or(norm, |limit| norm.min(limit));
    let reach = reach(case, start, norm);
    if reach >= REACH.1 || case.snapshot.has_diverged {
        return None;
    }
    let words = [
        format!("Learning rate {} ", short(training.learning_rate)),
        "is too low".into(),
        format!(
            ": {} updates together can move the weights by {} of their own norm.",
            count(case.step()),
            short(reach)
        ),
    ];
    let rows = [
        rate_row(training),
        Row::new("norm of the gradient", short(norm), "first updates"),
    ];
    let is_strong = reach < REACH.0;
    Some(suspect(
        case,
        start,
        is_strong,
        Cause::LearningRateLow,
        words,
        rows,
    ))
}

/// Norm of the sum of all updates so far, if all had one direction and gradients of this norm, over that of weights
/// as its function is paired with. Momentum lengthens a step to lr / (1 - momentum); who adapts takes about lr for each parameter.
fn reach(case: &Case, start: &Start, gradient_norm: f64) -> f64 {
    let training = &case.scenario.training;
    let length = match adapts(training) {
        true => libm::sqrt(start.n_params as f64),
        false => gradient_norm / (1.0 - momentum(training)),
    };
    let weights = start.paired_norm.max(f64::MIN_POSITIVE);
    case.step() as f64 * training.learning_rate * length / weights
}

fn momentum(training: &TrainingSpec) -> f64 {
    match training.optimizer {
        Optimizer::Momentum { momentum } | Optimizer::Nesterov { momentum } => momentum,
        _ => 0.0,
    }
}

/// Divides by the gradient's own size.
pub(in super::super) fn adapts(training: &TrainingSpec) -> bool {
    matches!(
        training.optimizer,
        Optimizer::RmsProp { .. } | Optimizer::Adam { .. } | Optimizer::AdamW { .. }
    )
}

/// The greatest loss so far over the first.
fn peak(case: &Case) -> f64 {
    let Some(first) = case.first_loss().filter(|&loss| loss > 0.0) else {
        return 0.0;
    };
    let losses = case.history.iter().map(|point| f64::from(point.loss));
    losses.fold(0.0, f64::max) / first
}

fn rate_row(training: &TrainingSpec) -> Row {
    let value = format!(
        "{}, {}",
        short(training.learning_rate),
        training.optimizer.label()
    );
    Row::new("learning rate", value, "")
}
