//! Parts of the page whose code is fetched when they are first shown: what a first look does not need.

use std::pin::Pin;
use std::time::Duration;

use leptos::prelude::*;
use leptos::tachys::reactive_graph::OwnedView;
use leptos::task::spawn_local_scoped_with_cancellation;
use thiserror::Error;

use crate::app::idle::{self, Source};
use crate::browser;

/// What takes no longer is not spoken of.
const QUIET: Duration = Duration::from_millis(200);

/// The code of a part of the page could not be fetched.
#[derive(Clone, Copy, Debug, Error)]
#[error("This part of the page could not be loaded. Is there a connection?")]
pub struct NotLoaded;

#[cfg(split)]
impl From<wasm_split_helpers::SplitLoaderError> for NotLoaded {
    fn from(_: wasm_split_helpers::SplitLoaderError) -> Self {
        Self
    }
}

/// Makes a function the entry of a chunk: it becomes `async`, fetches the chunk when it is first called,
/// and fails if that fails. What only entries of a chunk call lies in it, too.
macro_rules! chunk {
    ($chunk:ident, $(#[$doc:meta])* $vis:vis fn $name:ident($($arg:ident: $of:ty),* $(,)?) -> $out:ty $body:block) => {
        $(#[$doc])*
        #[cfg(split)]
        #[wasm_split_helpers::wasm_split($chunk, fallible)]
        $vis fn $name($($arg: $of),*) -> Result<$out, $crate::ui::kit::lazy::NotLoaded> {
            Ok($body)
        }

        $(#[$doc])*
        #[cfg(not(split))]
        $vis async fn $name($($arg: $of),*) -> Result<$out, $crate::ui::kit::lazy::NotLoaded> {
            Ok($body)
        }
    };
}
pub(crate) use chunk;

type Part = Pin<Box<dyn Future<Output = Result<AnyView, NotLoaded>>>>;

#[derive(Clone, Copy, PartialEq)]
enum State {
    Quiet,
    Late,
    Failed,
    Here,
}

/// Shows a part once it is there, and until then nothing; the user hears of it when that takes long, and
/// can try again when it fails. The part has the contexts of whoever asks for it.
pub fn lazy<F>(part: impl Fn() -> F + 'static) -> AnyView
where
    F: Future<Output = Result<AnyView, NotLoaded>> + 'static,
{
    lazy_part(Box::new(move || Box::pin(part())))
}

/// The same of a whole view, whose style sheets come with it.
pub fn lazy_view<F>(id: &'static str, part: impl Fn() -> F + 'static) -> AnyView
where
    F: Future<Output = Result<AnyView, NotLoaded>> + 'static,
{
    lazy_part(Box::new(move || {
        let part = part();
        Box::pin(async move {
            // Both at once.
            let styled = browser::load_styles(id);
            let part = part.await?;
            styled.await.map_err(|_| NotLoaded)?;
            Ok(part)
        })
    }))
}

fn lazy_part(part: Box<dyn Fn() -> Part>) -> AnyView {
    let state = RwSignal::new(State::Quiet);
    let here = StoredValue::new_local(None::<AnyView>);
    let attempt = Trigger::new();
    Effect::new(move |_| {
        attempt.track();
        let part = untrack(&part);
        untrack(|| {
            let loading = idle::hold(Source::Lazy);
            spawn_local_scoped_with_cancellation(async move {
                let found = part.await;
                drop(loading);
                let now = match found {
                    Ok(_) => State::Here,
                    Err(NotLoaded) => State::Failed,
                };
                // What the part is made of later finds the contexts that it provides, too.
                here.set_value(found.ok().map(|part| OwnedView::new(part).into_any()));
                state.set(now);
            });
        });
        let tell = move || {
            // Gone with whoever asked.
            if state.try_get_untracked() == Some(State::Quiet) {
                state.set(State::Late);
            }
        };
        set_timeout(tell, QUIET);
    });
    let try_again = move |_| {
        state.set(State::Quiet);
        attempt.notify();
    };
    let shown = move || match state.get() {
        State::Quiet => ().into_any(),
        State::Late => view! { <p class="empty" role="status">"Loading …"</p> }.into_any(),
        State::Failed => view! {
            <p class="empty" role="alert">{NotLoaded.to_string()}</p>
            <button type="button" class="quiet" on:click=try_again>"Try again"</button>
        }
        .into_any(),
        State::Here => here.try_update_value(Option::take).flatten().into_any(),
    };
    shown.into_any()
}
