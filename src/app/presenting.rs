//! Full screen, with everything as large as the screen allows and nothing scrolled.

use leptos::prelude::*;
use wasm_bindgen::JsCast;

use crate::browser;

/// The window, in CSS pixels, that the page fills without scrolling: at desk size, and where the style sheet
/// has larger type from [`LARGE_FROM_PX`] on.
const DESK: (f64, f64) = (1_152.0, 720.0);
const LARGE: (f64, f64) = (1_371.0, 771.0);
const LARGE_FROM_PX: f64 = 1_800.0;
/// Narrower pages scroll anyway: their panels, between the lines above and below.
const SCROLLS_TO_PX: f64 = 1_200.0;
const SCROLLING_ZOOM: f64 = 1.2;
const PHONE_TO_PX: f64 = 720.0;
/// Of the text in charts, beyond the page's own.
const CHART_SCALE: f64 = 1.3;

/// How many times as large everything is shown, two decimals.
fn zoom_of(width: f64, height: f64) -> f64 {
    if width < PHONE_TO_PX {
        return 1.0;
    }
    if width < SCROLLS_TO_PX {
        return SCROLLING_ZOOM;
    }
    let (w, h) = if width < LARGE_FROM_PX { DESK } else { LARGE };
    let zoom = (width / w).min(height / h).max(1.0);
    (100.0 * zoom).floor() / 100.0
}

/// Whether the page is shown to a room.
#[derive(Clone, Copy)]
pub struct Presenting {
    pub is_on: RwSignal<bool>,
    zoom: RwSignal<f64>,
}

impl Presenting {
    /// Off, and following the browser's own full screen from now on.
    pub fn follow() -> Self {
        let presenting = Self {
            is_on: RwSignal::new(false),
            zoom: RwSignal::new(1.0),
        };
        let fit = move || {
            let is_on = presenting.is_on.get();
            let (width, height) = browser::window_size();
            let zoom = if is_on { zoom_of(width, height) } else { 1.0 };
            browser::set_zoom(zoom);
            presenting.zoom.set(zoom);
            let root = browser::root_element();
            // Neither fails: the names are valid.
            let _ = root.class_list().toggle_with_force("presenting", is_on);
            if let Some(root) = root.dyn_ref::<web_sys::HtmlElement>() {
                let _ = root.style().set_property("--zoom", &zoom.to_string());
            }
        };
        Effect::new(move |_| fit());
        let resized = window_event_listener(leptos::ev::resize, move |_| untrack(fit));
        let changed = window_event_listener(leptos::ev::fullscreenchange, move |_| {
            presenting.is_on.set(browser::is_full_screen());
        });
        on_cleanup(move || {
            resized.remove();
            changed.remove();
        });
        presenting
    }

    /// In or out. Where the browser has no full screen the page is enlarged all the same.
    pub fn toggle(self) {
        let is_on = !self.is_on.get_untracked();
        if browser::set_full_screen(is_on) {
            // The browser tells when it is done.
            return;
        }
        self.is_on.set(is_on);
    }

    pub fn leave(self) {
        if self.is_on.get_untracked() {
            self.toggle();
        }
    }

    /// Scale of what charts write. Tracked.
    pub fn chart_scale(self) -> f64 {
        if self.zoom.get() > 1.0 {
            CHART_SCALE
        } else {
            1.0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_large_enough_for_the_back_of_a_room() {
        let check = |width, height, expect| assert_eq!(zoom_of(width, height), expect);
        // Body text of 15 and a sentence of 30 pixels become 21 and 42.
        check(1_920.0, 1_080.0, 1.4);
        check(3_840.0, 2_160.0, 2.8);
        check(1_440.0, 900.0, 1.25);
        check(1_280.0, 720.0, 1.0);
        check(1_024.0, 768.0, 1.2);
        check(390.0, 844.0, 1.0);
    }
}
