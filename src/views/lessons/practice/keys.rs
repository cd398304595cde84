//! Keys of practice, and where the focus goes when what had it is gone.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent};

use crate::app::App;
use crate::app::shortcuts::is_for_the_focused;
use crate::{browser, frame};

/// Listens as long as the reactive owner lives and the lessons are on show. `act` says whether a key was meant for it.
pub fn listen(app: App, act: impl Fn(&str) -> bool + 'static) {
    let act: Box<dyn Fn(&str) -> bool> = Box::new(act);
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        let has_modifier = event.ctrl_key() || event.meta_key() || event.alt_key();
        let is_here = app.view.get_untracked().has_guests;
        if !is_here || has_modifier || event.repeat() || event.default_prevented() {
            return;
        }
        let key = event.key();
        if !is_for_the_focused(&event, &key) && !presses(&event, &key) && act(&key) {
            event.prevent_default();
        }
    });
    on_cleanup(move || handle.remove());
}

/// The place that a key names: 1, 2 or 3.
pub fn place_of(key: &str) -> Option<usize> {
    ["1", "2", "3"].iter().position(|known| *known == key)
}

/// Whether the key presses the button, or follows the link, that has the focus.
fn presses(event: &KeyboardEvent, key: &str) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    key == "Enter"
        && target.is_some_and(|target| matches!(target.closest("button, a, summary"), Ok(Some(_))))
}

/// Moves the focus to an element of this id as soon as it is there.
pub fn focus_on(id: &'static str) {
    frame::after_paint(move || {
        let element = browser::document().get_element_by_id(id);
        if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
            // One that is hidden takes no focus.
            let _ = element.focus();
        }
    });
}
