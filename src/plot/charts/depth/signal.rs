//! How large z is and how the gradient changes from layer to layer, beside what theory says of the
//! network as it begins.

use actiscope_core::health::mean_field::{Fate, LayerSignal, gradient_ratio};
use actiscope_core::protocol::LayerSnapshot;

use super::dots::{DotColumn, Dots, Headline};
use super::layer_name;
use crate::plot::kit::ticks::short;

/// The chart of a snapshot's layers. chi of a layer is its gradient's mean square over that of the layer
/// after it.
pub fn signal_dots(layers: &[LayerSnapshot], theory: &[LayerSignal]) -> Dots {
    let n_layers = layers.len();
    let gradient = |layer: usize| {
        layers
            .get(layer)
            .map(|layer| f64::from(layer.z_gradient_rms))
    };
    let chi = |layer: usize| {
        let (this, next) = (gradient(layer)?, gradient(layer + 1)?);
        // Of nothing there is no share.
        (next != 0.0).then(|| (this / next) * (this / next))
    };
    let z_rms = |layer: &LayerSnapshot| {
        let (mean, std) = (f64::from(layer.z_mean), f64::from(layer.z_std));
        libm::sqrt(mean * mean + std * std)
    };
    Dots {
        n_layers,
        columns: vec![
            DotColumn {
                name: "RMS of z",
                measured: layers.iter().map(|layer| Some(z_rms(layer))).collect(),
                theory: theory
                    .iter()
                    .map(|layer| Some(libm::sqrt(layer.z_mean_square)))
                    .collect(),
                ..DotColumn::default()
            },
            DotColumn {
                name: "χ",
                guide: Some((1.0, "χ = 1")),
                measured: (0..n_layers).map(chi).collect(),
                theory: theory.iter().map(|layer| layer.chi).collect(),
                ..DotColumn::default()
            },
        ],
        headline: headline(layers, theory),
        ..Dots::default()
    }
}

/// RMS of dL/dz in the first hidden layer over that in the last; `None` with fewer than two, and where
/// there is no gradient.
pub fn measured_ratio(layers: &[LayerSnapshot]) -> Option<f64> {
    let hidden = &layers[..layers.len().saturating_sub(1)];
    let (first, last) = (hidden.first()?, hidden.last()?);
    let ratio = f64::from(first.z_gradient_rms) / f64::from(last.z_gradient_rms);
    (hidden.len() > 1 && last.z_gradient_rms > 0.0).then_some(ratio)
}

/// `vanishes`, `keeps its size`, `explodes`.
pub fn fate_in_words(fate: Fate) -> &'static str {
    match fate {
        Fate::Vanishes => "vanishes",
        Fate::Kept => "keeps its size",
        Fate::Explodes => "explodes",
    }
}

/// chi of a layer that would do what all of them do: the geometric mean over the hidden layers but the
/// last.
fn chi_of_a_layer(ratio: f64, n_layers: usize) -> f64 {
    libm::pow(ratio, 2.0 / n_layers.saturating_sub(2).max(1) as f64)
}

/// In theory, and measured now.
fn headline(layers: &[LayerSnapshot], theory: &[LayerSignal]) -> Option<Headline> {
    // With one hidden layer there is no way to go.
    if theory.len() < 3 {
        return None;
    }
    let ratio = gradient_ratio(theory);
    let fate = Fate::of(ratio);
    let chi = short(chi_of_a_layer(ratio, theory.len()));
    let word = match fate {
        Fate::Kept => "is critical",
        fate => fate_in_words(fate),
    };
    let now = measured_ratio(layers).map(Fate::of).map(fate_in_words);
    let short_word = word.trim_start_matches("is ");
    let theory = format!("Theory: {short_word}, χ {chi}");
    let mut forms = Vec::new();
    if let Some(now) = now {
        forms.push(format!(
            "Theory: the gradient {word}, χ {chi} a layer. Now: it {now}."
        ));
        forms.push(format!("{theory}. Now: {now}."));
    }
    forms.push(theory);
    Some(Headline {
        forms,
        is_warning: fate != Fate::Kept,
    })
}

/// The chart in words.
pub fn describe_signal(layers: &[LayerSnapshot], theory: &[LayerSignal]) -> String {
    let n = layers.len();
    if n == 0 || theory.len() != n {
        return "Signal by layer. Nothing has been measured yet.".into();
    }
    let dots = signal_dots(layers, theory);
    let [z, _] = &dots.columns[..] else {
        return String::new();
    };
    let pair = |layer: usize| {
        let of = |values: &[Option<f64>]| values[layer].map_or_else(String::new, short);
        format!(
            "{} at {} (theory {})",
            of(&z.measured),
            layer_name(layer, n),
            of(&z.theory)
        )
    };
    let mut text = format!("RMS of z: {}, {}.", pair(0), pair(n.saturating_sub(2)));
    if n < 3 {
        return text;
    }
    let ratio = gradient_ratio(theory);
    text += &format!(
        " In theory the gradient {} on its way down: χ is {} a layer, and layer 1 gets {} of what layer {} gets.",
        fate_in_words(Fate::of(ratio)),
        short(chi_of_a_layer(ratio, n)),
        short(ratio),
        n - 1,
    );
    if let Some(ratio) = measured_ratio(layers) {
        text += &format!(
            " Measured it {}: {}.",
            fate_in_words(Fate::of(ratio)),
            short(ratio)
        );
    }
    text
}
