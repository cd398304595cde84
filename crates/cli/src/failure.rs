//! What went wrong, as one line.

use std::fmt;

use actiscope_core::activation::ActivationError;
use clap::error::{ContextKind, ContextValue, ErrorKind};

/// One line that says what is wrong and what to do.
#[derive(Debug)]
pub struct Failure(String);

impl Failure {
    pub fn new(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The same, with where it happened before it.
    pub fn at(self, place: impl fmt::Display) -> Self {
        Self(format!("{place}: {}", self.0))
    }
}

impl fmt::Display for Failure {
    /// Texts of files and arguments may hold line ends and control characters: they become spaces.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<&str> = self.0.split(|c: char| c.is_control()).collect();
        f.write_str(words.join(" ").trim_end())
    }
}

impl From<ActivationError> for Failure {
    fn from(error: ActivationError) -> Self {
        match error {
            ActivationError::Formula(error) => {
                Self(format!("formula, column {}: {}", error.column, error.kind))
            }
            error => Self(error.to_string()),
        }
    }
}

impl From<clap::Error> for Failure {
    fn from(error: clap::Error) -> Self {
        if error.kind() == ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand {
            return Self::new("a command is missing: see actiscope --help");
        }
        let rendered = error.render().to_string();
        // The first paragraph says what is wrong; usage and tips follow it.
        let what = rendered.split("\n\n").next().unwrap_or_default();
        let what = what.strip_prefix("error: ").unwrap_or(what);
        let what: Vec<&str> = what.split_whitespace().collect();
        let mut text = what.join(" ");
        let suggestion = [
            ContextKind::SuggestedArg,
            ContextKind::SuggestedSubcommand,
            ContextKind::SuggestedValue,
        ];
        let suggestion = suggestion.iter().find_map(|&kind| error.get(kind));
        match suggestion {
            Some(ContextValue::String(name)) => text.push_str(&format!("; did you mean {name}?")),
            Some(ContextValue::Strings(names)) => {
                // clap lists the nearest last.
                let names: Vec<&str> = names.iter().rev().map(String::as_str).collect();
                text.push_str(&format!("; did you mean {}?", names.join(" or ")));
            }
            _ => text.push_str("; see actiscope --help"),
        }
        Self(text)
    }
}
