//! The last session: its scenario is kept in this browser, and opened again when the page is opened
//! without a link. A link always wins.

use actiscope_core::data::DataSource;
use actiscope_core::scenario::Scenario;
use actiscope_core::scenario::link::{from_link, to_link, to_whole_link};
use leptos::prelude::*;

use crate::browser;
use crate::run::Run;

const STORED_AS: &str = "actiscope.session";
/// Larger tables are not kept: browsers give a site some MB for everything.
const MAX_TABLE_BYTES: usize = 1_000_000;

/// What a session is kept as, and whether its table is too large to be kept with it.
fn text_of(scenario: &Scenario) -> (String, bool) {
    match &scenario.data.source {
        DataSource::Csv(text) if text.len() > MAX_TABLE_BYTES => (to_link(scenario), true),
        _ => (to_whole_link(scenario), false),
    }
}

/// The session that was kept, if it is another than the one the page opens with anyway. What cannot be
/// read of it is left out.
fn scenario_of(text: &str) -> Option<Scenario> {
    let (scenario, _) = from_link(text);
    (scenario != Scenario::default()).then_some(scenario)
}

/// The session of the last visit.
pub fn restored() -> Option<Scenario> {
    scenario_of(&browser::stored(STORED_AS)?)
}

/// Keeps the present one. What stands in the way is told once.
pub fn keep(run: Run) {
    let (text, is_too_large) = run.scenario.with_untracked(text_of);
    let problem = if !browser::store(STORED_AS, &text) {
        Some(
            "This browser keeps nothing for this page: your session is lost when you close it. A link (Share) keeps it.",
        )
    } else if is_too_large {
        Some(
            "Your table is larger than 1 MB: it is not kept for your next visit, the settings are.",
        )
    } else {
        None
    };
    if let Some(problem) = problem
        && !run.has_told_storage.get_value()
    {
        run.has_told_storage.set_value(true);
        run.notices.problem("storage", problem);
    }
}

/// Removes all that this page keeps in the browser.
pub fn clear(run: Run) {
    browser::forget_all();
    run.is_restored.set(false);
    run.notices.info(
        "storage",
        "Nothing is kept in this browser any more. Your next edit will be.",
    );
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_session_comes_back_with_its_table() {
        let mut scenario = Scenario::default();
        scenario.training.learning_rate = 0.03;
        scenario.view.unit = Some(2);
        // Longer than a link may be.
        scenario.data.source = DataSource::Csv("1.25,2,0\n3,4,1\n".repeat(4_000));
        scenario.fit_to_data();
        let (text, is_too_large) = text_of(&scenario);
        assert!(!is_too_large);
        assert_eq!(scenario_of(&text), Some(scenario));
    }

    #[test]
    fn a_table_of_megabytes_is_left_out_and_said() {
        let mut scenario = Scenario::default();
        scenario.training.learning_rate = 0.03;
        scenario.data.source = DataSource::Csv("1.25,2,0\n3,4,1\n".repeat(80_000));
        let (text, is_too_large) = text_of(&scenario);
        assert!(is_too_large && text.len() < 200);
        let back = scenario_of(&text).expect("the rest is there");
        assert_eq!(back.training.learning_rate, 0.03);
        assert_eq!(back.data, Scenario::default().data);
    }

    #[test]
    fn what_opens_anyway_is_no_session() {
        assert_eq!(scenario_of(&text_of(&Scenario::default()).0), None);
        assert_eq!(scenario_of(""), None);
        assert_eq!(scenario_of("gibberish & so on"), None);
    }
}
