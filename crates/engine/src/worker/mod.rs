//! The browser's side of the engine: a dedicated Web Worker.
//!
//! What passes between page and worker:
//!
//! - Every message but one is an `ArrayBuffer`, transferred and not copied: to the worker the bytes of one
//!   [`Sent`], from it those of one [`Told`] (`actiscope_core::protocol::{encode, decode}`).
//! - The worker's first message is `Event::Ready`. Whatever is posted before that is lost: queue it.
//! - A string says why the worker cannot go on, and is its last message: `onerror` may follow, or come without
//!   one, where a published worker panics. Terminate it, start another, and open the run with its last `RunEvent::Checkpoint`.
//! - `Event::Heartbeat` comes every [`HEARTBEAT_MS`] whatever the worker is at, unless it has waited for the
//!   GPU in vain. Some seconds of silence
//!   are a hang, to be treated like a panic. The heartbeat of a hidden page may be slower.
//! - A `RunEvent::Snapshot` is sent when there is something new and the last one was answered by
//!   `RunCommand::Shown`; a `FleetEvent::News` likewise.
//! - Bytes that cannot be read are answered by `Event::Problem`.
//!
//! Work is done in turns: the messages that have come, then a chunk of [`CHUNK_MS`]. Between two turns
//! the worker posts itself a message through a `MessageChannel`, so that more can come; timers would
//! wait longer. A turn may wait for the GPU. There is one at a time: it has the engine, and what comes
//! meanwhile is kept for the next.

mod adapter;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

use actiscope_core::protocol::{Event, Sent, Told, decode, encode};
use js_sys::{Array, ArrayBuffer, Uint8Array};
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DedicatedWorkerGlobalScope, MessageChannel, MessageEvent, MessagePort};

use crate::gpu::{GpuDevice, GpuError};
use crate::{Engine, Progress};

/// Milliseconds of work between two turns of the event loop.
const CHUNK_MS: f64 = 8.0;
/// Milliseconds between two signs of life.
const HEARTBEAT_MS: i32 = 500;
/// Milliseconds that a turn may wait for the GPU before the device is given up.
const GPU_PATIENCE_MS: f64 = 15_000.0;
/// The same before the whole worker is: the GPU does not even tell that it is lost.
const LAST_PATIENCE_MS: f64 = 20_000.0;

/// The worker: an engine and what wakes it.
struct Worker {
    scope: DedicatedWorkerGlobalScope,
    /// None while a turn has it.
    engine: Option<Box<Engine>>,
    /// Not yet taken by a turn.
    messages: VecDeque<Sent>,
    /// Opened, or not to be opened, and not yet taken by a turn.
    device: Option<Result<GpuDevice, GpuError>>,
    /// The number of the last message that the engine had taken when it last spoke.
    heard: u64,
    /// The device that the engine may wait for.
    gpu: Option<GpuDevice>,
    turn_began_ms: Option<f64>,
    clock: web_sys::Performance,
    /// Posting here wakes the worker after the messages that wait.
    waker: MessagePort,
    is_woken: bool,
    /// Milliseconds until which nothing is to be done, if a timer runs.
    timer: Option<i32>,
    on_timer: Option<Closure<dyn FnMut()>>,
}

/// Starts the worker. Called once, from its entry.
pub fn start() {
    // A published worker has no texts of panics: the page hears of a trap by `onerror`.
    #[cfg(debug_assertions)]
    std::panic::set_hook(Box::new(|info| tell_end(&info.to_string())));
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let Some(clock) = scope.performance() else {
        return tell_end("this browser gives workers no clock");
    };
    let channel = match MessageChannel::new() {
        Ok(channel) => channel,
        Err(_) => return tell_end("this browser has no MessageChannel"),
    };
    let worker = Rc::new(RefCell::new(Worker {
        scope: scope.clone(),
        engine: Some(Box::default()),
        messages: VecDeque::new(),
        device: None,
        heard: 0,
        gpu: None,
        turn_began_ms: None,
        clock,
        waker: channel.port1(),
        is_woken: false,
        timer: None,
        on_timer: None,
    }));

    let woken = Rc::clone(&worker);
    let on_wake = Closure::<dyn FnMut()>::new(move || {
        let woken = Rc::clone(&woken);
        spawn_local(turn(woken));
    });
    channel
        .port2()
        .set_onmessage(Some(on_wake.as_ref().unchecked_ref()));
    on_wake.forget();

    let timed = Rc::clone(&worker);
    worker.borrow_mut().on_timer = Some(Closure::new(move || timed.borrow_mut().on_timer()));

    let messaged = Rc::clone(&worker);
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
        messaged.borrow_mut().on_message(&message.data());
    });
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();

    let beating = Rc::clone(&worker);
    let on_beat = Closure::<dyn FnMut()>::new(move || beating.borrow().beat());
    let callback = on_beat.as_ref().unchecked_ref();
    let beat = scope.set_interval_with_callback_and_timeout_and_arguments_0(callback, HEARTBEAT_MS);
    if beat.is_err() {
        return tell_end("this browser gives workers no timer");
    }
    on_beat.forget();

    // Only now can a message reach the worker.
    worker.borrow_mut().wake();
}

