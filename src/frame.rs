//! Painting once a frame: whoever has something new to show marks itself, and the next animation
//! frame paints what is marked, however often it was marked. What would make a frame late waits for the next:
//! a page with much to show is shown less often, but answers at once.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;

use leptos::prelude::{on_cleanup, request_animation_frame};

use crate::browser::now_ms;

/// Milliseconds of painting after which the rest waits for the next frame. The browser needs the other half of
/// the 16.7 ms to show it.
const BUDGET_MS: f64 = 8.0;

thread_local! {
    static FRAME: Frame = Frame::default();
}

#[derive(Default)]
struct Frame {
    painters: RefCell<BTreeMap<u32, Registered>>,
    next_id: Cell<u32>,
    /// Counts animation frames.
    number: Cell<u64>,
    is_scheduled: Cell<bool>,
    after: RefCell<Vec<Box<dyn FnOnce()>>>,
}

struct Registered {
    paint: Rc<dyn Fn()>,
    urgency: Urgency,
    /// The frame since which it has something new to show.
    marked_in: Option<u64>,
}

/// Who is painted first, and who comes after those that have waited longer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Urgency {
    First,
    #[default]
    InTurn,
}

/// A handle to mark a painter with.
#[derive(Clone, Copy, Debug)]
pub struct Painter(u32);

impl Painter {
    /// `paint` runs in a frame after [`Painter::mark`]; it lives as long as the reactive owner.
    pub fn new(urgency: Urgency, paint: impl Fn() + 'static) -> Self {
        let id = FRAME.with(|frame| {
            let id = frame.next_id.get();
            frame.next_id.set(id + 1);
            let registered = Registered {
                paint: Rc::new(paint),
                urgency,
                marked_in: None,
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
                painter.marked_in.get_or_insert(frame.number.get());
            }
        });
        schedule();
    }
}

/// Runs once, when all that is marked has been painted.
pub fn after_paint(then: impl FnOnce() + 'static) {
    FRAME.with(|frame| frame.after.borrow_mut().push(Box::new(then)));
    schedule();
}

fn schedule() {
    if !FRAME.with(|frame| frame.is_scheduled.replace(true)) {
        request_animation_frame(paint_marked);
    }
}

fn paint_marked() {
    FRAME.with(|frame| {
        frame.is_scheduled.set(false);
        frame.number.set(frame.number.get() + 1);
    });
    let start_ms = now_ms();
    for (_, _, id) in FRAME.with(Frame::marked) {
        if now_ms() - start_ms > BUDGET_MS {
            return schedule();
        }
        // No borrow is held while it paints, for it may mark others.
        if let Some(paint) = FRAME.with(|frame| frame.take(id)) {
            paint();
        }
    }
    for then in FRAME.with(|frame| frame.after.take()) {
        then();
    }
}

impl Frame {
    /// What has something new to show, in the order of painting.
    fn marked(&self) -> Vec<(Urgency, u64, u32)> {
        let painters = self.painters.borrow();
        let marked = painters
            .iter()
            .filter_map(|(&id, painter)| Some((painter.urgency, painter.marked_in?, id)));
        let mut marked: Vec<_> = marked.collect();
        marked.sort_unstable();
        marked
    }

    /// The painter of this id, which is marked no more.
    fn take(&self, id: u32) -> Option<Rc<dyn Fn()>> {
        let mut painters = self.painters.borrow_mut();
        let painter = painters.get_mut(&id)?;
        painter.marked_in.take().map(|_| Rc::clone(&painter.paint))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_and_those_that_waited_longest_are_painted_first() {
        let frame = Frame::default();
        let register = |id, urgency, marked_in| {
            let paint: Rc<dyn Fn()> = Rc::new(|| {});
            let painter = Registered {
                paint,
                urgency,
                marked_in,
            };
            frame.painters.borrow_mut().insert(id, painter);
        };
        register(0, Urgency::InTurn, Some(8));
        register(1, Urgency::InTurn, None);
        register(2, Urgency::InTurn, Some(7));
        register(3, Urgency::First, Some(9));
        let order = || {
            frame
                .marked()
                .iter()
                .map(|&(_, _, id)| id)
                .collect::<Vec<_>>()
        };
        assert_eq!(order(), [3, 2, 0]);
        assert!(frame.take(3).is_some() && frame.take(3).is_none());
        assert_eq!(order(), [2, 0]);
    }
}
