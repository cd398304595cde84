//! A text taken apart: its cells, the names of its columns, and what each holds. What is chosen of it comes after.

use std::borrow::Cow;

use super::cell::{self, Decimal, Value};
use super::column::{Column, ColumnKind};
use super::dialect::{Dialect, N_LOOKED_AT, Preamble, guess_separator};
use super::error::CsvError;
use super::grid::{Grid, Place, Row, Separator};
use super::header;

/// A text under one dialect.
#[derive(Clone, Debug)]
pub(super) struct Sheet {
    grid: Grid,
    pub separator: Separator,
    pub decimal: Decimal,
    /// Numbers like `1,234` leave open which decimal mark they are written with.
    pub is_decimal_open: bool,
    pub has_header: bool,
    pub n_comments: usize,
    /// Rows of samples.
    pub rows: Vec<Row>,
    /// Lines of rows that have more or fewer cells than most.
    pub odd_lines: Vec<u32>,
    pub columns: Vec<Column>,
}

impl Sheet {
    /// # Errors
    /// If the text is no table under any, or under this, dialect.
    pub fn read(text: &str, dialect: Dialect) -> Result<Self, CsvError> {
        #[cfg(test)]
        N_READ.set(N_READ.get() + 1);
        let preamble = Preamble::of(text);
        let has_quotes = !dialect.ignores_quotes;
        let separator = match dialect.separator.or(preamble.separator) {
            Some(separator) => separator,
            None => guess_separator(text, preamble.end, has_quotes)?.ok_or_else(|| {
                let is_blank = text[preamble.end.at..].trim().is_empty();
                if is_blank {
                    CsvError::NoRows
                } else {
                    CsvError::OneColumn
                }
            })?,
        };
        let grid = Grid::read(text, preamble.end, separator, has_quotes, usize::MAX)?;
        let (width, _) = grid.usual_width();
        match (grid.rows.is_empty(), width) {
            (true, _) => return Err(CsvError::NoRows),
            (_, 0 | 1) => return Err(CsvError::OneColumn),
            _ => {}
        }
        let is_usual = |row: &&Row| row.n_cells as usize == width;
        let mut rows: Vec<Row> = grid.rows.iter().filter(is_usual).copied().collect();
        let odd = grid.rows.iter().filter(|row| !is_usual(row));
        let mut odd_lines: Vec<u32> = odd.map(|row| row.line).collect();

        let looked_at = rows.iter().take(N_LOOKED_AT);
        let cells: Vec<Cow<str>> = looked_at
            .flat_map(|row| (0..width).map(|column| grid.cell(text, row, column)))
            .collect();
        let has_semicolons = separator == Separator::Semicolon;
        let (guess, is_open) = cell::guess(cells.iter().map(|cell| &**cell), has_semicolons);
        let decimal = dialect.decimal.unwrap_or(guess);

        let mut names = vec![String::new(); width];
        let is_header = |rows: &[Row]| header::is_header(text, &grid, rows, decimal);
        let mut has_header = dialect.has_header.unwrap_or_else(|| is_header(&rows));
        let may_be_short = match dialect.has_header {
            None => !has_header,
            Some(wanted) => wanted,
        };
        let short = short_header(text, &grid, width, decimal).filter(|_| may_be_short);
        let may_be_in_comment = !has_header && dialect.has_header.is_none();
        let in_comment = preamble.last_comment.filter(|_| may_be_in_comment);
        if let Some(short) = short {
            // R names no column of row names; others end each row, but not the header, with a separator.
            let last_is_empty = |row: &Row| grid.cell(text, row, width - 1).is_empty();
            let first = usize::from(!rows.iter().all(last_is_empty));
            names[first..first + short.len()].clone_from_slice(&short);
            odd_lines.remove(0);
            has_header = true;
        } else if has_header && !rows.is_empty() {
            let row = rows.remove(0);
            names = (0..width)
                .map(|column| grid.cell(text, &row, column).into_owned())
                .collect();
        } else if let Some(comment) = in_comment {
            let named = Grid::read(comment, Place::default(), separator, false, 1);
            let named = named.unwrap_or_default();
            let row = named
                .rows
                .first()
                .filter(|row| row.n_cells as usize == width);
            if let Some(row) = row {
                let cells = (0..width).map(|i| named.cell(comment, row, i).into_owned());
                let cells: Vec<String> = cells.collect();
                if cells
                    .iter()
                    .all(|cell| Value::of(cell, decimal) == Value::Word)
                {
                    (names, has_header) = (cells, true);
                }
            }
        }
        let column = |(column, name): (usize, String)| {
            let cell = |row: usize| grid.cell(text, &rows[row], column);
            let values = (0..rows.len()).map(|row| Value::of(&cell(row), decimal));
            Column::new(name, &values.collect::<Vec<Value>>(), cell)
        };
        let columns = names.into_iter().enumerate().map(column).collect();
        Ok(Self {
            separator,
            decimal,
            is_decimal_open: is_open && dialect.decimal.is_none(),
            has_header,
            n_comments: preamble.n_comments,
            rows,
            odd_lines,
            columns,
            grid,
        })
    }

    /// The cell of a row of samples.
    pub fn cell<'a>(&self, text: &'a str, row: usize, column: usize) -> Cow<'a, str> {
        self.grid.cell(text, &self.rows[row], column)
    }

    pub fn value(&self, text: &str, row: usize, column: usize) -> Value {
        Value::of(&self.cell(text, row, column), self.decimal)
    }

    /// Whether a cell has no value of its column's kind.
    pub fn is_gap(&self, text: &str, row: usize, column: usize) -> bool {
        let value = self.value(text, row, column);
        match self.columns[column].kind {
            ColumnKind::Empty => true,
            ColumnKind::Number => value.number().is_none(),
            ColumnKind::Text => value == Value::Gap,
        }
    }
}

/// The names of a first row that has one cell fewer than most.
fn short_header(text: &str, grid: &Grid, width: usize, decimal: Decimal) -> Option<Vec<String>> {
    let first = grid.rows.first()?;
    let n = first.n_cells as usize;
    if n + 1 != width {
        return None;
    }
    let names = (0..n).map(|column| grid.cell(text, first, column).into_owned());
    let names: Vec<String> = names.collect();
    let is_word = |name: &String| Value::of(name, decimal) == Value::Word;
    names.iter().all(is_word).then_some(names)
}

#[cfg(test)]
thread_local! {
    static N_READ: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Texts that this thread has taken apart.
#[cfg(test)]
pub(super) fn n_read() -> usize {
    N_READ.get()
}
