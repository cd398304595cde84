//! What reads tables comes when a text is opened that may hold one.

use actiscope_core::data::install_reader;

use super::{address::Address, last_visit};
use crate::ui::kit::lazy::chunk;

chunk! {
    tables,
    /// Has it come; where it does not, a table says so when it is read.
    pub fn bring_reader() -> () {
        install_reader();
    }
}

/// Whether this part of an address, as it stands there, holds a table.
pub fn holds_table(scenario: &str) -> bool {
    scenario.split('&').any(|pair| pair.starts_with("csv="))
}

/// Whether the page opens on one: its address's, or that of the last visit, which may be opened in its place.
pub fn opens_a_table() -> bool {
    holds_table(&Address::now().scenario) || last_visit::holds_table()
}
