//! If the page itself fails: a message that stays, with a way out that needs nothing of the page.

use wasm_bindgen::{JsCast, JsValue};

use crate::browser;

/// Sets the panic hook. Nothing a user does should reach it.
pub fn prepare() {
    std::panic::set_hook(Box::new(|panic| {
        web_sys::console::error_1(&JsValue::from_str(&panic.to_string()));
        // Only once: what follows a panic is not to be trusted.
        if browser::document().get_element_by_id(ID).is_none() {
            // Without a message there is still the console's.
            let _ = say(&panic.to_string());
        }
    }));
}

const ID: &str = "last-words";

fn say(detail: &str) -> Result<(), JsValue> {
    let document = browser::document();
    let element = |name: &str, text: &str| -> Result<web_sys::Element, JsValue> {
        let element = document.create_element(name)?;
        element.set_text_content(Some(text));
        Ok(element)
    };
    let dialog = element("div", "")?;
    dialog.set_id(ID);
    dialog.set_attribute("role", "alertdialog")?;
    dialog.set_attribute("aria-label", "The page has failed")?;
    let button = element("button", "Reload the page")?;
    button.set_class_name("primary");
    // The browser's own function, bound: after a panic nothing of ours should run.
    let location = browser::window().location();
    let reload: js_sys::Function =
        js_sys::Reflect::get(&location, &JsValue::from_str("reload"))?.dyn_into()?;
    button.add_event_listener_with_callback("click", &reload.bind0(&location))?;
    dialog.append_with_node_4(
        &element("h2", "The page has failed")?.into(),
        &element(
            "p",
            "This is a fault of Actiscope, not yours. The address holds your scenario: reloading restores it.",
        )?
        .into(),
        &element("pre", detail)?.into(),
        &button.into(),
    )?;
    browser::root_element().append_child(&dialog)?;
    Ok(())
}
