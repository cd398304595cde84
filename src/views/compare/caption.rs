use leptos::prelude::*;

use super::sentence::{leader, sentence};
use super::store::Compare;
use crate::app::{App, navigation};
use crate::memo::Memo;
use crate::run::Run;
use crate::ui::kit::words::{CaptionOf, problem};
use crate::views::View;
use actiscope_core::protocol::RunCommand;

/// What came of it, in one sentence, and the way to the lane that did best.
#[component]
pub fn Caption() -> impl IntoView {
    let compare = expect_context::<Compare>();
    let app = expect_context::<App>();
    let run = expect_context::<Run>();
    let words = Memo::new(move |_| {
        if let Err(why) = compare.asked.get() {
            return problem(why);
        }
        if let Some(why) = compare.fleet.refusal.get() {
            return problem(why);
        }
        compare.shown.with(|shown| {
            let step = compare.cursor.get().unwrap_or(shown.step);
            let is_done = shown.is_done || compare.cursor.get().is_some();
            sentence(&shown.names, &shown.then, step, is_done)
        })
    });
    let best = Memo::new(move |_| {
        compare.shown.with(|shown| {
            let lane = leader(&shown.all)?;
            Some((lane, shown.names.get(lane)?.clone()))
        })
    });
    let act = Memo::new(move |_| {
        best.with(|best| {
            let (_, name) = best.as_ref()?;
            Some(format!("Open {name} in the Scope"))
        })
    });
    let open_best = move |()| {
        if let Some((lane, _)) = best.get_untracked() {
            open_in_scope(compare, app, run, lane);
        }
    };
    view! { <CaptionOf words act on_press=open_best /> }
}

/// The lane's scenario is the run's from now on, with the seed and at the step on show; undo takes it back.
pub fn open_in_scope(compare: Compare, app: App, run: Run, lane: usize) {
    let Some(mut scenario) = compare.scenario_of(lane) else {
        return;
    };
    scenario.seed = scenario.seed.wrapping_add(compare.seed.get_untracked());
    let step = compare.cursor.get_untracked();
    let step = step.unwrap_or_else(|| compare.shown.with_untracked(|shown| shown.step));
    run.dispatch(RunCommand::Pause);
    let view = run.scenario.with_untracked(|now| now.view.clone());
    let scenario = actiscope_core::scenario::Scenario { view, ..scenario };
    run.dispatch(RunCommand::Load(Box::new(scenario)));
    run.dispatch(RunCommand::Pause);
    if step > 0 {
        run.dispatch(RunCommand::Step(u32::try_from(step).unwrap_or(u32::MAX)));
    }
    navigation::open(app, run, View::first());
}
