//! Columns and choices -> samples.

use super::column::{Column, ColumnKind, MAX_KINDS};
use super::error::{CsvError, FirstGap};
use super::header;
use super::reading::{ColumnUse, Gaps, Reading};
use super::sheet::Sheet;
use crate::data::TargetKind;
use crate::data::table::Table;
use crate::nn::spec::limits;
use crate::scenario::shortest;

/// What becomes of the columns of a table.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Plan {
    pub target: usize,
    pub target_use: ColumnUse,
    /// Of all columns; the target is left out of the inputs.
    pub uses: Vec<ColumnUse>,
}

/// Samples, and what became of the rows.
#[derive(Clone, Debug)]
pub(in crate::data) struct Samples {
    /// With NaN for gaps to be filled.
    pub table: Table,
    pub n_left_out: usize,
    pub n_filled: usize,
}

/// # Errors
/// If the choices are not of this table, or leave no data set.
pub(super) fn read(text: &str, sheet: &Sheet, reading: &Reading) -> Result<Samples, CsvError> {
    #[cfg(test)]
    N_READ.set(N_READ.get() + 1);
    let n_rows = sheet.rows.len();
    let n_all = n_rows + sheet.odd_lines.len();
    if n_all < 2 {
        return Err(CsvError::NoRows);
    }
    let plan = Plan::new(text, sheet, reading)?;
    let inputs: Vec<(usize, ColumnUse)> = plan.inputs().collect();

    let is_gap = |row: usize, column: usize| sheet.is_gap(text, row, column);
    let (mut whole, mut n_gapped, mut n_filled) = (Vec::new(), 0, 0);
    let mut first = sheet.odd_lines.first().map(|&line| FirstGap::Row { line });
    for row in 0..n_rows {
        let has_target = !is_gap(row, plan.target);
        let gap = match has_target {
            false => Some(plan.target),
            true => inputs
                .iter()
                .map(|(column, _)| *column)
                .find(|&column| is_gap(row, column)),
        };
        let Some(column) = gap else {
            whole.push(row);
            continue;
        };
        n_gapped += 1;
        let line = sheet.rows[row].line;
        let is_first = first.as_ref().is_none_or(|first| line < first.line());
        if is_first {
            first = Some(FirstGap::Cell {
                line,
                name: name_of(sheet, column),
                text: shown(&sheet.cell(text, row, column)),
            });
        }
        if has_target && reading.gaps == Gaps::Mean {
            n_filled += 1;
            whole.push(row);
        }
    }
    let n_bad = n_gapped + sheet.odd_lines.len();
    if let Some(first) = first.filter(|_| reading.gaps == Gaps::Refuse) {
        let n_rows = n_bad;
        return Err(CsvError::Gaps {
            n_rows,
            n_all,
            first,
        });
    }
    if whole.len() < 2 {
        let n = whole.len();
        return Err(CsvError::TooFewRows { n, n_all });
    }
    let n = whole.len();
    if n > limits::SAMPLES {
        if !reading.is_thinned {
            return Err(CsvError::TooManySamples { n });
        }
        whole = (0..limits::SAMPLES)
            .map(|i| whole[i * n / limits::SAMPLES])
            .collect();
    }

    let mut x = Vec::with_capacity(whole.len() * inputs.len());
    for &row in &whole {
        for &(column, column_use) in &inputs {
            push_input(text, sheet, row, column, column_use, &mut x);
        }
    }
    let of = &sheet.columns[plan.target];
    let target = |row: &usize| match plan.target_use {
        ColumnUse::Classes => kind_of(text, sheet, *row, plan.target).unwrap_or(0) as f64,
        _ => sheet.value(text, *row, plan.target).number().unwrap_or(0.0),
    };
    let y = whole.iter().map(target).collect();
    let (class_names, target) = match plan.target_use {
        ColumnUse::Classes => (
            names_of_kinds(of),
            TargetKind::Class {
                n_classes: of.n_kinds(),
            },
        ),
        _ => (Vec::new(), TargetKind::Number),
    };
    let names = inputs
        .iter()
        .flat_map(|&(column, column_use)| input_names(sheet, column, column_use));
    let input_names = numbered(names.collect());
    let samples = Samples {
        table: Table {
            input_names,
            class_names,
            target,
            x,
            y,
        },
        n_left_out: n_all - whole.len(),
        n_filled,
    };
    samples.with_classes_that_are(plan.target)
}

