//! Gradients that die out or run away between the layers.

use super::case::Case;
use super::learning::is_stuck;
use super::remedies::{
    clip, leaky, lower_learning_rate, normalize, reinitialize, set_learning_rate,
};
use super::words::short;
use super::{Finding, Row, Verdict};
use crate::health::words::layer_name;
use crate::text::count;

/// From the output to the first hidden layer, a gradient that shrinks or grows by this factor has
/// vanished or exploded. It does so exponentially with depth (Glorot and Bengio 2010; Pascanu et al. 2013, arXiv
/// 1211.5063), so that the factor's exact size matters little.
pub(super) const GRADIENT_RATIO: f64 = 1e3;
/// Times its first value that the loss has lately been over, without a break: on its way to divergence.
pub(super) const EXPLODED_LOSS_RATIO: f64 = 10.0;
/// The latest points of the history.
const N_LATELY: usize = 3;

/// Whether the loss or the gradient has exploded.
pub(super) fn is_exploding(case: &Case) -> bool {
    loss_has_exploded(case).is_some() || (case.layers.len() >= 2 && exploded_ends(case).is_some())
}

/// The gradient in layer 1 and in the output layer, where it has exploded between them.
fn exploded_ends(case: &Case) -> Option<(f64, f64)> {
    // Where all is learnt, both are next to nothing.
    case.gradient_ends()
        .filter(|&(first, output)| first >= GRADIENT_RATIO * output && first > 1e-3)
}

pub(super) fn vanishing(case: &Case) -> Option<Finding> {
    let (first, output) = case.gradient_ends()?;
    let n_hidden = case.layers.len();
    if !is_stuck(case) || n_hidden < 2 || output.is_nan() || first * GRADIENT_RATIO >= output {
        return None;
    }
    let emphasis = format!("shrinks to {} in layer 1", short(first));
    let after = format!(
        ", from {} in the output layer: the first layers do not learn.",
        short(output)
    );
    let remedies = [
        reinitialize(case.scenario),
        normalize(case.scenario),
        leaky(case.scenario),
    ];
    Some(
        Finding::new(Verdict::Vanishing, "The gradient ", emphasis, after)
            .seen(gradient_rows(case))
            .with(remedies.into_iter().flatten()),
    )
}

/// By layer, or over time.
pub(super) fn exploding(case: &Case) -> Option<Finding> {
    if case.snapshot.has_diverged {
        return None;
    }
    let scenario = case.scenario;
    let learning_rate = scenario.training.learning_rate;
    let lower = set_learning_rate(lower_learning_rate(learning_rate));
    let cures = [
        Some(lower),
        clip(scenario),
        reinitialize(scenario),
        normalize(scenario),
    ];
    let finding = if let Some(first_loss) = loss_has_exploded(case) {
        let loss = f64::from(case.snapshot.loss);
        let emphasis = format!("grew from {} to {}", short(first_loss), short(loss));
        let after = format!(
            " in {} steps: at learning rate {} each update overshoots.",
            count(case.step()),
            short(learning_rate)
        );
        let row = Row::new("loss over its first value", short(loss / first_loss), "");
        Finding::new(Verdict::Exploding, "The loss ", emphasis, after)
            .seen([row])
            .blaming_learning_rate(true)
    } else {
        let (first, output) = exploded_ends(case).filter(|_| case.layers.len() >= 2)?;
        let emphasis = format!("grows to {} in layer 1", short(first));
        let after = format!(
            ", from {} in the output layer: the first layers are thrown about.",
            short(output)
        );
        Finding::new(Verdict::Exploding, "The gradient ", emphasis, after)
    };
    Some(
        finding
            .seen(gradient_rows(case))
            .seen([Row::new("learning rate", short(learning_rate), "")])
            .with(cures.into_iter().flatten()),
    )
}

/// The first loss, if the latest ones are all far over it.
fn loss_has_exploded(case: &Case) -> Option<f64> {
    let first_loss = case.first_loss().filter(|&loss| loss > 0.0)?;
    let lately = case.history.len().checked_sub(N_LATELY)?;
    let is_over = |loss: f32| f64::from(loss) > EXPLODED_LOSS_RATIO * first_loss;
    let points = &case.history[lately..];
    (is_over(case.snapshot.loss) && points.iter().all(|point| is_over(point.loss)))
        .then_some(first_loss)
}

fn gradient_rows(case: &Case) -> Vec<Row> {
    let last = case.snapshot.layers.len().saturating_sub(1);
    let layers = case.snapshot.layers.iter().enumerate();
    layers
        .map(|(l, layer)| {
            let value = short(f64::from(layer.z_gradient_rms));
            Row::new("gradient RMS", value, layer_name(l, last))
        })
        .collect()
}
