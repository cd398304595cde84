use std::cell::Cell;
use std::rc::Rc;

use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{ResizeObserverBoxOptions, ResizeObserverOptions};

use crate::app::App;
use crate::app::theme::Colours;
use crate::browser;
use crate::frame::{Painter, Urgency};
use crate::plot::kit::geometry::Size;
use crate::plot::kit::scene::Scene;
use crate::plot::kit::theme::Theme;

/// A canvas that paints a [`Scene`] once a frame at most, as sharp as the screen is.
///
/// `depends` reads, tracked, whatever `draw` depends on: a change of it asks for a painting.
#[component]
pub fn Canvas(
    /// What is seen, for those who do not see it. Empty where the elements around it say so.
    #[prop(into)]
    label: Signal<String>,
    depends: impl Fn() + 'static,
    draw: impl Fn(Size, &Theme) -> Scene + 'static,
    /// Its size, in CSS pixels, for what is laid over it.
    #[prop(optional)]
    size: Option<RwSignal<Size>>,
    #[prop(optional)] urgency: Urgency,
) -> impl IntoView {
    canvas(label, Box::new(depends), Box::new(draw), size, urgency)
}

type Draw = Box<dyn Fn(Size, &Theme) -> Scene>;

fn canvas(
    label: Signal<String>,
    depends: Box<dyn Fn()>,
    draw: Draw,
    size: Option<RwSignal<Size>>,
    urgency: Urgency,
) -> AnyView {
    let node = NodeRef::<html::Canvas>::new();
    let colours = expect_context::<Colours>();
    let app = expect_context::<App>();
    let own_size = RwSignal::new(Size::default());
    let size = size.unwrap_or(own_size);
    let is_measured = Rc::new(Cell::new(false));
    let was_measured = Rc::clone(&is_measured);
    let painter = Painter::new(urgency, move || {
        let Some(canvas) = node.get_untracked() else {
            return;
        };
        // What is to be seen first does not wait for the frame after which it would be told its size.
        let size = match urgency {
            Urgency::First if !was_measured.get() => size_of(&canvas),
            _ => size.get_untracked(),
        };
        // A panel that is folded away has no size.
        if size.width < 1.0 || size.height < 1.0 {
            return;
        }
        let scene = draw(size, &colours.drawn());
        if let Err(error) = paint(&canvas, &scene) {
            app.notices.problem("canvas", error);
        }
    });
    Effect::new(move |_| {
        depends();
        colours.version.track();
        size.track();
        painter.mark();
    });
    node.on_load(move |canvas| {
        let observed = canvas.clone();
        // Reading a size while painting would make the browser lay the page out once more.
        let on_resize = Closure::<dyn FnMut()>::new(move || {
            is_measured.set(true);
            size.set(size_of(&observed));
        });
        if let Ok(observer) = web_sys::ResizeObserver::new(on_resize.as_ref().unchecked_ref()) {
            // Told of other pixels on the same place, too: the page was zoomed or taken to another screen.
            let options = ResizeObserverOptions::new();
            options.set_box(ResizeObserverBoxOptions::DevicePixelContentBox);
            let observe = js_sys::Reflect::get(&observer, &"observe".into())
                .map(|observe| observe.unchecked_into::<js_sys::Function>());
            let is_told = observe.and_then(|observe| observe.call2(&observer, &canvas, &options));
            if is_told.is_err() {
                // A browser that does not know the option refuses it.
                observer.observe(&canvas);
            }
            let kept = StoredValue::new_local((observer, on_resize));
            on_cleanup(move || {
                kept.with_value(|(observer, _)| observer.disconnect());
            });
        }
    });
    let is_hidden = move || label.with(String::is_empty).then_some("true");
    let role = move || label.with(|label| (!label.is_empty()).then_some("img"));
    let aria_label = move || label.with(|label| (!label.is_empty()).then(|| label.clone()));
    view! {
        <canvas
            node_ref=node
            role=role
            aria-label=aria_label
            aria-hidden=is_hidden
        ></canvas>
    }
    .into_any()
}

fn size_of(canvas: &web_sys::HtmlCanvasElement) -> Size {
    Size {
        width: f64::from(canvas.client_width()),
        height: f64::from(canvas.client_height()),
    }
}

#[cfg(target_arch = "wasm32")]
fn paint(canvas: &web_sys::HtmlCanvasElement, scene: &Scene) -> Result<(), String> {
    let ratio = browser::pixel_ratio();
    crate::plot::kit::canvas::paint(canvas, scene, ratio).map_err(|error| error.to_string())
}

/// Natively the page is compiled for its tests only.
#[cfg(not(target_arch = "wasm32"))]
fn paint(_: &web_sys::HtmlCanvasElement, _: &Scene) -> Result<(), String> {
    let _ = browser::pixel_ratio;
    Ok(())
}
