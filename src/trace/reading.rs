//! From a file, or bytes, to an open trace. A trace may have hundreds of megabytes: it is read in pieces, between which
//! the browser paints and answers.

use actiscope_core::interop::trace::{Trace, limits};
use js_sys::{Promise, Uint8Array};
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, File, Response};

use super::growing::FileOnDisk;
use super::opened::{Became, Opened};
use super::{Reading, Traces, live};
use crate::app::App;
use crate::app::idle::{self, Source};
use crate::browser;
use crate::ui::kit::lazy::chunk;
use crate::views::View;

/// Bytes that are read at once.
const PIECE: f64 = 4e6;

/// Where a trace comes from.
pub enum Given {
    /// A file, and what lets the page look at it again, where the browser gives it.
    File(File, Option<FileOnDisk>),
    /// The same file as before, which has grown.
    Grown(File),
    /// From the page around this one; it takes the place of what it sent before.
    Sent(Vec<u8>),
    /// One of the page's own files.
    Example(&'static str),
}

chunk! {
    trace,
    /// Reads traces and opens them, one after the other. What is wrong with one is told, and what was open stays.
    pub fn read(to: Traces, app: App, given: Vec<Given>) -> () {
        let reading = idle::hold(Source::Lazy);
        spawn_local(async move {
            read_all(to, app, given).await;
            drop(reading);
        });
    }
}

async fn read_all(to: Traces, app: App, all: Vec<Given>) {
    to.n_given.update_value(|n| *n += 1);
    let turn = to.n_given.get_value();
    let was_shown = to.is_shown.get_untracked();
    let is_current = move || to.n_given.get_value() == turn;
    for given in all {
        let outcome = read_one(to, app, given, &is_current).await;
        if !is_current() {
            return;
        }
        to.reading.set(None);
        if let Err(error) = outcome {
            app.notices.problem("trace", error);
            // There is nothing to be shown instead of the Scope.
            if !was_shown && to.open.with_untracked(Option::is_none) {
                to.is_shown.set(false);
            }
        }
    }
}

/// Reads one trace. It is not opened if something else was given meanwhile.
async fn read_one(
    to: Traces,
    app: App,
    given: Given,
    is_current: &dyn Fn() -> bool,
) -> Result<(), String> {
    let name = match &given {
        Given::File(file, _) | Given::Grown(file) => file.name(),
        Given::Sent(_) => "sent to this page".into(),
        Given::Example(name) => (*name).to_owned(),
    };
    let tell = |share: f32| {
        let name = name.clone();
        to.reading.set(Some(Reading { name, share }));
    };
    tell(0.0);
    to.is_shown.set(true);
    if app.view.get_untracked() != View::first() {
        app.view.set(View::first());
    }
    let is_sent = matches!(given, Given::Sent(_));
    let is_update = is_sent || matches!(given, Given::Grown(_));
    let mut on_disk = None;
    let bytes = match given {
        Given::File(file, again) => {
            on_disk = again.map(|again| again.read_at(file.size()));
            bytes_of(&file, &tell, is_current).await?
        }
        Given::Grown(file) => {
            let again = to.file.try_update_value(Option::take).flatten();
            on_disk = again.map(|again| again.read_at(file.size()));
            bytes_of(&file, &tell, is_current).await?
        }
        Given::Sent(bytes) => bytes,
        Given::Example(name) => bytes_of_own(name).await?,
    };
    if !is_current() {
        return Ok(());
    }
    tell(1.0);
    breathe().await;
    let n_bytes = bytes.len();
    let trace = Trace::read(bytes).map_err(|error| format!("{name}: {error}"))?;
    breathe().await;
    let opened = Opened::new(name.clone(), n_bytes, trace);
    breathe().await;
    if !is_current() {
        return Ok(());
    }
    app.notices.clear("trace");
    let said = opened.trace.cut.clone();
    let became = to.take(opened, is_update);
    if became != Became::Beside {
        to.has_grown.set(false);
        to.file.set_value(on_disk);
    }
    match (became, said) {
        (_, Some(cut)) => app.notices.info("trace", format!("{name}: {cut}")),
        (Became::Beside, None) => {
            let said = format!(
                "{name} is of the same model: what came of its change joins the Doctor's table."
            );
            app.notices.info("trace", said);
        }
        _ => {}
    }
    if is_sent {
        to.open
            .with_untracked(|open| open.as_ref().map(live::answer));
    }
    Ok(())
}

async fn bytes_of(
    file: &File,
    tell: &dyn Fn(f32),
    is_current: &dyn Fn() -> bool,
) -> Result<Vec<u8>, String> {
    let (name, size) = (file.name(), file.size());
    if size > limits::BYTES as f64 {
        return Err(format!(
            "{name}: the file has {:.0} MB, and at most {} MB are opened.",
            size / 1e6,
            limits::BYTES / 1_000_000
        ));
    }
    let failed =
        |_: JsValue| format!("{name} cannot be read: was it moved, or written to? Open it again.");
    let mut bytes = Vec::with_capacity(size as usize);
    while (bytes.len() as f64) < size && is_current() {
        let from = bytes.len() as f64;
        let piece: Blob = file
            .slice_with_f64_and_f64(from, (from + PIECE).min(size))
            .map_err(failed)?;
        let buffer = JsFuture::from(piece.array_buffer()).await.map_err(failed)?;
        let piece = Uint8Array::new(&buffer);
        if piece.length() == 0 {
            // It was cut off since: what is there is read as such.
            break;
        }
        let start = bytes.len();
        bytes.resize(start + piece.length() as usize, 0);
        if let Some(rest) = bytes.get_mut(start..) {
            piece.copy_to(rest);
        }
        tell((bytes.len() as f64 / size) as f32);
    }
    Ok(bytes)
}

/// The bytes of an example.
async fn bytes_of_own(name: &str) -> Result<Vec<u8>, String> {
    let words = |error: JsValue| format!("{name}: {}", browser::words(&error));
    let path = format!("traces/{name}");
    let response = JsFuture::from(browser::window().fetch_with_str(&path)).await;
    let response: Response = response.map_err(words)?.unchecked_into();
    if !response.ok() {
        return Err(format!("{name} is not there. Is there a connection?"));
    }
    let buffer = response.array_buffer().map_err(words)?;
    let buffer = JsFuture::from(buffer).await.map_err(words)?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// Lets the browser paint and answer.
async fn breathe() {
    let mut later = |resolve: js_sys::Function, _| {
        let is_asked = browser::window().set_timeout_with_callback(&resolve);
        if is_asked.is_err() {
            // At once, then; what is called takes nothing.
            let _ = resolve.call0(&JsValue::NULL);
        }
    };
    // It is never rejected.
    let _ = JsFuture::from(Promise::new(&mut later)).await;
}
