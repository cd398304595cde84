//! Which engine the user wants: kept from visit to visit, and `engine=cpu` or `engine=gpu` in the address for one.

use actiscope_core::protocol::EngineChoice;

use crate::browser;

const STORED_AS: &str = "actiscope.engine";

pub const CHOICES: [EngineChoice; 3] = [EngineChoice::Auto, EngineChoice::Cpu, EngineChoice::Gpu];

/// What the address asks for, or else what was chosen last.
pub fn initial(asked: Option<String>) -> EngineChoice {
    let asked = asked.or_else(|| browser::stored(STORED_AS));
    of_id(&asked.unwrap_or_default())
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

/// What is no id is left to the engine.
pub fn of_id(text: &str) -> EngineChoice {
    let found = CHOICES.into_iter().find(|&choice| id(choice) == text);
    found.unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_its_id() {
        for choice in CHOICES {
            assert_eq!(of_id(id(choice)), choice);
        }
        assert_eq!(of_id("abacus"), EngineChoice::Auto);
    }
}
