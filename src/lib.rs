//! The page: Leptos. It reads snapshots, sends commands and edits, and knows no training arithmetic.
//!
//! [`run`] is what is known of the run, [`app`] what concerns the page as such, [`engine`] its line to the worker;
//! [`plot`] turns data into pictures, [`ui`] has the parts that views are made of, and [`views`] the rooms.

use actiscope_core::text;

mod app;
mod browser;
mod engine;
mod frame;
mod held;
mod kept;
mod memo;
pub mod plot;
mod run;
pub mod ui;
mod views;
