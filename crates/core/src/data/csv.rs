//! A user's own table: CSV text -> samples.
//!
//! Fields are separated by tabs, semicolons or commas (the first of these that stands in the first
//! row) and may be quoted. A header is optional. Inputs are numbers. The target is the column named
//! `label`, `target`, `class` or `y` (in this order, in any case), else the last. Targets that are
//! words, or whole numbers of at most 16 kinds, are classes; other numbers are regression targets.

use super::TargetKind;
use super::table::Table;
use crate::nn::spec::limits;
use crate::number::parse_f64;

/// Names of the target column. `y` beside an `x` in three or more columns is a coordinate instead.
const TARGET_NAMES: [&str; 4] = ["label", "target", "class", "y"];

/// Where a CSV text is wrong, and what to do.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{}{problem}", self.place())]
pub struct CsvError {
    /// From 1; 0 where the text as a whole is meant.
    pub line: usize,
    /// From 1, with its name where there is a header.
    pub column: Option<(usize, String)>,
    pub problem: CsvProblem,
}

#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CsvProblem {
    #[error("the table has no rows of numbers: give two samples at least")]
    NoRows,
    #[error(
        "the table has one column only: separate inputs and target by commas, semicolons or tabs"
    )]
    OneColumn,
    #[error(
        "{found} fields, but the first row has {expected}: give every row the same number of fields"
    )]
    FieldCount { found: usize, expected: usize },
    #[error("the field is empty: fill it in or leave the row out")]
    EmptyField,
    #[error(
        "'{text}' is not a number: inputs must be numbers; name the target's column 'label' or put it last"
    )]
    NotANumber { text: String },
    #[error("'{text}' has a decimal comma: write a decimal point")]
    DecimalComma { text: String },
    #[error(
        "'{text}' is not a number, but the targets above are: write numbers only or names only"
    )]
    MixedTargets { text: String },
    #[error("'{text}' is too large or not finite: use numbers up to 1e30")]
    NotFinite { text: String },
    #[error(
        "a quote is opened here and never closed: close it, or double it inside a quoted field"
    )]
    OpenQuote,
    #[error("{n} inputs: use at most {max}", max = limits::INPUTS)]
    TooManyInputs { n: usize },
    #[error("more than {max} samples: leave rows out", max = limits::SAMPLES)]
    TooManySamples,
    #[error("more than {max} classes: merge classes, or use numbers for regression", max = limits::OUTPUTS)]
    TooManyClasses,
    #[error("every sample is of class '{name}': give two classes at least")]
    OneClass { name: String },
}

impl CsvError {
    fn place(&self) -> String {
        match (self.line, &self.column) {
            (0, _) => String::new(),
            (line, None) => format!("line {line}: "),
            (line, Some((column, name))) if name.is_empty() => {
                format!("line {line}, column {column}: ")
            }
            (line, Some((column, name))) => format!("line {line}, column {column} ({name}): "),
        }
    }

    fn whole(problem: CsvProblem) -> Self {
        Self::on_line(0, problem)
    }

    fn on_line(line: usize, problem: CsvProblem) -> Self {
        Self {
            line,
            column: None,
            problem,
        }
    }
}

