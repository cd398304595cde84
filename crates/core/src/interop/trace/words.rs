//! Names and times within a sentence.

use super::Trace;
use crate::health::words;
use crate::text::count;

impl Trace {
    /// "between steps 19 and 42", or "at step 20" where the record before is one step away.
    ///
    /// What is seen at a record happened after the one before it.
    pub(super) fn when(&self, seen: usize, last: usize) -> String {
        let (after, by) = self.span(seen, last);
        if seen == 0 {
            format!("before step {}", count(by + 1))
        } else if by == after + 1 {
            format!("at step {}", count(by))
        } else {
            format!("between steps {} and {}", count(after), count(by))
        }
    }

    /// "19–42", or "20".
    pub(super) fn steps_of(&self, seen: usize, last: usize) -> String {
        let (after, by) = self.span(seen, last);
        if seen == 0 || by == after + 1 {
            count(by)
        } else {
            format!("{}–{}", count(after), count(by))
        }
    }

    /// The step before the first record at which something is seen, and the step of the last.
    pub fn span(&self, seen: usize, last: usize) -> (u64, u64) {
        let step = |record: usize| self.steps.get(record).copied().unwrap_or_default();
        (step(seen.saturating_sub(1)), step(last))
    }

    /// "layer 1", "the output layer".
    pub(super) fn layer_name(&self, layer: usize) -> String {
        let is_output = self
            .layers
            .get(layer)
            .is_some_and(|layer| layer.about.is_output);
        words::layer_name(layer, if is_output { layer } else { usize::MAX })
    }

    pub(super) fn step(&self, record: usize) -> String {
        count(self.steps.get(record).copied().unwrap_or_default())
    }
}

/// With its first letter large.
pub(super) fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

pub(super) fn units(n: usize) -> &'static str {
    if n == 1 { "unit" } else { "units" }
}

pub(super) fn were(n: usize) -> &'static str {
    if n == 1 { "was" } else { "were" }
}

pub(super) fn are(n: usize) -> &'static str {
    if n == 1 { "is" } else { "are" }
}

/// "17 %", "0.3 %".
pub(super) fn percent(share: f32) -> String {
    let percent = 100.0 * f64::from(share);
    let digits = if percent >= 10.0 { 2 } else { 1 };
    // From 100 on two digits would round to tens.
    let digits = if percent >= 99.5 { 3 } else { digits };
    format!("{} %", crate::text::number(percent, digits))
}

/// Three significant digits.
pub(super) fn short(value: f32) -> String {
    crate::text::number(f64::from(value), 3)
}
