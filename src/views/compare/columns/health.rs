use actiscope_core::protocol::Measure;
use leptos::prelude::*;

use crate::memo::Memo;
use crate::plot::charts::compare::{HealthPoint, health_scene};
use crate::plot::kit::geometry::Size;
use crate::plot::kit::theme::Theme;
use crate::plot::kit::ticks::percent;
use crate::text;
use crate::ui::kit::canvas::Canvas;
use crate::views::compare::store::Compare;

/// How the units of one lane are, at the step on show.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Now {
    dead: f64,
    saturated: f64,
    n_diverged: usize,
    n_seeds: usize,
}

/// How the units of all seeds of a lane are, over the steps.
#[component]
pub fn Health(lane: usize, name: Memo<String>) -> impl IntoView {
    let slot = lane;
    let compare = expect_context::<Compare>();
    let points = Memo::new(move |_| {
        // At the pace of all that is told of the fleet.
        compare.shown.track();
        untrack(|| points_of(compare, slot))
    });
    let now = Memo::new(move |_| {
        compare.shown.with(|shown| {
            let Some(lane) = shown.then.lanes.get(slot) else {
                return Now::default();
            };
            let (dead, saturated) = shares(lane.seeds.iter().map(|seed| &seed.newest));
            Now {
                dead,
                saturated,
                n_diverged: lane.n_diverged(),
                n_seeds: lane.seeds.len(),
            }
        })
    });
    let draw = move |size: Size, theme: &Theme| {
        let n_steps = compare.shown.with_untracked(|shown| shown.n_steps);
        let cursor = compare.cursor.get_untracked();
        points.with_untracked(|points| health_scene(size, theme, points, n_steps, cursor))
    };
    let depends = move || {
        points.track();
        compare.cursor.track();
    };
    let label = Signal::derive(move || {
        let now = now.get();
        format!(
            "{}: dead {}, saturated {}",
            name.get(),
            percent(now.dead),
            percent(now.saturated)
        )
    });
    let words = move || {
        let now = now.get();
        let dead = (now.dead > 0.0)
            .then(|| view! { <b class="some-dead">{format!("{} dead", percent(now.dead))}</b> });
        let saturated = (now.saturated > 0.0).then(|| {
            let share = percent(now.saturated);
            view! {
                <b class="some-saturated">
                    {share} " " <span class="long">"saturated"</span> <span class="short">"sat."</span>
                </b>
            }
        });
        let well = (now.dead + now.saturated == 0.0 && now.n_seeds > 0)
            .then(|| view! { <b class="all-alive">"all alive"</b> });
        view! {
            {dead}
            {saturated}
            {well}
        }
    };
    let diverged = move || {
        let now = now.get();
        (now.n_diverged > 0).then(|| format!("{} of {} diverged", now.n_diverged, now.n_seeds))
    };
    let ends = move || compare.shown.with(|shown| text::count(shown.n_steps));
    view! {
        <p class="how">{words}</p>
        <div class="picture of-health">
            <Canvas label=label depends=depends draw=draw />
            <span class="over">{diverged}</span>
        </div>
        <p class="ends" aria-hidden="true">
            <span>"0"</span>
            <span>{ends}</span>
        </p>
    }
}

/// The shares of dead and saturated units of some networks together.
fn shares<'a>(measures: impl Iterator<Item = &'a Measure>) -> (f64, f64) {
    let (mut n_units, mut n_dead, mut n_saturated) = (0, 0, 0);
    for measure in measures {
        n_units += u32::from(measure.n_units);
        n_dead += u32::from(measure.n_dead);
        n_saturated += u32::from(measure.n_saturated);
    }
    let share = |n: u32| f64::from(n) / f64::from(n_units.max(1));
    (share(n_dead), share(n_saturated))
}

/// Of each look at which the first seed was seen: all seeds as they were then.
fn points_of(compare: Compare, slot: usize) -> Vec<HealthPoint> {
    compare.fleet.results.with(|results| {
        let Some(spec) = compare.fleet.spec.get() else {
            return Vec::new();
        };
        let n_seeds = spec.seeds as usize;
        let seeds = (results.curves)
            .get(slot * n_seeds..(slot + 1) * n_seeds)
            .unwrap_or_default();
        let steps = seeds.iter().max_by_key(|curve| curve.len());
        let steps = steps.into_iter().flatten().map(|measure| measure.step);
        let point = |step: u64| {
            let then = seeds.iter().filter_map(|curve| {
                let n_before = curve.partition_point(|measure| measure.step <= step);
                curve.get(n_before.checked_sub(1)?)
            });
            let (dead, saturated) = shares(then);
            HealthPoint {
                step,
                dead,
                saturated,
            }
        };
        steps.map(point).collect()
    })
}
