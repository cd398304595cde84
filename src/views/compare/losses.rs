use leptos::prelude::*;

use super::store::Compare;
use crate::frame::Urgency;
use crate::plot::charts::compare::{
    CompareData, CompareGeometry, compare_scene, describe_compare, losses_at,
};
use crate::plot::kit::geometry::{Size, point};
use crate::plot::kit::theme::Theme;
use crate::ui::kit::chart::ChartPanel;
use crate::ui::kit::fields::Toggle;
use crate::ui::kit::lazy::chunk;
use crate::ui::kit::throttle::throttled;

/// How near to a line the pointer has to be, CSS pixels.
const REACH_PX: f64 = 14.0;

/// Losses over each other, with the target.
#[component]
pub fn Losses() -> impl IntoView {
    let compare = expect_context::<Compare>();
    let draw = move |size: Size, theme: &Theme, pointer: Option<(f64, f64)>| {
        with_data(compare, |data| {
            let g = CompareGeometry::new(size, theme, data);
            let at = pointer.map(|(x, y)| point(x, y));
            let step = at.and_then(|at| g.step_at(at));
            let near = at.and_then(|at| g.lane_at(data, at, REACH_PX));
            let data = CompareData {
                cursor: step.or(data.cursor),
                pointed: near.or(data.pointed),
                ..*data
            };
            compare_scene(size, theme, &data)
        })
    };
    let read = move |size: Size, theme: &Theme, (x, y): (f64, f64)| {
        with_data(compare, |data| {
            let step = CompareGeometry::new(size, theme, data).step_at(point(x, y))?;
            Some(losses_at(data, step))
        })
    };
    let depends = move || {
        compare.shown.track();
        compare.state.track();
        compare.pointed.track();
        compare.cursor.track();
        compare.is_log.track();
        compare.is_log_x.track();
    };
    let label = throttled(2_000, move || {
        compare.shown.track();
        with_data(compare, describe_compare)
    });
    let aside = Signal::derive(move || {
        let n_seeds = compare.shown.with(|shown| shown.n_seeds);
        match n_seeds {
            0 => String::new(),
            1 => "one seed".to_owned(),
            n => format!("median and middle half of {n} seeds"),
        }
    });
    let tools = view! {
        <Toggle label="log y" title="Loss in decades" is_on=compare.is_log />
        <Toggle label="log x" title="Steps in decades" is_on=compare.is_log_x />
    };
    view! {
        <ChartPanel
            name="losses"
            title=Signal::derive(|| "Training loss over steps".to_owned())
            aside=aside
            tools=tools.into_any()
            label=label
            depends=depends
            draw=draw
            read=read
            table=move || table(compare)
            urgency=Urgency::First
        />
    }
}

chunk! {
    saving,
    fn table(compare: Compare) -> String {
        compare.shown.with_untracked(|shown| shown.all.curves_csv())
    }
}

fn with_data<T>(compare: Compare, then: impl FnOnce(&CompareData) -> T) -> T {
    untrack(|| {
        let lanes = compare.shown.with(|shown| shown.loss_lanes());
        let n_steps = compare.shown.with(|shown| shown.n_steps);
        then(&CompareData {
            lanes: &lanes,
            n_steps,
            target: compare.state.with(|state| state.target),
            is_log: compare.is_log.get(),
            is_log_x: compare.is_log_x.get(),
            pointed: compare.pointed.get(),
            cursor: compare.cursor.get(),
        })
    })
}
