//! The first weights, measured against those that the function's own initializer would draw. He et al. (2015, arXiv
//! 1502.01852) and Glorot and Bengio (2010): the variance that keeps signal and gradient their size.

use super::super::case::Case;
use super::super::words::short;
use super::super::{Cause, Row, Start};
use super::{Suspicion, suspect, times};
use crate::scenario::Chosen;

/// RMS of the weights over that of their pair: too large, and perhaps.
const LARGE: (f64, f64) = (2.5, 1.6);
/// Too small, and perhaps.
const SMALL: (f64, f64) = (0.25, 0.5);

pub(super) fn equal(case: &Case, start: &Start) -> Option<Suspicion> {
    let at = start.hidden().iter().position(|layer| layer.is_alike)?;
    let value = short(start.layers[at].weight_rms);
    let words = [
        "All units of a layer ".into(),
        "began with the same weights".into(),
        ": they get the same gradient, stay alike, and do the work of one.".into(),
    ];
    let rows = [
        Row::new("first weights, all alike", value, layer(at)),
        initializer(case),
    ];
    Some(suspect(case, start, true, Cause::WeightsEqual, words, rows))
}

/// Too small or too large, by the layer that is off by most.
pub(super) fn scale(case: &Case, start: &Start) -> Option<Suspicion> {
    if case.scenario.network.batch_norm {
        // It divides by what they scale.
        return None;
    }
    let ratios = start.hidden().iter().map(|layer| match layer.is_alike {
        true => 1.0,
        false => layer.weight_rms / layer.paired_rms,
    });
    // A layer of few weights may have drawn small ones.
    let ratios: Vec<f64> = ratios.collect();
    let mean = ratios.iter().map(|r| libm::log(*r)).sum::<f64>() / ratios.len().max(1) as f64;
    let mean = libm::exp(mean);
    let (cause, is_strong, emphasis, after) = if mean > LARGE.1 {
        let after = "the units overshoot or saturate with the first sample they see.";
        (Cause::WeightsLarge, mean > LARGE.0, "too large", after)
    } else if mean < SMALL.1 {
        let after = "signal and gradient die out between the layers.";
        (Cause::WeightsSmall, mean < SMALL.0, "too small", after)
    } else {
        return None;
    };
    let words = [
        "The first weights are ".into(),
        emphasis.into(),
        format!(
            ": {} those that this function is paired with; {after}",
            times(mean)
        ),
    ];
    let first = start.layers.first()?;
    let value = format!(
        "{}, paired {}",
        short(first.weight_rms),
        short(first.paired_rms)
    );
    let rows = [
        Row::new("RMS of the first weights", value, layer(0)),
        initializer(case),
    ];
    Some(suspect(case, start, is_strong, cause, words, rows))
}

fn initializer(case: &Case) -> Row {
    let network = &case.scenario.network;
    let value = format!(
        "{}, gain {}",
        network.initializer.label(),
        short(network.gain)
    );
    Row::new("initializer", value, "step 0")
}

fn layer(index: usize) -> String {
    format!("step 0, layer {}", index + 1)
}
