//! Numbers and names within a sentence.

use crate::health::{Cause, words};

/// "moved its bias by −0.66".
pub(super) fn deed(cause: &Cause) -> String {
    words::deed(cause).unwrap_or_else(|_| "of the layers below moved its inputs".into())
}

pub(super) fn are(n: usize) -> &'static str {
    if n == 1 { "is" } else { "are" }
}

/// An edit as the subject of a sentence: "Leaky ReLU", "Learning rate 0.03".
pub(super) fn subject_of(edit: &str) -> String {
    let text = match edit.strip_prefix("activation ") {
        Some(activation) => activation.split(", ").next().unwrap_or(activation),
        None => edit,
    };
    let mut chars = text.chars();
    let first = chars.next().map(|first| first.to_ascii_uppercase());
    first.into_iter().chain(chars).collect()
}

pub(super) fn percent(share: f32) -> f64 {
    // Half a percent is as fine as a few hundred samples can tell.
    libm::round(f64::from(share) * 1000.0) / 10.0
}

/// Two significant digits (three from 10 on), without trailing zeros, with a true minus sign.
pub(in crate::health) fn short(value: f64) -> String {
    let magnitude = value.abs();
    let text = if !value.is_finite() {
        return "not finite".into();
    } else if magnitude == 0.0 {
        return "0".into();
    } else if (1e-4..1e6).contains(&magnitude) {
        let exponent = libm::floor(libm::log10(magnitude)) as i32;
        let decimals = if exponent >= 1 {
            2 - exponent
        } else {
            1 - exponent
        };
        let text = format!("{magnitude:.*}", decimals.max(0) as usize);
        if text.contains('.') {
            text.trim_end_matches('0').trim_end_matches('.').to_owned()
        } else {
            text
        }
    } else {
        format!("{magnitude:.0e}")
    };
    let text = text.replace('-', "−");
    if value < 0.0 {
        format!("−{text}")
    } else {
        text
    }
}
