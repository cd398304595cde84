use actiscope_core::activation::catalogue;
use leptos::prelude::*;

use super::measured::Measured;
use super::state::Id;
use super::stopwatch::measure_at_leisure;
use super::store::Atlas;
use crate::app::App;
use crate::app::theme::Colours;
use crate::memo::Memo;
use crate::plot::kit::look::Look;
use crate::run::Run;
use crate::ui::kit::erased::effect;
use crate::ui::kit::lazy::chunk;
use crate::views::View;

/// A function's id, its name, nanoseconds, and these against ReLU's.
type Cost = (&'static str, &'static str, f64, f64);

chunk! {
    atlas_cost,
    /// What each function costs to compute, measured here when this is first opened. It takes the vector machine, which
    /// nothing else of the page does, hence a chunk of its own.
    pub fn cost(aside: RwSignal<String>, measured: Measured) -> AnyView {
        let (app, run) = (expect_context::<App>(), expect_context::<Run>());
        // A run that trains, or another view that draws, would be measured along.
        let has_leisure = Memo::new(move |_| {
            let is_here = View::of_id("atlas").is_some_and(|atlas| app.view.get() == atlas);
            is_here && !run.wants_training.get()
        });
        measure_at_leisure(measured, has_leisure);
        let costs = Memo::new(move |_| costs_of(measured));
        effect(move || {
            let state = match (measured.of("relu").is_some(), has_leisure.get()) {
                (true, _) => "in this browser, one core, and against ReLU",
                (false, true) => "elsewhere, one core, AVX2; measuring here …",
                (false, false) => "elsewhere, one core, AVX2; measured here when the run is paused",
            };
            aside.set(format!("ns for f and f′ of one value {state}"));
        });
        let shown = move || {
            costs.with(|costs| {
                let most = costs.last().map_or(1.0, |cost| cost.2);
                costs.iter().map(|cost| row(*cost, most)).collect_view()
            })
        };
        view! {
            <div class="table-scroll" tabindex="0" role="region" aria-label="Cost of all functions">
                <ol class="costs">{shown}</ol>
            </div>
        }
        .into_any()
    }
}

/// The cheapest first.
fn costs_of(measured: Measured) -> Vec<Cost> {
    let relu = measured.or_elsewhere("relu").unwrap_or(1.0);
    let cost = |ns: f64, id, name| (id, name, ns, ns / relu);
    let known = catalogue().iter().filter_map(|entry| {
        let ns = measured.or_elsewhere(entry.id)?;
        Some(cost(ns, entry.id, entry.name))
    });
    let mut costs: Vec<Cost> = known.collect();
    costs.sort_by(|a, b| a.2.total_cmp(&b.2));
    costs
}

fn row((id, name, ns, ratio): Cost, most: f64) -> AnyView {
    let atlas = expect_context::<Atlas>();
    let colours = expect_context::<Colours>();
    let slot = Memo::new(move |_| atlas.state.with(|state| state.slot_of(Id::Known(id))));
    let is_focused = move || {
        atlas
            .state
            .with(|state| state.focused == Some(Id::Known(id)))
    };
    let color = move || {
        colours.version.track();
        slot.get()
            .map(|slot| Look::of(&colours.drawn(), Some(slot)).text.css())
    };
    view! {
        <li class:chosen=move || slot.get().is_some() class:focused=is_focused style:color=color>
            <span class="name">{name}</span>
            <span class="bar">
                <i style:width=format!("{:.2}%", 100.0 * ns / most)></i>
            </span>
            <b>{format!("{ns:.2}")}</b>
            <span class="ratio">{format!("{ratio:.1} ×")}</span>
        </li>
    }
    .into_any()
}
