//! The page.

pub mod plot;
