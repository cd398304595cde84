//! Lanes beside each other: one run's scenario with one thing different in each, over several seeds.

mod caption;
mod columns;
mod controls;
mod losses;
mod results;
mod sentence;
pub mod state;
mod store;
#[cfg(test)]
mod tests;
mod transport;

use leptos::prelude::*;

use crate::app::App;
use crate::engine::Engine;
use crate::run::Run;
use crate::ui::kit::lazy::chunk;
use store::Compare;

chunk! {
    compare,
    /// The whole view.
    pub fn compare() -> AnyView {
        let compare = Compare::open(expect_context::<App>(), expect_context::<Engine>(), expect_context::<Run>());
        provide_context(compare);
        view! {
            <caption::Caption />
            <controls::Controls />
            <main class="compare" aria-label="Compare">
                <losses::Losses />
                <results::Results />
                <columns::LaneColumns />
            </main>
            <transport::Transport />
            <p class="unseen" role="status">{compare.said}</p>
        }
        .into_any()
    }
}
