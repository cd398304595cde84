use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::caption::open_in_scope;
use super::store::Map;
use crate::app::App;
use crate::app::theme::Colours;
use crate::frame::Urgency;
use crate::memo::Memo;
use crate::plot::charts::map::{
    MapData, MapGeometry, Pinch, SliceTable, cell_words, describe_map, map_scene, slice_tables,
};
use crate::plot::kit::geometry::{Point, Size, point};
use crate::plot::kit::theme::Theme;
use crate::run::Run;
use crate::text;
use crate::ui::kit::canvas::Canvas;
use crate::ui::kit::lazy::chunk;
use crate::ui::kit::panel::Panel;
use crate::ui::kit::save::{Chart, SaveMenu};
use crate::ui::kit::throttle::throttled;

/// A pointer that has moved no farther has clicked.
const CLICK_PX: f64 = 4.0;

/// The map with its slices and its key, and a crosshair that pointer, finger and keys move.
#[component]
pub fn Picture() -> impl IntoView {
    let map = expect_context::<Map>();
    let colours = expect_context::<Colours>();
    let size = RwSignal::new(Size::default());
    // Two corners, in cells, of a rectangle that is being drawn.
    let area = RwSignal::new(None::<[(u32, u32); 2]>);
    let draw = move |size: Size, theme: &Theme| {
        untrack(|| {
            map.with_data(|data| {
                let data = MapData {
                    area: area.get(),
                    ..*data
                };
                map_scene(size, theme, &data)
            })
        })
    };
    let depends = move || {
        map.shown.track();
        map.state.track();
        map.at.track();
        map.is_changed.with(|_| ());
        area.track();
        map.scope_place();
    };
    let label = throttled(2_000, move || {
        map.shown.track();
        map.state.track();
        untrack(|| map.with_data(describe_map))
    });
    let title = Signal::derive(move || map.state.with(|state| state.value.label().to_owned()));
    let aside = Signal::derive(move || {
        map.shown.with(|shown| {
            let steps = text::count(shown.spec.n_steps);
            let seeds = match shown.cells.seeds {
                1 => String::new(),
                n => format!(", {n} seeds a cell"),
            };
            format!(
                "after {steps} steps{seeds}, {} × {} cells",
                shown.cells.x.n, shown.cells.y.n
            )
        })
    });
    // Saved as it is seen, without the crosshair.
    let picture = move || {
        let theme = colours.drawn();
        let scene = untrack(|| {
            map.with_data(|data| map_scene(size.get(), &theme, &MapData { at: None, ..*data }))
        });
        (scene, theme.bg)
    };
    let chart = Chart {
        panel: "map",
        picture: Some(Box::new(picture)),
        table: Box::new(move || Box::pin(table(map))),
    };
    view! {
        <Panel
            name="map-picture"
            title=title
            aside=aside
            tools=view! { <SaveMenu title=title chart=chart /> }.into_any()
        >
            <div class="picture">
                <Canvas label=label depends=depends draw=draw size=size urgency=Urgency::First />
                <Crosshair size=size area=area />
            </div>
            <Slices />
        </Panel>
    }
}

/// The row and the column through the crosshair, for those who do not see them drawn.
#[component]
fn Slices() -> impl IntoView {
    let map = expect_context::<Map>();
    // Many lines, which nobody reads while the crosshair moves.
    let tables = throttled(1_000, move || {
        let at = map.at.get();
        map.with_data(|data| slice_tables(data, at))
    });
    let line = |[at, value]: [String; 2]| {
        view! {
            <tr>
                <th scope="row">{at}</th>
                <td>{value}</td>
            </tr>
        }
    };
    let table = move |table: SliceTable| {
        view! {
            <table>
                <caption>{table.title}</caption>
                <thead>
                    <tr>{table.heads.map(|head| view! { <th scope="col">{head}</th> }).collect_view()}</tr>
                </thead>
                <tbody>{table.lines.into_iter().map(line).collect_view()}</tbody>
            </table>
        }
    };
    view! { <div class="unseen">{move || tables.get().map(table).collect_view()}</div> }
}

chunk! {
    saving,
    fn table(map: Map) -> String {
        map.shown.with_untracked(|shown| shown.cells.csv())
    }
}

