use leptos::prelude::*;

use super::store::{Columns, Lane, layer_of};
use crate::memo::Memo;
use crate::plot::charts::compare::{LaneCurve, LaneZ, lane_curve_scene};
use crate::plot::charts::curve::ZoneKind;
use crate::plot::kit::geometry::Size;
use crate::plot::kit::scene::Scene;
use crate::plot::kit::theme::Theme;
use crate::ui::kit::canvas::Canvas;

/// The lane's function with the z of the chosen layer, and what share of it gets no gradient.
#[component]
pub fn LaneCurveCell(lane: Lane, name: Memo<String>) -> impl IntoView {
    let columns = expect_context::<Columns>();
    let draw = move |size: Size, theme: &Theme| {
        let scene = with_curve(columns, lane, |data| lane_curve_scene(size, theme, data));
        scene.unwrap_or_else(|| Scene::new(size))
    };
    let depends = move || {
        lane.curve.track();
        lane.portrait.sitter.track();
        columns.layer.track();
        columns.values.track();
    };
    let sentence = Memo::new(move |_| {
        depends();
        with_curve(columns, lane, |data| data.sentence())
            .flatten()
            .map(|(words, kind)| (words, kind.map(|kind| kind == ZoneKind::Dead)))
    });
    let label = Signal::derive(move || {
        let words = sentence.get().map(|(words, _)| words);
        match words {
            Some(words) => format!("{}: of z {words}", name.get()),
            None => format!("{}: its curve", name.get()),
        }
    });
    let kind = move || match sentence.get() {
        Some((_, Some(true))) => "how some-dead",
        Some((_, Some(false))) => "how some-saturated",
        _ => "how",
    };
    view! {
        <p class=kind>{move || sentence.get().map(|(words, _)| words)}</p>
        <div class="picture of-curve">
            <Canvas label=label depends=depends draw=draw />
        </div>
    }
}

fn with_curve<T>(columns: Columns, lane: Lane, then: impl FnOnce(&LaneCurve) -> T) -> Option<T> {
    let samples = lane.curve.get_untracked()?;
    let layer = columns.layer.get_untracked();
    lane.portrait.sitter.with_untracked(|sitter| {
        let layer = sitter.as_ref().and_then(|sitter| layer_of(sitter, layer));
        Some(then(&LaneCurve {
            samples: &samples,
            values: columns.values.get_untracked(),
            z: layer.map(|layer| LaneZ {
                histogram: &layer.z,
                zero_slope_share: f64::from(layer.zero_slope_share),
            }),
        }))
    })
}
