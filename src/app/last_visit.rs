//! The last visit: its scenario, view and choices are kept in this browser, and opened again when the page is opened
//! without a link. A link always wins; the link of the last visit itself is given back the table that it had no room for.

use actiscope_core::data::DataSource;
use actiscope_core::protocol::RunCommand;
use actiscope_core::scenario::Scenario;
use actiscope_core::scenario::link::{from_link, left_out, to_link, to_whole_link};
use leptos::prelude::*;

use super::address::{Address, Kept, fragment};
use super::{App, tables};
use crate::browser;
use crate::run::Run;
use crate::views::View;

const STORED_AS: &str = "actiscope.last-visit";
/// Larger tables are not kept: browsers give a site some MB for everything.
const MAX_TABLE_BYTES: usize = 1_000_000;

/// What a visit is kept as, and whether its table is too large to be kept with it.
fn text_of(scenario: &Scenario, view: &View, kept: &Kept) -> (String, bool) {
    let (link, is_too_large) = match &scenario.data.source {
        DataSource::Csv(table) if table.text().len() > MAX_TABLE_BYTES => (to_link(scenario), true),
        _ => (to_whole_link(scenario), false),
    };
    (fragment(&link, view, false, kept.iter()), is_too_large)
}

/// The last visit's address, where the one that is opened holds no scenario, or the last visit's without its table. It
/// may name a view and choices, and how the page is to behave.
pub fn in_place_of(asked: &Address) -> Option<Address> {
    read(&browser::stored(STORED_AS)?, asked)
}

/// Whether what was kept may hold a table.
pub fn holds_table() -> bool {
    browser::stored(STORED_AS).is_some_and(|text| tables::holds_table(&text))
}

/// What was kept, as far as it makes the page another than what is asked for. What cannot be read of it is left out.
fn read(text: &str, asked: &Address) -> Option<Address> {
    let last = Address::new("", text);
    let (scenario, _) = from_link(&last.scenario);
    if !asked.scenario.is_empty() {
        return is_short_link(&asked.scenario, &scenario).then(|| Address {
            scenario: last.scenario,
            ..asked.clone()
        });
    }
    let view = match asked.names_view {
        true => asked.view,
        false => last.view,
    };
    let mut kept = last.kept;
    kept.extend(asked.kept.clone());
    let is_other = scenario != Scenario::default() || view != asked.view || kept != asked.kept;
    is_other.then(|| Address {
        scenario: last.scenario,
        view,
        kept,
        ..asked.clone()
    })
}

/// Whether this is the link of a scenario whose table, or weights, have no room in it.
fn is_short_link(link: &str, scenario: &Scenario) -> bool {
    left_out(scenario).is_some() && to_link(scenario).trim_start_matches('#') == link
}

/// Keeps the present one. What stands in the way is told once.
pub fn keep(app: App, run: Run) {
    let view = app.view.get_untracked();
    let (text, is_too_large) = run.scenario.with_untracked(|scenario| {
        app.kept
            .with_untracked(|kept| text_of(scenario, view, kept))
    });
    let problem = if !browser::store(STORED_AS, &text) {
        Some(
            "This browser keeps nothing for this page: your settings are lost when you close it. A link (Share) keeps them.",
        )
    } else if is_too_large {
        Some(
            "Your table is larger than 1 MB: it is not kept for your next visit, the settings are.",
        )
    } else {
        None
    };
    if let Some(problem) = problem
        && !app.has_told_storage.get_value()
    {
        app.has_told_storage.set_value(true);
        app.notices.problem("storage", problem);
    }
}

/// Another scenario than that of the last visit.
pub fn start_afresh(app: App, run: Run) {
    app.is_restored.set(false);
    run.dispatch(RunCommand::Load(Box::default()));
}

