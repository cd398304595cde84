use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, KeyboardEvent};

use super::copying::copy;
use super::shown::Shown;
use crate::app::shortcuts::is_for_the_focused;
use crate::browser;
use crate::views::View;

/// Records that Shift goes over.
const FAR: isize = 10;

/// Takes the keys that mean something else while a trace is shown, before the page's own do, as long as the reactive
/// owner lives.
pub fn listen(shown: Shown) {
    let act = move |event: KeyboardEvent| {
        let is_here =
            shown.traces.is_shown.get_untracked() && untrack(|| shown.app.room()) == View::first();
        if is_here && !event.alt_key() && !is_taken(&event) && act(shown, &event) {
            event.prevent_default();
            // The run's own keys do nothing meanwhile.
            event.stop_propagation();
        }
    };
    let act = Closure::<dyn FnMut(KeyboardEvent)>::new(act).into_js_value();
    let listener: &js_sys::Function = act.unchecked_ref();
    // On its way down: elements and the page's own keys come after it.
    if browser::window()
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
        "ArrowLeft" | "ArrowRight" | "Home" | "End" => {
            within("dialog, input, select, textarea, [role=tablist], .crosshair, .row-tiles, pre")
        }
        // Whatever is open within the page closes first.
        "Escape" => within("dialog, .menu, .save:has([aria-expanded=true]), .crosshair"),
        " " => within("dialog, input, select, textarea, button, a, summary, .row-tiles"),
        _ => is_for_the_focused(event, &key),
    }
}

fn act(shown: Shown, event: &KeyboardEvent) -> bool {
    let traces = shown.traces;
    let key = event.key();
    if event.ctrl_key() || event.meta_key() {
        let is_undo = matches!(&*key, "z" | "Z") && !event.shift_key();
        if is_undo {
            traces.take_back();
        }
        // Nothing of the run is done or undone meanwhile.
        return is_undo || matches!(&*key, "z" | "Z" | "y" | "Y");
    }
    let by = if event.shift_key() { FAR } else { 1 };
    match &*key {
        "ArrowRight" => traces.go_by(by),
        "ArrowLeft" => traces.go_by(-by),
        "Home" => traces.go(0),
        "End" => traces.go(usize::MAX),
        " " => traces.play_or_pause(),
        "Escape" if !browser::is_full_screen() => traces.close(),
        "l" | "L" => copy_fix(shown),
        // The run's own.
        "r" | "R" | "d" | "D" | "t" | "T" => {}
        _ => return false,
    }
    true
}

fn copy_fix(shown: Shown) {
    let fix = shown
        .base
        .with_untracked(|base| base.as_ref().and_then(|base| base.opened.view.fix.clone()));
    if let Some(fix) = fix {
        copy(shown, fix.code, "The fix".into(), || {});
    }
}
