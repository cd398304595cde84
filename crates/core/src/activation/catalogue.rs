//! What the catalogue holds of each function, and how to find one.

use super::about::ABOUT;
use super::elsewhere::{ELSEWHERE, Elsewhere};
use super::entries::ENTRIES;
use crate::nn::spec::Initializer;

/// One activation function. Its formula is its only definition; the rest is what to say about it.
///
/// Statements that depend on parameters hold at their default values. Those that can be computed
/// (range, monotonic, zero-centred, smoothness, dead or saturated ends) are checked by tests.
#[derive(Debug, PartialEq)]
pub struct Entry {
    /// As in links and files: `leaky_relu`.
    pub id: &'static str,
    /// As people call it: `Leaky ReLU`.
    pub name: &'static str,
    pub family: Family,
    /// f(z) in the grammar of [`crate::expr`].
    pub formula: &'static str,
    /// Where PyTorch's f64 slope is not the formula's derivative to the last digit.
    pub slope_in_torch: Option<&'static str>,
    /// Parameters in the order of the values in a specification.
    pub params: &'static [ParamEntry],
    pub range: Range,
    /// Never falls.
    pub is_monotonic: bool,
    /// Odd: f(-z) = -f(z), so that outputs balance around 0 when inputs do.
    pub is_zero_centred: bool,
    pub smoothness: Smoothness,
    /// What becomes of the slope for z far below 0, and far above.
    pub slope_below: Tail,
    pub slope_above: Tail,
    /// The initializer that keeps the scale of the signal through layers of this function.
    pub initializer: Initializer,
}

impl Entry {
    /// What there is to say of it.
    pub fn about(&self) -> &'static About {
        let of_this = ABOUT.iter().find(|about| about.id == self.id);
        of_this.expect("every entry has its texts: a test holds it")
    }

    /// How its derivative follows, and its names in other libraries.
    pub fn elsewhere(&self) -> &'static Elsewhere {
        let of_this = ELSEWHERE.iter().find(|elsewhere| elsewhere.id == self.id);
        of_this.expect("every entry has its names: a test holds it")
    }
}

/// Texts on one function.
#[derive(Debug, PartialEq)]
pub struct About {
    /// Of its entry.
    pub id: &'static str,
    /// Where units saturate or die, in words.
    pub saturation: &'static str,
    /// What one value takes to compute.
    pub cost: &'static str,
    /// Where it is used.
    pub used_for: &'static str,
    pub strengths: &'static str,
    pub weaknesses: &'static str,
    /// One sentence to remember it by.
    pub intuition: &'static str,
    /// Where it was introduced or, for the oldest, studied.
    pub paper: Paper,
}

/// Functions of one look and one kind of trouble.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Family {
    /// Zero or a fixed slope on the left, straight on the right.
    Rectifier,
    /// Rectifiers without the corner.
    SmoothRectifier,
    /// Bounded on both sides.
    Squashing,
    Other,
}

impl Family {
    pub const ALL: [Self; 4] = [
        Self::Rectifier,
        Self::SmoothRectifier,
        Self::Squashing,
        Self::Other,
    ];

    pub fn name(self) -> &'static str {
        match self {
            Self::Rectifier => "Rectifiers",
            Self::SmoothRectifier => "Smooth rectifiers",
            Self::Squashing => "Squashing functions",
            Self::Other => "Others",
        }
    }
}

/// The values that a function takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    pub low: Edge,
    pub high: Edge,
}

/// An end of a range: an expression in the parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edge {
    Unbounded,
    /// A value that is taken.
    Reached(&'static str),
    /// A value that is come near to without end.
    Approached(&'static str),
}

impl std::fmt::Display for Range {
    /// As an interval: `[0, inf)`.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.low {
            Edge::Unbounded => f.write_str("(-inf, ")?,
            Edge::Reached(value) => write!(f, "[{value}, ")?,
            Edge::Approached(value) => write!(f, "({value}, ")?,
        }
        match self.high {
            Edge::Unbounded => f.write_str("inf)"),
            Edge::Reached(value) => write!(f, "{value}]"),
            Edge::Approached(value) => write!(f, "{value})"),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Smoothness {
    /// f itself jumps.
    Broken,
    /// f has a corner: f' jumps.
    Kinked,
    /// f' is continuous, f'' jumps.
    Once,
    /// Every derivative that one can plot is continuous.
    Smooth,
}

impl Smoothness {
    pub fn name(self) -> &'static str {
        match self {
            Self::Broken => "no, it jumps",
            Self::Kinked => "no, it has a corner",
            Self::Once => "once: the slope has a corner",
            Self::Smooth => "yes",
        }
    }
}

/// What becomes of the slope far out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tail {
    /// Exactly 0: units die there.
    Dead,
    /// Towards 0: units saturate there.
    Fading,
    /// It keeps a size.
    Alive,
    /// It swings and comes back through every value.
    Swinging,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Paper {
    pub authors: &'static str,
    pub year: u16,
    pub title: &'static str,
    /// `1502.01852`; empty for papers that are not there.
    pub arxiv: &'static str,
}

/// A parameter, the value it usually has and those that a slider offers.
#[derive(Debug, PartialEq)]
pub struct ParamEntry {
    pub name: &'static str,
    pub default: f64,
    pub min: f64,
    pub max: f64,
    pub scale: ParamScale,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ParamScale {
    Linear,
    Log,
}

pub(super) const fn linear(name: &'static str, default: f64, min: f64, max: f64) -> ParamEntry {
    ParamEntry {
        name,
        default,
        min,
        max,
        scale: ParamScale::Linear,
    }
}

pub(super) const fn log(name: &'static str, default: f64, min: f64, max: f64) -> ParamEntry {
    ParamEntry {
        name,
        default,
        min,
        max,
        scale: ParamScale::Log,
    }
}

/// All functions.
pub fn catalogue() -> &'static [Entry] {
    ENTRIES
}

/// The entry with this id.
pub fn entry(id: &str) -> Option<&'static Entry> {
    ENTRIES.iter().find(|entry| entry.id == id)
}

/// What to say of an id that there is not.
pub(super) fn near_ids(id: &str) -> String {
    let bare = |id: &str| -> String {
        let letters = id.chars().filter(char::is_ascii_alphanumeric);
        letters.map(|c| c.to_ascii_lowercase()).collect()
    };
    let wanted = bare(id);
    match ENTRIES.iter().find(|entry| {
        let known = bare(entry.id);
        known == wanted || bare(entry.name) == wanted
    }) {
        Some(entry) => format!("did you mean {}?", entry.id),
        None => {
            let ids: Vec<&str> = ENTRIES.iter().map(|entry| entry.id).collect();
            format!("there are {}", ids.join(", "))
        }
    }
}
