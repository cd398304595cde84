//! What one should know of a table before it is used, and what can be chosen of it.

use super::cell::Decimal;
use super::column::{ColumnKind, MAX_KINDS};
use super::error::CsvError;
use super::grid::Separator;
use super::reading::{ColumnUse, Reading};
use super::samples::{name_of, shown, target_of, uses_of};
use super::sheet::Sheet;
use super::table::CsvTable;
use crate::nn::spec::limits;
use crate::text::count;

/// A table as it is taken, and what comes of it.
#[derive(Clone, Debug, PartialEq)]
pub struct Preview {
    pub separator: Separator,
    pub decimal: Decimal,
    pub has_header: bool,
    /// Of the table as a whole, a sentence each.
    pub notes: Vec<String>,
    pub columns: Vec<ColumnPreview>,
    /// The first rows, a text for each column.
    pub head: Vec<Vec<String>>,
    pub outcome: Result<Outcome, CsvError>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ColumnPreview {
    /// As messages call it.
    pub name: String,
    pub kind: ColumnKind,
    /// What is odd about it.
    pub notes: Vec<String>,
    pub is_target: bool,
    pub column_use: ColumnUse,
    pub can_be_target: bool,
    /// What else it may be in its present place, itself among it.
    pub uses: Vec<ColumnUse>,
}

/// The samples that a table gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outcome {
    pub n_samples: usize,
    pub n_inputs: usize,
    /// Empty for numbers.
    pub class_names: Vec<String>,
}

impl CsvTable {
    /// # Errors
    /// If the text is no table at all.
    pub fn preview(&self, reading: &Reading, n_head: usize) -> Result<Preview, CsvError> {
        let text = self.text();
        let sheet = self.sheet(reading.dialect)?;
        let uses = uses_of(&sheet, reading);
        let target = target_of(text, &sheet, reading);
        let column = |(column, column_use): (usize, ColumnUse)| {
            let is_target = target.filter(|(of, _)| *of == column);
            let column_use = is_target.map_or(column_use, |(_, target_use)| target_use);
            column_preview(&sheet, column, column_use, is_target.is_some())
        };
        let cells = |row| {
            let columns = 0..sheet.columns.len();
            columns
                .map(|column| shown(&sheet.cell(text, row, column)))
                .collect()
        };
        let samples = self.samples(reading);
        let mut notes = Vec::new();
        match sheet.n_comments {
            0 => {}
            1 => notes.push("1 line of comment is passed over.".into()),
            n => notes.push(format!("{n} lines of comment are passed over.")),
        }
        if sheet.is_decimal_open {
            notes.push(
                "Numbers like 1,234 may be 1234 or 1.234: see which decimal mark is right.".into(),
            );
        }
        if let Ok(samples) = &samples {
            notes.extend(samples.notes());
        }
        let outcome = samples.map(|samples| Outcome {
            n_samples: samples.table.y.len(),
            n_inputs: samples.table.n_inputs(),
            class_names: samples.table.class_names.clone(),
        });
        Ok(Preview {
            separator: sheet.separator,
            decimal: sheet.decimal,
            has_header: sheet.has_header,
            notes,
            columns: uses.into_iter().enumerate().map(column).collect(),
            head: (0..sheet.rows.len().min(n_head)).map(cells).collect(),
            outcome,
        })
    }
}

impl super::samples::Samples {
    fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let n_samples = self.table.y.len();
        let rows = |n: usize| match n {
            1 => "1 row is".to_owned(),
            n => format!("{} rows are", count(n as u64)),
        };
        if self.n_left_out > 0 {
            notes.push(format!("{} left out.", rows(self.n_left_out)));
        }
        if self.n_filled > 0 {
            let filled = rows(self.n_filled);
            notes.push(format!(
                "{filled} filled with the mean of the training samples."
            ));
        }
        if n_samples < 10 {
            notes.push(format!(
                "{n_samples} samples only: enough to look at, too few to learn from."
            ));
        }
        notes
    }
}

fn column_preview(
    sheet: &Sheet,
    column: usize,
    column_use: ColumnUse,
    is_target: bool,
) -> ColumnPreview {
    let of = &sheet.columns[column];
    let n_kinds = of.n_kinds();
    let is_number = of.kind == ColumnKind::Number;
    let max_kinds = if is_target {
        limits::OUTPUTS
    } else {
        MAX_KINDS
    };
    let may_be_classes =
        of.kind != ColumnKind::Empty && n_kinds <= max_kinds && (of.is_whole || !is_number);
    let all = [
        (ColumnUse::Number, is_number),
        (ColumnUse::Classes, may_be_classes),
        (ColumnUse::LeaveOut, !is_target),
    ];
    let allowed = all.into_iter().filter(|&(of, may)| may || of == column_use);
    ColumnPreview {
        name: name_of(sheet, column),
        kind: of.kind,
        notes: of.notes(),
        is_target,
        column_use,
        can_be_target: is_number || (of.kind == ColumnKind::Text && n_kinds <= limits::OUTPUTS),
        uses: allowed.map(|(of, _)| of).collect(),
    }
}
