use actiscope_core::compare::Column;
use leptos::prelude::*;

use super::state::MAX_STEPS;
use super::store::Compare;
use crate::memo::Memo;
use crate::plot::charts::compare::lanes_timeline_scene;
use crate::plot::kit::geometry::Size;
use crate::plot::kit::theme::Theme;
use crate::text;
use crate::ui::kit::fields::{Slider, Stops};
use crate::ui::kit::steps::StepsSlider;

/// Updates that one may ask for.
const STEPS: [f64; 16] = [
    10.0,
    20.0,
    50.0,
    100.0,
    200.0,
    300.0,
    400.0,
    600.0,
    800.0,
    1_000.0,
    1_500.0,
    2_000.0,
    3_000.0,
    5_000.0,
    10_000.0,
    MAX_STEPS as f64,
];

/// Train, pause, from the start; how long; one timeline for all lanes; how all units are.
#[component]
pub fn Transport() -> impl IntoView {
    let compare = expect_context::<Compare>();
    let fleet = compare.fleet;
    let is_done = Memo::new(move |_| compare.shown.with(|shown| shown.is_done));
    let is_on = Memo::new(move |_| fleet.wants_training.get() && !is_done.get());
    let press = move |_| match is_on.get_untracked() {
        true => fleet.pause(),
        false if is_done.get_untracked() => again(compare),
        false => fleet.train(),
    };
    let n_steps = Memo::new(move |_| compare.state.with(|state| state.n_steps as f64));
    let progress = move || {
        let progress = fleet.progress();
        let share = progress.lane_steps as f64 / progress.n_lane_steps.max(1) as f64;
        match is_done.get() {
            true => String::new(),
            false => format!("{:.0} %", 100.0 * share),
        }
    };
    view! {
        <footer class="transport">
            <div class="run" role="group" aria-label="Training">
                <button type="button" class="primary play" on:click=press>
                    {move || if is_on.get() { "Pause" } else { "Train" }}
                </button>
                <button
                    type="button"
                    class="quiet"
                    title="All lanes from step 0, the same seeds"
                    on:click=move |_| again(compare)
                >
                    "Reset"
                </button>
                <span class="progress" aria-hidden="true">{progress}</span>
            </div>
            <div class="speed">
                <Slider
                    label="Steps to train"
                    stops=Stops::of(&STEPS)
                    value=n_steps
                    text=Signal::derive(move || text::count(n_steps.get() as u64))
                    on_input=move |n: f64| {
                        compare.cursor.set(None);
                        compare.update(|state| state.n_steps = n as u64);
                    }
                />
            </div>
            <Timeline />
            <HealthLine />
        </footer>
    }
}

/// All lanes once more, from step 0.
fn again(compare: Compare) {
    compare.cursor.set(None);
    if let Ok(asked) = compare.asked.get_untracked() {
        compare.fleet.wants_training.set(true);
        compare.fleet.open(asked.spec.clone());
    }
}

/// One step for all lanes. Let go at the end it follows the training again.
#[component]
fn Timeline() -> impl IntoView {
    let compare = expect_context::<Compare>();
    let steps = Memo::new(move |_| {
        compare.shown.with(|shown| {
            let step = compare.cursor.get().unwrap_or(shown.step);
            (step, shown.n_steps)
        })
    });
    let crossings = Memo::new(move |_| {
        compare.shown.with(|shown| {
            let lanes = shown.all.lanes.iter().enumerate();
            let crossing = |(lane_at, lane): (usize, &actiscope_core::compare::LaneResult)| {
                let step = lane.spread(Column::Steps)?.median;
                step.is_finite().then_some((shown.look_of(lane_at).0, step))
            };
            lanes.filter_map(crossing).collect::<Vec<_>>()
        })
    });
    let draw = move |size: Size, theme: &Theme| {
        let (step, n_steps) = steps.get_untracked();
        crossings
            .with_untracked(|crossings| lanes_timeline_scene(size, theme, step, n_steps, crossings))
    };
    let go = move |step: u64| {
        let newest = compare.shown.with_untracked(|shown| shown.step);
        compare.cursor.set((step < newest).then_some(step));
    };
    view! {
        <StepsSlider
            label="Timeline of all lanes"
            steps=steps
            depends=move || crossings.track()
            draw=draw
            on_go=go
        />
    }
}

/// Of all networks together.
#[component]
fn HealthLine() -> impl IntoView {
    let compare = expect_context::<Compare>();
    let counts = Memo::new(move |_| {
        compare.shown.with(|shown| {
            let lanes = shown.then.lanes.iter();
            let networks = lanes.flat_map(|lane| lane.seeds.iter().map(|seed| &seed.newest));
            networks.fold((0, 0, 0), |(n_units, n_dead, n_saturated), measure| {
                (
                    n_units + usize::from(measure.n_units),
                    n_dead + usize::from(measure.n_dead),
                    n_saturated + usize::from(measure.n_saturated),
                )
            })
        })
    });
    let of = move |which: fn((usize, usize, usize)) -> usize| {
        let (n_units, ..) = counts.get();
        text::share(which(counts.get()), n_units)
    };
    view! {
        <p class="health" role="status" aria-label="Health of all lanes" aria-atomic="true">
            <span>
                "Dead units: "
                <b class:some-dead=move || counts.get().1 != 0>{move || of(|counts| counts.1)}</b> "."
            </span>
            " "
            <span>
                "Saturated: "
                <b class:some-saturated=move || {
                    counts.get().2 != 0
                }>{move || of(|counts| counts.2)}</b> "."
            </span>
        </p>
    }
}