/// The messages that have come, a chunk of work, and what comes after it.
async fn turn(worker: Rc<RefCell<Worker>>) {
    let Some(mut engine) = worker.borrow_mut().begin_turn() else {
        return;
    };
    let (scope, clock) = {
        let worker = worker.borrow();
        (worker.scope.clone(), worker.clock.clone())
    };
    tell(&scope, &mut engine);
    loop {
        // The borrow ends before the engine is waited for.
        let sent = worker.borrow_mut().messages.pop_front();
        let Some(sent) = sent else {
            break;
        };
        engine.handle_async(sent).await;
        tell(&scope, &mut engine);
        worker.borrow_mut().heard = engine.heard();
    }
    let device = worker.borrow_mut().device.take();
    if let Some(device) = device {
        engine.take_device(device);
    }
    let progress = engine.advance_async(CHUNK_MS, &mut || clock.now()).await;
    tell(&scope, &mut engine);
    // After the first chunk, so that the page shows a run before a GPU is looked for.
    if engine.wants_device() {
        spawn_local(open_device(Rc::clone(&worker), engine.takes_software()));
    }
    worker.borrow_mut().end_turn(engine, progress);
}

async fn open_device(worker: Rc<RefCell<Worker>>, takes_software: bool) {
    let device = match adapter::check(takes_software).await {
        Ok(()) => GpuDevice::open().await,
        Err(error) => Err(error),
    };
    let mut worker = worker.borrow_mut();
    worker.gpu = device.as_ref().ok().cloned();
    worker.device = Some(device);
    worker.wake();
}

impl Worker {
    fn on_message(&mut self, data: &JsValue) {
        let bytes = match data.dyn_ref::<ArrayBuffer>() {
            Some(buffer) => Uint8Array::new(buffer).to_vec(),
            None => Vec::new(),
        };
        match decode(&bytes) {
            Ok(sent) => {
                self.messages.push_back(sent);
                self.wake();
            }
            Err(error) => self.tell_apart(Event::Problem {
                job: None,
                message: error.to_string(),
            }),
        }
    }

    /// Tells what does not come from the engine, which a turn may have.
    fn tell_apart(&self, event: Event) {
        let heard = self.heard;
        post(&self.scope, &Told { heard, event });
    }

    /// The engine for a turn; nothing if another turn has it, which will look for what has come.
    fn begin_turn(&mut self) -> Option<Box<Engine>> {
        self.is_woken = false;
        let engine = self.engine.take()?;
        self.turn_began_ms = Some(self.clock.now());
        Some(engine)
    }

    fn end_turn(&mut self, engine: Box<Engine>, progress: Progress) {
        self.engine = Some(engine);
        self.turn_began_ms = None;
        match progress {
            _ if !self.messages.is_empty() || self.device.is_some() => self.wake(),
            Progress::Busy => self.wake(),
            Progress::Wait { ms } => self.wake_in(ms),
            Progress::Idle => {}
        }
    }

    /// A sign of life. What computes here does so between two beats: a turn that is under way at a beat
    /// waits for the GPU.
    fn beat(&self) {
        let waited_ms = self
            .turn_began_ms
            .map_or(0.0, |began| self.clock.now() - began);
        if waited_ms > GPU_PATIENCE_MS
            && let Some(gpu) = &self.gpu
        {
            gpu.destroy();
        }
        if waited_ms < LAST_PATIENCE_MS {
            self.tell_apart(Event::Heartbeat);
        }
    }

    fn on_timer(&mut self) {
        self.timer = None;
        self.wake();
    }

    /// Lets the messages that wait have their turn, and then the next chunk.
    fn wake(&mut self) {
        if let Some(timer) = self.timer.take() {
            self.scope.clear_timeout_with_handle(timer);
        }
        if !self.is_woken {
            self.is_woken = self.waker.post_message(&JsValue::NULL).is_ok();
        }
    }

    fn wake_in(&mut self, ms: f64) {
        if self.is_woken || self.timer.is_some() {
            return;
        }
        if let Some(on_timer) = &self.on_timer {
            let callback = on_timer.as_ref().unchecked_ref();
            let ms = ms.ceil() as i32;
            let timer = self
                .scope
                .set_timeout_with_callback_and_timeout_and_arguments_0(callback, ms);
            self.timer = timer.ok();
        }
    }
}

fn tell(scope: &DedicatedWorkerGlobalScope, engine: &mut Engine) {
    for told in engine.take_events() {
        post(scope, &told);
    }
}

/// Transfers an event to the page.
fn post(scope: &DedicatedWorkerGlobalScope, told: &Told) {
    let bytes = Uint8Array::from(&encode(told)[..]);
    let buffer = bytes.buffer();
    // Only a worker that was terminated cannot post, and then there is nobody to tell.
    let _ = scope.post_message_with_transfer(&buffer, &Array::of1(&buffer));
}

fn tell_end(text: &str) {
    let scope: DedicatedWorkerGlobalScope = js_sys::global().unchecked_into();
    let _ = scope.post_message(&JsValue::from_str(text));
}
