//! The dialog: save, open, hand over.

use actiscope_core::interop::scripts::{one_line_keras, one_line_pytorch};
use actiscope_core::text::count;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::outgoing::Format;
use super::{Files, disk};
use crate::app::idle::{self, Source};
use crate::memo::Memo;
use crate::ui::kit::copy::CopyButton;
use crate::ui::kit::lazy::{NotLoaded, chunk};

/// A framework, and what a run can be for it.
struct Row {
    name: &'static str,
    about: &'static str,
    files: &'static [(Format, &'static str)],
}

const ROWS: &[Row] = &[
    Row {
        name: "PyTorch",
        about: "A program with the network and its weights inside, and one that trains it again: the same data, first weights and batches.",
        files: &[
            (Format::PyTorch, "Network"),
            (Format::PyTorchTraining, "Training"),
        ],
    },
    Row {
        name: "Keras 3",
        about: "The same two, for whichever backend you have.",
        files: &[
            (Format::Keras, "Network"),
            (Format::KerasTraining, "Training"),
        ],
    },
    Row {
        name: "scikit-learn",
        about: "A pipeline of scaler and MLP, ready to predict, where it can express the network.",
        files: &[(Format::ScikitLearn, "Pipeline")],
    },
    Row {
        name: "ONNX",
        about: "A graph with readable names, from inputs as they are given to probabilities and label. Opset 20.",
        files: &[(Format::Onnx, "Model")],
    },
    Row {
        name: "TensorBoard",
        about: "The run as events: losses, dead and saturated units, histograms of z, a, weights and gradients by layer.",
        files: &[(Format::TensorBoard, "Events")],
    },
];

chunk! {
    files,
    /// What the dialog holds.
    pub fn files_dialog() -> AnyView {
        view! { <FilesSheet /> }.into_any()
    }
}

#[component]
fn FilesSheet() -> impl IntoView {
    let files = expect_context::<Files>();
    let run = files.run;
    let said = RwSignal::new(String::new());
    let step = Memo::new(move |_| run.steps().0);
    let choose = move |event: leptos::ev::Event| {
        let input = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        if let Some(given) = input.and_then(|input| input.files()) {
            files.take((0..given.length()).filter_map(|i| given.get(i)).collect());
        }
    };
    view! {
        <div class="files">
            <section>
                <h3>"Save"</h3>
                <p class="fine">
                    "A run goes on from its file exactly where it stands, bit by bit, with its past."
                </p>
                <div class="row">
                    <Save format=Format::Run label="Save the run" said is_primary=true />
                    <Save format=Format::Parameters label="Parameters alone" said />
                    <span class="fine num">
                        {move || format!("step {}", count(step.get()))}
                    </span>
                </div>
            </section>
            <section>
                <h3>"Open"</h3>
                <p class="fine">
                    "A run that was saved, a network (ONNX, safetensors), a table. Or drop it anywhere on the page."
                </p>
                <label class="quiet file">
                    "Open a file"
                    <input
                        type="file"
                        multiple
                        accept=".safetensors,.onnx,.data,.csv,.tsv,.txt"
                        on:change=choose
                    />
                </label>
            </section>
            <section>
                <h3>"Hand over"</h3>
                <dl class="formats">
                    {ROWS
                        .iter()
                        .map(|row| {
                            view! {
                                <dt>{row.name}</dt>
                                <dd>
                                    <p class="fine">{row.about}</p>
                                    <div class="row">
                                        {row
                                            .files
                                            .iter()
                                            .map(|(format, label)| {
                                                view! {
                                                    <Save
                                                        format=*format
                                                        label
                                                        of=row.name
                                                        said
                                                    />
                                                }
                                            })
                                            .collect_view()}
                                    </div>
                                </dd>
                            }
                        })
                        .collect_view()}
                </dl>
            </section>
            <section>
                <h3>"Copy a line"</h3>
                <Line name="PyTorch" write=one_line_pytorch said />
                <Line name="Keras" write=one_line_keras said />
            </section>
            <p class="said" role="status">
                {said}
            </p>
        </div>
    }
}

/// A button that makes a file of the run as it stands.
#[component]
fn Save(
    format: Format,
    label: &'static str,
    #[prop(optional)] of: &'static str,
    said: RwSignal<String>,
    #[prop(optional)] is_primary: bool,
) -> impl IntoView {
    let run = expect_context::<Files>().run;
    let is_busy = RwSignal::new(false);
    let save = move |_| {
        if is_busy.get_untracked() {
            return;
        }
        is_busy.set(true);
        said.set(String::new());
        let busy = idle::hold(Source::Lazy);
        run.hand_over(move |handed| {
            let events = run.log.with_untracked(|log| log.events.clone());
            let name = format.file_name(handed.scenario.data.source.id(), handed.step);
            let told = match format.bytes(&handed, &events) {
                Ok(bytes) => disk::keep(&name, &bytes).map(|()| size(&name, bytes.len())),
                Err(error) => Err(error),
            };
            // The dialog may be closed by then.
            said.try_set(told.unwrap_or_else(|error| error));
            is_busy.try_set(false);
            drop(busy);
        });
    };
    let name = (!of.is_empty()).then(|| format!("{of}: {label}"));
    view! {
        <button
            type="button"
            class=if is_primary { "primary" } else { "quiet" }
            aria-label=name
            aria-disabled=move || is_busy.get().then_some("true")
            on:click=save
        >
            {label}
        </button>
    }
}

/// "Saved network.onnx, 1.7 kB."
fn size(name: &str, n_bytes: usize) -> String {
    let size = match n_bytes {
        0..1_000 => format!("{n_bytes} bytes"),
        1_000..1_000_000 => format!("{:.1} kB", n_bytes as f64 / 1e3),
        _ => format!("{:.1} MB", n_bytes as f64 / 1e6),
    };
    format!("Saved {name}, {size}.")
}

/// The network as one expression of a framework, to be copied.
#[component]
fn Line(
    name: &'static str,
    write: fn(&actiscope_core::nn::spec::NetworkSpec) -> String,
    said: RwSignal<String>,
) -> impl IntoView {
    let run = expect_context::<Files>().run;
    let line = Memo::new(move |_| run.scenario.with(|scenario| write(&scenario.network)));
    view! {
        <div class="line">
            <code tabindex="0" aria-label=format!("{name} line")>
                {move || line.get()}
            </code>
            <CopyButton
                label="Copy"
                what=name
                text=Box::new(move || {
                    let text = line.get_untracked();
                    Box::pin(async move { Ok::<_, NotLoaded>(text) })
                })
                said
            />
        </div>
    }
}
