//! What the Scope shows: one panel a file.

mod axes_choice;
mod boundary;
mod class_key;
pub mod curve;
mod depth;
mod depth_others;
mod divergence;
mod doctor;
mod event_log;
mod events;
mod flashes;
mod glide;
mod network;
mod point_plane;
mod point_tools;
mod prefs;
mod remedy_table;
mod story;
mod telling;
mod terms;
mod time;
mod trace;
mod unit_button;
mod unit_story;
mod unit_weights;

use actiscope_core::protocol::Look;
use leptos::prelude::*;

use super::{NOTHING, Panel};
use crate::frame;
use crate::memo::Memo;
use crate::run::Run;
use crate::trace::Traces;
use crate::ui::chrome::caption::Caption;
use crate::ui::chrome::transport::Transport;
use crate::ui::controls::Controls;
use crate::ui::kit::erased::Show;
use crate::ui::kit::lazy::lazy_view;

pub use prefs::ChartPrefs;
pub use trace::drop_zone;

/// Each stands where its area is in the style sheet.
pub static PANELS: &[Panel] = &[
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
///
/// The first panel is seen while the others are being made, one a frame, so that nobody waits for all of them.
pub fn scope() -> AnyView {
    let [first, rest @ ..] = PANELS else {
        unreachable!("there is a first panel")
    };
    let run = expect_context::<Run>();
    let traces = expect_context::<Traces>();
    let n_made = RwSignal::new(0);
    Effect::new(move |_| {
        if n_made.get() < rest.len() {
            let make_next = move || n_made.update(|n_made| *n_made += 1);
            frame::after_paint(move || request_animation_frame(make_next));
        }
    });
    let in_turn = move |(turn, panel): (usize, &'static Panel)| {
        let is_made = Memo::new(move |_| turn < n_made.get());
        let shown = move || match is_made.get() {
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
            {rest.iter().enumerate().map(in_turn).collect_view()}
        </main>
        <Transport />
        <Show when=move || run.is_following()>{lazy_view("terms", terms::terms)}</Show>
        <Show when=move || traces.is_shown.get()>{lazy_view("trace", trace::trace)}</Show>
    }
    .into_any()
}
