use std::sync::Arc;

use actiscope_core::number::parse_f64;
use leptos::prelude::*;

use super::store::{Atlas, Ready};
use crate::app::theme::Colours;
use crate::frame::Urgency;
use crate::memo::Memo;
use crate::plot::charts::atlas::{
    CurvesData, CurvesGeometry, Drawn, curves_csv, curves_scene, describe_curves,
};
use crate::plot::kit::geometry::{Size, point};
use crate::plot::kit::scene::Scene;
use crate::plot::kit::theme::Theme;
use crate::ui::kit::canvas::Canvas;
use crate::ui::kit::fields::{Choice, ChoiceGroup, Select};
use crate::ui::kit::lazy::chunk;
use crate::ui::kit::panel::Panel;
use crate::ui::kit::save::{Chart, SaveMenu};
use crate::ui::kit::throttle::throttled;

const REACHES: [f64; 4] = [2.0, 4.0, 8.0, 16.0];

/// f, f' and f'' of the chosen functions, with the crosshair that all of the view speaks of.
#[component]
pub fn Charts() -> impl IntoView {
    let atlas = expect_context::<Atlas>();
    let colours = expect_context::<Colours>();
    let size = RwSignal::new(Size::default());
    let draw = move |size: Size, theme: &Theme| {
        let mut scene = Scene::new(size);
        with_data(atlas, &mut |data| scene = curves_scene(size, theme, data));
        scene
    };
    let depends = move || {
        atlas.drawn.track();
        atlas.state.track();
    };
    let label = throttled(1_000, move || {
        depends();
        let mut words = String::new();
        untrack(|| with_data(atlas, &mut |data| words = describe_curves(data)));
        words
    });
    let title = Signal::derive(|| "f, f′ and f″ on one z axis".to_owned());
    let chart = Chart {
        panel: "curves",
        picture: Some(Box::new(move || {
            (
                draw(size.get_untracked(), &colours.drawn()),
                colours.drawn().bg,
            )
        })),
        table: Box::new(move || Box::pin(table(atlas))),
    };
    let is_empty = Memo::new(move |_| atlas.drawn.with(Vec::is_empty));
    view! {
        <Panel
            name="curves"
            title=title
            tools=view! {
                <RangeSelect />
                <SaveMenu title=title chart=chart />
            }
            .into_any()
        >
            <div class="picture">
                <Canvas label=label depends=depends draw=draw size=size urgency=Urgency::First />
                <Crosshair size=size />
                <p class="empty over" hidden=move || !is_empty.get()>"Choose a function"</p>
            </div>
        </Panel>
    }
}

chunk! {
    saving,
    fn table(atlas: Atlas) -> String {
        let drawn = atlas.drawn.get_untracked();
        let names: Vec<&str> = drawn.iter().map(|ready| ready.name.as_str()).collect();
        let of = |i: usize, z: f64| {
            let activation = &drawn[i].activation;
            [activation.f(z), activation.slope(z), activation.curvature(z)]
        };
        curves_csv(&names, of, atlas.state.with_untracked(|state| state.z_range))
    }
}

fn with_data(atlas: Atlas, then: &mut dyn FnMut(&CurvesData)) {
    let drawn: Vec<Arc<Ready>> = atlas.drawn.get_untracked();
    atlas.state.with_untracked(|state| {
        let z = state.z;
        let functions: Vec<Drawn> = (drawn.iter())
            .map(|ready| Drawn {
                name: &ready.name,
                slot: ready.slot,
                is_focused: ready.id.is_some() && ready.id == state.focused,
                samples: &ready.samples,
                at_z: at(ready, z),
            })
            .collect();
        then(&CurvesData {
            z_range: state.z_range,
            functions: &functions,
            z,
        });
    });
}

/// f, f' and f'' at z; f'' is not defined at a corner.
fn at(ready: &Ready, z: f64) -> [f64; 3] {
    let activation = &ready.activation;
    let is_corner = ready.samples.corners.iter().any(|corner| corner.x == z);
    let curvature = if is_corner {
        f64::NAN
    } else {
        activation.curvature(z)
    };
    [activation.f(z), activation.slope(z), curvature]
}

#[component]
fn RangeSelect() -> impl IntoView {
    let atlas = expect_context::<Atlas>();
    let value = Memo::new(move |_| {
        let (low, high) = atlas.state.with(|state| state.z_range);
        let same = REACHES
            .iter()
            .find(|reach| -**reach == low && **reach == high);
        same.map_or_else(|| "own".to_owned(), ToString::to_string)
    });
    let choices = REACHES
        .iter()
        .map(|reach| Choice::new(reach.to_string(), format!("−{reach} … {reach}")))
        .chain([Choice::new("own", "as zoomed")])
        .collect();
    let groups = vec![ChoiceGroup {
        heading: "",
        choices,
    }];
    view! {
        <Select
            label="Range of z"
            groups=groups
            value=value
            on_choose=move |id: String| {
                if let Some(reach) = parse_f64(&id) {
                    atlas.state.update(|state| state.set_reach(reach));
                }
            }
            inline=true
        />
    }
}

