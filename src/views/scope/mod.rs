//! What the Scope shows: one panel a file.

mod axes_choice;
mod boundary;
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

use actiscope_core::protocol::Look;
use leptos::prelude::*;

use super::{NOTHING, Panel};
use crate::frame;
use crate::ui::chrome::caption::Caption;
use crate::ui::chrome::transport::Transport;
use crate::ui::controls::Controls;

pub use prefs::ChartPrefs;

/// Each stands where its area is in the style sheet. The first is seen while the others are still being made.
pub static PANELS: [Panel; 6] = [
    Panel {
        id: "curve",
        title: "Curve",
        area: "curve",
        make: || view! { <curve::CurvePanel /> }.into_any(),
        look: NOTHING,
    },
    Panel {
        id: "network",
        title: "Network",
        area: "network",
        make: || view! { <network::NetworkPanel /> }.into_any(),
        // As many cells as its tiles have room for, which it says when it is laid out.
        look: Look {
            unit_map_cells: 20,
            weights: true,
            ..NOTHING
        },
    },
    Panel {
        id: "boundary",
        title: "Decision boundary",
        area: "boundary",
        make: || view! { <boundary::BoundaryPanel /> }.into_any(),
        look: Look {
            field_cells: 64,
            ..NOTHING
        },
    },
    Panel {
        id: "loss",
        title: "Loss and health over steps",
        area: "loss",
        make: || view! { <time::TimePanel /> }.into_any(),
        look: NOTHING,
    },
    Panel {
        id: "gradient",
        title: "Gradient by layer",
        area: "gradient",
        make: || view! { <depth::DepthPanel /> }.into_any(),
        look: NOTHING,
    },
    Panel {
        id: "events",
        title: "What happened and why",
        area: "events",
        make: || view! { <events::EventsPanel /> }.into_any(),
        look: NOTHING,
    },
];

/// The run, with all that it can be changed by.
pub fn scope() -> AnyView {
    let is_first_seen = RwSignal::new(false);
    frame::after_paint(move || request_animation_frame(move || is_first_seen.set(true)));
    let [first, rest @ ..] = &PANELS;
    let when_first_is_seen = move |panel: &'static Panel| {
        let shown = move || match is_first_seen.get() {
            true => panel.in_place(),
            false => panel.unmade(),
        };
        shown.into_any()
    };
    view! {
        <Caption />
        <Controls />
        <main class="scope" aria-label="Scope">
            {first.in_place()}
            {rest.iter().map(when_first_is_seen).collect_view()}
        </main>
        <Transport />
    }
    .into_any()
}
