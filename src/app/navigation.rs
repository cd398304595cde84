//! From view to view, and the address with it: every view that is opened is an entry of the browser's history, an edit
//! is none. Back and forward go between views and leave the run alone; an address that was typed in is a scenario to
//! be opened.

use std::time::Duration;

use actiscope_core::protocol::RunCommand;
use actiscope_core::scenario::link::{from_link, left_out, to_link};
use leptos::prelude::*;
use leptos::task::spawn_local;

use super::address::{Address, fragment};
use super::idle::{self, Source};
use super::{App, last_visit, tables};
use crate::browser;
use crate::run::{Followed, Run};
use crate::trace::Traces;
use crate::ui::kit::throttle::rest_of;
use crate::views::View;

/// Browsers refuse more than about a hundred changes of the address in half a minute.
const WRITE_AFTER: Duration = Duration::from_millis(350);

/// Goes to a view, which becomes an entry of the history.
pub fn open(app: App, run: Run, view: &'static View) {
    if app.view.get_untracked() != view {
        app.view.set(view);
        browser::push_hash(&fragment_now(app, run), app.era.get_value());
        last_visit::keep(app, run);
    }
}

/// What is chosen from now on is another entry of the history, in the same view.
pub fn begin_entry(app: App, run: Run) {
    browser::push_hash(&fragment_now(app, run), app.era.get_value());
}

/// Follows scenario, view and choices with address and last visit, and opens what the user's address asks for.
///
/// Within another's page the address stays as that page gave it.
pub fn keep_in_step(app: App, run: Run, traces: Traces) {
    if app.is_embedded() {
        return;
    }
    app.era
        .set_value(browser::history_state().unwrap_or_else(browser::epoch_ms));
    browser::replace_hash(&browser::hash(), app.era.get_value());
    let is_waiting = StoredValue::new(false);
    Effect::new(move |previous: Option<()>| {
        track(app, run);
        // What was read needs no writing: the address says it already.
        if previous.is_some() && !is_waiting.get_value() {
            is_waiting.set_value(true);
            let behind = idle::hold(Source::Address);
            set_timeout(
                move || {
                    is_waiting.set_value(false);
                    write_now(app, run);
                    last_visit::keep(app, run);
                    drop(behind);
                },
                rest_of(WRITE_AFTER),
            );
        }
    });
    // Of the two a browser may send either or both: the second finds nothing left to do.
    let popped = window_event_listener(leptos::ev::popstate, move |_| arrive(app, run, traces));
    let changed = window_event_listener(leptos::ev::hashchange, move |_| arrive(app, run, traces));
    on_cleanup(move || {
        popped.remove();
        changed.remove();
    });
}

/// Brings the address up to date. What is too long to travel in it, if anything is.
pub fn write_now(app: App, run: Run) -> Option<&'static str> {
    browser::replace_hash(&fragment_now(app, run), app.era.get_value());
    run.scenario.with_untracked(left_out)
}

/// Follows what [`fragment_now`] tells of.
pub fn track(app: App, run: Run) {
    run.scenario.track();
    app.kept.track();
    app.guest.track();
}

/// What follows the `#` of a link to what is on show.
pub fn fragment_now(app: App, run: Run) -> String {
    let view = app.view.get_untracked();
    let link = run.scenario.with_untracked(to_link);
    app.kept.with_untracked(|kept| {
        let keys = untrack(|| app.keys_on_show());
        let of_view = kept.iter().filter(|(key, _)| keys.contains(key));
        fragment(&link, view, app.is_view_in_query, of_view)
    })
}

/// Another entry of the history is the present one.
fn arrive(app: App, run: Run, traces: Traces) {
    let address = Address::now();
    if !tables::holds_table(&address.scenario) {
        return arrive_at(app, run, traces, address);
    }
    let loading = idle::hold(Source::Lazy);
    spawn_local(async move {
        // Without it the table says what is missing.
        let _ = tables::bring_reader().await;
        arrive_at(app, run, traces, address);
        drop(loading);
    });
}

fn arrive_at(app: App, run: Run, traces: Traces, address: Address) {
    let state = browser::history_state();
    let is_between_views = state == Some(app.era.get_value()) || address.is_of_view_alone();
    if !is_between_views {
        app.era.set_value(state.unwrap_or_else(browser::epoch_ms));
        browser::replace_hash(&browser::hash(), app.era.get_value());
        let (scenario, problems) = from_link(&address.scenario);
        let is_other = run.scenario.with_untracked(|now| *now != scenario);
        if address.step.is_some() {
            run.dispatch(RunCommand::Pause);
        }
        if is_other || address.step.is_some() {
            run.dispatch(RunCommand::Load(Box::new(scenario)));
        }
        if let Some(step) = address.step.filter(|step| *step > 0) {
            run.dispatch(RunCommand::Step(u32::try_from(step).unwrap_or(u32::MAX)));
        }
        // What lies over the run would hide the one that was asked for.
        run.follow(Followed::Nothing);
        if traces.is_shown.get_untracked() {
            traces.close();
        }
        app.report(&address.problems, &problems);
    }
    app.view.set(address.view);
    app.take_kept(address.kept);
    if is_between_views {
        // That entry may be older than the last edit, or name the view alone.
        write_now(app, run);
    }
    last_visit::keep(app, run);
}
