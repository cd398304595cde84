use std::rc::Rc;

use leptos::prelude::*;

use crate::app::theme::Colours;
use crate::frame::Urgency;
use crate::plot::kit::geometry::Size;
use crate::plot::kit::scene::Scene;
use crate::plot::kit::theme::Theme;
use crate::ui::kit::canvas::Canvas;
use crate::ui::kit::lazy::NotLoaded;
use crate::ui::kit::panel::Panel;
use crate::ui::kit::save::{Chart, SaveMenu, Table};

/// Where the crosshair is, CSS pixels of the canvas.
pub type Pointer = Option<(f64, f64)>;

/// A picture of what a chart shows, with its crosshair.
type Draw = Rc<dyn Fn(Size, &Theme, Pointer) -> Scene>;
/// The values under a pointer; `None` where there are none.
type Read = StoredValue<Box<dyn Fn(Size, &Theme, (f64, f64)) -> Option<String>>, LocalStorage>;

/// A panel with a chart: a crosshair that follows pointer, finger and arrow keys and tells the values
/// there, and a menu that saves the chart as picture or table.
#[component]
pub fn ChartPanel<F>(
    name: &'static str,
    #[prop(into)] title: Signal<String>,
    #[prop(optional, into)] aside: Signal<String>,
    /// More buttons for the heading's line.
    #[prop(optional)]
    tools: Option<AnyView>,
    /// Between heading and chart.
    #[prop(optional)]
    above: Option<AnyView>,
    /// The chart in words.
    #[prop(into)]
    label: Signal<String>,
    depends: impl Fn() + 'static,
    draw: impl Fn(Size, &Theme, Pointer) -> Scene + 'static,
    read: impl Fn(Size, &Theme, (f64, f64)) -> Option<String> + 'static,
    table: impl Fn() -> F + 'static,
    #[prop(optional)] urgency: Urgency,
) -> impl IntoView
where
    F: Future<Output = Result<String, NotLoaded>> + 'static,
{
    let parts = Parts {
        depends: Box::new(depends),
        draw: Rc::new(draw),
        read: StoredValue::new_local(Box::new(read)),
        table: Box::new(move || Box::pin(table())),
        urgency,
    };
    view! { <PanelOf name title aside tools above label parts /> }
}

/// What is each chart's own.
struct Parts {
    depends: Box<dyn Fn()>,
    draw: Draw,
    read: Read,
    table: Box<dyn Fn() -> Table>,
    urgency: Urgency,
}

/// What of [`ChartPanel`] is the same for all charts.
#[component]
fn PanelOf(
    name: &'static str,
    title: Signal<String>,
    aside: Signal<String>,
    tools: Option<AnyView>,
    above: Option<AnyView>,
    label: Signal<String>,
    parts: Parts,
) -> impl IntoView {
    let Parts {
        depends,
        draw,
        read,
        table,
        urgency,
    } = parts;
    let colours = expect_context::<Colours>();
    let pointer = RwSignal::new(None::<(f64, f64)>);
    let size = RwSignal::new(Size::default());
    let of_canvas = {
        let draw = draw.clone();
        let draw = move |size: Size, theme: &Theme| draw(size, theme, pointer.get_untracked());
        let depends = move || {
            depends();
            pointer.track();
        };
        view! { <Canvas label=label depends=depends draw=draw size=size urgency=urgency /> }
    };
    // Saved as it is seen, without the crosshair.
    let picture = move || {
        (
            draw(size.get_untracked(), &colours.drawn(), None),
            colours.drawn().bg,
        )
    };
    let chart = Chart {
        panel: name,
        picture: Some(Box::new(picture)),
        table,
    };
    view! {
        <Panel
            name=name
            title=title
            aside=aside
            tools=view! {
                {tools}
                <SaveMenu title=title chart=chart />
            }
            .into_any()
        >
            {above}
            <div class="picture">
                {of_canvas}
                <Crosshair title=title pointer=pointer size=size read=read />
            </div>
        </Panel>
    }
}

