//! Engines beside the page's own, each in a worker of its own, so that a large fleet is trained on more than one core.
//! One is started when something is first sent to it, and ended when it has nothing to do for long; all of them train
//! on the CPU.

use std::rc::Rc;

use actiscope_core::protocol::{Sent, ToEngine};
use leptos::prelude::*;

use super::line::Line;
use super::recovery::Recovery;
use crate::app::idle::{self, Source};

/// The page's own among them.
const MAX_ENGINES: usize = 7;

/// Engines beside the page's own on a machine of so many cores, one of which is left to the page. Together they are an
/// odd number: the first cells of a map are every eighth of every eighth row, and an even number would leave all
/// of them to one engine.
pub fn n_helpers(n_cores: usize) -> usize {
    let n_engines = n_cores.saturating_sub(1).clamp(1, MAX_ENGINES);
    (n_engines - 1) / 2 * 2
}

/// Makes the line to a helper.
pub type MakeLine = Rc<dyn Fn(usize) -> Rc<dyn Line>>;

/// Handles: copying it copies no state.
#[derive(Clone, Copy)]
pub struct Helpers(StoredValue<Inner, LocalStorage>);

#[derive(Default)]
struct Inner {
    n: usize,
    /// Large fleets are the CPU's.
    are_wanted: bool,
    make: Option<MakeLine>,
    /// Those that something was sent to.
    each: Vec<Helper>,
    recovery: Recovery,
}

struct Helper {
    line: Rc<dyn Line>,
    is_there: bool,
    /// The number of the last message that was sent to the present engine.
    last_sent: u64,
    is_at_rest: bool,
}

impl Helpers {
    pub fn none() -> Self {
        Self(StoredValue::new_local(Inner::default()))
    }

    /// From now on there can be so many.
    pub fn set(self, n: usize, make: MakeLine) {
        self.0.update_value(|inner| {
            inner.n = n;
            inner.make = Some(make);
        });
    }

    /// Whether there is anything that they could do: not where a GPU trains.
    pub fn want(self, are_wanted: bool) {
        self.0.update_value(|inner| inner.are_wanted = are_wanted);
    }

    /// That could help now.
    pub fn n(self) -> usize {
        self.0.with_value(|inner| match inner.are_wanted {
            true => inner.n,
            false => 0,
        })
    }

    pub fn send(self, at: usize, message: ToEngine) {
        self.0.update_value(|inner| {
            let Some(make) = &inner.make else { return };
            for new in inner.each.len()..=at {
                inner.each.push(Helper {
                    line: make(new),
                    is_there: false,
                    last_sent: 0,
                    is_at_rest: true,
                });
            }
            let helper = &mut inner.each[at];
            if !helper.is_there {
                helper.is_there = true;
                helper.line.connect();
            }
            helper.last_sent += 1;
            helper.is_at_rest = false;
            let number = helper.last_sent;
            helper.line.send(Sent { number, message });
        });
        self.tell_rest();
    }

    /// One has nothing left to do of what it was sent up to this number.
    pub fn rest(self, at: usize, heard: u64) {
        self.change(at, |helper| helper.is_at_rest = helper.last_sent == heard);
    }

    /// Those that live and have nothing to do.
    pub fn idle(self) -> Vec<usize> {
        self.0.with_value(|inner| {
            let each = inner.each.iter().enumerate();
            let idle = each.filter(|(_, helper)| helper.is_there && helper.is_at_rest);
            idle.map(|(at, _)| at).collect()
        })
    }

    /// One is not needed any more, or is gone.
    pub fn end(self, at: usize) {
        self.change(at, |helper| {
            helper.line.disconnect();
            (helper.is_there, helper.is_at_rest) = (false, true);
            helper.last_sent = 0;
        });
    }

    /// One was lost. Where that happens too often there are none from then on.
    pub fn lose(self, at: usize, now_ms: f64) {
        self.end(at);
        self.0.update_value(|inner| {
            if !inner.recovery.lost(now_ms) {
                inner.n = 0;
            }
        });
    }

    fn change(self, at: usize, change: impl FnOnce(&mut Helper)) {
        self.0.update_value(|inner| {
            if let Some(helper) = inner.each.get_mut(at) {
                change(helper);
            }
        });
        self.tell_rest();
    }

    fn tell_rest(self) {
        let is_busy = |inner: &Inner| inner.each.iter().any(|helper| !helper.is_at_rest);
        idle::set(Source::Helpers, self.0.with_value(is_busy));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_core_is_left_to_the_page_and_coarse_cells_fall_to_all() {
        let check = |n_cores, expect| assert_eq!(n_helpers(n_cores), expect, "{n_cores} cores");
        for few in 0..4 {
            check(few, 0);
        }
        check(4, 2);
        check(5, 2);
        check(6, 4);
        check(8, 6);
        check(128, 6);
    }
}
