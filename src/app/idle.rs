//! Whether the page is at rest: nothing is unanswered, unpainted, held back, loading, or still to be written into the
//! address. The root element then has the attribute `data-idle`; tests wait for it, and never for the clock.

use std::cell::Cell;

/// What can keep the page from rest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The engine has not yet told that it has done all that it was sent.
    Engine,
    /// The same of an engine beside it.
    Helpers,
    /// Something is marked to be painted.
    Paint,
    /// Words are newer than those on show.
    Throttle,
    /// A part of the page is being fetched.
    Lazy,
    /// The address is behind the scenario.
    Address,
}

const N_SOURCES: usize = 6;

thread_local! {
    static IDLE: Idle = const { Idle::new() };
}

struct Idle {
    /// How often each source is held, and whether it is busy by [`set`].
    held: [Cell<u32>; N_SOURCES],
    busy: [Cell<bool>; N_SOURCES],
    /// Rises whenever something becomes busy.
    version: Cell<u32>,
    is_told: Cell<bool>,
}

impl Idle {
    const fn new() -> Self {
        Self {
            held: [const { Cell::new(0) }; N_SOURCES],
            busy: [const { Cell::new(false) }; N_SOURCES],
            version: Cell::new(0),
            is_told: Cell::new(false),
        }
    }

    fn is_at_rest(&self) -> bool {
        self.held.iter().all(|held| held.get() == 0) && !self.busy.iter().any(Cell::get)
    }

    /// Counts one more (or fewer) that holds a source; says whether the page comes to rest or ceases to be at rest.
    fn change(&self, change: impl FnOnce(&Self)) -> Option<bool> {
        let before = self.is_at_rest();
        change(self);
        let now = self.is_at_rest();
        if !now {
            self.version.set(self.version.get().wrapping_add(1));
        }
        (before != now).then_some(now)
    }
}

/// Keeps the page from rest as long as it lives.
#[derive(Debug)]
#[must_use = "it releases what it holds when it is dropped"]
pub struct Held(Source);

impl Drop for Held {
    fn drop(&mut self) {
        let held = |idle: &Idle| {
            let held = &idle.held[self.0 as usize];
            held.set(held.get().saturating_sub(1));
        };
        // A thread that ends may have lost it already.
        let _ = IDLE.try_with(|idle| tell(idle.change(held)));
    }
}

/// Keeps the page from rest until the answer is dropped.
pub fn hold(source: Source) -> Held {
    IDLE.with(|idle| {
        let held = &idle.held[source as usize];
        tell(idle.change(|_| held.set(held.get() + 1)));
    });
    Held(source)
}

/// Says of a source of which there is one whether it is busy.
pub fn set(source: Source, is_busy: bool) {
    IDLE.with(|idle| tell(idle.change(|idle| idle.busy[source as usize].set(is_busy))));
}

/// Whether nothing keeps the page from rest now.
#[cfg(test)]
pub fn is_at_rest() -> bool {
    IDLE.with(Idle::is_at_rest)
}

/// Rest is told a frame later: what has just been set still runs through the page's effects, and what they made is
/// measured in that frame.
fn tell(change: Option<bool>) {
    match change {
        Some(true) => ask_later(),
        Some(false) => show(false),
        None => {}
    }
}

fn ask_later() {
    let version = IDLE.with(|idle| idle.version.get());
    after_a_frame(move || {
        let is_still_at_rest = IDLE.with(|idle| idle.is_at_rest() && idle.version.get() == version);
        if is_still_at_rest {
            show(true);
        }
    });
}

fn show(is_idle: bool) {
    if IDLE.with(|idle| idle.is_told.replace(is_idle)) == is_idle {
        return;
    }
    mark_root(is_idle);
}

#[cfg(target_arch = "wasm32")]
fn mark_root(is_idle: bool) {
    // Fails for no valid name of an attribute.
    let _ = crate::browser::root_element().toggle_attribute_with_force("data-idle", is_idle);
}

#[cfg(target_arch = "wasm32")]
fn after_a_frame(then: impl FnOnce() + 'static) {
    use leptos::prelude::{request_animation_frame, set_timeout};
    request_animation_frame(move || set_timeout(then, std::time::Duration::ZERO));
}

/// Natively there is neither document nor frame.
#[cfg(not(target_arch = "wasm32"))]
fn mark_root(_: bool) {}

#[cfg(not(target_arch = "wasm32"))]
fn after_a_frame(then: impl FnOnce() + 'static) {
    then();
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_told() -> bool {
        IDLE.with(|idle| idle.is_told.get())
    }

    #[test]
    fn the_page_is_at_rest_when_nothing_holds_it() {
        let first = hold(Source::Lazy);
        let second = hold(Source::Lazy);
        set(Source::Engine, true);
        drop(first);
        set(Source::Engine, false);
        assert!(!is_at_rest() && !is_told(), "one still loads");
        drop(second);
        assert!(is_at_rest() && is_told());
        set(Source::Paint, true);
        assert!(!is_at_rest() && !is_told());
        set(Source::Paint, true);
        set(Source::Paint, false);
        assert!(
            is_at_rest() && is_told(),
            "a source is busy or not, it is not counted"
        );
    }
}
