//! How a text is written: what stands before its rows, and what separates its cells.

use serde::{Deserialize, Serialize};

use super::cell::{Decimal, Value};
use super::error::CsvError;
use super::grid::{Grid, Place, Separator};

/// Rows that are looked at to tell how the others are written.
pub(super) const N_LOOKED_AT: usize = 200;

/// How a text is to be taken; what is `None` shows by the text itself.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Dialect {
    pub separator: Option<Separator>,
    pub decimal: Option<Decimal>,
    pub has_header: Option<bool>,
    /// A quotation mark is a character like any other.
    pub ignores_quotes: bool,
}

/// What stands before the rows of a table.
#[derive(Clone, Debug, Default)]
pub(super) struct Preamble<'a> {
    /// Where the rows begin.
    pub end: Place,
    /// Of a first line `sep=;`.
    pub separator: Option<Separator>,
    pub n_comments: usize,
    /// The last line of comment, without its mark: where it names the columns.
    pub last_comment: Option<&'a str>,
}

impl<'a> Preamble<'a> {
    pub fn of(text: &'a str) -> Self {
        let mut preamble = Self::default();
        preamble.end.at = text.len() - text.trim_start_matches('\u{feff}').len();
        if let Some((line, end)) = line_at(text, preamble.end)
            && let Some(separator) = separator_line(line)
        {
            (preamble.separator, preamble.end) = (Some(separator), end);
        }
        let mut with_comments = preamble.clone();
        while let Some((line, end)) = line_at(text, with_comments.end) {
            let line = line.trim();
            let mark = ["#", "%", "//"]
                .iter()
                .find(|mark| line.starts_with(**mark));
            match mark {
                Some(mark) => {
                    with_comments.n_comments += 1;
                    with_comments.last_comment = Some(line.trim_start_matches(*mark).trim());
                }
                None if line.is_empty() => {}
                None => return with_comments,
            }
            with_comments.end = end;
        }
        // Marks before every row are no comments.
        preamble
    }
}

/// The line at a place, and where the next one begins.
fn line_at(text: &str, place: Place) -> Option<(&str, Place)> {
    let rest = &text[place.at..];
    if rest.is_empty() {
        return None;
    }
    let len = rest.find(['\n', '\r']).unwrap_or(rest.len());
    let n_ends = match rest.as_bytes().get(len..) {
        Some([b'\r', b'\n', ..]) => 2,
        Some([]) | None => 0,
        Some(_) => 1,
    };
    let next = Place {
        at: place.at + len + n_ends,
        n_lines: place.n_lines + 1,
    };
    Some((&rest[..len], next))
}

/// `sep=;`, as spreadsheets write it.
fn separator_line(line: &str) -> Option<Separator> {
    let line = line.trim_matches([' ', '"']);
    let (key, value) = line.split_at_checked(4)?;
    let is_one = key.eq_ignore_ascii_case("sep=");
    let byte = *value.as_bytes().first()?;
    let mut all = Separator::ALL.into_iter();
    let found = match value {
        "\\t" => Some(Separator::Tab),
        _ => all.find(|separator| separator.byte() == byte),
    };
    found.filter(|_| is_one && (value.len() == 1 || value == "\\t"))
}

/// The separator under which most rows are of one width and hold the most numbers. `None` where all have but one cell.
///
/// # Errors
/// If it is a table under none of them, the first reason why.
pub(super) fn guess_separator(
    text: &str,
    from: Place,
    has_quotes: bool,
) -> Result<Option<Separator>, CsvError> {
    let (mut best, mut best_score, mut error) = (None, 0.0, None);
    for separator in Separator::ALL {
        // A quote that is opened after one separator stands within a cell of another.
        match Grid::read(text, from, separator, has_quotes, N_LOOKED_AT) {
            Ok(grid) => {
                let score = score(text, &grid);
                if score > best_score + 1e-9 {
                    (best, best_score) = (Some(separator), score);
                }
            }
            Err(reason) => error = error.or(Some(reason)),
        }
    }
    match error {
        Some(error) if best.is_none() => Err(error),
        _ => Ok(best),
    }
}

fn score(text: &str, grid: &Grid) -> f64 {
    let (width, n_usual) = grid.usual_width();
    if width < 2 {
        return 0.0;
    }
    let mut n_numbers = 0;
    for row in grid.rows.iter().filter(|row| row.n_cells as usize == width) {
        for column in 0..width {
            let cell = grid.cell(text, row, column);
            let of = |decimal| Value::of(&cell, decimal);
            let is_number = of(Decimal::Point).number().or(of(Decimal::Comma).number());
            let is_mark = of(Decimal::Point) == Value::Gap && !cell.is_empty();
            n_numbers += usize::from(is_number.is_some() || is_mark);
        }
    }
    let share_of_rows = n_usual as f64 / grid.rows.len() as f64;
    let share_of_numbers = n_numbers as f64 / (n_usual * width) as f64;
    share_of_rows * (0.1 + share_of_numbers)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, separator: Option<Separator>) {
        let preamble = Preamble::of(text);
        let found = match preamble.separator {
            Some(separator) => Some(separator),
            None => guess_separator(text, preamble.end, true).expect("closed quotes"),
        };
        assert_eq!(found, separator, "{text:?}");
    }

    #[test]
    fn separators_show_by_the_rows() {
        use Separator::{Bar, Comma, Semicolon, Spaces, Tab};
        check("1,2,0\n3,4,1", Some(Comma));
        check("28,7;41;warm\n20,1;38;cold", Some(Semicolon));
        check("1,5;2,5\n2,5;3,5\n", Some(Semicolon));
        check("sep=;\n1,5\n2,5\n", Some(Semicolon));
        check("\u{feff}\"sep=|\"\n1,5\n2,5\n", Some(Bar));
        check("a\tb c\n1\tx y\n", Some(Tab));
        check("1 2 3\n 4  5 6\n", Some(Spaces));
        check("28,7 41\n20,1 38\n", Some(Spaces));
        check("1, 2, 3\n4, 5, 6\n", Some(Comma));
        check("a|b\n1|2\n", Some(Bar));
        // Spaces, and a tab before the name.
        check(
            "18.0   8   307.\t\"chevrolet malibu\"\n15.0   8   350.\t\"buick skylark\"\n",
            Some(Spaces),
        );
        check("1\n2\n3\n", None);
        check("", None);
    }

    #[test]
    fn comments_stand_before_the_rows() {
        let check = |text: &str, at: usize, n_comments: usize| {
            let preamble = Preamble::of(text);
            assert_eq!(
                (preamble.end.at, preamble.n_comments),
                (at, n_comments),
                "{text:?}"
            );
        };
        check("1,2\n", 0, 0);
        check("# made by hand\r\n% twice\n\n1,2\n", 25, 2);
        check("#1,2\n#2,3\n", 0, 0);
        assert_eq!(Preamble::of("# a,b\n1,2\n").last_comment, Some("a,b"));
    }
}