impl Samples {
    /// Classes whose every row is left out are none.
    fn with_classes_that_are(mut self, column: usize) -> Result<Self, CsvError> {
        let Table {
            class_names,
            y,
            target,
            ..
        } = &mut self.table;
        if class_names.is_empty() {
            return Ok(self);
        }
        let mut is_there = vec![false; class_names.len()];
        y.iter().for_each(|&class| is_there[class as usize] = true);
        let mut number = vec![0.0; class_names.len()];
        let mut n_classes = 0;
        for (class, is_there) in is_there.iter().enumerate() {
            number[class] = n_classes as f64;
            n_classes += usize::from(*is_there);
        }
        y.iter_mut()
            .for_each(|class| *class = number[*class as usize]);
        let mut there = is_there.into_iter();
        class_names.retain(|_| there.next().unwrap_or(false));
        *target = TargetKind::Class { n_classes };
        match &class_names[..] {
            [class] => {
                let class = class.clone();
                Err(CsvError::OneClass { class, column })
            }
            _ => Ok(self),
        }
    }
}

impl Plan {
    /// # Errors
    /// If the choices are not of this table, or leave no inputs or no target.
    pub fn new(text: &str, sheet: &Sheet, reading: &Reading) -> Result<Self, CsvError> {
        let n_columns = sheet.columns.len();
        if let Some(column) = reading.last_column().filter(|column| *column >= n_columns) {
            return Err(CsvError::NoColumn { column, n_columns });
        }
        let (target, target_use) = target_of(text, sheet, reading).ok_or(CsvError::NoTarget)?;
        check_target(sheet, target, target_use)?;
        let uses = uses_of(sheet, reading);
        for (column, &column_use) in uses.iter().enumerate() {
            if column != target {
                check_use(sheet, column, column_use)?;
            }
        }
        let plan = Self {
            target,
            target_use,
            uses,
        };
        plan.check_inputs(sheet)?;
        Ok(plan)
    }

    /// Columns that are inputs.
    pub fn inputs(&self) -> impl Iterator<Item = (usize, ColumnUse)> + '_ {
        let all = self.uses.iter().copied().enumerate();
        all.filter(|&(column, of)| column != self.target && of != ColumnUse::LeaveOut)
    }

    fn check_inputs(&self, sheet: &Sheet) -> Result<(), CsvError> {
        let (mut n, mut beyond) = (0, Vec::new());
        for (column, of) in self.inputs() {
            n += match of {
                ColumnUse::Classes => sheet.columns[column].n_kinds(),
                _ => 1,
            };
            if n > limits::INPUTS {
                beyond.push(column);
            }
        }
        match (n, beyond.is_empty()) {
            (0, _) => Err(CsvError::NoInputs),
            (_, false) => Err(CsvError::TooManyInputs { n, beyond }),
            _ => Ok(()),
        }
    }
}

impl FirstGap {
    fn line(&self) -> u32 {
        match self {
            Self::Row { line } | Self::Cell { line, .. } => *line,
        }
    }
}

/// What becomes of each column as an input.
pub(super) fn uses_of(sheet: &Sheet, reading: &Reading) -> Vec<ColumnUse> {
    let columns = sheet.columns.iter().enumerate();
    let use_of = |(column, of)| {
        reading
            .use_of(column)
            .unwrap_or_else(|| usual_use(of, sheet.has_header))
    };
    columns.map(use_of).collect()
}

/// The target and what it is taken for, where there can be one.
pub(super) fn target_of(
    text: &str,
    sheet: &Sheet,
    reading: &Reading,
) -> Option<(usize, ColumnUse)> {
    let chosen = reading
        .target
        .filter(|target| *target < sheet.columns.len());
    let target = chosen.or_else(|| usual_target(sheet, reading))?;
    let target_use = reading
        .use_of(target)
        .filter(|of| *of != ColumnUse::LeaveOut);
    let target_use = target_use.unwrap_or_else(|| usual_target_use(text, sheet, target));
    Some((target, target_use))
}

