//! The program that a browser loads: in a window it is the page, in the worker that the page starts it is the engine.
//!
//! One program and not two, because both hold the same core, and whoever opens the page downloads it once. The
//! engine is a chunk, which a window never loads.

#[cfg(target_family = "wasm")]
mod browser {
    use wasm_bindgen::{JsCast, JsValue};
    use web_sys::DedicatedWorkerGlobalScope;

    pub fn start() {
        match web_sys::window() {
            Some(_) => actiscope_page::start(),
            None => wasm_bindgen_futures::spawn_local(start_worker()),
        }
    }

    async fn start_worker() {
        if engine().await.is_err() {
            // The page takes a string for the worker's last words. Where it has ended itself nobody hears.
            let scope: DedicatedWorkerGlobalScope = web_sys::js_sys::global().unchecked_into();
            let _ = scope.post_message(&JsValue::from_str("its code could not be loaded"));
        }
    }

    /// The chunk with the engine could not be fetched.
    struct NotLoaded;

    #[cfg(split)]
    impl From<wasm_split_helpers::SplitLoaderError> for NotLoaded {
        fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
            Self
        }
    }

    #[cfg(split)]
    #[wasm_split_helpers::wasm_split(engine, fallible)]
    fn engine() -> Result<(), NotLoaded> {
        actiscope_engine::worker::start();
        Ok(())
    }

    #[cfg(not(split))]
    async fn engine() -> Result<(), NotLoaded> {
        actiscope_engine::worker::start();
        Ok(())
    }
}

#[cfg(target_family = "wasm")]
fn main() {
    browser::start();
}

#[cfg(not(target_family = "wasm"))]
fn main() {
    eprintln!("This program runs in a browser: see README.md. In a shell use `actiscope`.");
    std::process::exit(2);
}
