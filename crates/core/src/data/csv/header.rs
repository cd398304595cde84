//! Is the first row one of names?

use super::cell::{Decimal, Value};
use super::dialect::N_LOOKED_AT;
use super::grid::{Grid, Row};

/// Names of the target's column. `y` beside an `x` in three or more columns is a coordinate instead.
const TARGET_NAMES: [&str; 6] = ["label", "target", "class", "species", "value", "y"];

/// Whether the first of these rows names the columns: it has words where those below have numbers, and no number there.
/// Marks for gaps are no names. Where there are no numbers at all, its words are those that never come again.
pub(super) fn is_header(text: &str, grid: &Grid, rows: &[Row], decimal: Decimal) -> bool {
    let Some((first, below)) = rows.split_first() else {
        return false;
    };
    let below = &below[..below.len().min(N_LOOKED_AT)];
    let (mut n_for, mut n_against, mut n_words, mut has_numbers) = (0, 0, 0, false);
    let (mut names_target, mut comes_again) = (false, false);
    for column in 0..first.n_cells as usize {
        let name = grid.cell(text, first, column);
        let (mut n_numbers_below, mut n_words_below, mut is_below) = (0, 0, false);
        for row in below {
            let cell = grid.cell(text, row, column);
            match Value::of(&cell, decimal) {
                Value::Number(_) => n_numbers_below += 1,
                Value::Word => n_words_below += 1,
                Value::Gap | Value::Dash => {}
            }
            is_below |= cell == name;
        }
        let is_of_numbers = n_numbers_below > n_words_below;
        has_numbers |= is_of_numbers;
        match Value::of(&name, decimal) {
            Value::Word => {
                n_words += 1;
                n_for += usize::from(is_of_numbers);
                comes_again |= is_below;
                names_target |=
                    !is_below && TARGET_NAMES.iter().any(|t| name.eq_ignore_ascii_case(t));
            }
            Value::Number(_) => n_against += usize::from(is_of_numbers),
            Value::Gap | Value::Dash => {}
        }
    }
    if names_target || n_for > n_against {
        return true;
    }
    n_against == 0 && n_for == 0 && !has_numbers && n_words > 0 && !comes_again
}

/// The column that is named as a target.
pub(super) fn named_target(names: &[String]) -> Option<usize> {
    let find = |wanted: &str| {
        names
            .iter()
            .position(|name| name.eq_ignore_ascii_case(wanted))
    };
    let y_is_coordinate = find("x").is_some() && names.len() > 2;
    let mut wanted = TARGET_NAMES
        .iter()
        .filter(|&&name| name != "y" || !y_is_coordinate);
    wanted.find_map(|name| find(name))
}

/// A target of this name holds classes, whatever they are written with.
pub(super) fn names_classes(name: &str) -> bool {
    ["label", "class", "species"]
        .iter()
        .any(|n| name.eq_ignore_ascii_case(n))
}

/// A target of this name holds numbers.
pub(super) fn names_numbers(name: &str) -> bool {
    name.eq_ignore_ascii_case("value")
}

/// A column of this name, or of none, numbers the rows.
pub(super) fn names_rows(name: &str) -> bool {
    let names = ["", "id", "index", "no", "nr", "row", "unnamed: 0"];
    names.iter().any(|n| name.eq_ignore_ascii_case(n))
}