/// What becomes of an input column where nothing is chosen.
fn usual_use(column: &Column, has_header: bool) -> ColumnUse {
    match column.kind {
        ColumnKind::Number if !column.is_id(has_header) => ColumnUse::Number,
        ColumnKind::Text
            if !column.is_name() && (2..=limits::OUTPUTS).contains(&column.n_kinds()) =>
        {
            ColumnUse::Classes
        }
        _ => ColumnUse::LeaveOut,
    }
}

/// The target where none is chosen: the column that is named as one, else the last or the first that can be one, else any.
fn usual_target(sheet: &Sheet, reading: &Reading) -> Option<usize> {
    let n_columns = sheet.columns.len();
    let is_free = |column: &usize| reading.use_of(*column) != Some(ColumnUse::LeaveOut);
    if sheet.has_header {
        let names: Vec<String> = sheet
            .columns
            .iter()
            .map(|column| column.name.clone())
            .collect();
        let named = header::named_target(&names).filter(is_free);
        if named.is_some_and(|column| sheet.columns[column].kind != ColumnKind::Empty) {
            return named;
        }
    }
    let may_be = |column: &usize| {
        let of = &sheet.columns[*column];
        let n_kinds = of.n_kinds();
        let fits = match of.kind {
            ColumnKind::Empty => false,
            ColumnKind::Number => !of.is_id(sheet.has_header),
            ColumnKind::Text => n_kinds <= limits::OUTPUTS && !of.is_name(),
        };
        is_free(column) && fits
    };
    let is_full = |column: &usize| sheet.columns[*column].kind != ColumnKind::Empty;
    let last = (0..n_columns).rev().find(is_full)?;
    let mut order = [last, 0].into_iter().chain((0..n_columns).rev());
    order
        .clone()
        .find(may_be)
        .or_else(|| order.find(|column| is_free(column) && is_full(column)))
}

/// Words are classes. So are whole numbers of few kinds, each of them many times, that do not lie on a line.
fn usual_target_use(text: &str, sheet: &Sheet, target: usize) -> ColumnUse {
    let column = &sheet.columns[target];
    let n_kinds = column.n_kinds();
    if column.kind == ColumnKind::Text {
        return ColumnUse::Classes;
    }
    if !column.is_whole || n_kinds > limits::OUTPUTS || header::names_numbers(&column.name) {
        return ColumnUse::Number;
    }
    let is_named = header::names_classes(&column.name);
    let n_values = column.n_rows - column.n_gaps;
    let are_classes = is_named
        || n_kinds == 2
        || (n_kinds > 2 && n_values >= 5 * n_kinds && !is_on_a_line(text, sheet, target));
    if are_classes {
        ColumnUse::Classes
    } else {
        ColumnUse::Number
    }
}

/// Rows that tell a line.
const ENOUGH: usize = 1_000;

/// Whether a column of numbers is all but a straight function of another.
fn is_on_a_line(text: &str, sheet: &Sheet, target: usize) -> bool {
    let number = |row, column| sheet.value(text, row, column).number();
    let is_line = |column: usize| {
        let (mut n, mut x, mut y, mut xx, mut yy, mut xy) = (0.0, 0.0, 0.0, 0.0, 0.0, 0.0);
        for row in 0..sheet.rows.len().min(ENOUGH) {
            if let (Some(a), Some(b)) = (number(row, column), number(row, target)) {
                n += 1.0;
                x += a;
                y += b;
                xx += a * a;
                yy += b * b;
                xy += a * b;
            }
        }
        let (var_x, var_y, cov) = (n * xx - x * x, n * yy - y * y, n * xy - x * y);
        cov * cov > 0.98 * var_x * var_y && var_x > 0.0 && var_y > 0.0
    };
    let others = (0..sheet.columns.len()).filter(|&column| column != target);
    let mut numbers = others.filter(|&column| sheet.columns[column].kind == ColumnKind::Number);
    numbers.any(is_line)
}

