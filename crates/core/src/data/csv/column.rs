//! Cells -> columns: what each holds, and what is odd about it.

use std::borrow::Cow;

use super::cell::Value;
use super::header::names_rows;
use crate::nn::spec::limits;
use crate::text::{count, number};

/// Different values that are told apart in a column: more are neither classes nor inputs each.
pub(super) const MAX_KINDS: usize = limits::INPUTS;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnKind {
    /// No cell holds anything.
    Empty,
    /// Mostly numbers; what is none is a gap.
    Number,
    Text,
}

/// A column of a table.
#[derive(Clone, Debug)]
pub(super) struct Column {
    /// Empty where there is no header.
    pub name: String,
    pub kind: ColumnKind,
    pub n_rows: usize,
    /// Rows without a value.
    pub n_gaps: usize,
    /// Different values in rising order, at most one more than [`MAX_KINDS`]. Numbers of a column of numbers.
    pub numbers: Vec<f64>,
    /// The same of a column of text.
    pub words: Vec<String>,
    /// Of the numbers.
    pub low: f64,
    pub high: f64,
    pub is_whole: bool,
    /// Each number is the one before and 1.
    pub is_sequence: bool,
    /// Rows that have the most common value.
    pub n_most_common: usize,
}

impl Column {
    /// Of its values, and the texts that they are of.
    pub fn new<'a>(name: String, values: &[Value], text: impl Fn(usize) -> Cow<'a, str>) -> Self {
        let n_rows = values.len();
        let (mut n_numbers, mut n_words, mut n_dashes) = (0, 0, 0);
        for value in values {
            match value {
                Value::Number(_) => n_numbers += 1,
                Value::Word => n_words += 1,
                Value::Dash => n_dashes += 1,
                Value::Gap => {}
            }
        }
        let kind = if n_numbers > n_words {
            ColumnKind::Number
        } else if n_numbers + n_words + n_dashes > 0 {
            ColumnKind::Text
        } else {
            ColumnKind::Empty
        };
        let mut column = Self {
            name,
            kind,
            n_rows,
            n_gaps: n_rows,
            numbers: Vec::new(),
            words: Vec::new(),
            low: f64::INFINITY,
            high: f64::NEG_INFINITY,
            is_whole: true,
            is_sequence: n_rows > 2,
            n_most_common: 0,
        };
        match kind {
            ColumnKind::Empty => {}
            ColumnKind::Number => column.take_numbers(|row| values[row].number()),
            ColumnKind::Text => {
                let word = |row: usize| (values[row] != Value::Gap).then(|| text(row));
                column.take_words(word);
            }
        }
        column
    }

    fn take_numbers(&mut self, value: impl Fn(usize) -> Option<f64>) {
        let mut before = None;
        for row in 0..self.n_rows {
            let Some(value) = value(row) else {
                self.is_sequence = false;
                continue;
            };
            self.n_gaps -= 1;
            self.low = self.low.min(value);
            self.high = self.high.max(value);
            // Whole numbers of this size are exact in f64.
            self.is_whole &= value == libm::trunc(value) && value.abs() < 1e15;
            self.is_sequence &= before.is_none_or(|before| value == before + 1.0);
            before = Some(value);
            let at = self.numbers.partition_point(|known| *known < value);
            if self.numbers.get(at) != Some(&value) && self.numbers.len() <= MAX_KINDS {
                self.numbers.insert(at, value);
            }
        }
        self.n_most_common = n_most_common(self.n_rows, value);
    }

    fn take_words<'a>(&mut self, word: impl Fn(usize) -> Option<Cow<'a, str>>) {
        self.is_whole = false;
        self.is_sequence = false;
        for row in 0..self.n_rows {
            let Some(word) = word(row) else { continue };
            self.n_gaps -= 1;
            let at = self.words.partition_point(|known| **known < *word);
            let is_known = self.words.get(at).is_some_and(|known| *known == word);
            if !is_known && self.words.len() <= MAX_KINDS {
                self.words.insert(at, word.into_owned());
            }
        }
        self.n_most_common = n_most_common(self.n_rows, word);
    }

    /// Different values, at most one more than [`MAX_KINDS`].
    pub fn n_kinds(&self) -> usize {
        self.numbers.len().max(self.words.len())
    }

    /// It numbers the rows, by its values and its name, which may be none among others.
    pub fn is_id(&self, has_header: bool) -> bool {
        has_header && self.is_sequence && names_rows(&self.name)
    }

    /// A text of its own in each row: names, and no kinds of anything.
    pub fn is_name(&self) -> bool {
        let n_values = self.n_rows - self.n_gaps;
        self.kind == ColumnKind::Text && n_values > 2 && self.n_kinds() == n_values
    }

    /// What is odd about it, in words.
    pub fn notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let n_values = self.n_rows - self.n_gaps;
        if self.n_gaps > 0 && self.kind != ColumnKind::Empty {
            notes.push(match self.n_gaps {
                1 => "1 gap".into(),
                n => format!("{} gaps", count(n as u64)),
            });
        }
        match self.kind {
            ColumnKind::Empty => notes.push("empty".into()),
            _ if self.n_kinds() == 1 => notes.push("constant: tells nothing".into()),
            _ if n_values >= 50 && self.n_most_common * 100 >= n_values * 98 => {
                notes.push("nearly constant".into());
            }
            ColumnKind::Text if self.is_name() => notes.push("names the rows".into()),
            ColumnKind::Text if self.n_kinds() > MAX_KINDS => {
                notes.push(format!("more than {MAX_KINDS} different texts"));
            }
            ColumnKind::Number if self.is_sequence && self.n_rows >= 5 => {
                notes.push("counts the rows: an id?".into());
            }
            _ => {}
        }
        let largest = self.low.abs().max(self.high.abs());
        if self.kind == ColumnKind::Number && largest >= 1e4 {
            let largest = number(largest, 2);
            notes.push(format!("values up to {largest}: standardize"));
        }
        notes
    }
}

/// Rows that have the value that most have, if that are more than half of them (Boyer and Moore 1981).
fn n_most_common<T: PartialEq>(n_rows: usize, value: impl Fn(usize) -> Option<T>) -> usize {
    let (mut candidate, mut lead) = (None, 0_usize);
    for value in (0..n_rows).filter_map(&value) {
        if lead == 0 {
            candidate = Some(value);
            lead = 1;
        } else if candidate.as_ref() == Some(&value) {
            lead += 1;
        } else {
            lead -= 1;
        }
    }
    let is_candidate = |row: &usize| candidate.is_some() && value(*row) == candidate;
    (0..n_rows).filter(is_candidate).count()
}
