//! The page: Leptos. It reads snapshots, sends commands and edits, and knows no training arithmetic.
//!
//! [`run`] is what is known of the run, [`fleet`] of a population, [`portrait`] of one network of it, [`doctor`] of what
//! ails a run and mends it, [`app`] what concerns the page as such, [`engine`] its line to the worker, [`files`] what goes out as a file and what comes in, [`trace`] what is known of somebody's own model;
//! [`plot`] turns data into pictures, [`ui`] has the parts that views are made of, and [`views`] the rooms.

use actiscope_core::text;

mod app;
mod browser;
mod doctor;
mod engine;
mod files;
mod fleet;
mod frame;
mod held;
mod kept;
mod memo;
pub mod plot;
mod portrait;
mod run;
mod trace;
mod ui;
mod views;

/// Shows the page in the window's body. Called once, from the program's entry.
pub fn start() {
    // A published page has no texts of panics, for they would be a tenth of its bytes; that it has failed,
    // and where, is told by www/boot.js.
    #[cfg(debug_assertions)]
    std::panic::set_hook(Box::new(|panic| {
        web_sys::console::error_1(&wasm_bindgen::JsValue::from_str(&panic.to_string()));
    }));
    if app::tables::opens_a_table() {
        // Leptos has no executor of its own before it is mounted.
        wasm_bindgen_futures::spawn_local(async {
            // Without it the table says what is missing.
            let _ = app::tables::bring_reader().await;
            leptos::mount::mount_to_body(ui::Page);
        });
    } else {
        leptos::mount::mount_to_body(ui::Page);
    }
}
