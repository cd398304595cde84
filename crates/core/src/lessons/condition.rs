//! What a claim says of a quantity: `dead in layer 2 >= 80 % at step 200 with lr=1.6 on 4 of 5 seeds`.
//!
//! | clause | means |
//! |---|---|
//! | `>= 3`, `<= 0.1`, `= 0`, `5 to 9` | at least, at most, equal within rounding, between; `80 %` is 0.8, and of a count its share |
//! | `at step 200` | after so many updates; where the step's question ends, if it is left out |
//! | `with lr=1.6&a=tanh` | the step's scenario with these settings, in the words of links |
//! | `>= 2 times ... against bn=0` | the quantity over that of the step's scenario with these settings |
//! | `>= 1.5 more ... against cw=1` | the quantity less that |
//! | `on 4 of 5 seeds` | on at least so many of the scenario's seed and those after it |

use super::quantity::{Measured, Quantity};
use crate::compare::vary;
use crate::number::parse_f64;
use crate::scenario::Scenario;

/// Shares of a count, and numbers that are to be equal, may miss by this.
const ROUNDING: f64 = 1e-6;

#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// As the file has it.
    pub text: String,
    pub quantity: Quantity,
    pub least: f64,
    pub most: f64,
    /// The bounds are of the share that a count is.
    pub is_of_share: bool,
    pub step: u64,
    /// The step's scenario, changed.
    pub with: Scenario,
    pub against: Option<(Against, Scenario)>,
    /// On so many of so many seeds.
    pub seeds: (u32, u32),
}

/// How a quantity is held against that of another network.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Against {
    /// It over the other.
    Times,
    /// It less the other.
    More,
}

/// What was measured for a condition.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Held {
    /// None where there is no such number.
    pub measured: Option<Measured>,
    /// Of the other network.
    pub other: Option<Measured>,
    pub holds: bool,
}

/// Why a text is no condition.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ConditionError {
    #[error("write a quantity and a bound: dead in layer 2 >= 80 % at step 200")]
    NoBound,
    #[error("{0}")]
    Quantity(#[from] super::quantity::QuantityError),
    #[error("'{0}' is no number")]
    NoNumber(String),
    #[error("with {text}: {problem}")]
    Edits { text: String, problem: String },
    #[error("'times' and 'more' hold a network against another: say which with 'against lr=0.1'")]
    NoOther,
    #[error("'against' needs 'times' or 'more' after the bound")]
    NoRelation,
    #[error("'{0}' is not understood. Clauses: at step, with, times, more, against, on")]
    Unknown(String),
    #[error("on {0} of {1} seeds: there are 1 to 50")]
    Seeds(u32, u32),
}

impl Condition {
    /// Of a scenario, measured after `step` updates where the text does not say.
    ///
    /// # Errors
    /// The first thing that is not understood.
    pub fn new(text: &str, scenario: &Scenario, step: u64) -> Result<Self, ConditionError> {
        let words: Vec<&str> = text.split_whitespace().collect();
        let is_relation = |word: &&str| matches!(*word, ">=" | "<=" | "=");
        let is_range = |at: &usize| *at > 1 && words.get(at - 1).is_some_and(|w| is_number(w));
        let of_range = words
            .iter()
            .rposition(|word| *word == "to")
            .filter(is_range);
        let start = match (words.iter().position(is_relation), of_range) {
            (Some(at), _) => at,
            (None, Some(at)) if words[at - 1] == "%" => at - 2,
            (None, Some(at)) => at - 1,
            (None, None) => return Err(ConditionError::NoBound),
        };
        let quantity = Quantity::new(&words[..start].join(" "))?;
        let mut rest = Words(&words[start..]);
        let (least, most, is_percent) = bounds(&mut rest)?;
        let is_count = matches!(quantity, Quantity::Units(..) | Quantity::PeakDead);
        let mut condition = Self {
            text: words.join(" "),
            quantity,
            least,
            most,
            is_of_share: is_percent && is_count,
            step,
            with: scenario.clone(),
            against: None,
            seeds: (1, 1),
        };
        let mut relation = None;
        while let Some(word) = rest.next() {
            match word {
                "at" => {
                    rest.expect("step")?;
                    condition.step = rest.number()?;
                }
                "with" => condition.with = changed(scenario, rest.next())?,
                "times" => relation = Some(Against::Times),
                "more" => relation = Some(Against::More),
                "against" => {
                    let relation = relation.ok_or(ConditionError::NoRelation)?;
                    condition.against = Some((relation, changed(scenario, rest.next())?));
                }
                "on" => {
                    let least = rest.number()?;
                    rest.expect("of")?;
                    let of = rest.number()?;
                    rest.expect("seeds")?;
                    if !(1..=of).contains(&least) || of > 50 {
                        return Err(ConditionError::Seeds(least, of));
                    }
                    condition.seeds = (least, of);
                }
                word => return Err(ConditionError::Unknown(word.to_owned())),
            }
        }
        match (relation, &condition.against) {
            (Some(_), None) => Err(ConditionError::NoOther),
            _ => Ok(condition),
        }
    }

