//! Leptos' `RwSignal`, compiled once for all kinds of values, as [`crate::memo::Memo`] is.

use std::marker::PhantomData;

use leptos::prelude::{Get, GetUntracked, RwSignal, Set, Track};

use crate::kept::Kept;

/// A value that can be changed, and tells those who follow it.
pub struct Held<T> {
    kept: RwSignal<Kept>,
    value: PhantomData<fn() -> T>,
}

impl<T> Clone for Held<T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<T> Copy for Held<T> {}

impl<T: PartialEq + Send + Sync + 'static> Held<T> {
    pub fn new(value: T) -> Self {
        Self {
            kept: begin(Kept::new(value)),
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

    pub fn set(&self, value: T) {
        set(self.kept, Kept::new(value));
    }
}

impl<T: PartialEq + Clone + Send + Sync + 'static> Held<T> {
    pub fn get(&self) -> T {
        self.with(T::clone)
    }

    pub fn get_untracked(&self) -> T {
        self.with_untracked(T::clone)
    }

    pub fn update(&self, change: impl FnOnce(&mut T)) {
        let mut value = self.get_untracked();
        change(&mut value);
        self.set(value);
    }
}

#[inline(never)]
fn begin(kept: Kept) -> RwSignal<Kept> {
    RwSignal::new(kept)
}

#[inline(never)]
fn tracked(kept: RwSignal<Kept>) -> Kept {
    kept.get()
}

#[inline(never)]
fn untracked(kept: RwSignal<Kept>) -> Kept {
    kept.get_untracked()
}

/// What is gone with whoever made it takes nothing any more.
#[inline(never)]
fn set(kept: RwSignal<Kept>, value: Kept) {
    kept.try_set(value);
}

#[cfg(test)]
mod tests {
    use leptos::prelude::Owner;

    use super::*;
    use crate::memo::Memo;

    #[test]
    fn it_is_changed_and_followed() {
        let owner = Owner::new();
        owner.set();
        let words = Held::new(vec!["one".to_owned()]);
        let count = Memo::new(move |_| words.with(Vec::len));
        assert_eq!(count.get(), 1);
        words.update(|words| words.push("two".to_owned()));
        assert_eq!((count.get(), words.get_untracked().len()), (2, 2));
        words.set(Vec::new());
        assert_eq!(count.get(), 0);
    }
}
