//! What is chosen in Classify beside the run, and its form in the address. The threshold is the scenario's: accuracies
//! everywhere are at it.

use actiscope_core::classify::T_RANGE;
use actiscope_core::number::parse_f64;
use actiscope_core::scenario::shortest;

use crate::views::kept::Choices;

/// The keys of the address: cost of a miss, temperature, axis of probabilities, bars.
pub const KEYS: [&str; 4] = ["km", "kt", "kp", "kb"];

/// What a miss may cost, in false alarms.
pub const MISS_COSTS: [f64; 13] = [
    0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0,
];

#[derive(Clone, Debug, PartialEq)]
pub struct State {
    /// In false alarms.
    pub miss_cost: f64,
    pub temperature: f64,
    /// The axis of probabilities is in logits.
    pub is_logit: bool,
    /// Bars are numbers of samples, not shares of their class.
    pub is_count: bool,
}

impl Default for State {
    fn default() -> Self {
        Self {
            miss_cost: 1.0,
            temperature: 1.0,
            is_logit: true,
            is_count: false,
        }
    }
}

impl Choices for State {
    const KEYS: &'static [&'static str] = &KEYS;

    fn to_keys(&self) -> Vec<Option<String>> {
        let usual = Self::default();
        vec![
            (self.miss_cost != usual.miss_cost).then(|| shortest(self.miss_cost)),
            (self.temperature != usual.temperature).then(|| shortest(self.temperature)),
            (!self.is_logit).then(|| "p".to_owned()),
            self.is_count.then(|| "n".to_owned()),
        ]
    }

    fn of_keys(text: &dyn Fn(&str) -> Option<String>) -> Self {
        let usual = Self::default();
        let number = |key: &str, low: f64, high: f64, usual: f64| {
            let value = text(key).and_then(|text| parse_f64(&text));
            value.filter(|v| (low..=high).contains(v)).unwrap_or(usual)
        };
        let [miss_cost, temperature, axis, bars] = KEYS;
        Self {
            miss_cost: number(miss_cost, 0.01, 100.0, usual.miss_cost),
            temperature: number(temperature, T_RANGE[0], T_RANGE[1], usual.temperature),
            is_logit: text(axis).as_deref() != Some("p"),
            is_count: text(bars).as_deref() == Some("n"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::kept::read_back;

    #[test]
    fn what_is_chosen_goes_through_the_address() {
        let usual = State::default();
        assert!(usual.to_keys().iter().all(Option::is_none));
        let chosen = State {
            miss_cost: 10.0,
            temperature: 1.65,
            is_logit: false,
            is_count: true,
        };
        for state in [usual, chosen] {
            assert_eq!(read_back(&state), state);
        }
    }

    #[test]
    fn what_cannot_be_is_left_as_usual() {
        for wrong in ["0", "-1", "1e9", "much", ""] {
            let state = State::of_keys(&|_| Some(wrong.to_owned()));
            assert_eq!(state, State::default(), "{wrong}");
        }
    }
}
