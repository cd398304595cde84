//! What of the lessons is open: plain data, and its form in the address.

use crate::views::kept::Choices;

/// The keys of the address: which lesson, and which part of it.
pub const KEYS: [&str; 2] = ["lesson", "step"];

/// The id under which a teacher's own lesson is opened.
pub const OWN: &str = "own";

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Page {
    /// The map, with what is known of one lesson beside it.
    #[default]
    Map,
    /// `lesson=relu-dies&step=3`.
    Step {
        lesson: String,
        index: usize,
    },
    /// The questions at the end of a lesson, or of all.
    Quiz {
        lesson: Option<String>,
    },
    /// What a teacher prints.
    Sheet {
        lesson: String,
    },
    Cards,
    /// Against the clock.
    Round,
}

impl Page {
    /// The lesson that it is of.
    pub fn lesson(&self) -> Option<&str> {
        match self {
            Self::Step { lesson, .. } | Self::Sheet { lesson } => Some(lesson),
            Self::Quiz { lesson } => lesson.as_deref(),
            Self::Map | Self::Cards | Self::Round => None,
        }
    }
}

impl Choices for Page {
    const KEYS: &'static [&'static str] = &KEYS;

    fn to_keys(&self) -> Vec<Option<String>> {
        let part = match self {
            Self::Map => None,
            Self::Step { index: 0, .. } => None,
            Self::Step { index, .. } => Some((index + 1).to_string()),
            Self::Quiz { .. } => Some("quiz".to_owned()),
            Self::Sheet { .. } => Some("sheet".to_owned()),
            Self::Cards => Some("cards".to_owned()),
            Self::Round => Some("round".to_owned()),
        };
        vec![self.lesson().map(str::to_owned), part]
    }

    fn of_keys(text: &dyn Fn(&str) -> Option<String>) -> Self {
        let (lesson, part) = (text(KEYS[0]), text(KEYS[1]));
        match (lesson, part.as_deref()) {
            (lesson, Some("quiz")) => Self::Quiz { lesson },
            (Some(lesson), Some("sheet")) => Self::Sheet { lesson },
            (Some(lesson), part) => {
                let number = part.and_then(|part| part.parse::<usize>().ok());
                let index = number.unwrap_or(1).max(1) - 1;
                Self::Step { lesson, index }
            }
            (None, Some("cards")) => Self::Cards,
            (None, Some("round")) => Self::Round,
            (None, _) => Self::Map,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::kept::read_back;

    #[test]
    fn a_page_goes_through_the_address() {
        let lesson = || "relu-dies".to_owned();
        let pages = [
            Page::Map,
            Page::Step {
                lesson: lesson(),
                index: 0,
            },
            Page::Step {
                lesson: lesson(),
                index: 4,
            },
            Page::Quiz {
                lesson: Some(lesson()),
            },
            Page::Quiz { lesson: None },
            Page::Sheet { lesson: lesson() },
            Page::Cards,
            Page::Round,
        ];
        for page in pages {
            assert_eq!(read_back(&page), page);
        }
    }
}
