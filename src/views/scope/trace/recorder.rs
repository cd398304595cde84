//! The recorders: the lines that one adds to a training, and the one file that they need. The lines are the file's own: it
//! begins with them.

use actiscope_core::interop::trace::Framework;
use leptos::prelude::*;
use leptos::task::spawn_local_scoped_with_cancellation;

use super::copying::CopyCode;
use super::shown::Shown;
use crate::app::idle::{self, Source};
use crate::browser;
use crate::files::disk;
use crate::held::Held;
use crate::ui::kit::erased::effect;
use crate::ui::kit::fields::{Choice, Segments};

const STORED_AS: &str = "actiscope.recorder";

/// What is known of a recorder's file.
#[derive(Clone, Debug, PartialEq)]
enum File {
    Asked,
    Here(String),
    Missing,
}

/// Which one is chosen, from visit to visit, and its file.
#[derive(Clone, Copy)]
pub struct Recorder {
    pub framework: Held<Framework>,
    file: Held<File>,
}

impl Recorder {
    pub fn follow() -> Self {
        let stored = browser::stored(STORED_AS).unwrap_or_default();
        let recorder = Self {
            framework: Held::new(of_id(&stored)),
            file: Held::new(File::Asked),
        };
        effect(move || recorder.bring(recorder.framework.get()));
        recorder
    }

    fn bring(self, framework: Framework) {
        self.file.set(File::Asked);
        let loading = idle::hold(Source::Lazy);
        // Ended when another is chosen.
        spawn_local_scoped_with_cancellation(async move {
            let text = browser::fetch_text(&format!("recorders/{}", file_name(framework))).await;
            self.file
                .set(text.map_or_else(|_| File::Missing, File::Here));
            drop(loading);
        });
    }

    fn choose(self, framework: Framework) {
        browser::store(STORED_AS, framework.id());
        if self.framework.get_untracked() != framework {
            self.framework.set(framework);
        }
    }

    fn text_untracked(self) -> Option<String> {
        match self.file.get_untracked() {
            File::Here(text) => Some(text),
            File::Asked | File::Missing => None,
        }
    }

    /// What one adds to a training; none before the file is there.
    pub fn lines_untracked(self) -> Option<String> {
        self.text_untracked().map(|text| lines_of(&text))
    }

    fn keep(self, shown: Shown) {
        let name = file_name(self.framework.get_untracked());
        if let Some(text) = self.text_untracked() {
            let said = match disk::keep(&name, text.as_bytes()) {
                Ok(()) => format!("{name} saved: put it beside your script."),
                Err(error) => error,
            };
            shown.said.set(said);
        }
    }
}

fn of_id(id: &str) -> Framework {
    let named = Framework::ALL
        .into_iter()
        .find(|framework| framework.id() == id);
    named.unwrap_or(Framework::PyTorch)
}

/// As it is imported.
pub fn file_name(framework: Framework) -> String {
    format!("actiscope_{}.py", framework.id())
}

/// The first indented block of the text that a recorder begins with.
fn lines_of(recorder: &str) -> String {
    let is_of_block = |line: &&str| line.is_empty() || line.starts_with("    ");
    let lines = recorder.lines().skip(1).skip_while(|line| line.is_empty());
    let block: Vec<&str> = lines
        .take_while(is_of_block)
        .map(|line| line.strip_prefix("    ").unwrap_or(line))
        .collect();
    block.join("\n").trim_end().to_owned()
}

/// PyTorch or Keras, the lines, and what one does with them.
#[component]
pub fn Lines() -> impl IntoView {
    let shown = expect_context::<Shown>();
    let recorder = shown.recorder;
    let choices = Framework::ALL.map(|framework| Choice::new(framework.id(), framework.label()));
    let value = Signal::derive(move || recorder.framework.get().id().to_owned());
    let lines = move || match recorder.file.get() {
        File::Here(text) => lines_of(&text),
        File::Asked => String::new(),
        File::Missing => "The recorder could not be loaded. Is there a connection?".into(),
    };
    let label = move || format!("Download {}", file_name(recorder.framework.get()));
    view! {
        <div class="recorder">
            <Segments
                label="Framework"
                choices=choices.to_vec()
                value=value
                is_named=false
                on_choose=move |id: String| recorder.choose(of_id(&id))
            />
            <pre class="code" tabindex="0" aria-label="Lines to add to your training">
                <code>{lines}</code>
            </pre>
            <div class="row">
                <CopyCode
                    class="quiet"
                    label="Copy"
                    what="Lines"
                    text=Callback::new(move |()| recorder.lines_untracked())
                />
                <button
                    type="button"
                    class="quiet"
                    title="One file, which needs numpy and the framework alone"
                    on:click=move |_| recorder.keep(shown)
                >
                    {label}
                </button>
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(recorder: &str, framework: Framework, ends: [&str; 2]) {
        let lines = lines_of(recorder);
        let import = format!(
            "from {} import Trace",
            file_name(framework).trim_end_matches(".py")
        );
        assert!(lines.starts_with(&import), "{lines}");
        assert!(ends.iter().all(|end| lines.contains(end)), "{lines}");
        assert!(lines.lines().count() < 14, "{lines}");
    }

    #[test]
    fn a_recorder_begins_with_its_lines() {
        let pytorch = include_str!("../../../../www/recorders/actiscope_pytorch.py");
        check(pytorch, Framework::PyTorch, ["trace(step, ", "trace.save("]);
        let keras = include_str!("../../../../www/recorders/actiscope_keras.py");
        check(keras, Framework::Keras, ["model.fit(", "callbacks=[trace]"]);
    }
}
