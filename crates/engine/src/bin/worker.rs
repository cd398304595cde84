//! Entry of the Web Worker that holds the engine.

#[cfg(target_family = "wasm")]
fn main() {
    actiscope_engine::worker::start();
}

#[cfg(not(target_family = "wasm"))]
fn main() {
    eprintln!(
        "This program runs in a browser, as the worker of the page. In a shell use `actiscope`."
    );
    std::process::exit(2);
}
