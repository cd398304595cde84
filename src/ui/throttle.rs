use std::time::Duration;

use leptos::prelude::*;

/// Follows `source`, at once at first, then at most every `every_ms`; the last value always arrives.
/// For what is read out or read by eye: numbers at 60 a second are neither.
pub fn throttled<T>(source: Signal<T>, every_ms: u64) -> Signal<T>
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let shown = RwSignal::new(source.get_untracked());
    let is_waiting = StoredValue::new(false);
    Effect::new(move |_| {
        source.track();
        follow(source, shown, is_waiting, Duration::from_millis(every_ms));
    });
    shown.into()
}

fn follow<T>(source: Signal<T>, shown: RwSignal<T>, is_waiting: StoredValue<bool>, pause: Duration)
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    // Gone with its component: nothing is left to follow.
    let (Some(false), Some(value)) = (is_waiting.try_get_value(), source.try_get_untracked())
    else {
        return;
    };
    if shown.try_with_untracked(|shown| *shown == value) != Some(false) {
        return;
    }
    shown.set(value);
    is_waiting.set_value(true);
    set_timeout(
        move || {
            is_waiting.try_update_value(|is_waiting| *is_waiting = false);
            follow(source, shown, is_waiting, pause);
        },
        pause,
    );
}
