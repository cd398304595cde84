use leptos::prelude::*;

use super::sentence::sentence;
use super::store::Map;
use crate::app::{App, navigation};
use crate::memo::Memo;
use crate::run::Run;
use crate::ui::kit::erased::Show;
use crate::ui::kit::words::{problem, said};
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
    let best = Memo::new(move |_| map.shown.with(|shown| shown.best));
    let label = move || match map.shown.with(|shown| shown.is_done) {
        true => "Open the best cell",
        false => "Open the best so far",
    };
    view! {
        <section class="caption" aria-label="What is going on">
            <p>{move || said(words.get())}</p>
            <Show when=move || best.with(Option::is_some)>
                <button
                    type="button"
                    class="primary remedy"
                    on:click=move |_| {
                        if let Some(cell) = best.get_untracked() {
                            open_in_scope(map, app, run, cell);
                        }
                    }
                >
                    {label}
                </button>
            </Show>
        </section>
    }
}

/// The cell's scenario with its first seed is the run's from now on, from step 0; undo takes it back.
pub fn open_in_scope(map: Map, app: App, run: Run, cell: (u32, u32)) {
    let scenario = map.scenario_of(cell);
    run.dispatch(RunCommand::Load(Box::new(scenario)));
    run.dispatch(RunCommand::Train);
    navigation::open(app, run, View::first());
}
