//! Why a text is no data set as it stands, in one message for all of it, and what mends it.

use super::column::MAX_KINDS;
use super::reading::{ColumnUse, Gaps, Reading};
use crate::nn::spec::limits;
use crate::text::count;

/// Columns count from 0 here, and from 1 in messages; lines from 1.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum CsvError {
    #[error("what reads tables could not be loaded: is there a connection? Then reload the page")]
    NotHere,
    #[error("the table has no rows of samples: give two at least")]
    NoRows,
    #[error(
        "the table has one column only: separate inputs and target by commas, semicolons, tabs or spaces"
    )]
    OneColumn,
    #[error("line {line} has more than 1,000 cells: write one sample a line")]
    TooManyColumns { line: u32 },
    #[error("the table is longer than 1 GB: leave rows out")]
    TooLong,
    #[error(
        "line {line}: a quote is opened here and never closed: close it, or take quotation marks as they are"
    )]
    OpenQuote { line: u32 },
    #[error("{}", gaps(.n_rows, .n_all, .first))]
    Gaps {
        /// Rows that are not whole, of how many.
        n_rows: usize,
        n_all: usize,
        first: FirstGap,
    },
    #[error("{n} of {n_all} rows are whole: two at least are needed")]
    TooFewRows { n: usize, n_all: usize },
    #[error("{}", too_many_samples(.n))]
    TooManySamples { n: usize },
    #[error("no column is left as an input: leave fewer columns out")]
    NoInputs,
    #[error("{n} inputs: use at most {max}, leave columns out", max = limits::INPUTS)]
    TooManyInputs {
        n: usize,
        /// Columns that are too many, the last ones.
        beyond: Vec<usize>,
    },
    #[error("no column can be a target: it takes numbers, or 2 to {max} different names", max = limits::OUTPUTS)]
    NoTarget,
    #[error("{name} has more than {max} classes: choose another target, or merge classes", max = limits::OUTPUTS)]
    TooManyClasses {
        name: String,
        /// The column is one of numbers.
        are_numbers: bool,
        column: usize,
    },
    #[error(
        "every sample is of class '{class}': choose another target, or give two classes at least"
    )]
    OneClass { class: String, column: usize },
    #[error("{name} has more than {MAX_KINDS} different values, an input each: leave it out")]
    TooManyKinds { name: String, column: usize },
    #[error("{name} holds words: take it as classes, or leave it out")]
    NoNumbers { name: String, column: usize },
    #[error("there is no column {}: the table has {n_columns}", .column + 1)]
    NoColumn { column: usize, n_columns: usize },
}

/// Where a table first has no value, and what stands there.
#[derive(Clone, Debug, PartialEq)]
pub enum FirstGap {
    /// A row with another number of cells.
    Row { line: u32 },
    Cell {
        line: u32,
        name: String,
        /// Nothing, a mark for it, or a word among numbers.
        text: String,
    },
}

fn too_many_samples(n: &usize) -> String {
    let (n, most) = (count(*n as u64), count(limits::SAMPLES as u64));
    format!("{n} samples: use at most {most}, or as many of them evenly spread")
}

fn gaps(n_rows: &usize, n_all: &usize, first: &FirstGap) -> String {
    let rows = match n_rows {
        1 => "1 row".to_owned(),
        n => format!("{} rows", count(*n as u64)),
    };
    let n_all = count(*n_all as u64);
    let first = match first {
        FirstGap::Row { line } => format!("line {line} has more or fewer cells than most"),
        FirstGap::Cell { line, name, text } if text.is_empty() => {
            format!("line {line} has nothing in {name}")
        }
        FirstGap::Cell { line, name, text } => format!("line {line} has '{text}' in {name}"),
    };
    format!(
        "{rows} of {n_all} cannot be used whole, the first because {first}: leave such rows out, or fill the gaps"
    )
}

/// A change of the choices that mends what is wrong.
#[derive(Clone, Debug, PartialEq)]
pub struct Mend {
    /// "Leave 3 rows out": what a button says.
    pub label: String,
    pub reading: Reading,
}

impl CsvError {
    /// It is about what was chosen, and not about the text.
    pub fn is_of_reading(&self) -> bool {
        matches!(
            self,
            Self::NoColumn { .. } | Self::NoNumbers { .. } | Self::TooManyKinds { .. }
        )
    }

    /// What mends it, the best first; nothing where the text has to be changed.
    pub fn mends(&self, reading: &Reading) -> Vec<Mend> {
        let mend = |label: String, change: &dyn Fn(&mut Reading)| {
            let mut reading = reading.clone();
            change(&mut reading);
            Mend { label, reading }
        };
        match self {
            Self::OpenQuote { .. } => vec![mend("Take quotation marks as they are".into(), &|r| {
                r.dialect.ignores_quotes = true;
            })],
            Self::Gaps { n_rows, .. } => {
                let label = match n_rows {
                    1 => "Leave 1 row out".to_owned(),
                    n => format!("Leave {} rows out", count(*n as u64)),
                };
                vec![
                    mend(label, &|r| r.gaps = Gaps::LeaveOut),
                    mend("Fill gaps with the mean".into(), &|r| r.gaps = Gaps::Mean),
                ]
            }
            Self::TooFewRows { .. } if reading.gaps != Gaps::Mean => {
                vec![mend("Fill gaps with the mean".into(), &|r| {
                    r.gaps = Gaps::Mean
                })]
            }
            Self::TooManySamples { .. } => {
                let label = format!("Use {} rows, evenly spread", count(limits::SAMPLES as u64));
                vec![mend(label, &|r| r.is_thinned = true)]
            }
            Self::TooManyInputs { beyond, .. } => {
                vec![mend(
                    format!("Leave the last {} columns out", beyond.len()),
                    &|r| {
                        for &column in beyond {
                            r.set_use(column, Some(ColumnUse::LeaveOut));
                        }
                    },
                )]
            }
            Self::TooManyClasses {
                column,
                are_numbers: true,
                ..
            } => {
                vec![mend("Take it as a number".into(), &|r| {
                    r.set_use(*column, Some(ColumnUse::Number));
                })]
            }
            Self::TooManyClasses { column, .. } | Self::OneClass { column, .. } => {
                vec![mend("Choose another target".into(), &|r| {
                    r.target = None;
                    r.set_use(*column, Some(ColumnUse::LeaveOut));
                })]
            }
            Self::TooManyKinds { column, .. } => vec![mend("Leave it out".into(), &|r| {
                r.set_use(*column, Some(ColumnUse::LeaveOut));
            })],
            Self::NoNumbers { column, .. } => vec![mend("Take it as classes".into(), &|r| {
                r.set_use(*column, Some(ColumnUse::Classes));
            })],
            Self::NoColumn { .. } => vec![mend("Begin anew".into(), &|r| *r = Reading::default())],
            _ => Vec::new(),
        }
    }
}
