use leptos::prelude::*;

use super::store::Classify;
use crate::memo::Memo;
use crate::ui::kit::words::{CaptionOf, Tone, Word, word};

/// What to say first of the answers, and what to do about it.
#[component]
pub fn Caption() -> impl IntoView {
    let classify = expect_context::<Classify>();
    let words = Memo::new(move |_| {
        let Some([before, emphasis, after]) = classify.sentence() else {
            let text = match classify.n_classes.get() {
                0 => "",
                _ => "The network answers in a moment.",
            };
            return vec![word(Tone::Plain, text)];
        };
        let has_remedy = classify
            .verdict
            .with(|verdict| verdict.as_ref().is_some_and(|v| v.remedy().is_some()));
        let tone = if has_remedy { Tone::Bad } else { Tone::Good };
        let parts = [
            (Tone::Plain, before),
            (tone, emphasis),
            (Tone::Plain, after),
        ];
        let parts = parts.into_iter().filter(|(_, text)| !text.is_empty());
        parts
            .map(|(tone, text)| word(tone, text))
            .collect::<Vec<Word>>()
    });
    let remedy = Memo::new(move |_| {
        classify
            .verdict
            .with(|verdict| verdict.as_ref().and_then(|verdict| verdict.remedy()))
    });
    let act = Memo::new(move |_| remedy.get().map(|remedy| remedy.label()));
    let press = move |()| {
        if let Some(remedy) = remedy.get_untracked() {
            classify.act(remedy);
        }
    };
    view! { <CaptionOf words act on_press=press /> }
}