fn check_target(sheet: &Sheet, column: usize, target_use: ColumnUse) -> Result<(), CsvError> {
    let of = &sheet.columns[column];
    let name = name_of(sheet, column);
    let are_numbers = of.kind == ColumnKind::Number;
    match target_use {
        _ if of.kind == ColumnKind::Empty => Err(CsvError::NoTarget),
        ColumnUse::Classes if of.n_kinds() > limits::OUTPUTS => Err(CsvError::TooManyClasses {
            name,
            are_numbers,
            column,
        }),
        ColumnUse::Number if !are_numbers => Err(CsvError::NoNumbers { name, column }),
        _ => Ok(()),
    }
}

fn check_use(sheet: &Sheet, column: usize, column_use: ColumnUse) -> Result<(), CsvError> {
    let of = &sheet.columns[column];
    let name = name_of(sheet, column);
    match column_use {
        ColumnUse::Number if of.kind != ColumnKind::Number => {
            Err(CsvError::NoNumbers { name, column })
        }
        ColumnUse::Classes if of.n_kinds() > MAX_KINDS => {
            Err(CsvError::TooManyKinds { name, column })
        }
        _ => Ok(()),
    }
}

fn push_input(
    text: &str,
    sheet: &Sheet,
    row: usize,
    column: usize,
    column_use: ColumnUse,
    x: &mut Vec<f64>,
) {
    match column_use {
        ColumnUse::LeaveOut => {}
        ColumnUse::Number => x.push(sheet.value(text, row, column).number().unwrap_or(f64::NAN)),
        ColumnUse::Classes => {
            let kind = kind_of(text, sheet, row, column);
            let is = |other: usize| match kind {
                Some(kind) => f64::from(u8::from(kind == other)),
                None => f64::NAN,
            };
            x.extend((0..sheet.columns[column].n_kinds()).map(is));
        }
    }
}

/// Which of its column's values a cell has.
fn kind_of(text: &str, sheet: &Sheet, row: usize, column: usize) -> Option<usize> {
    let of = &sheet.columns[column];
    match of.kind {
        ColumnKind::Empty => None,
        ColumnKind::Number => {
            let value = sheet.value(text, row, column).number()?;
            Some(of.numbers.partition_point(|known| *known < value))
        }
        ColumnKind::Text if sheet.is_gap(text, row, column) => None,
        ColumnKind::Text => {
            let word = sheet.cell(text, row, column);
            Some(of.words.partition_point(|known| **known < *word))
        }
    }
}

fn names_of_kinds(column: &Column) -> Vec<String> {
    match column.kind {
        ColumnKind::Number => column
            .numbers
            .iter()
            .map(|&value| shortest(value))
            .collect(),
        _ => column.words.clone(),
    }
}

/// Empty for an input without a name.
fn input_names(sheet: &Sheet, column: usize, column_use: ColumnUse) -> Vec<String> {
    let of = &sheet.columns[column];
    match column_use {
        ColumnUse::Classes => {
            let name = name_of(sheet, column);
            names_of_kinds(of)
                .iter()
                .map(|kind| format!("{name}={kind}"))
                .collect()
        }
        _ => vec![of.name.clone()],
    }
}

/// Inputs without a name go by their number.
fn numbered(names: Vec<String>) -> Vec<String> {
    let name = |(i, name): (usize, String)| match name.is_empty() {
        true => format!("x{}", i + 1),
        false => name,
    };
    names.into_iter().enumerate().map(name).collect()
}

/// What messages call a column.
pub(super) fn name_of(sheet: &Sheet, column: usize) -> String {
    match &*sheet.columns[column].name {
        "" => format!("column {}", column + 1),
        name => shown(name),
    }
}

/// At most 40 characters of a cell, on one line.
pub(super) fn shown(cell: &str) -> String {
    let printable = |c: char| if c.is_control() { ' ' } else { c };
    let mut short: String = cell.chars().take(40).map(printable).collect();
    if cell.chars().nth(40).is_some() {
        short.push('…');
    }
    short
}

#[cfg(test)]
thread_local! {
    static N_READ: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Times that this thread has read samples.
#[cfg(test)]
pub(super) fn n_read() -> usize {
    N_READ.get()
}
