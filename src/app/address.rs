//! The scenario in the address bar: read when the page opens, kept in step with every edit.

use std::time::Duration;

use actiscope_core::protocol::RunCommand;
use actiscope_core::scenario::Scenario;
use actiscope_core::scenario::link::{LinkProblem, from_link, table_travels, to_link};
use leptos::prelude::*;

use super::idle::{self, Source};
use super::last_visit;
use crate::app::embed::without_embed;
use crate::browser;
use crate::run::Run;

/// Browsers refuse more than about a hundred changes of the address in half a minute.
const WRITE_AFTER: Duration = Duration::from_millis(350);

/// The scenario of the address, and what in it could not be used.
pub fn read() -> (Scenario, Vec<LinkProblem>) {
    from_link(&without_embed(&browser::hash()))
}

/// Whether the address holds a scenario.
pub fn is_given() -> bool {
    !without_embed(&browser::hash()).is_empty()
}

/// Tells what of a link was not used.
pub fn report(run: Run, problems: &[LinkProblem]) {
    if problems.is_empty() {
        run.notices.clear("link");
        return;
    }
    let mut text = String::from("Not all of this link could be used.");
    for problem in problems {
        text.push('\n');
        text.push_str(&problem.to_string());
    }
    run.notices.problem("link", text);
}

/// Follows the scenario with address and session, and loads another one when the user changes the address.
///
/// Within another's page the address stays as that page gave it.
pub fn keep_in_step(run: Run) {
    let is_waiting = StoredValue::new(false);
    Effect::new(move |previous: Option<()>| {
        run.scenario.track();
        // What was read needs no writing: the address says it already.
        if previous.is_some() && !is_waiting.get_value() && !run.is_embedded() {
            is_waiting.set_value(true);
            let behind = idle::hold(Source::Address);
            set_timeout(
                move || {
                    is_waiting.set_value(false);
                    write_now(run);
                    last_visit::keep(run);
                    drop(behind);
                },
                WRITE_AFTER,
            );
        }
    });
    let handle = window_event_listener(leptos::ev::hashchange, move |_| {
        let (scenario, problems) = read();
        if run.scenario.with_untracked(|now| *now != scenario) {
            run.dispatch(RunCommand::Load(Box::new(scenario)));
        }
        report(run, &problems);
    });
    on_cleanup(move || handle.remove());
}

/// Brings the address up to date. False if a table is too long to travel in it.
pub fn write_now(run: Run) -> bool {
    run.scenario.with_untracked(|scenario| {
        let link = to_link(scenario);
        browser::replace_hash(link.trim_start_matches('#'));
        table_travels(scenario)
    })
}
