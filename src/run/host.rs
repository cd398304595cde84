//! What a run needs of its surroundings: a way to the engine, a clock, and to know when something was painted.

use actiscope_core::protocol::{JobId, ToEngine};

use crate::{browser, frame};

/// The way to the engine.
pub trait Port {
    /// Sends a message, and gives its number: they rise by one from 1 on, and begin anew with each engine.
    fn send(&self, message: ToEngine) -> u64;
    /// Of a job that nobody has had yet.
    fn new_job(&self) -> JobId;
}

/// The page that a run is shown on.
pub trait Host {
    /// Milliseconds that never go back.
    fn now_ms(&self) -> f64;
    /// Calls back once all that has changed is on show.
    fn after_paint(&self, then: Box<dyn FnOnce()>);
    /// The user waits for what follows.
    fn hurry(&self);
}

/// The page in a browser.
pub struct BrowserHost;

impl Host for BrowserHost {
    fn now_ms(&self) -> f64 {
        browser::now_ms()
    }

    fn after_paint(&self, then: Box<dyn FnOnce()>) {
        frame::after_paint(then);
    }

    fn hurry(&self) {
        frame::hurry();
    }
}
