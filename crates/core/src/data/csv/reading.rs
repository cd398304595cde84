//! How a table is read, as far as that was chosen: the rest shows by the table itself. A small value, apart from the table.

use serde::{Deserialize, Serialize};

use super::cell::Decimal;
use super::dialect::Dialect;
use super::grid::Separator;

/// The choices of one who reads a table. Columns count from 0.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Reading {
    pub dialect: Dialect,
    /// The column to be learned. `None` for the one that is named so, or the last that can be one.
    pub target: Option<usize>,
    /// Of columns that are used otherwise than they would be, by rising numbers.
    uses: Vec<(usize, ColumnUse)>,
    pub gaps: Gaps,
    /// Of more rows than there may be samples, that many are used, evenly spread.
    pub is_thinned: bool,
}

/// What becomes of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ColumnUse {
    LeaveOut,
    Number,
    /// A target's classes; of an input, 0 or 1 for each of its values (one-hot).
    Classes,
}

/// What becomes of rows that are not whole. Those with another number of cells, or without a target, cannot be filled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Gaps {
    /// The table is refused, so that no sample is lost without a word.
    #[default]
    Refuse,
    LeaveOut,
    /// A gap takes the mean that its input has over the training samples.
    Mean,
}

impl Reading {
    /// `None` where a column is used as it would be.
    pub fn use_of(&self, column: usize) -> Option<ColumnUse> {
        let found = self.uses.iter().find(|(of, _)| *of == column);
        found.map(|(_, column_use)| *column_use)
    }

    pub fn set_use(&mut self, column: usize, column_use: Option<ColumnUse>) {
        self.uses.retain(|(of, _)| *of != column);
        if let Some(column_use) = column_use {
            let at = self.uses.partition_point(|(of, _)| *of < column);
            self.uses.insert(at, (column, column_use));
        }
    }

    /// The highest column that is spoken of.
    pub(super) fn last_column(&self) -> Option<usize> {
        let uses = self.uses.iter().map(|(column, _)| *column);
        uses.chain(self.target).max()
    }

    /// `sep:semicolon,target:1,out:2-5,gaps:mean`: what was chosen, for links; empty where nothing was. Columns count from 1.
    pub fn to_text(&self) -> String {
        let mut parts = Vec::new();
        let mut add = |name: &str, value: String| parts.push(format!("{name}:{value}"));
        let Dialect {
            separator,
            decimal,
            has_header,
            ignores_quotes,
        } = self.dialect;
        if let Some(separator) = separator {
            add("sep", id_of(&SEPARATORS, separator));
        }
        if let Some(decimal) = decimal {
            add("dec", id_of(&DECIMALS, decimal));
        }
        if let Some(has_header) = has_header {
            add("head", u8::from(has_header).to_string());
        }
        if ignores_quotes {
            add("quotes", "0".into());
        }
        if let Some(target) = self.target {
            add("target", (target + 1).to_string());
        }
        for (name, column_use) in USES {
            let columns = self.uses.iter().filter(|(_, of)| *of == column_use);
            let columns: Vec<String> = columns
                .map(|(column, _)| (column + 1).to_string())
                .collect();
            if !columns.is_empty() {
                add(name, columns.join("-"));
            }
        }
        if self.gaps != Gaps::Refuse {
            add("gaps", id_of(&GAPS, self.gaps));
        }
        if self.is_thinned {
            add("thin", "1".into());
        }
        parts.join(",")
    }

    /// Takes a part of [`Reading::to_text`].
    ///
    /// # Errors
    /// If there is no such choice, or the value is none of it: what would be right.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), ReadingProblem> {
        let dialect = &mut self.dialect;
        match name {
            "sep" => dialect.separator = Some(one_of(&SEPARATORS, value)?),
            "dec" => dialect.decimal = Some(one_of(&DECIMALS, value)?),
            "head" => dialect.has_header = Some(one_of(&[("0", false), ("1", true)], value)?),
            "quotes" => dialect.ignores_quotes = one_of(&[("0", true), ("1", false)], value)?,
            "target" => self.target = Some(column(value)?),
            "gaps" => self.gaps = one_of(&GAPS, value)?,
            "thin" => self.is_thinned = one_of(&[("0", false), ("1", true)], value)?,
            _ => {
                let column_use = one_of(&USES, name).map_err(|_| ReadingProblem::Name)?;
                for number in value.split('-') {
                    self.set_use(column(number)?, Some(column_use));
                }
            }
        }
        Ok(())
    }
}

/// What is wrong with a part of a reading's text.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ReadingProblem {
    #[error("write sep, dec, head, quotes, target, out, num, class, gaps or thin before the colon")]
    Name,
    /// What would be right.
    #[error("{0}")]
    Value(String),
}

const SEPARATORS: [(&str, Separator); 5] = [
    ("tab", Separator::Tab),
    ("semicolon", Separator::Semicolon),
    ("comma", Separator::Comma),
    ("bar", Separator::Bar),
    ("spaces", Separator::Spaces),
];
const DECIMALS: [(&str, Decimal); 2] = [("point", Decimal::Point), ("comma", Decimal::Comma)];
const GAPS: [(&str, Gaps); 2] = [("out", Gaps::LeaveOut), ("mean", Gaps::Mean)];
const USES: [(&str, ColumnUse); 3] = [
    ("out", ColumnUse::LeaveOut),
    ("num", ColumnUse::Number),
    ("class", ColumnUse::Classes),
];

fn id_of<T: PartialEq>(table: &[(&str, T)], value: T) -> String {
    let found = table.iter().find(|(_, of)| *of == value);
    found.map_or_else(String::new, |(id, _)| (*id).to_owned())
}

fn one_of<T: Copy>(table: &[(&str, T)], id: &str) -> Result<T, ReadingProblem> {
    let found = table.iter().find(|(of, _)| *of == id);
    found.map(|(_, value)| *value).ok_or_else(|| {
        let ids: Vec<&str> = table.iter().map(|(id, _)| *id).collect();
        ReadingProblem::Value(format!("choose {}", ids.join(" or ")))
    })
}

fn column(text: &str) -> Result<usize, ReadingProblem> {
    let number = text.parse().ok().filter(|n| (1..=1_000).contains(n));
    let number: Option<usize> = number;
    number
        .map(|n| n - 1)
        .ok_or_else(|| ReadingProblem::Value("write the number of a column, from 1 on".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_chosen_comes_back_from_its_text() {
        let check = |text: &str| {
            let mut reading = Reading::default();
            for part in text.split(',').filter(|part| !part.is_empty()) {
                let (name, value) = part.split_once(':').expect("a part");
                reading.set(name, value).expect("a choice");
            }
            assert_eq!(reading.to_text(), text);
        };
        check("");
        check(
            "sep:semicolon,dec:comma,head:0,quotes:0,target:1,out:2-9,num:4,class:3-5,gaps:mean,thin:1",
        );
        check("gaps:out");
    }

    #[test]
    fn what_cannot_be_chosen_is_refused() {
        let check = |name: &str, value: &str, expect: &str| {
            let mut reading = Reading::default();
            let problem = reading.set(name, value).expect_err("no choice");
            assert_eq!(problem.to_string(), expect);
            assert_eq!(reading, Reading::default());
        };
        check("sofa", "1", &ReadingProblem::Name.to_string());
        check("target", "0", "write the number of a column, from 1 on");
        check("out", "1001", "write the number of a column, from 1 on");
        check("gaps", "median", "choose out or mean");
    }
}
