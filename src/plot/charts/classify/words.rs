//! Probabilities and shares in words.

use actiscope_core::text::{fixed, number};

/// 1 / (1 + e^-logit).
pub fn probability_of(logit: f64) -> f64 {
    1.0 / (1.0 + libm::exp(-logit))
}

/// The probability of a logit as short as it can be told from its neighbours: `0.020`, `0.50`, `0.9998`, `1 − 2.1e−9`.
pub fn probability_text(logit: f64) -> String {
    let (p, rest) = (probability_of(logit), probability_of(-logit));
    if p < 0.0995 {
        fixed(p, 2)
    } else if rest >= 0.001 {
        let n_decimals = if rest < 0.0095 { 3 } else { 2 };
        format!("{p:.n_decimals$}")
    } else if rest >= 0.000_1 {
        format!("{p:.4}")
    } else {
        format!("1 − {}", number(rest, 2))
    }
}

/// `61.0 %`; what rounds to 0 or 100 but is not says so.
pub fn share_text(share: f64) -> String {
    let p = 100.0 * share;
    if p > 0.0 && p < 0.05 {
        "<0.1 %".into()
    } else if (99.95..100.0).contains(&p) {
        ">99.9 %".into()
    } else {
        format!("{p:.1} %")
    }
}

/// `1 miss`, `25 misses`.
pub(super) fn counted(n: usize, one: &str, many: &str) -> String {
    let word = if n == 1 { one } else { many };
    format!("{} {word}", crate::text::count(n as u64))
}
