//! Bytes from and to the browser's disk.

use js_sys::{Array, Uint8Array};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, Url};

use crate::browser;

/// A file that was read.
pub struct Opened {
    pub name: String,
    pub bytes: Vec<u8>,
}

/// Bytes that tell what a file is.
const START: f64 = 65_536.0;

/// A file's first bytes.
///
/// # Errors
/// In words, if the browser does not give them.
pub async fn start(file: &File) -> Result<Vec<u8>, String> {
    let unread = |_| unread(&file.name());
    let start = file.slice_with_f64_and_f64(0.0, START).map_err(unread)?;
    let buffer = JsFuture::from(start.array_buffer()).await.map_err(unread)?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// # Errors
/// In words, if the browser does not give it.
pub async fn read(file: &File) -> Result<Opened, String> {
    let name = file.name();
    match JsFuture::from(file.array_buffer()).await {
        Ok(buffer) => Ok(Opened {
            name,
            bytes: Uint8Array::new(&buffer).to_vec(),
        }),
        Err(_) => Err(unread(&name)),
    }
}

fn unread(name: &str) -> String {
    format!("{name} cannot be read: was it moved? Choose it again.")
}

/// Has the browser keep these bytes as a file.
///
/// # Errors
/// In words, if it makes no file of them.
pub fn keep(name: &str, bytes: &[u8]) -> Result<(), String> {
    let failed = |_| format!("The browser makes no file of {name}.");
    let parts = Array::of1(&Uint8Array::from(bytes));
    let blob = Blob::new_with_u8_array_sequence(&parts).map_err(failed)?;
    let url = Url::create_object_url_with_blob(&blob).map_err(failed)?;
    let anchor = browser::document().create_element("a").ok();
    if let Some(anchor) = anchor.and_then(|a| a.dyn_into::<web_sys::HtmlElement>().ok()) {
        // Neither fails: both are valid names of attributes.
        let _ = anchor.set_attribute("href", &url);
        let _ = anchor.set_attribute("download", name);
        anchor.click();
    }
    // What was begun goes on; the bytes are held no longer than that.
    Url::revoke_object_url(&url).map_err(failed)
}
