//! Which engine the user wants: kept from visit to visit, and `engine=cpu` or `engine=gpu` in the address for one.

use actiscope_core::protocol::EngineChoice;

use crate::browser;

const STORED_AS: &str = "actiscope.engine";

pub const CHOICES: [EngineChoice; 3] = [EngineChoice::Auto, EngineChoice::Cpu, EngineChoice::Gpu];

/// What the address asks for, or else what was chosen last.
pub fn initial(asked: Option<EngineChoice>) -> EngineChoice {
    let last = || of_id(&browser::stored(STORED_AS)?);
    asked.or_else(last).unwrap_or_default()
}

pub fn keep(choice: EngineChoice) {
    browser::store(STORED_AS, id(choice));
}

pub fn id(choice: EngineChoice) -> &'static str {
    match choice {
        EngineChoice::Auto => "auto",
        EngineChoice::Cpu => "cpu",
        EngineChoice::Gpu => "gpu",
    }
}

pub fn label(choice: EngineChoice) -> &'static str {
    match choice {
        EngineChoice::Auto => "Auto",
        EngineChoice::Cpu => "CPU",
        EngineChoice::Gpu => "GPU",
    }
}

pub fn of_id(text: &str) -> Option<EngineChoice> {
    CHOICES.into_iter().find(|&choice| id(choice) == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_its_id() {
        for choice in CHOICES {
            assert_eq!(of_id(id(choice)), Some(choice));
        }
        assert_eq!(of_id("abacus"), None);
    }
}