    /// Whether it holds of what was measured: of the network, and of the other where there is one.
    pub fn judge(&self, measured: Option<Measured>, other: Option<Measured>) -> Held {
        let value = |of: Measured| match (self.is_of_share, of.of) {
            (true, Some(n)) => of.value / n.max(1) as f64,
            _ => of.value,
        };
        let compared = match (&self.against, measured, other) {
            (None, Some(own), _) => Some(value(own)),
            (Some((Against::Times, _)), Some(own), Some(other)) => Some(value(own) / value(other)),
            (Some((Against::More, _)), Some(own), Some(other)) => Some(value(own) - value(other)),
            _ => None,
        };
        Held {
            measured,
            other,
            holds: compared
                .is_some_and(|x| x >= self.least - ROUNDING && x <= self.most + ROUNDING),
        }
    }

    /// The networks that are to be measured: the one, and the other.
    pub fn networks(&self) -> impl Iterator<Item = &Scenario> {
        let other = self.against.as_ref().map(|(_, other)| other);
        std::iter::once(&self.with).chain(other)
    }
}

/// What is left of a text.
struct Words<'a>(&'a [&'a str]);

impl<'a> Words<'a> {
    fn next(&mut self) -> Option<&'a str> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(first)
    }

    fn expect(&mut self, word: &str) -> Result<(), ConditionError> {
        match self.next() {
            Some(found) if found == word => Ok(()),
            found => Err(ConditionError::Unknown(found.unwrap_or(word).to_owned())),
        }
    }

    fn number<N: std::str::FromStr>(&mut self) -> Result<N, ConditionError> {
        let text = self.next().unwrap_or("");
        let wrong = |_| ConditionError::NoNumber(text.to_owned());
        text.replace(',', "").parse().map_err(wrong)
    }

    /// A number, a percent sign after it, and whether there was one.
    fn value(&mut self) -> Result<(f64, bool), ConditionError> {
        let text = self.next().unwrap_or("");
        let number = parse_f64(text).ok_or_else(|| ConditionError::NoNumber(text.to_owned()))?;
        let is_percent = self.0.first() == Some(&"%");
        if is_percent {
            self.next();
        }
        Ok((if is_percent { number / 100.0 } else { number }, is_percent))
    }
}

fn is_number(word: &str) -> bool {
    word == "%" || parse_f64(word).is_some()
}

fn bounds(rest: &mut Words) -> Result<(f64, f64, bool), ConditionError> {
    let relation = match rest.0.first() {
        Some(&relation @ (">=" | "<=" | "=")) => {
            rest.next();
            relation
        }
        _ => "to",
    };
    let (first, is_percent) = rest.value()?;
    Ok(match relation {
        ">=" => (first, f64::INFINITY, is_percent),
        "<=" => (f64::NEG_INFINITY, first, is_percent),
        "=" => (first, first, is_percent),
        _ => {
            rest.expect("to")?;
            let (last, is_percent) = rest.value()?;
            let first = if is_percent && first > 1.0 {
                first / 100.0
            } else {
                first
            };
            (first, last, is_percent)
        }
    })
}

/// The scenario with settings as links have them, joined by `&`.
fn changed(base: &Scenario, edits: Option<&str>) -> Result<Scenario, ConditionError> {
    let text = edits.unwrap_or("");
    let wrong = |problem: String| ConditionError::Edits {
        text: text.to_owned(),
        problem,
    };
    let mut scenario = base.clone();
    for pair in text.split('&') {
        let lanes = vary(&scenario, pair).map_err(|error| wrong(error.to_string()))?;
        let [lane] = &lanes[..] else {
            return Err(wrong("one value each".to_owned()));
        };
        for edit in lane {
            edit.apply(&mut scenario);
        }
    }
    Ok(scenario)
}
