//! What the Scope shows: one panel a file.

mod axes_choice;
mod boundary;
mod class_key;
mod curve;
mod depth;
mod depth_others;
mod divergence;
mod doctor;
mod event_log;
mod events;
mod flashes;
mod network;
mod point_plane;
mod point_tools;
mod prefs;
mod story;
mod telling;
mod time;
mod unit_button;
mod unit_story;

use leptos::prelude::*;

pub use prefs::ChartPrefs;

/// A panel by its name in addresses (`panels=curve,loss`).
pub fn panel(name: &str) -> AnyView {
    match name {
        "curve" => view! { <curve::CurvePanel /> }.into_any(),
        "network" => view! { <network::NetworkPanel /> }.into_any(),
        "boundary" => view! { <boundary::BoundaryPanel /> }.into_any(),
        "loss" => view! { <time::TimePanel /> }.into_any(),
        "gradient" => view! { <depth::DepthPanel /> }.into_any(),
        _ => view! { <events::EventsPanel /> }.into_any(),
    }
}
