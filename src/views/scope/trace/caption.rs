use leptos::prelude::*;

use super::copying::CopyCode;
use super::shown::Shown;
use crate::memo::Memo;
use crate::trace::growing;
use crate::ui::kit::erased::Show;
use crate::ui::kit::words::{Tone, Word, said, word};

/// What happened in the whole run, and the line that would mend it.
#[component]
pub fn Caption() -> impl IntoView {
    let shown = expect_context::<Shown>();
    let traces = shown.traces;
    let words = Memo::new(move |_| words(shown));
    let fix = Memo::new(move |_| {
        shown.base.with(|base| {
            let fix = base.as_ref()?.opened.view.fix.as_ref()?;
            Some((fix.label.clone(), fix.code.clone()))
        })
    });
    let is_empty = move || shown.base.with(Option::is_none) && traces.reading.with(Option::is_none);
    let label = move || {
        fix.with(|fix| {
            fix.as_ref()
                .map_or(String::new(), |(label, _)| format!("Copy the fix: {label}"))
        })
    };
    view! {
        <section class="caption of-trace" aria-label="What is going on">
            <p aria-live="polite">{move || said(words.get())}</p>
            <Show when=move || traces.has_grown.get()>
                <button
                    type="button"
                    class="quiet"
                    title="The file has grown since it was read"
                    on:click=move |_| growing::read_on(traces, shown.app)
                >
                    "Read on"
                </button>
            </Show>
            <Show when=move || fix.with(Option::is_some)>
                <CopyCode
                    class="primary remedy"
                    label=Signal::derive(label)
                    what="The fix"
                    keys="L"
                    text=Callback::new(move |()| fix.get_untracked().map(|(_, code)| code))
                />
            </Show>
            <Show when=is_empty>
                <CopyCode
                    class="primary remedy"
                    label="Copy the lines"
                    what="Lines"
                    text=Callback::new(move |()| shown.recorder.lines_untracked())
                />
            </Show>
        </section>
    }
}

fn words(shown: Shown) -> Vec<Word> {
    if let Some(reading) = shown.traces.reading.get() {
        let share = format!("{:.0} %", 100.0 * reading.share);
        return vec![
            word(Tone::Plain, format!("Reading {}, ", reading.name)),
            word(Tone::Strong, share),
        ];
    }
    shown.base.with(|base| match base {
        Some(base) => {
            let caption = &base.opened.view.caption;
            let tone = match caption.is_bad {
                true => Tone::Bad,
                false => Tone::Good,
            };
            vec![
                word(Tone::Plain, &*caption.before),
                word(tone, &*caption.emphasis),
                word(Tone::Plain, &*caption.after),
            ]
        }
        None => vec![word(
            Tone::Plain,
            "No trace is open. Record your own model, then drop the file here.",
        )],
    })
}
