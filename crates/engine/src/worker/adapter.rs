//! What can be told of the GPU before the code that uses it is loaded.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;

use crate::gpu::GpuError;

/// Whether to load that code: not where it would find no adapter, or only one that is not taken.
///
/// # Errors
/// If not, why.
pub async fn check(takes_software: bool) -> Result<(), GpuError> {
    let gpu = get(&js_sys::global(), "navigator").and_then(|navigator| get(&navigator, "gpu"));
    let Some(gpu) = gpu else {
        return Err(GpuError::NoAdapter("this browser has no WebGPU".into()));
    };
    if takes_software {
        return Ok(());
    }
    match request(&gpu).await {
        Some(adapter) if is_software(&adapter) => Err(GpuError::OnlySoftware),
        Some(_) => Ok(()),
        None => Err(GpuError::NoAdapter("this browser gives none".into())),
    }
}

async fn request(gpu: &JsValue) -> Option<JsValue> {
    let request: Function = get(gpu, "requestAdapter")?.dyn_into().ok()?;
    let promise: Promise = request.call0(gpu).ok()?.dyn_into().ok()?;
    let adapter = JsFuture::from(promise).await.ok()?;
    is_there(&adapter).then_some(adapter)
}

fn is_software(adapter: &JsValue) -> bool {
    get(adapter, "info")
        .and_then(|info| get(&info, "isFallbackAdapter"))
        .is_some_and(|is_fallback| is_fallback.is_truthy())
}

fn get(object: &JsValue, key: &str) -> Option<JsValue> {
    Reflect::get(object, &key.into()).ok().filter(is_there)
}

fn is_there(value: &JsValue) -> bool {
    !value.is_null() && !value.is_undefined()
}
