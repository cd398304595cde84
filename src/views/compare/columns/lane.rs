use leptos::prelude::*;

use super::boundary::Boundary;
use super::curve::LaneCurveCell;
use super::gradient::Gradient;
use super::health::Health;
use super::seeds::Seeds;
use super::store::Columns;
use crate::app::App;
use crate::memo::Memo;
use crate::run::Run;
use crate::views::compare::caption::open_in_scope;
use crate::views::compare::controls::MarkOf;
use crate::views::compare::store::Compare;

/// One lane: its name, which opens it, and a cell in each row.
#[component]
pub fn LaneColumn(lane: usize) -> impl IntoView {
    let compare = expect_context::<Compare>();
    let columns = expect_context::<Columns>();
    let app = expect_context::<App>();
    let run = expect_context::<Run>();
    let name = Memo::new(move |_| {
        compare
            .shown
            .with(|shown| shown.names.get(lane).cloned().unwrap_or_default())
    });
    let of_lane = columns.lane(lane);
    let is_late = move || of_lane.is_none_or(|lane| lane.is_late.get());
    let cells = of_lane.map(|of_lane| {
        view! {
            <div class="of-boundary">
                <Boundary lane=of_lane name />
                <Seeds lane=of_lane name />
            </div>
            <LaneCurveCell lane=of_lane name />
            <Gradient lane=of_lane name />
        }
    });
    view! {
        <section
            class="lane"
            class:pointed=move || compare.pointed.get() == Some(lane)
            class:late=is_late
            aria-label=move || name.get()
        >
            <button
                type="button"
                class="lane-head"
                title=move || format!("Open {} in the Scope, with the seed and step shown", name.get())
                on:click=move |_| open_in_scope(compare, app, run, lane)
                on:pointerenter=move |_| compare.pointed.set(Some(lane))
                on:pointerleave=move |_| compare.pointed.set(None)
                on:focus=move |_| compare.pointed.set(Some(lane))
                on:blur=move |_| compare.pointed.set(None)
            >
                <MarkOf lane />
                <span>{move || name.get()}</span>
                <span class="open">"open in the Scope"</span>
            </button>
            {cells}
            <Health lane name />
        </section>
    }
}