/// Lies over the charts: moves the crosshair by pointer, finger and keys, zooms by wheel and two fingers. It stays
/// where it was left.
#[component]
fn Crosshair(size: RwSignal<Size>) -> impl IntoView {
    let atlas = expect_context::<Atlas>();
    let colours = expect_context::<Colours>();
    let z_at = move |x: f64, y: f64| {
        let mut z = None;
        let size = size.get_untracked();
        with_data(atlas, &mut |data| {
            z = CurvesGeometry::new(size, &colours.drawn(), data).z_at(point(x, y));
        });
        z
    };
    // Pointers that are down, for two of them are a pinch.
    let down = StoredValue::new(Vec::<(i32, f64)>::new());
    let moved = move |event: &web_sys::PointerEvent| {
        let (x, y) = (f64::from(event.offset_x()), f64::from(event.offset_y()));
        let before = down.get_value();
        down.update_value(|down| {
            for known in down
                .iter_mut()
                .filter(|known| known.0 == event.pointer_id())
            {
                known.1 = x;
            }
        });
        let now = down.get_value();
        if let ([a, b], [c, d]) = (&before[..], &now[..]) {
            let (wide, width) = ((a.1 - b.1).abs().max(8.0), (c.1 - d.1).abs().max(8.0));
            if let Some(about) = z_at((c.1 + d.1) / 2.0, y) {
                atlas.state.update(|state| state.zoom(about, wide / width));
            }
        } else if let Some(z) = z_at(x, y) {
            // Whole hundredths: what is told is what is drawn.
            let z = (z * 100.0).round() / 100.0;
            if atlas.state.with_untracked(|state| state.z != z) {
                atlas.state.update(|state| state.go_to(z));
            }
        }
    };
    // One that is cancelled leaves, too.
    let lifted = move |event: &web_sys::PointerEvent| {
        down.update_value(|down| down.retain(|known| known.0 != event.pointer_id()));
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let by = if event.shift_key() { 0.01 } else { 0.1 };
        let (z, (low, high)) = atlas.state.with_untracked(|state| (state.z, state.z_range));
        let step = |way: f64| ((z + way * by) * 100.0).round() / 100.0;
        let to = match &*event.key() {
            "ArrowLeft" | "ArrowDown" => step(-1.0),
            "ArrowRight" | "ArrowUp" => step(1.0),
            "PageDown" => z - 1.0,
            "PageUp" => z + 1.0,
            "Home" => low,
            "End" => high,
            "+" | "=" => return atlas.state.update(|state| state.zoom(z, 0.8)),
            "-" => return atlas.state.update(|state| state.zoom(z, 1.25)),
            _ => return,
        };
        event.prevent_default();
        atlas.state.update(|state| state.go_to(to));
    };
    let words = Signal::derive(move || {
        atlas.state.track();
        atlas.drawn.track();
        let mut words = String::new();
        untrack(|| with_data(atlas, &mut |data| words = describe_curves(data)));
        // From "At z" on: the rest is the picture's.
        words
            .find("At z")
            .map_or(words.clone(), |at| words[at..].to_owned())
    });
    let of_state =
        move |of: fn(&super::state::State) -> f64| move || atlas.state.with(of).to_string();
    view! {
        <div
            class="crosshair"
            role="slider"
            tabindex="0"
            aria-label="z of the crosshair"
            aria-valuemin=of_state(|state| state.z_range.0)
            aria-valuemax=of_state(|state| state.z_range.1)
            aria-valuenow=of_state(|state| state.z)
            aria-valuetext=words
            on:pointerdown=move |event: web_sys::PointerEvent| {
                down.update_value(|down| down.push((event.pointer_id(), f64::from(event.offset_x()))));
                moved(&event);
            }
            on:pointermove=move |event: web_sys::PointerEvent| moved(&event)
            on:pointerup=move |event: web_sys::PointerEvent| lifted(&event)
            on:pointerleave=move |event: web_sys::PointerEvent| lifted(&event)
            on:wheel=move |event: web_sys::WheelEvent| {
                if !event.ctrl_key() {
                    return;
                }
                event.prevent_default();
                if let Some(about) = z_at(f64::from(event.offset_x()), f64::from(event.offset_y())) {
                    let factor = if event.delta_y() > 0.0 { 1.15 } else { 1.0 / 1.15 };
                    atlas.state.update(|state| state.zoom(about, factor));
                }
            }
            on:keydown=on_key
        ></div>
    }
}
