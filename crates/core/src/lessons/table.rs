//! A table of a TOML file whose keys are taken one by one, with what is wrong told by its line.

use toml_span::value::{Table as Pairs, Value, ValueInner};

/// What is wrong with a file, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {problem}")]
pub struct FileError {
    /// From 1.
    pub line: usize,
    pub problem: String,
}

/// A file that is read, and what was found wrong with it.
pub(super) struct File<'t> {
    text: &'t str,
    pub errors: Vec<FileError>,
}

/// One table of it. What is left in it at the end is told as unknown.
pub(super) struct Table<'t> {
    pairs: Pairs<'t>,
    /// Where it begins, in bytes.
    start: usize,
    /// The keys that were asked for.
    known: Vec<&'static str>,
}

impl<'t> File<'t> {
    /// # Errors
    /// Where the text is no TOML.
    pub fn parse(text: &'t str) -> Result<(Self, Table<'t>), FileError> {
        let mut file = Self {
            text,
            errors: Vec::new(),
        };
        match toml_span::parse(text) {
            Ok(value) => {
                let table = file.table(value);
                Ok((file, table.unwrap_or_else(|| Table::empty(0))))
            }
            Err(error) => {
                let line = file.line(error.span.start);
                Err(FileError {
                    line,
                    problem: error.to_string(),
                })
            }
        }
    }

    /// Counted from 1.
    fn line(&self, at: usize) -> usize {
        let before = &self.text.as_bytes()[..at.min(self.text.len())];
        1 + before.iter().filter(|&&byte| byte == b'\n').count()
    }

    pub fn wrong(&mut self, at: usize, problem: impl Into<String>) {
        let line = self.line(at);
        self.errors.push(FileError {
            line,
            problem: problem.into(),
        });
    }

    fn table(&mut self, mut value: Value<'t>) -> Option<Table<'t>> {
        let start = value.span.start;
        match value.take() {
            ValueInner::Table(pairs) => Some(Table {
                pairs,
                start,
                known: Vec::new(),
            }),
            other => {
                let found = other.type_str();
                self.wrong(start, format!("a table belongs here; here is: {found}"));
                None
            }
        }
    }

    /// Tells of what nobody asked for.
    pub fn close(&mut self, table: Table<'t>) {
        for key in table.pairs.keys() {
            let problem =
                crate::scenario::unknown_name("key", &key.name, table.known.iter().copied());
            self.wrong(key.span.start, problem);
        }
    }

    pub fn text(&mut self, table: &mut Table<'t>, key: &'static str) -> String {
        let found = self.text_if_any(table, key);
        if found.is_none() && !table.is_refused(key) {
            self.wrong(table.start, format!("'{key}' is missing"));
        }
        found.map(|(text, _)| text).unwrap_or_default()
    }

    /// With where it begins.
    pub fn text_if_any(
        &mut self,
        table: &mut Table<'t>,
        key: &'static str,
    ) -> Option<(String, usize)> {
        let mut value = table.take(key)?;
        let start = value.span.start;
        match value.take() {
            ValueInner::String(text) => Some((text.into_owned(), start)),
            other => {
                table.known.push("");
                let found = other.type_str();
                self.wrong(start, format!("'{key}' is to be a text; here is: {found}"));
                None
            }
        }
    }

    /// A whole number that is not negative.
    pub fn number(&mut self, table: &mut Table<'t>, key: &'static str) -> Option<u32> {
        let value = table.take(key)?;
        let number = value.as_integer().and_then(|n| u32::try_from(n).ok());
        if number.is_none() {
            self.wrong(value.span.start, format!("'{key}' is to be a whole number"));
        }
        number
    }

    /// Texts, with where each begins. None where there are none.
    pub fn texts(&mut self, table: &mut Table<'t>, key: &'static str) -> Vec<(String, usize)> {
        let mut texts = Vec::new();
        for mut value in self.array(table, key) {
            let start = value.span.start;
            match value.take() {
                ValueInner::String(text) => texts.push((text.into_owned(), start)),
                _ => self.wrong(start, format!("'{key}' is to be a list of texts")),
            }
        }
        texts
    }

    /// `[[key]]`: the tables, none where there are none.
    pub fn tables(&mut self, table: &mut Table<'t>, key: &'static str) -> Vec<Table<'t>> {
        let values = self.array(table, key);
        values
            .into_iter()
            .filter_map(|value| self.table(value))
            .collect()
    }

    /// `[key]`.
    pub fn table_if_any(&mut self, table: &mut Table<'t>, key: &'static str) -> Option<Table<'t>> {
        let value = table.take(key)?;
        self.table(value)
    }

    fn array(&mut self, table: &mut Table<'t>, key: &'static str) -> Vec<Value<'t>> {
        let Some(mut value) = table.take(key) else {
            return Vec::new();
        };
        let start = value.span.start;
        match value.take() {
            ValueInner::Array(values) => values,
            other => {
                let found = other.type_str();
                self.wrong(start, format!("'{key}' is to be a list; here is: {found}"));
                Vec::new()
            }
        }
    }
}

impl<'t> Table<'t> {
    fn empty(start: usize) -> Self {
        Self {
            pairs: Pairs::new(),
            start,
            known: Vec::new(),
        }
    }

    /// Where it begins, in bytes.
    pub fn start(&self) -> usize {
        self.start
    }

    fn take(&mut self, key: &'static str) -> Option<Value<'t>> {
        self.known.push(key);
        self.pairs.remove(key)
    }

    /// Whether what was asked for last was there, and was no text.
    fn is_refused(&self, _key: &str) -> bool {
        self.known.last() == Some(&"")
    }
}
