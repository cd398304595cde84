//! Computing a while without holding up the page: a slice, and the rest when the browser has seen to the user.

use std::time::Duration;

use leptos::prelude::{set_timeout, untrack};

use crate::app::idle::{self, Source};
use crate::browser::now_ms;

/// A slice takes no longer than this and one step.
const SLICE_MS: f64 = 4.0;
/// Between two slices, so that frames and keys come in.
const PAUSE: Duration = Duration::from_millis(4);

/// Takes steps until `step` says that there is none left. The page is not at rest before.
pub fn in_slices(mut step: Box<dyn FnMut() -> bool>) {
    let held = idle::hold(Source::Lazy);
    slice(Box::new(move || {
        let _ = &held;
        step()
    }));
}

fn slice(mut step: Box<dyn FnMut() -> bool>) {
    let go_on = move || {
        let begin = now_ms();
        while now_ms() - begin < SLICE_MS {
            if !untrack(&mut step) {
                return;
            }
        }
        slice(step);
    };
    set_timeout(go_on, PAUSE);
}
