//! A network for each pair of values of two settings: where it learns, where its units die, where it diverges.

mod caption;
mod cell;
mod controls;
mod networks;
mod pace;
mod picture;
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
use store::Map;

chunk! {
    map,
    /// The whole view.
    pub fn map() -> AnyView {
        let map = Map::open(expect_context::<App>(), expect_context::<Engine>(), expect_context::<Run>());
        provide_context(map);
        view! {
            <caption::Caption />
            <controls::Controls />
            <main class="map" aria-label="Map">
                <picture::Picture />
                <cell::CellPanel />
            </main>
            <transport::Transport />
        }
        .into_any()
    }
}
