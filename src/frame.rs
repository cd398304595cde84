//! Painting once a frame: whoever has something new to show marks itself, and the next animation
//! frame paints all that is marked, however often it was marked.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use leptos::prelude::{on_cleanup, request_animation_frame};

thread_local! {
    static FRAME: Frame = Frame::default();
}

#[derive(Default)]
struct Frame {
    painters: RefCell<BTreeMap<u32, Registered>>,
    next_id: Cell<u32>,
    is_scheduled: Cell<bool>,
    after: RefCell<Vec<Box<dyn FnOnce()>>>,
}

struct Registered {
    paint: Rc<dyn Fn()>,
    is_marked: bool,
}

/// A handle to mark a painter with.
#[derive(Clone, Copy, Debug)]
pub struct Painter(u32);

impl Painter {
    /// `paint` runs in a frame after [`Painter::mark`]; it lives as long as the reactive owner.
    pub fn new(paint: impl Fn() + 'static) -> Self {
        let id = FRAME.with(|frame| {
            let id = frame.next_id.get();
            frame.next_id.set(id + 1);
            let registered = Registered {
                paint: Rc::new(paint),
                is_marked: false,
            };
            frame.painters.borrow_mut().insert(id, registered);
            id
        });
        on_cleanup(move || {
            FRAME.with(|frame| frame.painters.borrow_mut().remove(&id));
        });
        Self(id)
    }

    pub fn mark(self) {
        FRAME.with(|frame| {
            if let Some(painter) = frame.painters.borrow_mut().get_mut(&self.0) {
                painter.is_marked = true;
            }
        });
        schedule();
    }
}

/// Runs once, after the next frame's painting.
pub fn after_paint(then: impl FnOnce() + 'static) {
    FRAME.with(|frame| frame.after.borrow_mut().push(Box::new(then)));
    schedule();
}

fn schedule() {
    if FRAME.with(|frame| frame.is_scheduled.replace(true)) {
        return;
    }
    request_animation_frame(|| {
        let (marked, after) = FRAME.with(|frame| {
            frame.is_scheduled.set(false);
            let marked: Vec<Rc<dyn Fn()>> = frame
                .painters
                .borrow_mut()
                .values_mut()
                .filter_map(|painter| {
                    let is_marked = std::mem::take(&mut painter.is_marked);
                    is_marked.then(|| Rc::clone(&painter.paint))
                })
                .collect();
            (marked, frame.after.take())
        });
        for paint in marked {
            paint();
        }
        for then in after {
            then();
        }
    });
}
