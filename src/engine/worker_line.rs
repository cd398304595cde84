//! The line to an engine in a worker: start it, send messages, hear what it tells, notice that it is lost. What to do
//! about a loss is decided by [`super::Engine`].

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use actiscope_core::protocol::{Sent, decode, encode};
use js_sys::{Array, ArrayBuffer, Uint8Array};
use leptos::task::spawn_local;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{ErrorEvent, MessageEvent, Worker, WorkerOptions, WorkerType};

use super::line::{Line, News};
use crate::browser;

/// Silence of a worker that has spoken before, on a visible page, after which it counts as hung.
const MAX_SILENCE_MS: f64 = 4_000.0;
/// The same for one that has not yet spoken: it may still be coming over a slow network.
const MAX_START_MS: f64 = 30_000.0;
const WATCH_EVERY_MS: i32 = 500;

/// A line to one worker at a time. What is sent before the worker's first message is kept back, for a worker
/// loses what comes before it listens.
#[derive(Clone)]
pub struct WorkerLine(Rc<RefCell<Inner>>);

struct Inner {
    report: Rc<dyn Fn(News)>,
    worker: Option<Connection>,
    _watch: Option<Closure<dyn FnMut()>>,
}

struct Connection {
    worker: Worker,
    waiting: VecDeque<Sent>,
    has_spoken: bool,
    last_heard_ms: f64,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(ErrorEvent)>,
}

impl Drop for Connection {
    fn drop(&mut self) {
        self.worker.set_onmessage(None);
        self.worker.set_onerror(None);
        self.worker.terminate();
    }
}

impl Line for WorkerLine {
    fn connect(&self) {
        self.0.borrow_mut().worker = None;
        match connect(&self.0) {
            Ok(connection) => self.0.borrow_mut().worker = Some(connection),
            Err(error) => {
                let why = format!("could not be started ({})", browser::words(&error));
                // Whoever connects has not yet sent what the next engine is to know.
                let line = self.clone();
                spawn_local(async move { line.lose(why) });
            }
        }
    }

    fn disconnect(&self) {
        self.0.borrow_mut().worker = None;
    }

    fn send(&self, sent: Sent) {
        let mut inner = self.0.borrow_mut();
        let Some(connection) = &mut inner.worker else {
            return;
        };
        if connection.has_spoken {
            post(&connection.worker, &sent);
        } else {
            connection.waiting.push_back(sent);
        }
    }
}

impl WorkerLine {
    /// A line without a worker yet.
    pub fn new(report: impl Fn(News) + 'static) -> Self {
        let line = Self(Rc::new(RefCell::new(Inner {
            report: Rc::new(report),
            worker: None,
            _watch: None,
        })));
        let weak = Rc::downgrade(&line.0);
        let watch = Closure::<dyn FnMut()>::new(move || {
            if let Some(inner) = weak.upgrade() {
                Self(inner).watch();
            }
        });
        browser::set_interval(&watch, WATCH_EVERY_MS);
        line.0.borrow_mut()._watch = Some(watch);
        line
    }

    fn watch(&self) {
        let is_silent = {
            let mut inner = self.0.borrow_mut();
            let Some(connection) = &mut inner.worker else {
                return;
            };
            let now_ms = browser::now_ms();
            if browser::is_hidden() {
                // Browsers hold back a hidden page's messages; its silence means nothing.
                connection.last_heard_ms = now_ms;
            }
            let patience_ms = if connection.has_spoken {
                MAX_SILENCE_MS
            } else {
                MAX_START_MS
            };
            now_ms - connection.last_heard_ms > patience_ms
        };
        if is_silent {
            self.disconnect();
            self.report(News::Silent);
        }
    }

    fn hear(&self, message: &MessageEvent) {
        if let Some(connection) = &mut self.0.borrow_mut().worker {
            connection.last_heard_ms = browser::now_ms();
            if !connection.has_spoken {
                connection.has_spoken = true;
                for sent in connection.waiting.drain(..) {
                    post(&connection.worker, &sent);
                }
            }
        }
        let data = message.data();
        // The one message that is no buffer is the text of a panic.
        if let Some(panic) = data.as_string() {
            self.lose(format!("crashed ({})", first_line(&panic)));
            return;
        }
        let bytes = data
            .dyn_ref::<ArrayBuffer>()
            .map_or_else(Vec::new, |buffer| Uint8Array::new(buffer).to_vec());
        match decode(&bytes) {
            Ok(told) => self.report(News::Told(told)),
            Err(error) => self.lose(format!("cannot be understood ({error})")),
        }
    }

    fn lose(&self, why: String) {
        self.disconnect();
        self.report(News::Lost(why));
    }

    fn report(&self, news: News) {
        let report = self.0.borrow().report.clone();
        report(news);
    }
}

fn connect(inner: &Rc<RefCell<Inner>>) -> Result<Connection, JsValue> {
    let url = browser::data_attribute("worker")
        .ok_or_else(|| JsValue::from_str("the page does not name its worker"))?;
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    let worker = Worker::new_with_options(&url, &options)?;
    // Kept by the browser until the worker's script listens.
    worker.post_message(&wasm_bindgen::module())?;

    let line = Rc::downgrade(inner);
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
        if let Some(inner) = line.upgrade() {
            WorkerLine(inner).hear(&message);
        }
    });
    worker.set_onmessage(Some(on_message.as_ref().unchecked_ref()));

    let line = Rc::downgrade(inner);
    let on_error = Closure::<dyn FnMut(ErrorEvent)>::new(move |error: ErrorEvent| {
        // Handled here: the browser need not print it as uncaught.
        error.prevent_default();
        if let Some(inner) = line.upgrade() {
            WorkerLine(inner).lose(match error.message() {
                message if message.is_empty() => "could not be loaded".into(),
                message => format!("crashed ({})", first_line(&message)),
            });
        }
    });
    worker.set_onerror(Some(on_error.as_ref().unchecked_ref()));

    Ok(Connection {
        worker,
        waiting: VecDeque::new(),
        has_spoken: false,
        last_heard_ms: browser::now_ms(),
        _on_message: on_message,
        _on_error: on_error,
    })
}

/// Bytes are transferred, not copied.
fn post(worker: &Worker, sent: &Sent) {
    let buffer = Uint8Array::from(&encode(sent)[..]).buffer();
    // A worker that cannot take a message is found by its silence.
    let _ = worker.post_message_with_transfer(&buffer, &Array::of1(&buffer));
}

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}
