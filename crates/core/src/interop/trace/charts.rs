//! Depth over time: five charts with the same steps.

use super::Trace;
use super::words::short;

/// Lines that are all drawn in color; of more layers the first, the last and the worst three are.
const MAX_LOUD: usize = 8;
const N_WORST: usize = 3;

/// One quantity over the records.
#[derive(Clone, Debug, PartialEq)]
pub struct Chart {
    /// "Loss", "Dead", "z spread", "Gradient", "Update".
    pub name: &'static str,
    /// "on the probe", "share of a layer", "RMS of ∂L/∂z, log" ...
    pub unit: &'static str,
    /// The y axis is logarithmic.
    pub is_log: bool,
    /// The values at the ends of the y axis.
    pub ends: (f32, f32),
    /// A gridline that is worth one: 1e-3 of updates is the usual size.
    pub usual: Option<f32>,
    pub lines: Vec<Line>,
}

/// Of one layer, or of the run.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// None of the run's loss.
    pub layer: Option<usize>,
    /// "1", "out": at the line's end.
    pub label: String,
    /// Among too many: drawn gray, without a label.
    pub is_quiet: bool,
    /// `[T]`; none where there is no number, so that the line breaks there. In the range of a log axis, what is 0 stands at its foot.
    pub values: Vec<Option<f32>>,
}

impl Trace {
    /// Loss, dead, z spread, gradient, update.
    pub fn charts(&self) -> [Chart; 5] {
        let loss = Line {
            layer: None,
            label: String::new(),
            is_quiet: false,
            values: self.loss.iter().map(|&value| finite(value)).collect(),
        };
        let highest = self
            .loss
            .iter()
            .copied()
            .filter(|v| v.is_finite())
            .fold(0.0, f32::max);
        let lowest = self
            .loss
            .iter()
            .copied()
            .filter(|v| v.is_finite())
            .fold(0.0, f32::min);
        let loud = self.loud();
        let lines = |has_output: bool, of: &dyn Fn(&super::Layer) -> Vec<f32>| -> Vec<Line> {
            let layers = self.layers.iter().enumerate();
            let shown = layers.filter(|(_, layer)| has_output || !layer.about.is_output);
            let line = |(layer, about): (usize, &super::Layer)| Line {
                layer: Some(layer),
                label: if about.about.is_output {
                    "out".into()
                } else {
                    (layer + 1).to_string()
                },
                is_quiet: !loud.contains(&layer),
                values: of(about).into_iter().map(finite).collect(),
            };
            shown.map(line).collect()
        };
        let dead = lines(false, &|layer| {
            let n_units = layer.about.n_units as f32;
            layer.dead.iter().map(|&n| n as f32 / n_units).collect()
        });
        [
            Chart {
                name: "Loss",
                unit: "on the probe",
                is_log: false,
                ends: (
                    lowest,
                    if highest > lowest {
                        highest
                    } else {
                        lowest + 1.0
                    },
                ),
                usual: None,
                lines: vec![loss],
            },
            Chart {
                name: "Dead",
                unit: "share of a layer",
                is_log: false,
                ends: (0.0, 1.0),
                usual: None,
                lines: dead,
            },
            log_chart(
                "z spread",
                "log",
                None,
                lines(true, &|layer| layer.z_spread.clone()),
            ),
            log_chart(
                "Gradient",
                "RMS of ∂L/∂z, log",
                None,
                lines(true, &|layer| layer.z_gradient_rms.clone()),
            ),
            log_chart(
                "Update",
                "/ weight, RMS, log",
                Some(1e-3),
                lines(true, &|layer| layer.update_ratio.clone()),
            ),
        ]
    }

    /// What the end of each line says: its last value.
    pub fn last_of(&self, line: &Line) -> String {
        let last = line.values.iter().rev().flatten().next();
        last.map_or_else(|| "none".into(), |&value| short(value))
    }

    fn loud(&self) -> Vec<usize> {
        let hidden: Vec<usize> = self.hidden().map(|(layer, _)| layer).collect();
        let output = (hidden.len()..self.layers.len()).take(1);
        if self.layers.len() <= MAX_LOUD {
            return (0..self.layers.len()).collect();
        }
        let worst = |&layer: &usize| {
            let of = self.layers.get(layer);
            let most = of
                .and_then(|of| of.dead.iter().max().copied())
                .unwrap_or_default() as usize;
            let n_units = of.map_or(1, |of| of.about.n_units);
            std::cmp::Reverse(1000 * most / n_units)
        };
        let mut by_harm = hidden.clone();
        by_harm.sort_by_key(worst);
        let ends = hidden.first().into_iter().chain(hidden.last()).copied();
        ends.chain(by_harm.into_iter().take(N_WORST))
            .chain(output)
            .collect()
    }
}

fn finite(value: f32) -> Option<f32> {
    value.is_finite().then_some(value)
}

/// With whole powers of ten as ends, eight at most; what is below stands at the foot.
fn log_chart(
    name: &'static str,
    unit: &'static str,
    usual: Option<f32>,
    mut lines: Vec<Line>,
) -> Chart {
    let positive = lines
        .iter()
        .flat_map(|line| line.values.iter().flatten())
        .filter(|&&v| v > 0.0);
    let (low, high) = positive.fold((f32::INFINITY, 0.0_f32), |(low, high), &v| {
        (low.min(v), high.max(v))
    });
    let (low, high) = if high > 0.0 { (low, high) } else { (0.1, 1.0) };
    let top = libm::ceilf(libm::log10f(high));
    let foot = libm::floorf(libm::log10f(low)).clamp(top - 8.0, top - 1.0);
    let ends = (libm::exp10f(foot), libm::exp10f(top));
    for value in lines
        .iter_mut()
        .flat_map(|line| line.values.iter_mut().flatten())
    {
        *value = value.max(ends.0);
    }
    Chart {
        name,
        unit,
        is_log: true,
        ends,
        usual,
        lines,
    }
}
