//! Keys of the page as a whole.

use actiscope_core::protocol::Command;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent};

use crate::state::Store;
use crate::state::theme::Colours;

/// Listens as long as the reactive owner lives. `remedy` does what the caption offers.
pub fn listen(store: Store, colours: Colours, is_help_open: RwSignal<bool>, remedy: Callback<()>) {
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() || event.default_prevented() {
            return;
        }
        let key = event.key();
        if is_for_the_focused(&event, &key) {
            return;
        }
        match &*key {
            " " => store.toggle_training(),
            "ArrowRight" => store.dispatch(Command::Step(1)),
            "r" | "R" => store.dispatch(Command::Reset),
            "l" | "L" => remedy.run(()),
            "d" | "D" => store.dispatch(Command::ReviveDead),
            "t" | "T" => colours.theme.update(|theme| *theme = theme.next()),
            "?" => is_help_open.set(true),
            _ => return,
        }
        event.prevent_default();
    });
    on_cleanup(move || handle.remove());
}

/// Whether the element with the focus has a use for the key itself.
fn is_for_the_focused(event: &KeyboardEvent, key: &str) -> bool {
    let Some(element) = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok())
    else {
        return false;
    };
    let within = |selector: &str| matches!(element.closest(selector), Ok(Some(_)));
    if within("dialog") {
        return true;
    }
    match key {
        // A button or switch takes the space bar.
        " " => within("input, select, textarea, button, a, summary"),
        "ArrowRight" => within("input, select, textarea, [role=grid], .log"),
        _ => within("input:not([type=range], [type=checkbox]), select, textarea"),
    }
}
