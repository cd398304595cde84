//! A trace of somebody's own model, in the Scope's place: the same header, sentence on top and timeline below. What is
//! read and said of it is core's ([`actiscope_core::interop::trace`]), which one is open the page's ([`crate::trace`]).
//!
//! | file | shows or does |
//! |---|---|
//! | [`shown`] | what follows of the open trace and of the record on show |
//! | [`caption`] | the sentence on top, and the line that mends |
//! | [`facts`] | file, model, layers, what was recorded; how to record one |
//! | [`layers`] | layers as rows, with a tile for each unit |
//! | [`depth`] | five charts over all records |
//! | [`told`] | the Doctor's tab and the unit's |
//! | [`events`] | what happened, by layer |
//! | [`transport`] | the records, one after the other |
//! | [`recorder`] | the recorders' lines and files |
//! | [`empty`] | how to record one; where a file is dropped |
//! | [`keys`] | what keys do meanwhile |
//! | [`copying`] | a button that copies a line of code |

mod caption;
mod copying;
mod depth;
mod empty;
mod events;
mod facts;
mod keys;
mod layers;
mod recorder;
mod shown;
mod told;
mod transport;

use std::time::Duration;

use leptos::prelude::*;

use crate::run::{Followed, Run};
use crate::trace::growing;
use crate::ui::kit::erased::Show;
use crate::ui::kit::lazy::chunk;
use shown::Shown;

/// How often a file that may grow is looked at.
const LOOK_EVERY: Duration = Duration::from_secs(2);

chunk! {
    trace,
    /// All of it.
    pub fn trace() -> AnyView {
        let run = expect_context::<Run>();
        if run.followed.get_untracked() != Followed::Nothing {
            run.follow(Followed::Nothing);
        }
        let shown = Shown::follow();
        provide_context(shown);
        keys::listen(shown);
        let traces = shown.traces;
        if let Ok(looking) = set_interval_with_handle(move || growing::look(traces), LOOK_EVERY) {
            on_cleanup(move || looking.clear());
        }
        let is_open = move || shown.base.with(Option::is_some);
        let is_reading = move || traces.reading.with(Option::is_some);
        view! {
            <caption::Caption />
            <facts::Side />
            <main class="trace of-trace" aria-label="Trace of your model">
                <Show
                    when=is_open
                    fallback=move || view! {
                        <Show when=is_reading fallback=empty::empty>
                            <p class="empty" aria-busy="true">"The file is being read."</p>
                        </Show>
                    }
                >
                    <layers::LayersPanel />
                    <depth::DepthPanel />
                    <div class="trace-told">
                        <told::ToldPanel />
                        <events::EventsPanel />
                    </div>
                </Show>
            </main>
            <transport::Transport />
            <p class="unseen of-trace" role="status">
                {shown.said}
            </p>
        }
        .into_any()
    }
}

chunk! {
    trace,
    /// Lies over the page while a file is dragged over it.
    pub fn drop_zone() -> AnyView {
        empty::drop_zone()
    }
}
