//! Leptos' `Memo`, compiled once for all kinds of values: what it takes to follow and to tell is some kilobytes
//! for each kind otherwise, and the page has dozens.

use std::marker::PhantomData;

use leptos::prelude::{Get, GetUntracked, Signal, Track};

use crate::kept::Kept;

type Followed = leptos::prelude::Memo<Kept>;
type Follow = Box<dyn Fn(Option<&Kept>) -> Kept + Send + Sync>;

/// A value that follows others, and tells those who follow it of other values only.
pub struct Memo<T> {
    kept: Followed,
    value: PhantomData<fn() -> T>,
}

impl<T> Clone for Memo<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Memo<T> {}

impl<T: PartialEq + Send + Sync + 'static> Memo<T> {
    /// `follow` gets the value before, if there was one.
    pub fn new(follow: impl Fn(Option<&T>) -> T + Send + Sync + 'static) -> Self {
        let follow = move |before: Option<&Kept>| Kept::new(follow(before.map(Kept::value)));
        Self {
            kept: followed(Box::new(follow)),
            value: PhantomData,
        }
    }

    /// What `look` makes of the value, whose changes are followed.
    pub fn with<R>(&self, look: impl FnOnce(&T) -> R) -> R {
        look(tracked(self.kept).value())
    }

    pub fn with_untracked<R>(&self, look: impl FnOnce(&T) -> R) -> R {
        look(untracked(self.kept).value())
    }

    pub fn track(&self) {
        self.kept.track();
    }
}

impl<T: PartialEq + Clone + Send + Sync + 'static> Memo<T> {
    pub fn get(&self) -> T {
        self.with(T::clone)
    }

    pub fn get_untracked(&self) -> T {
        self.with_untracked(T::clone)
    }
}

impl<T: PartialEq + Clone + Send + Sync + 'static> From<Memo<T>> for Signal<T> {
    fn from(memo: Memo<T>) -> Self {
        Self::derive(move || memo.get())
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place that compiles it")]
fn followed(follow: Follow) -> Followed {
    Followed::new(follow)
}

#[inline(never)]
fn tracked(kept: Followed) -> Kept {
    kept.get()
}

#[inline(never)]
fn untracked(kept: Followed) -> Kept {
    kept.get_untracked()
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use leptos::prelude::{Owner, RwSignal, Set, Update, With};

    use super::*;

    #[test]
    fn it_follows_and_knows_what_was_before() {
        let owner = Owner::new();
        owner.set();
        let source = RwSignal::new(1);
        let sum = Memo::new(move |before: Option<&i32>| before.unwrap_or(&0) + source.get());
        assert_eq!((sum.get(), sum.get_untracked()), (1, 1));
        source.set(5);
        assert_eq!(sum.get(), 6);
        assert_eq!(sum.get(), 6, "nothing has changed");
        let signal: Signal<i32> = sum.into();
        source.update(|source| *source += 1);
        assert_eq!(signal.get(), 12);
    }

    #[test]
    fn an_equal_value_is_no_news() {
        let owner = Owner::new();
        owner.set();
        let source = RwSignal::new(1);
        let is_odd = Memo::new(move |_| source.with(|source| source % 2 == 1));
        let counted = Arc::new(std::sync::atomic::AtomicU32::new(0));
        let counter = Arc::clone(&counted);
        let told = Memo::new(move |_| {
            counter.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            is_odd.with(|is_odd| format!("odd: {is_odd}"))
        });
        assert_eq!(told.get(), "odd: true");
        source.set(3);
        assert_eq!(told.get(), "odd: true");
        source.set(4);
        assert_eq!(told.get(), "odd: false");
        assert_eq!(counted.load(std::sync::atomic::Ordering::Relaxed), 2);
    }
}
