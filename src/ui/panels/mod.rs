//! What the Scope shows: one panel a file.

mod boundary;
mod canvas;
mod curve;
mod event_log;
mod flashes;
mod gradient;
mod network;
mod panel;
mod time;
mod unit_button;
mod unit_story;

pub use boundary::BoundaryPanel;
pub use canvas::Canvas;
pub use curve::CurvePanel;
pub use event_log::EventLog;
pub use gradient::GradientPanel;
pub use network::NetworkPanel;
pub use time::TimePanel;
