//! What the text of a cell says.

use serde::{Deserialize, Serialize};

use crate::number::parse_f64;

/// Larger numbers are of no use in f32.
const LARGEST: f64 = 1e30;

/// What stands before the fraction of a number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Decimal {
    Point,
    Comma,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Value {
    /// Nothing, or a mark that stands for nothing wherever it is.
    Gap,
    /// A mark that stands for nothing among numbers, and may be a word among words.
    Dash,
    Number(f64),
    /// Anything else, numbers that are too large among them.
    Word,
}

impl Value {
    pub fn of(cell: &str, decimal: Decimal) -> Self {
        const GAPS: [&str; 7] = ["?", "na", "n/a", "#n/a", "nan", "null", "missing"];
        const DASHES: [&str; 6] = ["-", "--", "–", "—", ".", "none"];
        let is_one_of = |marks: &[&str]| marks.iter().any(|mark| cell.eq_ignore_ascii_case(mark));
        match number(cell, decimal) {
            Some(value) if value.abs() <= LARGEST => Self::Number(value),
            Some(_) => Self::Word,
            None if cell.is_empty() || is_one_of(&GAPS) => Self::Gap,
            None if is_one_of(&DASHES) => Self::Dash,
            None => Self::Word,
        }
    }

    pub fn number(self) -> Option<f64> {
        match self {
            Self::Number(value) => Some(value),
            _ => None,
        }
    }
}

/// The number that a cell writes, with marks between groups of three digits or without.
pub(super) fn number(cell: &str, decimal: Decimal) -> Option<f64> {
    // Words, infinity and NaN among them, are the most common of what is no number.
    let first = cell.trim_start_matches(['+', '-', '−']).chars().next()?;
    if !first.is_ascii_digit() && first != '.' {
        return None;
    }
    let has_comma = cell.contains(',');
    let is_plain = match decimal {
        Decimal::Point => !has_comma,
        Decimal::Comma => !has_comma && !cell.contains('.'),
    };
    if is_plain && let Some(value) = parse_f64(cell) {
        return Some(value);
    }
    parse_f64(&plain(cell, decimal)?)
}

/// `-1 234,5e3` -> `-1234.5e3`.
fn plain(cell: &str, decimal: Decimal) -> Option<String> {
    let (point, thousands) = match decimal {
        Decimal::Point => ('.', ','),
        Decimal::Comma => (',', '.'),
    };
    let digits = cell.trim_start_matches(['+', '-', '−']);
    let sign = &cell[..cell.len() - digits.len()];
    let mut plain = match sign {
        "" | "+" => String::new(),
        "-" | "−" => "-".to_owned(),
        _ => return None,
    };
    let (mantissa, exponent) = digits.split_at(digits.find(['e', 'E']).unwrap_or(digits.len()));
    let (whole, fraction) = match mantissa.split_once(point) {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let is_mark = |c: char| matches!(c, ' ' | '\'' | '’' | '\u{a0}' | '\u{202f}') || c == thousands;
    match whole.chars().find(|&c| is_mark(c)) {
        None => plain.push_str(whole),
        Some(mark) => {
            for (i, group) in whole.split(mark).enumerate() {
                let is_right = match i {
                    0 => (1..=3).contains(&group.len()),
                    _ => group.len() == 3,
                };
                if !is_right {
                    return None;
                }
                plain.push_str(group);
            }
        }
    }
    if let Some(fraction) = fraction {
        // A comma with nothing on one side separates, whatever it was taken for.
        if decimal == Decimal::Comma && (whole.is_empty() || fraction.is_empty()) {
            return None;
        }
        plain.push('.');
        plain.push_str(fraction);
    }
    plain.push_str(exponent);
    // What is left has to be digits: a second sign would be taken for one of the number.
    let is_number = !plain.trim_start_matches('-').starts_with(['+', '-']);
    is_number.then_some(plain)
}

/// Which of the two the numbers of a table are written with, as far as these cells tell, and whether they leave it open:
/// `1,234` is either.
pub(super) fn guess<'a>(
    cells: impl Iterator<Item = &'a str>,
    has_semicolons: bool,
) -> (Decimal, bool) {
    let (mut n_point, mut n_comma, mut n_open) = (0, 0, 0);
    for cell in cells.filter(|cell| cell.contains([',', '.'])) {
        let is = |decimal| number(cell, decimal).is_some();
        match (is(Decimal::Point), is(Decimal::Comma)) {
            (true, false) => n_point += 1,
            (false, true) => n_comma += 1,
            (true, true) if cell.contains(',') => n_open += 1,
            _ => {}
        }
    }
    // Who separates by semicolons does so because commas are taken.
    let is_comma = n_comma > n_point || (n_comma == n_point && n_open > 0 && has_semicolons);
    let decimal = if is_comma {
        Decimal::Comma
    } else {
        Decimal::Point
    };
    (decimal, n_open > 0 && n_comma == 0 && n_point == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_by_their_decimal_mark() {
        let check = |cell: &str, point: Option<f64>, comma: Option<f64>| {
            assert_eq!(number(cell, Decimal::Point), point, "{cell} with points");
            assert_eq!(number(cell, Decimal::Comma), comma, "{cell} with commas");
        };
        check("12", Some(12.0), Some(12.0));
        check("-1.5e-3", Some(-1.5e-3), None);
        check("28,7", None, Some(28.7));
        check("1,234", Some(1234.0), Some(1.234));
        check("1.234", Some(1.234), Some(1234.0));
        check("1,234.5", Some(1234.5), None);
        check("1.234.567,5", None, Some(1_234_567.5));
        check("1 234 567", Some(1_234_567.0), Some(1_234_567.0));
        check("−1\u{202f}234", Some(-1234.0), Some(-1234.0));
        check("+12'345", Some(12_345.0), Some(12_345.0));
        check("12,34,567", None, None);
        check("12 34", None, None);
        check("1,", None, None);
        check(",5", None, None);
        check("3504.", Some(3504.0), None);
        check("--1", None, None);
        check("1,234,-5", None, None);
        check("inf", None, None);
        check("nan", None, None);
        check("0x10", None, None);
        check("", None, None);
    }

    #[test]
    fn marks_for_nothing_are_gaps() {
        let of = |cell| Value::of(cell, Decimal::Point);
        for cell in ["", "NA", "n/a", "?", "NaN", "NULL"] {
            assert_eq!(of(cell), Value::Gap, "{cell}");
        }
        for cell in ["-", "None", "."] {
            assert_eq!(of(cell), Value::Dash, "{cell}");
        }
        for cell in ["warm", "1e39", "inf", "1.2.3"] {
            assert_eq!(of(cell), Value::Word, "{cell}");
        }
        assert_eq!(of("1e30"), Value::Number(1e30));
    }

    #[test]
    fn the_decimal_mark_is_guessed_from_all_cells() {
        let check = |cells: &[&str], has_semicolons, expect| {
            let found = guess(cells.iter().copied(), has_semicolons);
            assert_eq!(found, expect, "{cells:?}");
        };
        check(&["28,7", "41", "warm"], true, (Decimal::Comma, false));
        check(&["1,234", "28,7"], false, (Decimal::Comma, false));
        check(&["1,234", "0.5"], false, (Decimal::Point, false));
        check(&["1,234"], true, (Decimal::Comma, true));
        check(&["1,234"], false, (Decimal::Point, true));
        check(&["1.234"], true, (Decimal::Point, false));
    }
}
