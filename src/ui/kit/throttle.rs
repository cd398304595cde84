//! For what is read out or read by eye, numbers at 60 a second are neither: it is made as seldom as it is shown.

use std::cell::Cell;
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

/// Whether things are shown at their pace, and not all at once.
pub fn is_on() -> bool {
    !IS_OFF.get()
}

/// The rest that follows something of this pace: none, where everything is shown at once.
pub fn rest_of(pause: Duration) -> Duration {
    match IS_OFF.get() {
        true => Duration::ZERO,
        false => pause,
    }
}

/// Calls back once after so long.
type Timer = fn(Duration, Box<dyn FnOnce()>);

/// What `make` makes, at once at first, then anew whenever what it reads has changed, but at most every `every_ms`;
/// the last value always arrives. In between nothing is made and nothing is followed.
pub fn throttled<T>(every_ms: u64, make: impl Fn() -> T + 'static) -> Signal<T>
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    throttled_by(|pause, then| set_timeout(then, pause), every_ms, make)
}

fn throttled_by<T>(timer: Timer, every_ms: u64, make: impl Fn() -> T + 'static) -> Signal<T>
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let shown = RwSignal::new(None);
    let show = move || {
        let value = Some(make());
        if shown.with_untracked(|shown| *shown != value) {
            shown.set(value);
        }
    };
    Pace::new(timer, every_ms).follow(Box::new(show));
    Signal::derive(move || {
        let value = shown.get();
        value.expect("it was made when it was first followed")
    })
}

/// What [`throttled`] does that is the same for all values.
#[derive(Clone, Copy)]
struct Pace {
    timer: Timer,
    pause: Duration,
    is_waiting: StoredValue<bool>,
    /// As long as there is news that is not shown.
    held_back: StoredValue<Option<Held>>,
    /// The pause is over, and there is news.
    is_over: Trigger,
}

impl Pace {
    fn new(timer: Timer, every_ms: u64) -> Self {
        Self {
            timer,
            pause: Duration::from_millis(every_ms),
            is_waiting: StoredValue::new(false),
            held_back: StoredValue::new(None),
            is_over: Trigger::new(),
        }
    }

    /// Shows now, and then at its pace, as long as the reactive owner lives.
    fn follow(self, show: Box<dyn Fn()>) {
        let following = RenderEffect::new(move |_| self.step(&show));
        StoredValue::new_local(following);
    }

    /// Follows what `show` reads while it may show, and nothing but the end of the pause within it.
    fn step(self, show: &dyn Fn()) {
        self.is_over.track();
        if self.is_waiting.get_value() {
            self.held_back
                .update_value(|held| _ = held.get_or_insert_with(|| idle::hold(Source::Throttle)));
            return;
        }
        show();
        self.held_back.set_value(None);
        if !IS_OFF.get() {
            self.is_waiting.set_value(true);
            (self.timer)(self.pause, Box::new(move || self.end_pause()));
        }
    }

    fn end_pause(self) {
        // Gone with its component: nothing is left to show.
        let is_gone = self.is_waiting.try_set_value(false).is_some();
        if !is_gone && self.held_back.with_value(Option::is_some) {
            self.is_over.notify();
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::future::Future;
    use std::pin::Pin;
    use std::rc::Rc;
    use std::sync::Once;
    use std::task::{Context, Waker};

    use any_spawner::{CustomExecutor, Executor};

    use super::*;

    type Task = Pin<Box<dyn Future<Output = ()>>>;
    /// Set, and not yet gone off.
    type Pending = (Duration, Box<dyn FnOnce()>);

    thread_local! {
        static TASKS: RefCell<Vec<Task>> = const { RefCell::new(Vec::new()) };
        static TIMERS: RefCell<Vec<Pending>> = const { RefCell::new(Vec::new()) };
    }

    /// Runs the effects of a test on its own thread.
    struct Tasks;

    impl CustomExecutor for Tasks {
        fn spawn(&self, task: any_spawner::PinnedFuture<()>) {
            self.spawn_local(task);
        }

        fn spawn_local(&self, task: any_spawner::PinnedLocalFuture<()>) {
            TASKS.with_borrow_mut(|tasks| tasks.push(task));
        }

        fn poll_local(&self) {
            let mut tasks = TASKS.take();
            let mut context = Context::from_waker(Waker::noop());
            tasks.retain_mut(|task| task.as_mut().poll(&mut context).is_pending());
            TASKS.with_borrow_mut(|now| now.append(&mut tasks));
        }
    }

    /// Words about a number, how often they were made, and what is shown of them.
    struct Desk {
        _owner: Owner,
        number: RwSignal<u32>,
        n_made: Rc<Cell<u32>>,
        shown: Signal<String>,
    }

    impl Desk {
        fn new() -> Self {
            static EXECUTOR: Once = Once::new();
            EXECUTOR.call_once(|| {
                Executor::init_custom_executor(Tasks).expect("no other executor is there");
            });
            let owner = Owner::new();
            owner.set();
            let number = RwSignal::new(0);
            let n_made = Rc::new(Cell::new(0));
            let counter = Rc::clone(&n_made);
            let make = move || {
                counter.set(counter.get() + 1);
                number.with(|number| format!("number {number}"))
            };
            let timer: Timer =
                |pause, then| TIMERS.with_borrow_mut(|timers| timers.push((pause, then)));
            Self {
                shown: throttled_by(timer, 700, make),
                _owner: owner,
                number,
                n_made,
            }
        }

        fn set(&self, number: u32) {
            self.number.set(number);
            Executor::poll_local();
        }

        fn end_pause(&self) {
            for (pause, then) in TIMERS.take() {
                assert_eq!(pause, Duration::from_millis(700));
                then();
            }
            Executor::poll_local();
        }

        fn seen(&self) -> (String, u32) {
            (self.shown.get_untracked(), self.n_made.get())
        }
    }

    #[test]
    fn words_are_made_as_seldom_as_they_are_shown() {
        let desk = Desk::new();
        assert_eq!(desk.seen(), ("number 0".into(), 1));
        assert!(idle::is_at_rest());
        for number in 1..=60 {
            desk.set(number);
        }
        assert_eq!(desk.seen(), ("number 0".into(), 1));
        assert!(!idle::is_at_rest(), "news is held back");
        desk.end_pause();
        assert_eq!(desk.seen(), ("number 60".into(), 2));
        assert!(idle::is_at_rest());
        // Nothing new within the pause: the next is shown at once.
        desk.end_pause();
        assert_eq!(desk.seen(), ("number 60".into(), 2));
        desk.set(61);
        assert_eq!(desk.seen(), ("number 61".into(), 3));
    }

    #[test]
    fn equal_words_have_their_pause_too() {
        let desk = Desk::new();
        desk.end_pause();
        for _ in 0..60 {
            desk.set(0);
        }
        assert_eq!(desk.seen(), ("number 0".into(), 2));
        desk.end_pause();
        assert_eq!(desk.seen(), ("number 0".into(), 3));
    }

    #[test]
    fn switched_off_it_shows_everything() {
        turn_off();
        let desk = Desk::new();
        for number in 1..=3 {
            desk.set(number);
            assert_eq!(desk.seen(), (format!("number {number}"), number + 1));
        }
        assert!(idle::is_at_rest() && TIMERS.with_borrow(Vec::is_empty));
        IS_OFF.set(false);
    }
}
