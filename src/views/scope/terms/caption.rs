use actiscope_core::terms::words::{Said, Tone, caption, next_label};
use leptos::html;
use leptos::prelude::*;

use super::state::{Trace, Why};
use crate::memo::Memo;
use crate::text::count;
use crate::ui::kit::erased::For;

/// The sentence on top, in place of the run's, with the next stage as its button.
#[component]
pub fn Caption() -> impl IntoView {
    let trace = expect_context::<Trace>();
    let said = Memo::new(move |_| match trace.told.get() {
        Ok(told) => {
            let (terms, names) = (&told.pass.terms, trace.class_names());
            let mut said = caption(trace.stage.get(), terms, &told.path, &names, told.moved());
            said.extend(diverged(trace));
            said
        }
        Err(why) => vec![(Tone::Plain, in_words(why).to_owned())],
    });
    let parts = |said: Vec<Said>| said.into_iter().map(part).collect_view();
    let label = Memo::new(move |_| next_label(trace.stage.get()));
    let button = NodeRef::<html::Button>::new();
    // What led here is gone: keys go on here.
    button.on_load(|button| {
        let _ = button.focus();
    });
    view! {
        <section class="caption of-terms" aria-label="What is going on">
            <p class="bad" aria-live="polite">
                <For each=move || vec![said.get()] key=|said| format!("{said:?}") children=parts />
            </p>
            <button
                node_ref=button
                type="button"
                class="primary"
                aria-keyshortcuts="ArrowRight"
                title="Right arrow"
                disabled=move || trace.told.with(Result::is_err)
                on:click=move |_| trace.go_on()
            >
                {move || label.get()}
            </button>
        </section>
    }
}

fn in_words(why: Why) -> &'static str {
    match why {
        Why::Waiting => "The engine is telling the weights of this step.",
        Why::Diverged => "The weights of this step are no numbers: there is nothing to follow.",
        Why::NoSample => "There is no sample to follow.",
    }
}

/// The run that is shown before it lost its numbers.
fn diverged(trace: Trace) -> Option<Said> {
    let step = trace.diverged_at.get()?;
    let text = format!(
        " The run diverged at step {}: this is the step before, the last with numbers.",
        count(step)
    );
    Some((Tone::Plain, text))
}

/// A part of a sentence, written as its tone asks.
pub fn part((tone, text): Said) -> AnyView {
    match tone {
        Tone::Plain => text.into_any(),
        Tone::Strong => view! { <strong>{text}</strong> }.into_any(),
        Tone::Low => view! { <b>{text}</b> }.into_any(),
    }
}
