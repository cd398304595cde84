//! What each number of a scenario may be, and the positions of its slider. `Scenario::check`, the
//! link form and the page read the same table.
//!
//! The parameters of activation functions have their ranges in the catalogue of functions.

use crate::nn::spec::limits;
use crate::number::parse_f64;

/// One number of a scenario.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Setting {
    /// "Learning rate": what the page and messages call it.
    pub label: &'static str,
    /// `lr`: what links call it, alone or as a parameter of an optimizer, a loss or an initializer.
    pub key: &'static str,
    pub range: Range,
}

/// Allowed values of one number, ends included, and how a slider walks through them.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Range {
    pub low: f64,
    pub high: f64,
    pub scale: Scale,
}

/// How a slider walks from `low` to `high`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Scale {
    /// Multiples of `step` from `low`.
    Linear { step: f64 },
    /// 20 round numbers a decade from `first` on; before it 0, where the range begins at 0.
    Log { first: f64 },
    /// As `Log` from 1 or `low`, whole numbers only.
    WholeLog,
}

/// The round numbers of a decade, about equally far apart in proportion.
const ROUND: [&str; 20] = [
    "1", "1.1", "1.2", "1.4", "1.6", "1.8", "2", "2.2", "2.5", "2.8", "3", "3.5", "4", "4.5", "5",
    "5.5", "6", "7", "8", "9",
];

impl Setting {
    const fn new(
        label: &'static str,
        key: &'static str,
        low: f64,
        high: f64,
        scale: Scale,
    ) -> Self {
        Self {
            label,
            key,
            range: Range { low, high, scale },
        }
    }
}

impl Range {
    /// False for NaN, and for fractions where whole numbers are asked.
    pub fn contains(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value) && (!self.is_whole() || value == libm::trunc(value))
    }

    /// `value` brought inside; the low end for NaN.
    pub fn clamp(&self, value: f64) -> f64 {
        let value = value.max(self.low).min(self.high);
        if self.is_whole() {
            libm::round(value)
        } else {
            value
        }
    }

    pub fn is_whole(&self) -> bool {
        matches!(self.scale, Scale::WholeLog) || self.scale == Scale::Linear { step: 1.0 }
    }

    /// "0.0001 to 10".
    pub fn describe(&self) -> String {
        let kind = if self.is_whole() {
            "a whole number from "
        } else {
            ""
        };
        format!("{kind}{} to {}", shortest(self.low), shortest(self.high))
    }

    /// Every value a slider stops at, rising, the ends among them.
    pub fn stops(&self) -> Vec<f64> {
        let mut stops = vec![self.low];
        match self.scale {
            Scale::Linear { step } => {
                let n = libm::round((self.high - self.low) / step) as u32;
                // Decimals of `step`, so that a stop is 0.3 and not 0.30000000000000004.
                let decimals = libm::ceil(-libm::log10(step) - 1e-9).max(0.0) as usize;
                stops.extend((1..n).map(|i| {
                    let value = self.low + f64::from(i) * step;
                    parsed(&format!("{value:.decimals$}"))
                }));
            }
            Scale::Log { first } => stops.extend(self.round_numbers(first)),
            Scale::WholeLog => {
                let round = self.round_numbers(self.low.max(1.0));
                stops.extend(round.filter(|v| *v == libm::trunc(*v)));
            }
        }
        stops.push(self.high);
        stops
    }

    /// Round numbers from `first` (or just above `low`, if that is higher) to below `high`.
    fn round_numbers(&self, first: f64) -> impl Iterator<Item = f64> {
        let (low, high) = (self.low, self.high);
        let decade = |value| libm::floor(libm::log10(value)) as i32;
        (decade(first)..=decade(high))
            .flat_map(|exponent| {
                ROUND
                    .iter()
                    .map(move |m| parsed(&format!("{m}e{exponent}")))
            })
            .filter(move |value| *value >= first && *value > low && *value < high)
    }

    /// The index of the stop nearest to `value`, judged along the slider.
    pub fn nearest_stop(&self, value: f64) -> usize {
        let along = |v: f64| match self.scale {
            Scale::Linear { .. } => v,
            // 0 lies one stop below `first`.
            Scale::Log { first } => libm::log(v.max(first * 0.9)),
            Scale::WholeLog => libm::log(v.max(0.5)),
        };
        let distance = |stop: &f64| (along(*stop) - along(self.clamp(value))).abs();
        let stops = self.stops();
        (0..stops.len())
            .min_by(|&a, &b| distance(&stops[a]).total_cmp(&distance(&stops[b])))
            .unwrap_or(0)
    }
}