/// Removes all that this page keeps in the browser.
pub fn clear(app: App) {
    browser::forget_all();
    app.is_restored.set(false);
    app.notices.info(
        "storage",
        "Nothing is kept in this browser any more. Your next edit will be.",
    );
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::VIEWS;

    fn kept(scenario: &Scenario) -> (String, bool) {
        text_of(scenario, View::first(), &Kept::new())
    }

    /// What is opened at an address.
    fn opened(text: &str, query: &str, fragment: &str) -> Option<Address> {
        read(text, &Address::new(query, fragment))
    }

    fn scenario_of(text: &str) -> Option<Scenario> {
        opened(text, "", "").map(|address| from_link(&address.scenario).0)
    }

    /// Its table is longer than a link may be.
    fn with_table() -> Scenario {
        let mut scenario = Scenario::default();
        scenario.training.learning_rate = 0.03;
        scenario.view.unit = Some(2);
        scenario.data.source = DataSource::Csv("1.25,2,0\n3,4,1\n".repeat(4_000).into());
        scenario.fit_to_data();
        scenario
    }

    #[test]
    fn a_visit_comes_back_with_its_table() {
        let scenario = with_table();
        let (text, is_too_large) = kept(&scenario);
        assert!(!is_too_large);
        assert_eq!(scenario_of(&text), Some(scenario));
    }

    #[test]
    fn a_reload_gives_the_table_back() {
        let scenario = with_table();
        let (text, _) = text_of(&scenario, &VIEWS[1], &Kept::new());
        let link = to_link(&scenario);
        let link = link.trim_start_matches('#');
        let again = opened(&text, "", link).expect("it is its link");
        assert_eq!(from_link(&again.scenario).0, scenario);
        assert_eq!(again.view, View::first(), "as the address has it");
        // Any other link wins.
        assert!(opened(&text, "", &format!("{link}&b=7")).is_none());
        assert!(opened(&text, "", "v=1").is_none());
        let small = "v=1&lr=0.03";
        assert!(opened(small, "", small).is_none(), "nothing is missing");
    }

    #[test]
    fn the_view_that_is_named_is_shown() {
        let (text, _) = text_of(&Scenario::default(), &VIEWS[1], &Kept::new());
        let check = |query: &str, fragment: &str, expect: Option<&View>| {
            let view = opened(&text, query, fragment).map(|address| address.view);
            assert_eq!(view, expect, "?{query}#{fragment}");
        };
        check("", "", Some(&VIEWS[1]));
        check("", "w=sofa", Some(&VIEWS[1]));
        // What opens anyway.
        check("", "w=scope", None);
        check("w=scope", "", None);
        let (text, _) = text_of(&with_table(), &VIEWS[1], &Kept::new());
        let opened = opened(&text, "", "w=scope");
        assert_eq!(opened.map(|address| address.view), Some(&VIEWS[0]));
    }

    #[test]
    fn a_table_of_megabytes_is_left_out_and_said() {
        let mut scenario = Scenario::default();
        scenario.training.learning_rate = 0.03;
        scenario.data.source = DataSource::Csv("1.25,2,0\n3,4,1\n".repeat(80_000).into());
        let (text, is_too_large) = kept(&scenario);
        assert!(is_too_large && text.len() < 200);
        let back = scenario_of(&text).expect("the rest is there");
        assert_eq!(back.training.learning_rate, 0.03);
        assert_eq!(back.data, Scenario::default().data);
    }

    #[test]
    fn the_view_comes_back() {
        let (text, _) = text_of(&Scenario::default(), &VIEWS[1], &Kept::new());
        let view = opened(&text, "", "").map(|address| address.view);
        assert_eq!(view, Some(&VIEWS[1]));
    }

    #[test]
    fn what_opens_anyway_is_not_restored() {
        assert_eq!(scenario_of(&kept(&Scenario::default()).0), None);
        assert_eq!(scenario_of(""), None);
        assert_eq!(scenario_of("gibberish & so on"), None);
    }
}
