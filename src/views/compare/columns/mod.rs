//! A column for each lane: the network of one seed at one step, and the health of all. The rows share their axes; what
//! they are stands once, at their left.

mod boundary;
mod curve;
mod gradient;
mod health;
mod lane;
mod seeds;
mod store;

use leptos::prelude::*;

use super::store::Compare;
use crate::engine::Engine;
use crate::memo::Memo;
use crate::text;
use crate::ui::kit::panel::Panel;
use gradient::GradientNames;
use lane::LaneColumn;
pub use store::Columns;

/// All columns, and what their rows are.
#[component]
pub fn LaneColumns() -> impl IntoView {
    let compare = expect_context::<Compare>();
    let columns = Columns::open(compare, expect_context::<Engine>());
    provide_context(columns);
    let n_lanes = Memo::new(move |_| compare.shown.with(|shown| shown.names.len()));
    let lanes = move || {
        let lanes = (0..n_lanes.get()).map(|lane| view! { <LaneColumn lane /> });
        lanes.collect_view()
    };
    view! {
        <Panel name="lanes" title=Signal::derive(|| "Lanes beside each other".to_owned())>
            <div class="columns" tabindex="0" role="group" aria-label="Lanes, scroll">
                <RowHeads />
                {lanes}
            </div>
        </Panel>
    }
}

#[component]
fn RowHeads() -> impl IntoView {
    let columns = expect_context::<Columns>();
    let seed = Memo::new(move |_| {
        columns.wanted.with(|wanted| {
            let wanted = wanted.as_ref()?;
            let first = wanted.spec.base.seed;
            let of = |k: u32| first.wrapping_add(k);
            Some((
                of(wanted.seed),
                first,
                of(wanted.spec.seeds.saturating_sub(1)),
            ))
        })
    });
    let which = move || match seed.get() {
        None => String::new(),
        Some((seed, first, last)) if first == last => format!("seed {seed}"),
        Some((seed, first, last)) => format!("seed {seed} of {first}–{last}"),
    };
    let is_alone = move || seed.get().is_none_or(|(_, first, last)| first == last);
    let typical = move || (columns.is_typical() && !is_alone()).then_some("the most typical");
    let step = move || {
        columns.wanted.with(|wanted| {
            let step = wanted.as_ref().map(|wanted| wanted.step);
            step.map(|step| format!("step {}", text::count(step)))
        })
    };
    let option = move |layer: usize| {
        view! {
            <option value=layer prop:selected=move || columns.layer.get() == layer>
                {format!("layer {}", layer + 1)}
            </option>
        }
    };
    view! {
        <div class="row-heads">
            <div class="of-boundary">
                <b>"Boundary"</b>
                <span>{which}</span>
                <span>{typical}</span>
                <span>{step}</span>
                <span class="other-seed" role="group" aria-label="Seed of all columns" hidden=is_alone>
                    <button
                        type="button"
                        aria-label="Seed before"
                        on:click=move |_| columns.step_seed(-1)
                    >
                        "‹"
                    </button>
                    "other seed"
                    <button
                        type="button"
                        aria-label="Seed after"
                        on:click=move |_| columns.step_seed(1)
                    >
                        "›"
                    </button>
                </span>
            </div>
            <div class="of-curve">
                <b>"f, f′, and z of"</b>
                <select
                    aria-label="Layer whose z is shown"
                    on:change=move |event| {
                        if let Ok(layer) = event_target_value(&event).parse() {
                            columns.layer.set(layer);
                        }
                    }
                >
                    {move || (0..columns.n_layers.get()).map(option).collect_view()}
                </select>
            </div>
            <div class="of-gradient">
                <p>
                    <b>"Gradient"</b>
                    <span>"RMS, log"</span>
                </p>
                <GradientNames />
            </div>
            <div class="of-health">
                <p>
                    <b>"Health"</b>
                    <span>"of units, all seeds"</span>
                </p>
                <p class="ends" aria-hidden="true">
                    <span>"100 %"</span>
                    <span>"0"</span>
                </p>
            </div>
        </div>
    }
}