/// The samples of a CSV text, in its order.
pub(super) fn read(text: &str) -> Result<Table, CsvError> {
    #[cfg(test)]
    N_READ.set(N_READ.get() + 1);
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut rows = split_rows(text, separator_of(text))?;
    let n_columns = rows.first().map_or(0, |row| row.fields.len());
    for row in &rows {
        let found = row.fields.len();
        if found != n_columns {
            let problem = CsvProblem::FieldCount {
                found,
                expected: n_columns,
            };
            return Err(CsvError::on_line(row.line, problem));
        }
    }
    let header = match rows.first() {
        Some(first) if is_header(&first.fields) => rows.remove(0).fields,
        _ => vec![String::new(); n_columns],
    };
    if rows.len() < 2 {
        return Err(CsvError::whole(CsvProblem::NoRows));
    }
    if let Some(row) = rows.get(limits::SAMPLES) {
        return Err(CsvError::on_line(row.line, CsvProblem::TooManySamples));
    }
    match n_columns {
        0 | 1 => return Err(CsvError::whole(CsvProblem::OneColumn)),
        n if n - 1 > limits::INPUTS => {
            return Err(CsvError::whole(CsvProblem::TooManyInputs { n: n - 1 }));
        }
        _ => {}
    }
    let target_column = target_column(&header);
    let place = |row: &Row, column: usize, problem| CsvError {
        line: row.line,
        column: Some((column + 1, header[column].clone())),
        problem,
    };

    let mut x = Vec::with_capacity(rows.len() * (n_columns - 1));
    for row in &rows {
        for (column, field) in row.fields.iter().enumerate() {
            if column != target_column {
                x.push(number(field).map_err(|problem| place(row, column, problem))?);
            }
        }
    }
    let targets: Vec<&str> = rows.iter().map(|row| &*row.fields[target_column]).collect();
    let targets = read_targets(&targets)
        .map_err(|(row, problem)| place(&rows[row], target_column, problem))?;
    if let [name] = &targets.class_names[..] {
        let name = name.clone();
        return Err(CsvError::whole(CsvProblem::OneClass { name }));
    }

    let input_names = (0..n_columns)
        .filter(|&column| column != target_column)
        .enumerate()
        .map(|(i, column)| match &header[column] {
            name if name.is_empty() => format!("x{}", i + 1),
            name => name.clone(),
        })
        .collect();
    let target = match targets.class_names.len() {
        0 => TargetKind::Number,
        n_classes => TargetKind::Class { n_classes },
    };
    Ok(Table {
        input_names,
        class_names: targets.class_names,
        target,
        x,
        y: targets.y,
    })
}

