use leptos::prelude::*;

use super::sentence::sentence;
use super::store::Map;
use crate::app::{App, navigation};
use crate::memo::Memo;
use crate::run::Run;
use crate::ui::kit::words::{CaptionOf, problem};
use crate::views::View;
use actiscope_core::protocol::RunCommand;

/// What came of it, in one sentence, and the way to the cell that did best.
#[component]
pub fn Caption() -> impl IntoView {
    let map = expect_context::<Map>();
    let app = expect_context::<App>();
    let run = expect_context::<Run>();
    let words = Memo::new(move |_| {
        if let Err(why) = map.asked.get() {
            return problem(why);
        }
        if let Some(why) = map.fleet.refusal.get() {
            return problem(why);
        }
        let preset = map.state.with(|state| state.preset);
        let is_training = map.fleet.wants_training.get() && map.fleet.is_open();
        map.shown.with(|shown| sentence(shown, preset, is_training))
    });
    let act = Memo::new(move |_| {
        let is_done = map.shown.with(|shown| shown.best.map(|_| shown.is_done));
        let label = match is_done? {
            true => "Open the best cell",
            false => "Open the best so far",
        };
        Some(label.to_owned())
    });
    let open_best = move |()| {
        let best = map.shown.with_untracked(|shown| shown.best);
        if let Some(cell) = best {
            open_in_scope(map, app, run, cell);
        }
    };
    view! { <CaptionOf words act on_press=open_best /> }
}

/// The cell's scenario with its first seed is the run's from now on, from step 0; undo takes it back.
pub fn open_in_scope(map: Map, app: App, run: Run, cell: (u32, u32)) {
    let scenario = map.scenario_of(cell);
    run.dispatch(RunCommand::Load(Box::new(scenario)));
    run.dispatch(RunCommand::Train);
    navigation::open(app, run, View::first());
}
