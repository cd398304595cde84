//! A list whose news come on top glides to them: at once they would throw down what is read below.

use std::cell::{Cell, RefCell};

use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, ScrollBehavior, ScrollToOptions};

use crate::browser;
use crate::ui::kit::throttle;

/// What is known of a list that scrolls, and which browsers keep no line of in its place (`overflow-anchor: none`).
#[derive(Default)]
pub struct Glide {
    /// The line that was on top when the list was last looked at.
    first: RefCell<Option<HtmlElement>>,
    /// How far from its top the list was last seen, as long as it glides there.
    left_px: Cell<Option<i32>>,
}

impl Glide {
    /// The lines have changed. What was in view stays in view; where that was the top, the list glides there anew.
    pub fn lines_changed(&self, list: &HtmlElement) {
        let first: Option<HtmlElement> = list.first_element_child().map(JsCast::unchecked_into);
        let now_px = first.as_ref().map_or(0, HtmlElement::offset_top);
        let before = self
            .first
            .replace(first)
            .filter(|before| before.is_connected());
        let pushed_px = before.map_or(0, |before| before.offset_top() - now_px);
        if pushed_px <= 0 {
            return;
        }
        let is_at_top = list.scroll_top() <= 0 || self.left_px.get().is_some();
        let left_px = list.scroll_top() + pushed_px;
        if is_at_top && (left_px >= list.client_height() || !moves()) {
            self.left_px.set(None);
            list.set_scroll_top(0);
            return;
        }
        list.set_scroll_top(left_px);
        if is_at_top {
            self.left_px.set(Some(left_px));
            let to_top = ScrollToOptions::new();
            to_top.set_top(0.0);
            to_top.set_behavior(ScrollBehavior::Smooth);
            list.scroll_to_with_scroll_to_options(&to_top);
        }
    }

    /// The list was scrolled. Who scrolls down while it glides wants to stay there.
    pub fn scrolled(&self, list: &HtmlElement) {
        let now_px = list.scroll_top();
        let goes_on = |left_px: &i32| (1..=*left_px).contains(&now_px);
        self.left_px
            .set(self.left_px.get().filter(goes_on).map(|_| now_px));
    }
}

/// Whether things move here at all.
fn moves() -> bool {
    throttle::is_on() && !browser::matches_media("(prefers-reduced-motion: reduce)")
}
