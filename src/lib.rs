//! The page: Leptos. It reads snapshots, sends commands and edits, and knows no training arithmetic.
//!
//! [`ui`] is what is seen, [`state`] what is known, [`worker`] the line to the engine, and [`plot`]
//! turns data into pictures.

mod browser;
mod frame;
mod memo;
pub mod plot;
mod state;
mod story;
mod text;
pub mod ui;
mod worker;
