use actiscope_core::map::MapValue;
use actiscope_core::text::number;
use leptos::prelude::*;

use super::caption::open_in_scope;
use super::networks::Networks;
use super::store::Map;
use crate::app::App;
use crate::memo::Memo;
use crate::plot::charts::map::measure_scene;
use crate::plot::kit::geometry::Size;
use crate::plot::kit::theme::Theme;
use crate::run::Run;
use crate::text::count;
use crate::ui::kit::canvas::Canvas;
use crate::ui::kit::panel::Panel;

/// A measure of the networks of a cell.
#[derive(Clone, Debug, PartialEq)]
struct Row {
    /// "42 %".
    text: String,
    /// "33–50": of the least and the greatest network.
    range: String,
    /// Places of the networks on the map-wide scale.
    dots: Vec<f64>,
}

/// The cell under the crosshair: its settings, its measures, each network a dot; and what to do with it.
#[component]
pub fn CellPanel() -> impl IntoView {
    let map = expect_context::<Map>();
    let app = expect_context::<App>();
    let run = expect_context::<Run>();
    let aside = Signal::derive(move || {
        map.shown.with(|shown| {
            let first = shown.spec.base.seed;
            match shown.cells.seeds {
                1 => format!("seed {first}"),
                n => format!("seeds {first}–{}", first.wrapping_add(n - 1)),
            }
        })
    });
    let values = Memo::new(move |_| {
        let (ix, iy) = map.at.get();
        map.shown.with(|shown| {
            let names = shown.names.clone();
            [
                (names[0].clone(), number(shown.cells.x.value(ix), 3)),
                (names[1].clone(), number(shown.cells.y.value(iy), 3)),
            ]
        })
    });
    let settings = move || {
        let setting = |(name, value): (String, String)| {
            view! {
                <div>
                    <dt>{name}</dt>
                    <dd>{value}</dd>
                </div>
            }
        };
        values.get().map(setting).collect_view()
    };
    let rows = MapValue::ALL.map(|value| view! { <MeasureRow value /> });
    view! {
        <Panel name="map-cell" title=Signal::derive(|| "Cell under the crosshair".to_owned()) aside=aside>
            <dl class="at">{settings}</dl>
            <div class="measures" role="group" aria-label="Measures of the cell">{rows}</div>
            <Networks />
            <div class="acts">
                <button
                    type="button"
                    class="quiet"
                    title="Enter, or a double click"
                    on:click=move |_| open_in_scope(map, app, run, map.at.get_untracked())
                >
                    "Open in the Scope"
                </button>
                <button
                    type="button"
                    class="quiet"
                    title="Z. Or draw a rectangle on the map, or spread two fingers on it"
                    on:click=move |_| map.zoom_in()
                >
                    "Zoom in here"
                </button>
            </div>
        </Panel>
    }
}

/// A press colours the map by it.
#[component]
fn MeasureRow(value: MapValue) -> impl IntoView {
    let map = expect_context::<Map>();
    let row = Memo::new(move |_| {
        let at = map.at.get();
        map.shown.with(|shown| row(shown, value, at))
    });
    let is_chosen = Memo::new(move |_| map.state.with(|state| state.value == value));
    let draw = move |size: Size, theme: &Theme| {
        row.with_untracked(|row| {
            measure_scene(size, theme, &row.dots, is_chosen.with_untracked(|is| *is))
        })
    };
    let depends = move || {
        row.with(|_| ());
        is_chosen.with(|_| ());
    };
    let name = match value {
        MapValue::Loss => "final loss",
        MapValue::Accuracy => "accuracy",
        MapValue::Dead => "dead",
        MapValue::Saturated => "saturated",
        MapValue::DeadOrSaturated => "either",
        MapValue::FirstDeath => "first death",
        MapValue::Diverged => "diverged",
    };
    view! {
        <button
            type="button"
            class="measure"
            title="Colour the map by it"
            aria-pressed=move || is_chosen.get().to_string()
            on:click=move |_| map.update(|state| state.value = value)
        >
            <span class="name">{name}</span>
            <span class="dots">
                <Canvas label=Signal::derive(String::new) depends=depends draw=draw />
            </span>
            <span class="value">
                <b>{move || row.with(|row| row.text.clone())}</b>
                " "
                {move || row.with(|row| row.range.clone())}
            </span>
        </button>
    }
}

fn row(shown: &super::store::Shown, value: MapValue, (ix, iy): (u32, u32)) -> Row {
    let cells = &shown.cells;
    let key = shown.key(value);
    let networks = cells.cell(ix, iy);
    let n = networks.clone().count();
    let lasting = networks.clone().filter(|m| m.diverged_at.is_none());
    let mut values: Vec<f64> = match value {
        MapValue::Diverged => networks.filter_map(|m| value.of(m)).collect(),
        _ => lasting.filter_map(|m| value.of(m)).collect(),
    };
    values.sort_by(f64::total_cmp);
    let text = match (value, cells.value(ix, iy, value)) {
        _ if n == 0 => "–".to_owned(),
        (MapValue::Diverged, Some(share)) => format!("{:.0} of {n}", share * n as f64),
        (MapValue::FirstDeath, Some(step)) => format!("step {}", count(step as u64)),
        (MapValue::FirstDeath, None) => "none".to_owned(),
        (_, Some(number)) => key.text(number),
        (_, None) => "–".to_owned(),
    };
    let range = match (values.first(), values.last()) {
        (Some(low), Some(high)) if low < high && value != MapValue::Diverged => {
            let bare = |value: f64| key.text(value).trim_end_matches(" %").to_owned();
            format!("{}–{}", bare(*low), bare(*high))
        }
        _ => String::new(),
    };
    Row {
        text,
        range,
        dots: values.into_iter().map(|value| key.place(value)).collect(),
    }
}
