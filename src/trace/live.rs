//! Traces that the page around this one sends, as a notebook does while its model trains.
//!
//! Only the parent's messages are heard, `{actiscope: "trace", bytes}`. It is told `{actiscope: "ready"}` once, and of
//! each trace that was opened counts alone: nothing of what the file says leaves the page.

use js_sys::{ArrayBuffer, Object, Reflect, Uint8Array};
use leptos::task::spawn_local;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, Window};

use super::Traces;
use super::opened::Opened;
use super::reading::{self, Given};
use crate::app::App;
use crate::browser;
use crate::ui::kit::lazy::chunk;

/// The page around this one.
fn parent() -> Option<Window> {
    let window = browser::window();
    let parent = window.parent().ok().flatten()?;
    (!Object::is(&parent, &window)).then_some(parent)
}

/// Listens, where there is a page around this one.
pub fn listen(to: Traces, app: App) {
    if parent().is_some() {
        spawn_local(async move {
            // Without it a notebook hears of no readiness, and sends nothing.
            let _ = hear(to, app).await;
        });
    }
}

chunk! {
    trace,
    fn hear(to: Traces, app: App) -> () {
        let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(bytes) = bytes_in(&event) {
                spawn_local(async move {
                    // It tells by itself what goes wrong.
                    let _ = reading::read(to, app, vec![Given::Sent(bytes)]).await;
                });
            }
        });
        let listener = heard.into_js_value();
        let is_heard = browser::window()
            .add_event_listener_with_callback("message", listener.unchecked_ref());
        if is_heard.is_ok() {
            post(&[("actiscope", "ready".into())]);
        }
    }
}

/// The bytes of a message of the parent's; `None` of any other.
fn bytes_in(event: &MessageEvent) -> Option<Vec<u8>> {
    let source = Reflect::get(event, &"source".into()).ok()?;
    if !Object::is(&source, &parent()?.into()) {
        return None;
    }
    let data = event.data();
    // Of what is no object there are no fields.
    let field = |name: &str| Reflect::get(&data, &name.into()).ok();
    if field("actiscope")?.as_string()? != "trace" {
        return None;
    }
    let bytes = field("bytes")?;
    if bytes.has_type::<ArrayBuffer>() || bytes.has_type::<Uint8Array>() {
        return Some(Uint8Array::new(&bytes).to_vec());
    }
    // Another view of a buffer.
    let of = |name: &str| Reflect::get(&bytes, &name.into()).ok();
    let buffer = of("buffer")?.dyn_into::<ArrayBuffer>().ok()?;
    let (start, n) = (of("byteOffset")?.as_f64()?, of("byteLength")?.as_f64()?);
    let view = Uint8Array::new_with_byte_offset_and_length(&buffer, start as u32, n as u32);
    Some(view.to_vec())
}

/// Tells the parent of a trace that was opened: counts alone.
pub fn answer(opened: &Opened) {
    let (trace, last) = (&opened.trace, opened.last());
    let count = |n: usize| JsValue::from_f64(n as f64);
    post(&[
        ("actiscope", "opened".into()),
        ("records", count(trace.n_records())),
        ("layers", count(trace.layers.len())),
        ("units", count(trace.n_units())),
        ("dead", count(trace.n_dead(last))),
        ("saturated", count(trace.n_saturated(last))),
    ]);
}

fn post(fields: &[(&str, JsValue)]) {
    let Some(parent) = parent() else { return };
    let message = Object::new();
    for (name, value) in fields {
        // An object of our own takes any field.
        let _ = Reflect::set(&message, &(*name).into(), value);
    }
    // Whoever the parent is may know these.
    let _ = parent.post_message(&message, "*");
}
