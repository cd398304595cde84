use leptos::html;
use leptos::prelude::*;

use crate::plot::charts::field::FieldGeometry;
use crate::plot::kit::geometry::point;
use crate::run::Run;
use crate::run::points::Points;
use crate::text;
use crate::ui::kit::lazy::chunk;

/// How far from a point a press still means it, in CSS pixels.
const REACH_PX: f64 = 28.0;
/// Shares of the picture's side that the cursor goes at a time, and with Shift.
const STEP: f64 = 0.04;
const FINE_STEP: f64 = 0.008;

chunk! {
    points,
    pub fn point_plane(geometry: Signal<Option<FieldGeometry>>) -> AnyView {
        view! { <PointPlane geometry /> }.into_any()
    }
}

/// Over the picture while points are edited: presses and keys add and remove them.
#[component]
fn PointPlane(
    /// Where the picture's plane lies, once it has a size.
    geometry: Signal<Option<FieldGeometry>>,
) -> impl IntoView {
    let run = expect_context::<Run>();
    let points = expect_context::<Points>();
    let node = NodeRef::<html::Div>::new();
    // The button that led here is gone: keys go on here.
    node.on_load(|node| {
        let _ = node.focus();
    });
    let width_of = |g: &FieldGeometry| {
        let (low, high) = g.x1.domain();
        high - low
    };
    let reach = move |g: &FieldGeometry| REACH_PX / g.plot.width.max(1.0) * width_of(g);
    let press = move |event: leptos::ev::MouseEvent| {
        let (Some(g), Some(node)) = (geometry.get_untracked(), node.get_untracked()) else {
            return;
        };
        // Measured against what is seen, which a zoom enlarges.
        let rect = node.get_bounding_client_rect();
        let width = f64::from(node.client_width());
        let scale = width / rect.width().max(1.0);
        let px = point(
            (f64::from(event.client_x()) - rect.x()) * scale,
            (f64::from(event.client_y()) - rect.y()) * scale,
        );
        if let Some(at) = g.data_at(px) {
            let at = [at.x, at.y];
            points.cursor.set(at);
            points.use_tool(run, at, reach(&g));
        }
    };
    let key = move |event: leptos::ev::KeyboardEvent| {
        let Some(g) = geometry.get_untracked() else {
            return;
        };
        let ((left, right), (low, high)) = (g.x1.domain(), g.x2.domain());
        let step = if event.shift_key() { FINE_STEP } else { STEP };
        let by = |dx: f64, dy: f64| {
            points.cursor.update(|[x, y]| {
                *x = (*x + dx * step * (right - left)).clamp(left, right);
                *y = (*y + dy * step * (high - low)).clamp(low, high);
            });
        };
        let at = points.cursor.get_untracked();
        match &*event.key() {
            "ArrowLeft" => by(-1.0, 0.0),
            "ArrowRight" => by(1.0, 0.0),
            "ArrowUp" => by(0.0, 1.0),
            "ArrowDown" => by(0.0, -1.0),
            "Enter" | " " => points.use_tool(run, at, 2.0 * reach(&g)),
            "Delete" | "Backspace" => points.remove(run, at, f64::INFINITY),
            "Escape" => points.end(),
            _ => return,
        }
        event.prevent_default();
    };
    let place = move || {
        let at = points.cursor.get();
        geometry.get().map(|g| g.px_from_data(point(at[0], at[1])))
    };
    let px = |value: Option<f64>| value.map_or_else(|| "-99px".to_owned(), |v| format!("{v:.1}px"));
    let words = move || {
        let [x, y] = points.cursor.get();
        format!(
            "Cursor at {}, {}",
            text::decimals(x, 2),
            text::decimals(y, 2)
        )
    };
    view! {
        <div
            node_ref=node
            class="point-plane"
            role="application"
            tabindex="0"
            aria-label="Plane of points. Arrow keys move the cursor, Enter uses the tool, Delete removes the nearest point."
            on:click=press
            on:keydown=key
        >
            <i
                class="cursor"
                aria-hidden="true"
                style:left=move || px(place().map(|p| p.x))
                style:top=move || px(place().map(|p| p.y))
            ></i>
            <span class="unseen" aria-live="polite">
                {words}
            </span>
        </div>
    }
}
