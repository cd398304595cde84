//! What is chosen in a view, as the address has it.

use leptos::prelude::untrack;

use crate::app::App;
use crate::held::Held;
use crate::memo::Memo;
use crate::ui::kit::erased::effect;
use crate::views::View;

/// All that is chosen in a view: plain data with its form in the address.
pub trait Choices: Clone + PartialEq + Send + Sync + 'static {
    /// As in the view's row.
    const KEYS: &'static [&'static str];

    /// The texts of the keys, in their order; `None` for what is as usual.
    fn to_keys(&self) -> Vec<Option<String>>;

    /// What the texts of the keys say; what cannot be read is left as usual.
    fn of_keys(text: &dyn Fn(&str) -> Option<String>) -> Self;
}

/// Whether a view is on show.
pub fn is_here(app: App, view: &'static str) -> Memo<bool> {
    Memo::new(move |_| View::of_id(view).is_some_and(|view| app.shows(view)))
}

/// What the address says, which follows it from now on. Back and forward, and addresses that are typed in, change it
/// where the view is on show.
pub fn followed<C: Choices>(app: App, is_here: Memo<bool>) -> Held<C> {
    let state = Held::new(untrack(|| of_address::<C>(app)));
    effect(move || {
        for (key, text) in C::KEYS.iter().zip(state.with(C::to_keys)) {
            app.keep(key, text);
        }
    });
    effect(move || {
        let opened = of_address::<C>(app);
        if is_here.get() && untrack(|| state.with(|now| opened.to_keys() != now.to_keys())) {
            state.set(opened);
        }
    });
    state
}

fn of_address<C: Choices>(app: App) -> C {
    C::of_keys(&|key| app.kept(C::KEYS.iter().find(|known| **known == key)?))
}

/// What is left of it after a way through the address.
#[cfg(test)]
pub fn read_back<C: Choices>(choices: &C) -> C {
    let texts = choices.to_keys();
    C::of_keys(&|key| {
        let at = C::KEYS.iter().position(|known| *known == key)?;
        texts[at].clone()
    })
}
