//! Numbers in words.

/// Up to `digits` significant digits, without trailing zeros: `1.2`, `0.03`, `41200`, `3.2e-7`.
pub fn number(value: f64, digits: usize) -> String {
    trimmed(&fixed(value, digits))
}

/// Exactly `digits` significant digits, so that a value under a moving slider keeps its width:
/// `1.20`, `0.0300`, `3.2e−7` (an exponent below 1e-4 and from 1e6 on).
pub fn fixed(value: f64, digits: usize) -> String {
    if value.is_nan() {
        return "not a number".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "∞" } else { "−∞" }.into();
    }
    let magnitude = value.abs();
    if magnitude == 0.0 {
        return format!("{:.*}", digits.saturating_sub(1), 0.0);
    }
    let text = if (1e-4..1e6).contains(&magnitude) {
        // The exponent after rounding: 9.999 with three digits is 10.0.
        let exponent = exponent_of(&format!("{:.*e}", digits.saturating_sub(1), magnitude));
        let decimals = (digits as i32 - 1 - exponent).max(0) as usize;
        format!("{magnitude:.decimals$}")
    } else {
        // A true minus sign: lines are broken after a hyphen.
        format!("{:.*e}", digits.saturating_sub(2).max(1), magnitude).replace('-', "−")
    };
    // Rounding can leave nothing but zeros, which have no sign.
    let is_zero = text.chars().all(|c| matches!(c, '0' | '.'));
    if value < 0.0 && !is_zero {
        format!("−{text}")
    } else {
        text
    }
}

/// A fixed number of decimals with a true minus sign: `−0.66`.
pub fn decimals(value: f64, n_decimals: usize) -> String {
    if !value.is_finite() {
        return fixed(value, 1);
    }
    let text = format!("{:.n_decimals$}", value.abs());
    let is_zero = text.chars().all(|c| matches!(c, '0' | '.'));
    if value < 0.0 && !is_zero {
        format!("−{text}")
    } else {
        text
    }
}

/// With thousands separators: `41,200`.
pub fn count(n: u64) -> String {
    let digits = n.to_string();
    let mut text = String::with_capacity(digits.len() + digits.len() / 3);
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `12 %`. Ties go to the even number; a share of nothing is 0 %.
pub fn percent(part: usize, whole: usize) -> String {
    let share = if whole == 0 {
        0.0
    } else {
        100.0 * part as f64 / whole as f64
    };
    format!("{share:.0} %")
}

/// `3 of 24 (12 %)`.
pub fn share(part: usize, whole: usize) -> String {
    format!("{part} of {whole} ({})", percent(part, whole))
}

fn exponent_of(scientific: &str) -> i32 {
    scientific
        .rsplit('e')
        .next()
        .and_then(|exponent| exponent.parse().ok())
        .unwrap_or(0)
}

fn trimmed(text: &str) -> String {
    let (mantissa, exponent) = text.split_at(text.find('e').unwrap_or(text.len()));
    let mantissa = if mantissa.contains('.') {
        mantissa.trim_end_matches('0').trim_end_matches('.')
    } else {
        mantissa
    };
    format!("{mantissa}{exponent}")
}

#[cfg(test)]
mod tests {
    use expect_test::{Expect, expect};

    use super::*;

    fn check(actual: &[String], expect: Expect) {
        expect.assert_eq(&actual.join(" | "));
    }

    #[test]
    fn numbers_are_short_and_signed() {
        let values = [
            0.0, 1.2, 0.03, -0.6649, 9.999, 999.96, 41_234.0, 3.21e-7, -2.5e9, -0.000_001,
        ];
        check(
            &values.map(|value| number(value, 3)),
            expect!["0 | 1.2 | 0.03 | −0.665 | 10 | 1000 | 41234 | 3.2e−7 | −2.5e9 | −1e−6"],
        );
        check(
            &values.map(|value| fixed(value, 3)),
            expect![
                "0.00 | 1.20 | 0.0300 | −0.665 | 10.0 | 1000 | 41234 | 3.2e−7 | −2.5e9 | −1.0e−6"
            ],
        );
        check(
            &[f64::NAN, f64::INFINITY, f64::NEG_INFINITY].map(|value| number(value, 3)),
            expect!["not a number | ∞ | −∞"],
        );
        check(
            &[-0.661, -0.001, 2.0].map(|value| decimals(value, 2)),
            expect!["−0.66 | 0.00 | 2.00"],
        );
    }

    #[test]
    fn counts_have_separators() {
        check(
            &[7, 412, 41_200, 1_234_567].map(count),
            expect!["7 | 412 | 41,200 | 1,234,567"],
        );
    }

    #[test]
    fn shares_are_what_tests_and_screen_readers_expect() {
        check(
            &[share(3, 24), share(2, 24), share(9, 24), share(0, 0)],
            expect!["3 of 24 (12 %) | 2 of 24 (8 %) | 9 of 24 (38 %) | 0 of 0 (0 %)"],
        );
    }
}
