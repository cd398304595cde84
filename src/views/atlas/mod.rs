//! The functions themselves, side by side: no run, no engine.

mod caption;
mod card;
mod charts;
mod copies;
mod cost;
mod depth;
mod facts;
mod list;
mod measured;
mod names;
mod own;
mod params;
mod sentence;
mod slices;
mod softmax;
pub mod state;
mod stopwatch;
mod store;
mod strip;
mod table;

use leptos::prelude::*;

use crate::app::App;
use crate::ui::kit::lazy::chunk;
use store::Atlas;

chunk! {
    atlas,
    /// The whole view.
    pub fn atlas() -> AnyView {
        let atlas = Atlas::open(expect_context::<App>());
        provide_context(atlas);
        provide_context(measured::Measured::none());
        view! {
            <caption::Caption />
            <aside class="controls atlas-list" aria-label="Functions">
                <own::OwnFormula />
                <list::FunctionList />
            </aside>
            <main class="atlas" aria-label="Atlas">
                <charts::Charts />
                <strip::Strip />
                <card::Card />
            </main>
            <p class="unseen" role="status">{atlas.said}</p>
        }
        .into_any()
    }
}
