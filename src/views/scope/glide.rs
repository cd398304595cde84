//! A list whose news come on top glides to them: at once they would throw down what is read below.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, ScrollBehavior, ScrollToOptions};

use crate::browser;
use crate::ui::kit::throttle;

/// What is known of a list that scrolls, and which browsers keep no line of in its place (`overflow-anchor: none`).
#[derive(Clone, Copy)]
pub struct Glide {
    /// The line that was on top when the list was last looked at.
    first: StoredValue<Option<HtmlElement>, LocalStorage>,
    /// How far from its top the list was last seen, as long as it glides there.
    left_px: StoredValue<Option<i32>>,
}

impl Glide {
    pub fn new() -> Self {
        Self {
            first: StoredValue::new_local(None),
            left_px: StoredValue::new(None),
        }
    }

    /// The lines have changed. What was in view stays in view; where that was the top, the list glides there anew.
    pub fn lines_changed(self, list: &HtmlElement) {
        let first = list.first_element_child();
        let first = first.and_then(|first| first.dyn_into::<HtmlElement>().ok());
        let now_px = first.as_ref().map_or(0, HtmlElement::offset_top);
        let before = self
            .first
            .try_update_value(|known| std::mem::replace(known, first));
        let before = before.flatten().filter(|before| before.is_connected());
        let pushed_px = before.map_or(0, |before| before.offset_top() - now_px);
        if pushed_px <= 0 {
            return;
        }
        let is_at_top = list.scroll_top() <= 0 || self.left_px.get_value().is_some();
        let left_px = list.scroll_top() + pushed_px;
        if is_at_top && (left_px >= list.client_height() || !moves()) {
            self.left_px.set_value(None);
            list.set_scroll_top(0);
            return;
        }
        list.set_scroll_top(left_px);
        if is_at_top {
            self.left_px.set_value(Some(left_px));
            let to_top = ScrollToOptions::new();
            to_top.set_top(0.0);
            to_top.set_behavior(ScrollBehavior::Smooth);
            list.scroll_to_with_scroll_to_options(&to_top);
        }
    }

    /// The list was scrolled. Who scrolls down while it glides wants to stay there.
    pub fn scrolled(self, list: &HtmlElement) {
        let now_px = list.scroll_top();
        self.left_px.update_value(|left_px| {
            *left_px = left_px
                .filter(|left_px| (1..=*left_px).contains(&now_px))
                .map(|_| now_px);
        });
    }
}

/// Whether things move here at all.
fn moves() -> bool {
    throttle::is_on() && !browser::matches_media("(prefers-reduced-motion: reduce)")
}