/// Lies over a chart and moves its crosshair. To a screen reader it is a slider whose value is what the
/// chart shows there.
#[component]
fn Crosshair(
    title: Signal<String>,
    pointer: RwSignal<Pointer>,
    size: RwSignal<Size>,
    read: Read,
) -> impl IntoView {
    let colours = expect_context::<Colours>();
    let read_at = move |at: (f64, f64)| {
        read.with_value(|read| read(size.get_untracked(), &colours.drawn(), at))
    };
    // What is under the crosshair changes with the run, but is told only when the crosshair moves: a
    // screen reader would never be silent.
    let words = move || match pointer.get() {
        Some(at) => read_at(at).unwrap_or_else(|| "no value here".into()),
        None => "off; arrow keys move it".into(),
    };
    let percent = move || {
        let width = size.get().width.max(1.0);
        let x = pointer.get().map_or(0.0, |(x, _)| x);
        (100.0 * x / width).round().clamp(0.0, 100.0).to_string()
    };
    let place = move |event: &web_sys::PointerEvent| {
        pointer.set(Some((
            f64::from(event.offset_x()),
            f64::from(event.offset_y()),
        )));
    };
    view! {
        <div
            class="crosshair"
            role="slider"
            tabindex="0"
            aria-label=move || format!("Values of {}", title.get())
            aria-valuemin="0"
            aria-valuemax="100"
            aria-valuenow=percent
            aria-valuetext=words
            on:pointerdown=move |event| place(&event)
            on:pointermove=move |event| place(&event)
            on:pointerleave=move |event: web_sys::PointerEvent| {
                // A finger that is lifted has left; what it pointed at stays to be read.
                if event.pointer_type() == "mouse" {
                    pointer.set(None);
                }
            }
            on:blur=move |_| pointer.set(None)
            on:keydown=move |event| {
                if event.ctrl_key() || event.alt_key() || event.meta_key() {
                    return;
                }
                let before = pointer.get_untracked();
                let key = event.key();
                if key == "Escape" && before.is_some() {
                    pointer.set(None);
                } else if let Some(at) = moved(before, &key, event.shift_key(), size.get_untracked(), &read_at) {
                    pointer.set(Some(at));
                } else {
                    return;
                }
                event.prevent_default();
            }
        ></div>
    }
}

/// Where a key takes the crosshair: to the next place in its direction where other values are; with
/// Shift, Page Up and Page Down a tenth of the chart further. `None` for a key that is of no use here.
fn moved(
    from: Pointer,
    key: &str,
    is_far: bool,
    size: Size,
    read: &impl Fn((f64, f64)) -> Option<String>,
) -> Pointer {
    let (dx, dy) = match key {
        "ArrowLeft" | "PageUp" | "Home" => (-1.0, 0.0),
        "ArrowRight" | "PageDown" | "End" => (1.0, 0.0),
        "ArrowUp" => (0.0, -1.0),
        "ArrowDown" => (0.0, 1.0),
        _ => return None,
    };
    let Some((x, y)) = from else {
        return Some((size.width / 2.0, size.height / 2.0));
    };
    let is_inside =
        |(x, y): (f64, f64)| (0.0..=size.width).contains(&x) && (0.0..=size.height).contains(&y);
    let at = |n: f64| (x + n * dx, y + n * dy);
    let reach = size.width.max(size.height);
    let first = match key {
        "Home" | "End" => {
            // The last place before the edge that has values.
            let mut n = 0.0;
            let mut best = None;
            while is_inside(at(n)) {
                best = read(at(n)).map(|_| at(n)).or(best);
                n += 1.0;
            }
            return best.or(from);
        }
        "PageUp" | "PageDown" => 0.1 * reach,
        _ if is_far => 0.1 * reach,
        _ => 1.0,
    };
    let before = read((x, y));
    let mut n = first;
    while is_inside(at(n)) {
        let now = read(at(n));
        if now.is_some() && now != before {
            return Some(at(n));
        }
        n += 1.0;
    }
    from
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plot::kit::geometry::size;

    /// Ten values along 100 px, two rows.
    fn read((x, y): (f64, f64)) -> Option<String> {
        (x >= 20.0).then(|| format!("{} {}", (x / 10.0) as i32, (y / 50.0) as i32))
    }

    fn check(from: (f64, f64), key: &str, is_far: bool, expected: Pointer) {
        let to = moved(Some(from), key, is_far, size(100.0, 100.0), &read);
        assert_eq!(to, expected, "{key} from {from:?}");
    }

    #[test]
    fn keys_move_to_the_next_other_value() {
        check((44.0, 10.0), "ArrowRight", false, Some((50.0, 10.0)));
        check((44.0, 10.0), "ArrowLeft", false, Some((39.0, 10.0)));
        check((44.0, 10.0), "ArrowDown", false, Some((44.0, 50.0)));
        check((44.0, 10.0), "ArrowRight", true, Some((54.0, 10.0)));
        check((44.0, 10.0), "Home", false, Some((20.0, 10.0)));
        check((44.0, 10.0), "End", false, Some((100.0, 10.0)));
        // Nothing lies further there.
        check((22.0, 10.0), "ArrowLeft", false, Some((22.0, 10.0)));
        check((44.0, 10.0), "a", false, None);
        let first = moved(None, "ArrowRight", false, size(100.0, 60.0), &read);
        assert_eq!(first, Some((50.0, 30.0)));
    }
}
