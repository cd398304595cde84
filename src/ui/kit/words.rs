//! A sentence whose parts are said in different ways: the caption of a view.

use leptos::prelude::*;

use crate::memo::Memo;
use crate::ui::kit::erased::Show;

/// A part of a sentence, and how it is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Word {
    pub text: String,
    pub tone: Tone,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Plain,
    Strong,
    Good,
    Slow,
    Bad,
}

impl Tone {
    fn class(self) -> &'static str {
        match self {
            Self::Plain | Self::Strong => "",
            Self::Good => "good",
            Self::Slow => "slow",
            Self::Bad => "bad",
        }
    }
}

pub fn word(tone: Tone, text: impl Into<String>) -> Word {
    let text = text.into();
    Word { text, tone }
}

/// What is wrong, as the whole sentence.
pub fn problem(text: String) -> Vec<Word> {
    vec![word(Tone::Bad, text)]
}

/// The sentence, as it is read.
pub fn said(words: Vec<Word>) -> AnyView {
    let part = |word: Word| match word.tone {
        Tone::Plain => word.text.into_any(),
        tone => view! { <b class=tone.class()>{word.text}</b> }.into_any(),
    };
    words.into_iter().map(part).collect_view().into_any()
}

/// A sentence on top of a view, and a button for what follows from it, as long as there is something.
#[component]
pub fn CaptionOf(
    words: Memo<Vec<Word>>,
    /// What the button is called; `None` where there is none.
    act: Memo<Option<String>>,
    #[prop(into)] on_press: Callback<()>,
) -> impl IntoView {
    view! {
        <section class="caption" aria-label="What is going on">
            <p>{move || said(words.get())}</p>
            <Show when=move || act.with(Option::is_some)>
                <button type="button" class="primary remedy" on:click=move |_| on_press.run(())>
                    {move || act.get()}
                </button>
            </Show>
        </section>
    }
}
