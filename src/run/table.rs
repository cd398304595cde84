//! A table before it is used: its text, and what is chosen of it. What comes of that is computed when it is asked for.

use actiscope_core::data::{
    ColumnPreview, ColumnUse, CsvError, CsvTable, DataSource, DataSpec, Encoding, Mend, Preview,
    Reading, decode,
};
use actiscope_core::scenario::{Edit, Scenario};
use leptos::prelude::*;

use crate::held::Held;
use crate::run::Run;

/// Rows of a table that are shown before it is used.
const N_HEAD: usize = 5;

/// Handles: copying it copies no state.
#[derive(Clone, Copy)]
pub struct TableDraft {
    /// Empty before there is one.
    pub table: Held<CsvTable>,
    pub reading: Held<Reading>,
    pub standardize: RwSignal<bool>,
    /// What is to be known of the file, whatever its table is: how its characters were read, or that it cannot be.
    pub note: RwSignal<Option<String>>,
}

/// What a column is for: [`ColumnUse`], or the target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ColumnChoice {
    Target(Option<ColumnUse>),
    Input(ColumnUse),
}

impl TableDraft {
    pub fn new() -> Self {
        Self {
            table: Held::new(CsvTable::from("")),
            reading: Held::new(Reading::default()),
            standardize: RwSignal::new(false),
            note: RwSignal::new(None),
        }
    }

    /// Takes the table that a scenario uses, with its choices; a text that was not used is kept where it uses none.
    pub fn open(self, scenario: &Scenario) {
        let DataSpec {
            source,
            reading,
            standardize,
            ..
        } = &scenario.data;
        self.note.set(None);
        self.standardize.set(*standardize);
        if let DataSource::Csv(table) = source {
            self.table.set(table.clone());
            self.reading.set(reading.clone());
        }
    }

    /// Takes a text. The choices stay where it begins as the last one did, as after a correction.
    pub fn take_text(self, text: String) {
        self.note.set(None);
        let is_same = self.table.with_untracked(|table| {
            let first = |text: &str| text.lines().next().unwrap_or_default().to_owned();
            first(table.text()) == first(&text)
        });
        if !is_same {
            self.reading.set(Reading::default());
        }
        self.table.set(text.into());
    }

    /// Takes what a file holds.
    pub fn take_bytes(self, name: &str, bytes: &[u8]) {
        let (text, encoding) = decode(bytes);
        self.take_text(text.into_owned());
        self.reading.set(Reading::default());
        self.note.set((encoding == Encoding::Latin1).then(|| {
            format!("{name} is no UTF-8: its letters are read as Latin-1. Save it as UTF-8 where they are wrong.")
        }));
    }

    pub fn is_blank(self) -> bool {
        self.table.with(|table| table.text().trim().is_empty())
    }

    /// The table as it would be used.
    pub fn preview(self) -> Result<Preview, CsvError> {
        let table = self.table.get();
        self.reading.with(|reading| table.preview(reading, N_HEAD))
    }

    /// What would mend an error, the best first.
    pub fn mends(self, error: &CsvError) -> Vec<Mend> {
        self.reading.with(|reading| error.mends(reading))
    }

    /// Changes what is chosen.
    pub fn choose(self, change: impl FnOnce(&mut Reading)) {
        self.reading.update(change);
    }

    /// Says what a column is for.
    pub fn choose_column(self, column: usize, choice: ColumnChoice) {
        self.choose(|reading| match choice {
            ColumnChoice::Target(target_use) => {
                reading.target = Some(column);
                reading.set_use(column, target_use);
            }
            ColumnChoice::Input(column_use) => {
                // The target may be chosen, or be there by itself: another one takes its place.
                if reading.target == Some(column) {
                    reading.target = None;
                }
                reading.set_use(column, Some(column_use));
            }
        });
    }

    /// Has the run train on the table. False, and nothing is changed, where it is no data set.
    pub fn use_in(self, run: Run) -> bool {
        let table = self.table.get_untracked();
        let reading = self.reading.get_untracked();
        if untrack(|| self.preview()).is_ok_and(|preview| preview.outcome.is_ok()) {
            let before = run
                .scenario
                .with_untracked(|scenario| scenario.data.clone());
            run.edit(Edit::Data(DataSpec {
                source: DataSource::Csv(table),
                reading,
                standardize: self.standardize.get_untracked(),
                ..before
            }));
            return true;
        }
        false
    }
}

impl ColumnChoice {
    /// What a column is for now.
    pub fn of(column: &ColumnPreview) -> Self {
        match column.is_target {
            true => Self::Target(Some(column.column_use)),
            false => Self::Input(column.column_use),
        }
    }

    /// What a column may be for, with what to call it.
    pub fn all(column: &ColumnPreview) -> Vec<(Self, &'static str)> {
        let mut all = Vec::new();
        for &column_use in &column.uses {
            all.push(match (column.is_target, column_use) {
                (true, ColumnUse::Number) => (Self::Target(Some(column_use)), "Target: number"),
                (true, _) => (Self::Target(Some(column_use)), "Target: classes"),
                (false, ColumnUse::Number) => (Self::Input(column_use), "Number"),
                (false, ColumnUse::Classes) => (Self::Input(column_use), "One input a value"),
                (false, ColumnUse::LeaveOut) => (Self::Input(column_use), "Leave out"),
            });
        }
        if !column.is_target && column.can_be_target {
            all.push((Self::Target(None), "Target"));
        }
        all
    }
}