/// The shortest text that reads back as exactly this number: `0.03`, `1e-10`.
pub fn shortest(value: f64) -> String {
    let (plain, scientific) = (format!("{value}"), format!("{value:e}"));
    if plain.len() <= scientific.len().max(7) {
        plain
    } else {
        scientific
    }
}

fn parsed(text: &str) -> f64 {
    parse_f64(text).expect("formatted from a number just now")
}

const WHOLE: Scale = Scale::Linear { step: 1.0 };

pub static SEED: Setting = Setting::new("Seed", "s", 0.0, u32::MAX as f64, WHOLE);

pub static SAMPLES: Setting = Setting::new(
    "Samples",
    "n",
    10.0,
    limits::SAMPLES as f64,
    Scale::WholeLog,
);
pub static NOISE: Setting = Setting::new("Noise", "nz", 0.0, 0.5, Scale::Linear { step: 0.01 });
pub static TEST_SHARE: Setting =
    Setting::new("Test share", "t", 0.0, 0.9, Scale::Linear { step: 0.05 });

pub static LAYERS: Setting = Setting::new("Layers", "h", 1.0, limits::HIDDEN_LAYERS as f64, WHOLE);
pub static UNITS: Setting = Setting::new(
    "Units a layer",
    "h",
    1.0,
    limits::UNITS_PER_LAYER as f64,
    WHOLE,
);
pub static GAIN: Setting = Setting::new("Gain", "g", 0.01, 10.0, Scale::Log { first: 0.01 });
pub static UNIFORM_A: Setting =
    Setting::new("Bound", "a", 0.001, 10.0, Scale::Log { first: 0.001 });

pub static LEARNING_RATE: Setting = Setting::new(
    "Learning rate",
    "lr",
    1e-4,
    10.0,
    Scale::Log { first: 1e-4 },
);
pub static BATCH_SIZE: Setting = Setting::new("Batch size", "b", 1.0, 256.0, WHOLE);
pub static L1: Setting = Setting::new("L1", "l1", 0.0, 1.0, Scale::Log { first: 1e-6 });
pub static L2: Setting = Setting::new("L2", "l2", 0.0, 1.0, Scale::Log { first: 1e-6 });
pub static CLIP_NORM: Setting = Setting::new(
    "Gradient norm limit",
    "clip",
    1e-3,
    1e3,
    Scale::Log { first: 1e-3 },
);
pub static CLASS_WEIGHT: Setting =
    Setting::new("Class weight", "cw", 0.0, 100.0, Scale::Log { first: 0.01 });

pub static MOMENTUM: Setting = Setting::new(
    "Momentum",
    "momentum",
    0.0,
    0.999,
    Scale::Linear { step: 0.01 },
);
pub static SQUARE_DECAY: Setting = Setting::new(
    "Decay of squares",
    "alpha",
    0.0,
    0.9999,
    Scale::Linear { step: 0.01 },
);
pub static BETA1: Setting =
    Setting::new("Beta 1", "beta1", 0.0, 0.999, Scale::Linear { step: 0.01 });
pub static BETA2: Setting = Setting::new(
    "Beta 2",
    "beta2",
    0.0,
    0.9999,
    Scale::Linear { step: 0.001 },
);
pub static EPS: Setting = Setting::new("Epsilon", "eps", 1e-10, 1.0, Scale::Log { first: 1e-10 });
pub static WEIGHT_DECAY: Setting = Setting::new(
    "Weight decay",
    "decay",
    0.0,
    1.0,
    Scale::Log { first: 1e-5 },
);

pub static FOCAL_GAMMA: Setting =
    Setting::new("Focus", "gamma", 0.0, 10.0, Scale::Linear { step: 0.1 });
pub static FOCAL_ALPHA: Setting = Setting::new(
    "Weight of positives",
    "alpha",
    0.0,
    1.0,
    Scale::Linear { step: 0.05 },
);
pub static HUBER_DELTA: Setting =
    Setting::new("Delta", "delta", 0.01, 10.0, Scale::Log { first: 0.01 });

pub static SPEED: Setting = Setting::new("Steps a second", "sp", 1.0, 100_000.0, Scale::WholeLog);
