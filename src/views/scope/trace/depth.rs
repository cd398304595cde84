use std::sync::Arc;

use actiscope_core::csv::{CsvWriter, field, field_f32};
use actiscope_core::interop::trace::Trace;
use leptos::prelude::*;

use super::shown::{Base, Shown};
use crate::plot::charts::trace::depth::{DepthData, depth_scene, depth_values, describe_depth};
use crate::plot::kit::geometry::{Size, point};
use crate::plot::kit::scene::Scene;
use crate::plot::kit::theme::Theme;
use crate::ui::kit::chart::{ChartPanel, Pointer};
use crate::ui::kit::lazy::NotLoaded;

/// Five quantities over all records.
#[component]
pub fn DepthPanel() -> impl IntoView {
    let shown = expect_context::<Shown>();
    let traces = shown.traces;
    let draw = move |size: Size, theme: &Theme, pointer: Pointer| {
        let pointer = pointer.map(|(x, y)| point(x, y));
        let scene = with_data(shown, |data| depth_scene(size, theme, data, pointer));
        scene.unwrap_or_else(|| Scene::new(size))
    };
    let read = move |size: Size, theme: &Theme, (x, y): (f64, f64)| {
        with_data(shown, |data| depth_values(size, theme, data, point(x, y))).flatten()
    };
    let label = Signal::derive(move || {
        traces.record.track();
        shown.base.track();
        with_data(shown, describe_depth).unwrap_or_default()
    });
    let table = move || {
        let base = shown.base.get_untracked();
        async move { Ok::<_, NotLoaded>(base.map_or(String::new(), |base| csv(&base.opened.trace))) }
    };
    view! {
        <ChartPanel
            name="trace-depth"
            title="Depth over time"
            aside="steps on a log axis, the same in all five"
            label=label
            depends=move || {
                shown.base.track();
                traces.record.track();
            }
            draw=draw
            read=read
            table=table
        />
    }
}

/// Not tracked; nothing where there is no trace.
fn with_data<T>(shown: Shown, make: impl FnOnce(&DepthData) -> T) -> Option<T> {
    let base: Arc<Base> = shown.base.get_untracked()?;
    Some(make(&base.depth(shown.traces.record.get_untracked())))
}

/// A line for each record and layer.
fn csv(trace: &Trace) -> String {
    let mut csv = CsvWriter::new([
        "step",
        "loss",
        "layer",
        "dead",
        "saturated",
        "z_spread",
        "z_gradient_rms",
        "weight_gradient_rms",
        "update_over_weight",
    ]);
    for (record, step) in trace.steps.iter().enumerate() {
        for layer in &trace.layers {
            let number =
                |values: &[f32]| field_f32(values.get(record).copied().filter(|v| !v.is_nan()));
            let whole = |values: &[u32]| field(values.get(record).map(|&n| f64::from(n)));
            csv.row([
                step.to_string(),
                number(&trace.loss),
                layer.about.name(),
                whole(&layer.dead),
                whole(&layer.saturated),
                number(&layer.z_spread),
                number(&layer.z_gradient_rms),
                number(&layer.weight_gradient_rms),
                number(&layer.update_ratio),
            ]);
        }
    }
    csv.into_text()
}
