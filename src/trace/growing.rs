//! A file that the browser lets the page look at again: a trace that is still being written can be read on.
//!
//! Only some browsers do, and only for files that are dropped; elsewhere one drops the file once more.

use js_sys::{Function, Promise, Reflect};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DragEvent, File};

use super::Traces;
use super::reading::{self, Given};
use crate::app::App;

/// A `FileSystemFileHandle`, and how many bytes were read of it.
#[derive(Clone, Debug)]
pub struct FileOnDisk {
    handle: JsValue,
    n_bytes: f64,
}

impl FileOnDisk {
    pub fn read_at(self, n_bytes: f64) -> Self {
        Self { n_bytes, ..self }
    }

    /// The file as it is now; `None` if it is gone, or the browser does not give it any more.
    async fn now(&self) -> Option<File> {
        let file = called(&self.handle, "getFile")?.await.ok()?;
        file.dyn_into().ok()
    }
}

/// What a drop gives for each of its files to be looked at again. It has to be asked within the event.
pub fn promised(event: &DragEvent) -> Vec<JsFuture> {
    let items = event
        .data_transfer()
        .and_then(|transfer| Reflect::get(&transfer, &"items".into()).ok());
    let Some(items) = items else {
        return Vec::new();
    };
    let items = js_sys::Array::from(&items);
    let handle = |item: JsValue| called(&item, "getAsFileSystemHandle");
    items.iter().filter_map(handle).collect()
}

/// What was promised, as far as the browser keeps it.
pub async fn handles(promised: Vec<JsFuture>) -> Vec<JsValue> {
    let mut handles = Vec::new();
    for handle in promised {
        handles.extend(handle.await.ok());
    }
    handles
}

/// The handle of a file, among others.
pub fn handle_of(handles: &[JsValue], file: &File) -> Option<FileOnDisk> {
    let is_of = |handle: &&JsValue| {
        // Of what is no object there is no name.
        let name = Reflect::get(handle, &"name".into()).ok();
        name.and_then(|name| name.as_string()) == Some(file.name())
    };
    handles.iter().find(is_of).map(|handle| FileOnDisk {
        handle: handle.clone(),
        n_bytes: 0.0,
    })
}

/// What a method without arguments promises; `None` where there is none.
fn called(of: &JsValue, method: &str) -> Option<JsFuture> {
    let method: Function = Reflect::get(of, &method.into()).ok()?.dyn_into().ok()?;
    let promise: Promise = method.call0(of).ok()?.dyn_into().ok()?;
    Some(JsFuture::from(promise))
}

/// Looks whether the file of the open trace has grown.
pub fn look(to: Traces) {
    let Some(file) = to.file.get_value() else {
        return;
    };
    spawn_local(async move {
        if let Some(now) = file.now().await {
            let is_same = to.file.with_value(|kept| {
                kept.as_ref()
                    .is_some_and(|kept| kept.n_bytes == file.n_bytes)
            });
            if is_same && now.size() > file.n_bytes {
                to.has_grown.set(true);
            }
        }
    });
}

/// Reads the file of the open trace again.
pub fn read_on(to: Traces, app: App) {
    let Some(file) = to.file.get_value() else {
        return;
    };
    spawn_local(async move {
        match file.now().await {
            Some(now) => {
                // Nothing of it is waited for: it tells by itself what goes wrong.
                let _ = reading::read(to, app, vec![Given::Grown(now)]).await;
            }
            None => app.notices.problem(
                "trace",
                "The file is not there any more, or the browser does not give it.",
            ),
        }
    });
}
