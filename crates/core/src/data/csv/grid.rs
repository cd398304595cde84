//! Text -> grid of cells. A cell is where it stands in the text, so that a grid takes eight bytes a cell whatever is in it.
//!
//! Own code and not the `csv` crate, which knows no runs of spaces, needs the separator beforehand, and copies every cell.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::error::CsvError;

/// More than any table that can be used, with columns to leave out.
const MAX_COLUMNS: usize = 1_000;
/// Places in a text, and the mark beside their length, are 32 bits.
const MAX_BYTES: usize = 1 << 30;

/// What stands between the cells of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Separator {
    Tab,
    Semicolon,
    Comma,
    Bar,
    /// Runs of spaces and tabs.
    Spaces,
}

impl Separator {
    /// In the order in which they are tried.
    pub const ALL: [Self; 5] = [
        Self::Tab,
        Self::Semicolon,
        Self::Comma,
        Self::Bar,
        Self::Spaces,
    ];

    pub(super) fn byte(self) -> u8 {
        match self {
            Self::Tab => b'\t',
            Self::Semicolon => b';',
            Self::Comma => b',',
            Self::Bar => b'|',
            Self::Spaces => b' ',
        }
    }

    /// A blank that does not separate.
    fn skips(self, byte: u8) -> bool {
        byte == b' ' || (byte == b'\t' && self != Self::Tab)
    }

    fn ends_cell(self, byte: u8) -> bool {
        byte == self.byte() || (byte == b'\t' && self == Self::Spaces)
    }
}

/// Bytes of the text that are the cell: without quotes, and the spaces around.
#[derive(Clone, Copy, Debug)]
struct Span {
    start: u32,
    /// With [`DOUBLED`].
    len: u32,
}

/// Quotes in the cell stand doubled.
const DOUBLED: u32 = 1 << 31;

#[derive(Clone, Copy, Debug)]
pub(super) struct Row {
    /// Where it begins, from 1.
    pub line: u32,
    first: u32,
    pub n_cells: u32,
}

/// Rows that are not blank. Lines end with LF, CR or CRLF; a quoted cell may hold separators, line ends and doubled
/// quotes.
#[derive(Clone, Debug, Default)]
pub(super) struct Grid {
    cells: Vec<Span>,
    pub rows: Vec<Row>,
}

/// Where the rows begin.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Place {
    pub at: usize,
    /// From 0.
    pub n_lines: u32,
}

impl Grid {
    /// Reads at most `max_rows` rows from a place on.
    ///
    /// # Errors
    /// A quote that is never closed, or what is too long for a table.
    pub fn read(
        text: &str,
        from: Place,
        separator: Separator,
        has_quotes: bool,
        max_rows: usize,
    ) -> Result<Self, CsvError> {
        if text.len() > MAX_BYTES {
            return Err(CsvError::TooLong);
        }
        let mut reader = Reader {
            text,
            at: from.at,
            line: from.n_lines + 1,
            separator,
            has_quotes,
        };
        let mut grid = Self::default();
        while grid.rows.len() < max_rows {
            let line = reader.line;
            let first = grid.cells.len();
            let end = loop {
                let (cell, end) = reader.next_cell()?;
                grid.cells.push(cell);
                if end != End::Cell {
                    break end;
                }
                if grid.cells.len() - first > MAX_COLUMNS {
                    return Err(CsvError::TooManyColumns { line });
                }
            };
            let cells = &grid.cells[first..];
            if cells.iter().all(|cell| cell.len == 0) {
                grid.cells.truncate(first);
            } else {
                let n_cells = cells.len() as u32;
                let first = first as u32;
                grid.rows.push(Row {
                    line,
                    first,
                    n_cells,
                });
            }
            if end == End::Text {
                break;
            }
        }
        Ok(grid)
    }

    /// Nothing where the row has no such cell.
    pub fn cell<'a>(&self, text: &'a str, row: &Row, column: usize) -> Cow<'a, str> {
        if column >= row.n_cells as usize {
            return "".into();
        }
        let Span { start, len } = self.cells[row.first as usize + column];
        let start = start as usize;
        let cell = &text[start..start + (len & !DOUBLED) as usize];
        match len & DOUBLED {
            0 => cell.into(),
            _ => cell.replace("\"\"", "\"").into(),
        }
    }

    /// Cells that most rows have, and how many rows that is.
    pub fn usual_width(&self) -> (usize, usize) {
        let mut n_rows_of = vec![0_usize; MAX_COLUMNS + 2];
        for row in &self.rows {
            n_rows_of[row.n_cells as usize] += 1;
        }
        let widths = n_rows_of.into_iter().enumerate();
        widths.max_by_key(|(_, n_rows)| *n_rows).unwrap_or((0, 0))
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    /// From 1.
    line: u32,
    separator: Separator,
    has_quotes: bool,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Cell,
    Row,
    Text,
}

