use actiscope_page::ui::Page;

fn main() {
    // A published page has no texts of panics, for they would be a tenth of its bytes; that it has failed,
    // and where, is told by www/boot.js.
    #[cfg(debug_assertions)]
    std::panic::set_hook(Box::new(|panic| {
        web_sys::console::error_1(&wasm_bindgen::JsValue::from_str(&panic.to_string()));
    }));
    leptos::mount::mount_to_body(Page);
}
