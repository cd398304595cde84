//! From bins that are even in asinh z to bars over z.

use super::numbers::N_BINS;
use super::{LayerAbout, Trace};

/// Where the bins end.
const END: f64 = 1000.0;
/// Ends of the axis of which the first that holds nearly all is taken.
const AXES: [f64; 7] = [3.0, 6.0, 12.0, 30.0, 100.0, 300.0, 1000.0];
/// Share of all z of the run that an axis holds.
const HELD: f64 = 0.98;

/// Pre-activations of a layer at one record.
#[derive(Clone, Debug, PartialEq)]
pub struct Histogram {
    /// The axis: from -`end` to `end`, the same for all layers and records.
    pub end: f32,
    pub bars: Vec<Bar>,
    /// Where the function's slope is exactly 0, as far as it is known by its name.
    pub flat: Vec<(f32, f32)>,
}

/// z between two values. What lies beyond the axis is left out.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    pub from: f32,
    pub to: f32,
    /// Density over the largest one of the layer: 0 to 1.
    pub height: f32,
    /// The middle lies where the slope is 0.
    pub is_flat: bool,
}

impl Trace {
    /// The end of the axis of z that suits the whole run.
    pub(super) fn z_end(&self) -> f32 {
        let mut totals = [0_u64; N_BINS];
        for layer in 0..self.layers.len() {
            // Some records tell as much as all.
            for record in (0..self.n_records()).step_by(self.n_records().div_ceil(32).max(1)) {
                for (total, bin) in totals.iter_mut().zip(self.bins(layer, record)) {
                    *total += u64::from(bin);
                }
            }
        }
        let all: u64 = totals.iter().sum();
        let holds = |end: f64| {
            let inner = (0..N_BINS).filter(|&bin| edge(bin) >= -end && edge(bin + 1) <= end);
            inner.map(|bin| totals[bin]).sum::<u64>() as f64 >= HELD * all as f64
        };
        let axis = AXES.into_iter().find(|&end| holds(end));
        axis.unwrap_or(END) as f32
    }

    pub(super) fn histogram(&self, layer: usize, record: usize, end: f32) -> Histogram {
        let about = self.layers.get(layer).map(|layer| &layer.about);
        let flat = about.map_or(Vec::new(), flat);
        let bins = self.bins(layer, record);
        let bars = bins.iter().enumerate().filter_map(|(bin, &n)| {
            let (from, to) = (edge(bin) as f32, edge(bin + 1) as f32);
            let middle = (from + to) / 2.0;
            (n > 0 && from < end && to > -end).then(|| Bar {
                from: from.max(-end),
                to: to.min(end),
                height: n as f32 / (to - from),
                is_flat: flat
                    .iter()
                    .any(|&(low, high)| low < middle && middle < high),
            })
        });
        let mut bars: Vec<Bar> = bars.collect();
        let largest = bars.iter().map(|bar| bar.height).fold(0.0, f32::max);
        bars.iter_mut().for_each(|bar| bar.height /= largest);
        Histogram { end, bars, flat }
    }
}

/// The lower edge of a bin.
fn edge(bin: usize) -> f64 {
    let end = libm::asinh(END);
    libm::sinh(end * (2.0 * bin as f64 / N_BINS as f64 - 1.0))
}

/// Where the slope is exactly 0, of functions that are flat by their formula.
fn flat(about: &LayerAbout) -> Vec<(f32, f32)> {
    let (low, high) = (f32::NEG_INFINITY, f32::INFINITY);
    let number = |names: &[&str], or: f64| about.number(names).unwrap_or(or) as f32;
    match about.function.as_str() {
        "relu" => match about.number(&["max_value"]) {
            Some(most) => vec![(low, 0.0), (most as f32, high)],
            None => vec![(low, 0.0)],
        },
        "relu6" => vec![(low, 0.0), (6.0, high)],
        "hardtanh" | "hard_tanh" => {
            let ends = (
                number(&["min_val", "1"], -1.0),
                number(&["max_val", "2"], 1.0),
            );
            vec![(low, ends.0), (ends.1, high)]
        }
        "hardsigmoid" | "hard_sigmoid" => vec![(low, -3.0), (3.0, high)],
        "hardswish" | "hard_silu" | "hard_swish" => vec![(low, -3.0)],
        "hardshrink" | "softshrink" | "hard_shrink" | "soft_shrink" => {
            let end = number(&["lambd", "threshold", "1"], 0.5);
            vec![(-end, end)]
        }
        "threshold" => vec![(low, number(&["threshold", "1"], 0.0))],
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bins_are_a_tenth_wide_near_zero_and_end_at_a_thousand() {
        assert!((edge(0) + 1000.0).abs() < 1e-9 && (edge(N_BINS) - 1000.0).abs() < 1e-9);
        assert_eq!(edge(N_BINS / 2), 0.0);
        assert!((edge(N_BINS / 2 + 1) - 0.095).abs() < 1e-3);
    }
}
