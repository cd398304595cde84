//! Leptos' `Show`, `For` and `Effect`. Theirs are compiled anew for each place that they are used at, these once.

use crate::memo::Memo;
use leptos::prelude::*;

/// Does something now, and again whenever what it looked at has changed.
pub fn effect(run: impl Fn() + 'static) {
    fn effect(run: Box<dyn Fn()>) {
        Effect::new(move |_| run());
    }
    effect(Box::new(run));
}

/// Shows its children as long as something is so.
#[component(transparent)]
pub fn Show(
    when: impl Fn() -> bool + Send + Sync + 'static,
    children: ChildrenFn,
    #[prop(optional, into)] fallback: ViewFn,
) -> impl IntoView {
    show(Box::new(when), children, fallback)
}

fn show(
    when: Box<dyn Fn() -> bool + Send + Sync>,
    children: ChildrenFn,
    fallback: ViewFn,
) -> AnyView {
    let is_so = Memo::new(move |_| when());
    let shown = move || match is_so.get() {
        true => children(),
        false => fallback.run(),
    };
    shown.into_any()
}

/// Shows a view for each of some things. A view stays as long as there is a thing of its key.
#[component(transparent)]
pub fn For<T, V>(
    each: impl Fn() -> Vec<T> + Send + Sync + 'static,
    key: impl Fn(&T) -> String + Send + Sync + 'static,
    children: impl Fn(T) -> V + Clone + Send + Sync + 'static,
) -> impl IntoView
where
    T: Send + 'static,
    V: IntoView,
{
    list(Box::new(move || {
        let thing = |thing| {
            let key = key(&thing);
            let children = children.clone();
            Thing {
                key,
                view: Box::new(move || children(thing).into_any()),
            }
        };
        each().into_iter().map(thing).collect()
    }))
}

struct Thing {
    key: String,
    view: Box<dyn FnOnce() -> AnyView + Send>,
}

fn list(each: Box<dyn Fn() -> Vec<Thing> + Send + Sync>) -> AnyView {
    view! {
        <leptos::prelude::For
            each=each
            key=|thing: &Thing| thing.key.clone()
            children=|thing: Thing| (thing.view)()
        />
    }
    .into_any()
}
