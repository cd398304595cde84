//! What a number may be, and the positions of its slider. [`Setting::range`](super::Setting::range) has that of
//! each setting; the parameters of activation functions have theirs in the catalogue of functions.

use crate::number::parse_f64;

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

impl Range {
    pub(super) const fn new(low: f64, high: f64, scale: Scale) -> Self {
        Self { low, high, scale }
    }

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

/// Of the learning rate of one layer: from one that hardly moves it to where a map of both ends in divergence
/// (Sohl-Dickstein 2024, arXiv 2402.06184, goes from 1e-3 to 1e6).
pub const LAYER_RATE: Range = Range::new(1e-6, 1e6, Scale::Log { first: 1e-6 });

/// Of the weight of one class.
pub const CLASS_WEIGHT: Range = Range::new(0.0, 100.0, Scale::Log { first: 0.01 });
