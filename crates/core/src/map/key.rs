//! The colour scale of a map.

use super::{Map, MapValue};
use crate::text;

/// From a value to its place on the colour scale.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Key {
    pub low: f64,
    pub high: f64,
    /// By equal factors.
    pub is_log: bool,
    value: MapValue,
}

impl Key {
    /// Shares from 0 to 1, accuracy from a half, the first death from 0 to the last step; loss by equal factors
    /// between the powers of ten around what the map has.
    pub fn new(map: &Map, value: MapValue, n_steps: u64) -> Self {
        let (low, high, is_log) = match value {
            MapValue::Accuracy => (0.5, 1.0, false),
            MapValue::FirstDeath => (0.0, n_steps as f64, false),
            MapValue::Loss => {
                let values = map.values(value).into_iter().flatten().flatten();
                let (low, high) = values
                    .filter(|&loss| loss > 0.0)
                    .fold((f64::INFINITY, 0.0_f64), |(low, high), loss| {
                        (low.min(loss), high.max(loss))
                    });
                let power =
                    |value: f64, round: fn(f64) -> f64| libm::pow(10.0, round(libm::log10(value)));
                match low <= high {
                    true => {
                        let low = power(low, libm::floor);
                        (low, power(high, libm::ceil).max(10.0 * low), true)
                    }
                    false => (0.1, 1.0, true),
                }
            }
            _ => (0.0, 1.0, false),
        };
        Self {
            low,
            high,
            is_log,
            value,
        }
    }

    /// 0 at the low end, 1 at the high one; what lies beyond goes to the ends.
    pub fn place(&self, value: f64) -> f64 {
        let share = match self.is_log {
            true => libm::log(value.max(self.low) / self.low) / libm::log(self.high / self.low),
            false => (value - self.low) / (self.high - self.low),
        };
        share.clamp(0.0, 1.0)
    }

    /// The value at a place.
    pub fn at(&self, place: f64) -> f64 {
        match self.is_log {
            true => self.low * libm::pow(self.high / self.low, place),
            false => self.low + place * (self.high - self.low),
        }
    }

    /// "50 %".
    pub fn text(&self, value: f64) -> String {
        match self.value {
            MapValue::Loss => text::number(value, 2),
            MapValue::FirstDeath => text::number(value, 4),
            _ => format!("{} %", text::number(100.0 * value, 3)),
        }
    }
}