#[cfg(test)]
thread_local! {
    static N_READ: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

/// Texts that this thread has read.
#[cfg(test)]
pub(super) fn n_read() -> usize {
    N_READ.get()
}

pub(super) struct Row {
    /// Where it begins, from 1.
    pub(super) line: usize,
    /// Trimmed.
    pub(super) fields: Vec<String>,
}

pub(super) fn separator_of(text: &str) -> char {
    let first_row = text.lines().find(|line| !line.trim().is_empty());
    let first_row = first_row.unwrap_or_default();
    let mut is_quoted = false;
    let mut seen = [false; 2];
    for c in first_row.chars() {
        match c {
            '"' => is_quoted = !is_quoted,
            '\t' if !is_quoted => seen[0] = true,
            ';' if !is_quoted => seen[1] = true,
            _ => {}
        }
    }
    match seen {
        [true, _] => '\t',
        [false, true] => ';',
        [false, false] => ',',
    }
}

/// Rows that are not blank. Lines end with LF, CR or CRLF; a quoted field may hold separators, line
/// ends and doubled quotes.
pub(super) fn split_rows(text: &str, separator: char) -> Result<Vec<Row>, CsvError> {
    let mut rows = Vec::new();
    let mut fields = Vec::new();
    let mut field = String::new();
    let (mut line, mut row_line) = (1, 1);
    // The line of the quote that is open.
    let mut quote_line = None;
    let mut chars = text.chars().chain(['\n']).peekable();
    while let Some(c) = chars.next() {
        // CRLF counts as one line end.
        let c = match c {
            '\r' if chars.peek() == Some(&'\n') => continue,
            '\r' => '\n',
            c => c,
        };
        match c {
            // The newline put behind the text closes no quote.
            '\n' if quote_line.is_some() && chars.peek().is_none() => {}
            '"' if quote_line.is_none() && field.trim().is_empty() => {
                field.clear();
                quote_line = Some(line);
            }
            '"' if quote_line.is_some() => {
                if chars.next_if_eq(&'"').is_some() {
                    field.push('"');
                } else {
                    quote_line = None;
                }
            }
            '\n' if quote_line.is_none() => {
                fields.push(std::mem::take(&mut field).trim().to_owned());
                let fields = std::mem::take(&mut fields);
                if fields.iter().any(|field| !field.is_empty()) {
                    if rows.len() > limits::SAMPLES {
                        return Err(CsvError::on_line(row_line, CsvProblem::TooManySamples));
                    }
                    rows.push(Row {
                        line: row_line,
                        fields,
                    });
                }
                row_line = line + 1;
            }
            c if c == separator && quote_line.is_none() => {
                fields.push(std::mem::take(&mut field).trim().to_owned());
            }
            c => field.push(c),
        }
        line += usize::from(c == '\n');
    }
    match quote_line {
        Some(line) => Err(CsvError::on_line(line, CsvProblem::OpenQuote)),
        None => Ok(rows),
    }
}

/// A first row is a header if it has words where a row of samples has numbers. One word in the last
/// field may be a class.
pub(super) fn is_header(first_row: &[String]) -> bool {
    let is_word = |field: &String| parse_f64(field).is_none();
    let n_words = first_row.iter().filter(|field| is_word(field)).count();
    match first_row.last() {
        Some(last) if n_words == 1 && is_word(last) => is_target_name(last),
        _ => n_words > 0,
    }
}

fn is_target_name(name: &str) -> bool {
    TARGET_NAMES.iter().any(|t| name.eq_ignore_ascii_case(t))
}

pub(super) fn target_column(header: &[String]) -> usize {
    let find = |wanted: &str| {
        header
            .iter()
            .position(|name| name.eq_ignore_ascii_case(wanted))
    };
    let y_is_coordinate = find("x").is_some() && header.len() > 2;
    TARGET_NAMES
        .iter()
        .filter(|&&name| name != "y" || !y_is_coordinate)
        .find_map(|name| find(name))
        .unwrap_or(header.len() - 1)
}

pub(super) fn number(field: &str) -> Result<f64, CsvProblem> {
    let text = || field.to_owned();
    if field.is_empty() {
        return Err(CsvProblem::EmptyField);
    }
    match parse_f64(field) {
        Some(value) if value.abs() <= 1e30 => Ok(value),
        Some(_) => Err(CsvProblem::NotFinite { text: text() }),
        None if parse_f64(&field.replacen(',', ".", 1)).is_some() => {
            Err(CsvProblem::DecimalComma { text: text() })
        }
        None => Err(CsvProblem::NotANumber { text: text() }),
    }
}

struct Targets {
    /// Empty for regression.
    class_names: Vec<String>,
    y: Vec<f64>,
}

/// The error's index is the row's.
fn read_targets(targets: &[&str]) -> Result<Targets, (usize, CsvProblem)> {
    if let Some(row) = targets.iter().position(|text| text.is_empty()) {
        return Err((row, CsvProblem::EmptyField));
    }
    let are_numbers = targets
        .first()
        .is_some_and(|text| parse_f64(text).is_some());
    if !are_numbers {
        return read_names(targets);
    }
    let y = targets
        .iter()
        .enumerate()
        .map(|(row, text)| number(text).map_err(|problem| (row, in_target(problem))))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(whole_classes(&y).unwrap_or(Targets {
        class_names: Vec::new(),
        y,
    }))
}

fn in_target(problem: CsvProblem) -> CsvProblem {
    match problem {
        CsvProblem::NotANumber { text } => CsvProblem::MixedTargets { text },
        other => other,
    }
}

/// Classes by name, in alphabetical order.
fn read_names(targets: &[&str]) -> Result<Targets, (usize, CsvProblem)> {
    let mut names: Vec<&str> = Vec::new();
    for (row, &name) in targets.iter().enumerate() {
        if let Err(at) = names.binary_search(&name) {
            if names.len() == limits::OUTPUTS {
                return Err((row, CsvProblem::TooManyClasses));
            }
            names.insert(at, name);
        }
    }
    let index = |name: &&str| names.partition_point(|other| other < name) as f64;
    Ok(Targets {
        y: targets.iter().map(index).collect(),
        class_names: names.into_iter().map(str::to_owned).collect(),
    })
}

/// Whole numbers of at most 16 kinds are classes, in rising order.
fn whole_classes(y: &[f64]) -> Option<Targets> {
    let mut kinds: Vec<i64> = Vec::new();
    for &value in y {
        // Whole numbers of this size are exact in f64.
        let is_whole = value == libm::trunc(value) && value.abs() < 1e15;
        if !is_whole {
            return None;
        }
        if let Err(at) = kinds.binary_search(&(value as i64)) {
            if kinds.len() == limits::OUTPUTS {
                return None;
            }
            kinds.insert(at, value as i64);
        }
    }
    let index = |&value: &f64| kinds.partition_point(|&kind| kind < value as i64) as f64;
    Some(Targets {
        y: y.iter().map(index).collect(),
        class_names: kinds.iter().map(i64::to_string).collect(),
    })
}
