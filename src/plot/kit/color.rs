//! Colours: the page's are core's, which files from the shell have, too.

pub use actiscope_core::color::{Color, Diverging, viridis};
