//! A line to one engine at a time: what the page asks of whatever leads to one.

use actiscope_core::protocol::{Sent, Told};

/// The browser's is a [`super::worker_line::WorkerLine`]; tests have the engine in process.
pub trait Line {
    /// Ends the present engine, if any, and starts a new one, which knows nothing.
    fn connect(&self);
    /// Ends the present engine, if any.
    fn disconnect(&self);
    /// Lost, like whatever was sent before, where there is no engine.
    fn send(&self, sent: Sent);
}

/// What a line reports.
#[derive(Debug)]
pub enum News {
    Told(Told),
    /// The engine is gone: why, in words that end a sentence "The engine ...".
    Lost(String),
    /// The engine has not been heard for too long.
    Silent,
}
