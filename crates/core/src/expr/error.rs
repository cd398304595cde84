//! What can be wrong with a formula: where, what, and what to do.

use std::fmt;
use std::ops::Range;

use thiserror::Error;

/// A formula that cannot be read. Displays as one line, then the formula with the place marked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseError {
    /// Bytes of the text that are at fault; empty at the end of the text.
    pub span: Range<usize>,
    /// Character of the text where it begins, counted from 1.
    pub column: usize,
    pub kind: ParseErrorKind,
    /// The formula.
    pub text: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ParseErrorKind {
    #[error("the formula is empty: write one in z, for example max(z, 0)")]
    Empty,
    #[error(
        "the formula has {n_bytes} bytes, {max} are allowed: shorten it or give a part of it up"
    )]
    TooLong { n_bytes: usize, max: usize },
    #[error(
        "the formula is nested more than {max} deep: take parentheses or functions out of each other"
    )]
    TooDeep { max: usize },
    #[error("the formula has more than {max} different parts: make it simpler")]
    TooLarge { max: usize },
    #[error("`{0}` is not used in formulas: operators are + - * / ^ < <= > >= == !=")]
    UnknownCharacter(char),
    #[error("`{0}` is not a number that can be held: write one between 1e-308 and 1e308")]
    BadNumber(String),
    #[error("{expected} is missing here{}", was_found(.found))]
    Expected {
        expected: &'static str,
        found: Option<String>,
    },
    #[error("an operator is missing before `{0}`: write * between factors")]
    MissingOperator(String),
    #[error("unknown function `{name}`: {advice}")]
    UnknownFunction { name: String, advice: String },
    #[error("unknown name `{name}`: {advice}")]
    UnknownName { name: String, advice: String },
    #[error("`{name}` is a function: write {name}({arguments})")]
    FunctionWithoutArguments {
        name: String,
        arguments: &'static str,
    },
    #[error("`{name}` takes {expected} argument{}, here are {given}", plural(*.expected))]
    WrongArgumentCount {
        name: String,
        expected: usize,
        given: usize,
    },
    #[error("comparisons do not chain: for both, multiply them, as in (0 < z) * (z < 1)")]
    ChainedComparison,
}

fn was_found(found: &Option<String>) -> String {
    match found {
        Some(token) => format!(": found `{token}`"),
        None => ": the formula ends too early".to_owned(),
    }
}

fn plural(n: usize) -> &'static str {
    if n == 1 { "" } else { "s" }
}

impl ParseError {
    pub(super) fn new(text: &str, span: Range<usize>, kind: ParseErrorKind) -> Self {
        let column = text[..span.start].chars().count() + 1;
        Self {
            span,
            column,
            kind,
            text: text.to_owned(),
        }
    }
}

/// Longest formula that is shown again under the message.
const MAX_SHOWN_CHARS: usize = 200;

impl fmt::Display for ParseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "column {}: {}", self.column, self.kind)?;
        if self.text.is_empty() || self.text.chars().count() > MAX_SHOWN_CHARS {
            return Ok(());
        }
        // A control character would move the mark away from its place.
        let shown: String = (self.text.chars())
            .map(|c| if c.is_control() { ' ' } else { c })
            .collect();
        let n_marked = self.text[self.span.clone()].chars().count().max(1);
        write!(
            f,
            "\n  {shown}\n  {}{}",
            " ".repeat(self.column - 1),
            "^".repeat(n_marked)
        )
    }
}

impl std::error::Error for ParseError {}