/// Lies over the map. To a screen reader it is a slider whose value is the cell.
#[component]
fn Crosshair(size: RwSignal<Size>, area: RwSignal<Option<[(u32, u32); 2]>>) -> impl IntoView {
    let map = expect_context::<Map>();
    let app = expect_context::<App>();
    let run = expect_context::<Run>();
    let colours = expect_context::<Colours>();
    // Where the button went down, and over which cell.
    let pressed = RwSignal::new(None::<(Point, (u32, u32))>);
    let geometry = move || {
        let (size, theme) = (size.get_untracked(), colours.drawn());
        map.shown
            .with_untracked(|shown| MapGeometry::new(size, &theme, shown.cells.x, shown.cells.y))
    };
    let cell_at = move |at: Point| geometry().cell_at(at);
    // Fingers that are down, and what two of them ask for.
    let fingers = StoredValue::new(Vec::<Finger>::new());
    let pinch = StoredValue::new(None::<Pinch>);
    let pinched = move || {
        let asked = fingers.with_value(|fingers| match &fingers[..] {
            [a, b] => geometry().pinch([a.from, b.from], [a.at, b.at]),
            _ => None,
        });
        pinch.set_value(asked);
        area.set(match asked {
            Some(Pinch::Into(corners)) => Some(corners),
            _ => None,
        });
    };
    let give_up = move || {
        area.set(None);
        pressed.set(None);
        pinch.set_value(None);
    };
    // Read out when the crosshair moves, and once more when all is trained: a screen reader would never be silent.
    let is_done = Memo::new(move |_| map.shown.with(|shown| shown.is_done));
    let words = Memo::new(move |_| {
        let at = map.at.get();
        is_done.with(|_| ());
        map.state.with(|_| ());
        untrack(|| map.with_data(|data| cell_words(data, at)))
    });
    let percent = move || {
        let n = map.shown.with(|shown| shown.cells.x.n).max(2);
        (100 * map.at.get().0 / (n - 1)).to_string()
    };
    let place = |event: &web_sys::PointerEvent| {
        point(f64::from(event.offset_x()), f64::from(event.offset_y()))
    };
    let down = move |event: web_sys::PointerEvent| {
        let at = place(&event);
        if event.button() != 0 {
            return;
        }
        if event.pointer_type() == "touch" {
            let (id, from) = (event.pointer_id(), at);
            fingers.update_value(|fingers| {
                fingers.retain(|finger| finger.id != id);
                fingers.push(Finger { id, from, at });
                // They begin together.
                fingers
                    .iter_mut()
                    .for_each(|finger| finger.from = finger.at);
            });
            if fingers.with_value(Vec::len) > 1 {
                // No longer the press of one.
                give_up();
                return capture(&event);
            }
        }
        if let Some(cell) = cell_at(at) {
            pressed.set(Some((at, cell)));
            capture(&event);
        }
    };
    let moved = move |event: web_sys::PointerEvent| {
        let at = place(&event);
        let is_mouse = event.pointer_type() == "mouse";
        let is_of_two = fingers
            .try_update_value(|fingers| {
                let id = event.pointer_id();
                let moved = fingers.iter_mut().filter(|finger| finger.id == id);
                moved.for_each(|finger| finger.at = at);
                fingers.len() > 1
            })
            .unwrap_or(false);
        if is_of_two {
            return pinched();
        }
        match (pressed.get_untracked(), cell_at(at)) {
            (Some((from, first)), Some(cell)) if is_mouse && is_far(from, at) => {
                area.set(Some([first, cell]));
            }
            (None, Some(cell)) if is_mouse && !map.is_pinned.get_untracked() => map.at.set(cell),
            _ => {}
        }
    };
    let lifted = move |event: &web_sys::PointerEvent| {
        let id = event.pointer_id();
        fingers.update_value(|fingers| fingers.retain(|finger| finger.id != id));
    };
    let up = move |event: web_sys::PointerEvent| {
        lifted(&event);
        let asked = pinch.get_value();
        let drawn = area.get_untracked();
        let was = pressed.get_untracked();
        give_up();
        match asked {
            Some(Pinch::Into([a, b])) => return map.zoom_to(a, b),
            Some(Pinch::Out) => return map.zoom_out(),
            None => {}
        }
        match (drawn, was) {
            (Some([a, b]), _) if a != b => map.zoom_to(a, b),
            (_, Some((from, cell))) if !is_far(from, place(&event)) => {
                let is_again = map.is_pinned.get_untracked() && map.at.get_untracked() == cell;
                map.is_pinned.set(!is_again);
                map.at.set(cell);
            }
            _ => {}
        }
    };
    let key = move |event: web_sys::KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let shown = map.shown.get_untracked();
        let (n_x, n_y) = (shown.cells.x.n, shown.cells.y.n);
        let by = if event.shift_key() { 8 } else { 1 };
        let (ix, iy) = map.at.get_untracked();
        let to = match event.key().as_str() {
            "ArrowLeft" => (ix.saturating_sub(by), iy),
            "ArrowRight" => ((ix + by).min(n_x - 1), iy),
            "ArrowUp" => (ix, (iy + by).min(n_y - 1)),
            "ArrowDown" => (ix, iy.saturating_sub(by)),
            "Home" => (0, iy),
            "End" => (n_x - 1, iy),
            "PageUp" => (ix, n_y - 1),
            "PageDown" => (ix, 0),
            "Enter" => {
                event.prevent_default();
                if map.is_changed.get_untracked() {
                    map.compute();
                } else {
                    open_in_scope(map, app, run, (ix, iy));
                }
                return;
            }
            "z" | "Z" => {
                event.prevent_default();
                map.zoom_in();
                return;
            }
            "Backspace" => {
                event.prevent_default();
                map.zoom_out();
                return;
            }
            "Escape" => {
                give_up();
                map.is_pinned.set(false);
                return;
            }
            _ => return,
        };
        event.prevent_default();
        map.is_pinned.set(true);
        map.at.set(to);
    };
    view! {
        <div
            class="crosshair"
            role="slider"
            tabindex="0"
            aria-label="Cell of the map"
            aria-description="Arrow keys move a cell, with Shift by eight; Enter opens the cell in the Scope, Z zooms in, Backspace out"
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuenow=percent
            aria-valuetext=move || words.get()
            on:pointerdown=down
            on:pointermove=moved
            on:pointerup=up
            on:pointercancel=move |event: web_sys::PointerEvent| {
                lifted(&event);
                give_up();
            }
            on:dblclick=move |_| open_in_scope(map, app, run, map.at.get_untracked())
            on:keydown=key
        ></div>
    }
}

/// A finger that is down: where it was when the last one came down, and where it is.
#[derive(Clone, Copy, Debug)]
struct Finger {
    id: i32,
    from: Point,
    at: Point,
}

fn is_far(from: Point, to: Point) -> bool {
    (from.x - to.x).abs().max((from.y - to.y).abs()) > CLICK_PX
}

/// What is drawn beyond the edge still comes here.
fn capture(event: &web_sys::PointerEvent) {
    let target = event
        .current_target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    if let Some(target) = target {
        // Fails for no pointer that is down.
        let _ = target.set_pointer_capture(event.pointer_id());
    }
}