impl Reader<'_> {
    fn byte(&self, at: usize) -> Option<u8> {
        self.text.as_bytes().get(at).copied()
    }

    fn next_cell(&mut self) -> Result<(Span, End), CsvError> {
        let start = self.skip_blanks(self.at);
        if self.has_quotes
            && self.byte(start) == Some(b'"')
            && let Some(cell) = self.quoted(start)?
        {
            return Ok(cell);
        }
        let ends = |&at: &usize| {
            self.byte(at)
                .is_none_or(|b| matches!(b, b'\n' | b'\r') || self.separator.ends_cell(b))
        };
        let end = (start..).find(ends).unwrap_or(start);
        Ok((self.span(start, end, 0), self.finish(end)))
    }

    /// The cell whose quote is opened at `start`; nothing if it is closed before the end of the cell, and so is no quote
    /// around it.
    fn quoted(&mut self, start: usize) -> Result<Option<(Span, End)>, CsvError> {
        let (mut at, mut line, mut doubled) = (start + 1, self.line, 0);
        loop {
            match (self.byte(at), self.byte(at + 1)) {
                (None, _) => return Err(CsvError::OpenQuote { line: self.line }),
                (Some(b'"'), Some(b'"')) => {
                    doubled = DOUBLED;
                    at += 1;
                }
                (Some(b'"'), _) => break,
                (Some(b'\r'), Some(b'\n')) => {}
                (Some(b'\n' | b'\r'), _) => line += 1,
                _ => {}
            }
            at += 1;
        }
        let after = self.skip_blanks(at + 1);
        let is_end = self.byte(after).is_none_or(|b| {
            matches!(b, b'\n' | b'\r')
                || self.separator.ends_cell(b)
                || after > at + 1 && self.separator == Separator::Spaces
        });
        if !is_end {
            return Ok(None);
        }
        self.line = line;
        Ok(Some((
            self.span(start + 1, at, doubled),
            self.finish(after),
        )))
    }

    fn skip_blanks(&self, from: usize) -> usize {
        let is_over = |&at: &usize| self.byte(at).is_none_or(|b| !self.separator.skips(b));
        (from..).find(is_over).unwrap_or(from)
    }

    /// Goes on behind the cell that ends here.
    fn finish(&mut self, end: usize) -> End {
        let end = match self.separator {
            Separator::Spaces => self.skip_blanks(end),
            _ => end,
        };
        let (at, found) = match (self.byte(end), self.byte(end + 1)) {
            (None, _) => (end, End::Text),
            (Some(b'\r'), Some(b'\n')) => (end + 2, End::Row),
            (Some(b'\n' | b'\r'), _) => (end + 1, End::Row),
            _ if self.separator == Separator::Spaces => (end, End::Cell),
            _ => (end + 1, End::Cell),
        };
        self.at = at;
        self.line += u32::from(found == End::Row);
        found
    }

    fn span(&self, start: usize, end: usize, doubled: u32) -> Span {
        let cell = &self.text[start..end];
        let trimmed = cell.trim_start();
        let start = start + cell.len() - trimmed.len();
        let len = trimmed.trim_end().len() as u32;
        Span {
            start: start as u32,
            len: if len == 0 { 0 } else { len | doubled },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, separator: Separator, expect: &[(u32, &[&str])]) {
        let grid = Grid::read(text, Place::default(), separator, true, usize::MAX).expect("a grid");
        let row = |row: &Row| {
            let cells = (0..row.n_cells as usize).map(|i| grid.cell(text, row, i).into_owned());
            (row.line, cells.collect::<Vec<_>>())
        };
        let found: Vec<_> = grid.rows.iter().map(row).collect();
        let expect: Vec<_> = expect
            .iter()
            .map(|(line, cells)| (*line, cells.iter().map(|&c| c.to_owned()).collect()))
            .collect();
        assert_eq!(found, expect, "{text:?}");
    }

    #[test]
    fn cells_are_split_and_trimmed() {
        use Separator::{Comma, Spaces, Tab};
        check(
            "a, b ,\r\n\r\n,1,\"x\"",
            Comma,
            &[(1, &["a", "b", ""]), (3, &["", "1", "x"])],
        );
        check("a\rb\n", Comma, &[(1, &["a"]), (2, &["b"])]);
        check(
            "\"a, \"\"b\"\"\nc\" ,2\n3,4",
            Comma,
            &[(1, &["a, \"b\"\nc", "2"]), (3, &["3", "4"])],
        );
        // Inches, and what is quoted in part.
        check(
            "5\" pipe,2\n\"a\"b,1",
            Comma,
            &[(1, &["5\" pipe", "2"]), (2, &["\"a\"b", "1"])],
        );
        check(
            "  18.0   8\t\"chevrolet malibu\" \n 15 ?  \"buick\"",
            Spaces,
            &[
                (1, &["18.0", "8", "chevrolet malibu"]),
                (2, &["15", "?", "buick"]),
            ],
        );
        check("a\t\tb c\n", Tab, &[(1, &["a", "", "b c"])]);
        check("\"\",\"\"\n", Comma, &[]);
    }

    #[test]
    fn what_is_no_grid_is_refused() {
        let read = |text: &str| Grid::read(text, Place::default(), Separator::Comma, true, 9);
        assert!(matches!(
            read("a,b\n1,\"x\n2,3\n"),
            Err(CsvError::OpenQuote { line: 2 })
        ));
        let wide = "1,".repeat(1_001);
        assert!(matches!(
            read(&wide),
            Err(CsvError::TooManyColumns { line: 1 })
        ));
        let no_quotes = Grid::read("a,\"x\n", Place::default(), Separator::Comma, false, 9);
        assert_eq!(no_quotes.expect("a grid").rows.len(), 1);
    }
}
