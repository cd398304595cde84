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

use leptos::prelude::*;

pub use canvas::Canvas;

/// A panel by its name in addresses (`panels=curve,loss`).
pub fn panel(name: &str) -> AnyView {
    match name {
        "curve" => view! { <curve::CurvePanel /> }.into_any(),
        "network" => view! { <network::NetworkPanel /> }.into_any(),
        "boundary" => view! { <boundary::BoundaryPanel /> }.into_any(),
        "loss" => view! { <time::TimePanel /> }.into_any(),
        "gradient" => view! { <gradient::GradientPanel /> }.into_any(),
        _ => view! { <event_log::EventLog /> }.into_any(),
    }
}
