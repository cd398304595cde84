//! Painting once a frame: whoever has something new to show marks itself, and the next animation
//! frame paints what is marked, however often it was marked. What would make a frame late waits for the next:
//! a page with much to show is shown less often, but answers at once.

use std::cell::{Cell, RefCell};
use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Duration;

use leptos::prelude::{on_cleanup, request_animation_frame, set_timeout};

use crate::app::idle::{self, Source};
use crate::browser::now_ms;

/// Milliseconds of painting in a frame, after which the rest waits for the next: at most, and at least where
/// frames come late. What is painted has still to be shown by the browser, on slow machines at twice the cost.
const MOST_MS: f64 = 4.0;
const LEAST_MS: f64 = 2.0;
/// A frame that follows the last one by more than this is late, and by more than that not its successor.
const LATE_MS: f64 = 24.0;
const APART_MS: f64 = 120.0;
/// A frame that kept the browser busy for longer than this, with all that follows from it, is followed by a rest as
/// long, or by this much: on a slow machine half of the time is left to whoever uses it.
const HEAVY_MS: f64 = 20.0;
const REST_MS: f64 = 250.0;
/// Frames that others wait at most while what the user moves is painted alone.
const PATIENCE: u64 = 6;

thread_local! {
    static FRAME: Frame = Frame::default();
}

#[derive(Default)]
struct Frame {
    painters: RefCell<BTreeMap<u32, Registered>>,
    next_id: Cell<u32>,
    /// Counts animation frames.
    number: Cell<u64>,
    pace: Cell<Pace>,
    is_hurried: Cell<bool>,
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

/// How long a frame may paint: half as long after a late one, a little longer after one in time. It begins with the
/// least, for it is not known yet what the machine can do.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Pace {
    budget_ms: f64,
    last_ms: f64,
    rests_until_ms: f64,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            budget_ms: LEAST_MS,
            last_ms: f64::NEG_INFINITY,
            rests_until_ms: f64::NEG_INFINITY,
        }
    }
}

impl Pace {
    /// In the frame that begins now.
    fn next(self, now_ms: f64) -> Self {
        let since_ms = now_ms - self.last_ms;
        let budget_ms = match since_ms {
            _ if since_ms > APART_MS => self.budget_ms,
            _ if since_ms > LATE_MS => 0.5 * self.budget_ms,
            _ => self.budget_ms + 0.1,
        };
        Self {
            budget_ms: budget_ms.clamp(LEAST_MS, MOST_MS),
            last_ms: now_ms,
            ..self
        }
    }

    /// After a frame that began then and is over now, shown and all.
    fn over(self, began_ms: f64, now_ms: f64) -> Self {
        let took_ms = now_ms - began_ms;
        let rest_ms = if took_ms > HEAVY_MS {
            took_ms.min(REST_MS)
        } else {
            0.0
        };
        Self {
            rests_until_ms: now_ms + rest_ms,
            ..self
        }
    }
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

/// The next frame answers to the user: it paints what is urgent and what has waited for long.
pub fn hurry() {
    FRAME.with(|frame| frame.is_hurried.set(true));
}

/// Runs once, when all that is marked has been painted.
pub fn after_paint(then: impl FnOnce() + 'static) {
    FRAME.with(|frame| frame.after.borrow_mut().push(Box::new(then)));
    schedule();
}

fn schedule() {
    if !FRAME.with(|frame| frame.is_scheduled.replace(true)) {
        idle::set(Source::Paint, true);
        request_animation_frame(paint_marked);
    }
}

fn paint_marked() {
    let start_ms = now_ms();
    let (number, pace, is_hurried) = FRAME.with(|frame| frame.begin(start_ms));
    let is_resting = start_ms < pace.rests_until_ms;
    let mut has_painted = false;
    for (urgency, since, id) in FRAME.with(Frame::marked) {
        let may_wait = is_resting || is_hurried && number - since <= PATIENCE;
        let waits = may_wait && urgency == Urgency::InTurn;
        if waits || now_ms() - start_ms > pace.budget_ms {
            measure(has_painted, start_ms);
            return schedule();
        }
        // No borrow is held while it paints, for it may mark others.
        if let Some(paint) = FRAME.with(|frame| frame.take(id)) {
            paint();
            has_painted = true;
        }
    }
    measure(has_painted, start_ms);
    for then in FRAME.with(|frame| frame.after.take()) {
        then();
    }
    if !FRAME.with(|frame| frame.is_scheduled.get()) {
        idle::set(Source::Paint, false);
    }
}

/// Learns what a frame has cost once the browser has shown it: its next task comes after that.
fn measure(has_painted: bool, start_ms: f64) {
    if has_painted {
        let learn = move || {
            FRAME.with(|frame| frame.pace.set(frame.pace.get().over(start_ms, now_ms())));
        };
        set_timeout(learn, Duration::ZERO);
    }
}

impl Frame {
    /// The number of the frame that begins now, its pace, and whether it is hurried.
    fn begin(&self, now_ms: f64) -> (u64, Pace, bool) {
        self.is_scheduled.set(false);
        self.number.set(self.number.get() + 1);
        self.pace.set(self.pace.get().next(now_ms));
        let is_hurried = self.is_hurried.take();
        (self.number.get(), self.pace.get(), is_hurried)
    }

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

    #[test]
    fn late_frames_paint_less_and_those_in_time_more_again() {
        let in_time = |pace: Pace, from_ms: f64| {
            (0..100).fold(pace, |pace, frame| {
                pace.next(from_ms + 16.7 * f64::from(frame))
            })
        };
        let mut pace = in_time(Pace::default(), 0.0);
        assert_eq!(Pace::default().budget_ms, LEAST_MS);
        assert_eq!(pace.budget_ms, MOST_MS);
        pace = pace.next(1_690.0);
        assert_eq!(pace.budget_ms, 0.5 * MOST_MS);
        // A page that had nothing to paint was not late.
        pace = pace.next(5_000.0);
        assert_eq!(pace.budget_ms, 0.5 * MOST_MS);
        pace = in_time(pace, 5_016.7);
        assert_eq!(pace.budget_ms, MOST_MS);
        for frame in 1..=10 {
            pace = pace.next(7_000.0 + 50.0 * f64::from(frame));
        }
        assert_eq!(pace.budget_ms, LEAST_MS);
    }

    #[test]
    fn a_heavy_frame_is_followed_by_a_rest() {
        let check = |took_ms: f64, expect: f64| {
            let pace = Pace::default().next(100.0).over(100.0, 100.0 + took_ms);
            assert_eq!(pace.rests_until_ms - 100.0 - took_ms, expect, "{took_ms}");
        };
        check(4.0, 0.0);
        check(20.0, 0.0);
        check(80.0, 80.0);
        check(2_000.0, REST_MS);
    }
}
