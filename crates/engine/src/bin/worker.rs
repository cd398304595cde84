//! The engine's entry in a Web Worker. It says that it has started; natively it does nothing.

#[cfg(target_arch = "wasm32")]
mod browser {
    use wasm_bindgen::prelude::*;

    #[wasm_bindgen]
    extern "C" {
        #[wasm_bindgen(js_name = postMessage)]
        pub fn post_message(message: &JsValue);
    }
}

fn main() {
    #[cfg(target_arch = "wasm32")]
    browser::post_message(&wasm_bindgen::JsValue::from_str("started"));
}
