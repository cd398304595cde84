use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, KeyboardEvent};

use super::state::Trace;
use crate::app::shortcuts::is_for_the_focused;
use crate::browser;
use crate::run::Followed;
use actiscope_core::terms::words::Stage;

/// Takes the keys that mean something else while a sample is followed, before the page's own do, as long as the reactive
/// owner lives.
pub fn listen(trace: Trace) {
    let act = move |event: KeyboardEvent| {
        let is_other = event.alt_key() || event.ctrl_key() || event.meta_key();
        // It is closed, and about to go.
        let is_over = trace.run.followed.get_untracked() == Followed::Nothing;
        if !is_other && !is_over && !is_taken(&event) && act(trace, &event) {
            event.prevent_default();
        }
    };
    let act = Closure::<dyn FnMut(KeyboardEvent)>::new(act).into_js_value();
    let window = browser::window();
    let listener: &js_sys::Function = act.unchecked_ref();
    // On its way down: elements and the page's own keys come after it.
    if window
        .add_event_listener_with_callback_and_bool("keydown", listener, true)
        .is_err()
    {
        return;
    }
    let kept = StoredValue::new_local(act);
    on_cleanup(move || {
        kept.with_value(|act: &JsValue| {
            let removed = browser::window().remove_event_listener_with_callback_and_bool(
                "keydown",
                act.unchecked_ref(),
                true,
            );
            // It is gone in either case.
            let _ = removed;
        });
    });
}

/// Whether the element with the focus has a use of its own for the key.
fn is_taken(event: &KeyboardEvent) -> bool {
    let key = event.key();
    let element = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let within = |selector: &str| {
        let found = element
            .as_ref()
            .and_then(|element| element.closest(selector).ok());
        found.flatten().is_some()
    };
    match &*key {
        "ArrowLeft" | "ArrowRight" => within(
            "dialog, input, select, textarea, [role=grid], [role=tablist], .log, .units-grid",
        ),
        // Whatever is open within the page closes first.
        "Escape" => within("dialog, .menu, .offer, .point-plane"),
        _ => is_for_the_focused(event, &key),
    }
}

fn act(trace: Trace, event: &KeyboardEvent) -> bool {
    match &*event.key() {
        "1" => trace.stage.set(Stage::Forward),
        "2" => trace.stage.set(Stage::Loss),
        "3" => trace.stage.set(Stage::Backward),
        "4" => trace.stage.set(Stage::Update),
        "ArrowRight" | "l" | "L" => trace.go_on(),
        "ArrowLeft" => trace.go_back(),
        "n" | "N" if event.shift_key() => trace.worst_sample(),
        "n" | "N" => trace.next_sample(1),
        "Escape" | "t" | "T" => trace.close(),
        // The run does not train meanwhile.
        " " => {}
        _ => return false,
    }
    true
}
