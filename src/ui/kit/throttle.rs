use std::cell::Cell;
use std::sync::Arc;
use std::time::Duration;

use leptos::prelude::*;

use crate::app::idle::{self, Held, Source};

thread_local! {
    static IS_OFF: Cell<bool> = const { Cell::new(false) };
}

/// From now on everything is shown at once.
pub fn turn_off() {
    IS_OFF.set(true);
}

/// Follows `source`, at once at first, then at most every `every_ms`; the last value always arrives.
/// For what is read out or read by eye: numbers at 60 a second are neither.
pub fn throttled<T>(source: Signal<T>, every_ms: u64) -> Signal<T>
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let shown = RwSignal::new(source.get_untracked());
    let catch_up = move || {
        // Gone with its component: nothing is left to follow.
        let value = source.try_get_untracked()?;
        let is_new = shown.try_with_untracked(|shown| *shown != value)?;
        if is_new {
            shown.set(value);
        }
        Some(is_new)
    };
    follow(
        Box::new(move || source.track()),
        Pace {
            catch_up: Arc::new(catch_up),
            is_waiting: StoredValue::new(false),
            held_back: StoredValue::new(None),
            pause: Duration::from_millis(every_ms),
        },
    );
    shown.into()
}

/// What [`throttled`] does that is the same for all values.
#[derive(Clone)]
struct Pace {
    /// Shows the value of now. Whether it is another one; `None` where there is nothing to show any more.
    catch_up: Arc<dyn Fn() -> Option<bool> + Send + Sync>,
    is_waiting: StoredValue<bool>,
    /// As long as there is news that is not shown.
    held_back: StoredValue<Option<Held>>,
    pause: Duration,
}

fn follow(track: Box<dyn Fn()>, pace: Pace) {
    Effect::new(move |_| {
        track();
        pace.step();
    });
}

impl Pace {
    fn step(&self) {
        if self.is_waiting.try_get_value() != Some(false) {
            self.held_back.try_update_value(|held| {
                _ = held.get_or_insert_with(|| idle::hold(Source::Throttle))
            });
            return;
        }
        if (self.catch_up)() != Some(true) || IS_OFF.get() {
            return;
        }
        self.is_waiting.set_value(true);
        let pace = self.clone();
        let go_on = move || {
            pace.is_waiting
                .try_update_value(|is_waiting| *is_waiting = false);
            pace.step();
            pace.held_back.try_set_value(None);
        };
        set_timeout(go_on, self.pause);
    }
}
