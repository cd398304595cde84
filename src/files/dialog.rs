//! The dialog: save, open, hand over.

use actiscope_core::interop::export::Format;
use actiscope_core::interop::scripts::{Inexpressible, one_line_keras, one_line_pytorch};
use actiscope_core::interop::trace::Framework;
use actiscope_core::nn::spec::NetworkSpec;
use actiscope_core::text::count;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::outgoing::Kind;
use super::{Files, disk};
use crate::app::idle::{self, Source};
use crate::memo::Memo;
use crate::ui::kit::copy::CopyButton;
use crate::ui::kit::lazy::{NotLoaded, chunk};

/// A framework, and what a run can be for it.
struct Row {
    name: &'static str,
    about: &'static str,
    files: &'static [(Kind, &'static str)],
}

const ROWS: &[Row] = &[
    Row {
        name: "PyTorch",
        about: "A program with the network and its weights inside, and one that trains it again: the same data, first weights and batches.",
        files: &[
            (Kind::Of(Format::PyTorch { trains: false }), "Network"),
            (Kind::Of(Format::PyTorch { trains: true }), "Training"),
        ],
    },
    Row {
        name: "Keras 3",
        about: "The same two, for whichever backend you have.",
        files: &[
            (Kind::Of(Format::Keras { trains: false }), "Network"),
            (Kind::Of(Format::Keras { trains: true }), "Training"),
        ],
    },
    Row {
        name: "scikit-learn",
        about: "A pipeline of scaler and MLP, ready to predict, where it can express the network.",
        files: &[(Kind::Of(Format::ScikitLearn), "Pipeline")],
    },
    Row {
        name: "ONNX",
        about: "A graph with readable names, from inputs as they are given to probabilities and label. Opset 20.",
        files: &[(Kind::Of(Format::Onnx), "Model")],
    },
    Row {
        name: "TensorBoard",
        about: "The run as events: losses, dead and saturated units, histograms of z, a, weights and gradients by layer.",
        files: &[(Kind::Events, "Events")],
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
                    <Save kind=Kind::Of(Format::Run) label="Save the run" said is_primary=true />
                    <Save kind=Kind::Of(Format::Safetensors) label="Parameters alone" said />
                    <span class="fine num">
                        {move || format!("step {}", count(step.get()))}
                    </span>
                </div>
            </section>
            <section>
                <h3>"Open"</h3>
                <p class="fine">
                    "A run that was saved, a trace, a network (ONNX, safetensors), a table. Or drop it anywhere on the page."
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
                                            .map(|(kind, label)| {
                                                view! {
                                                    <Save
                                                        kind=*kind
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
                <h3>"Your own model"</h3>
                <p class="fine">
                    "A recorder looks at the units of your model while it trains, and writes a trace: one file, to be opened here."
                </p>
                <div class="row">
                    <button type="button" class="quiet" on:click=move |_| files.show_how_to_record()>
                        "Show how to record one"
                    </button>
                    {Framework::ALL
                        .map(|framework| {
                            let name = format!("actiscope_{}.py", framework.id());
                            view! {
                                <a
                                    class="quiet"
                                    href=format!("./recorders/{name}")
                                    download=name
                                    aria-label=format!("Recorder for {}", framework.label())
                                >
                                    {framework.label()}
                                </a>
                            }
                        })
                        .collect_view()}
                </div>
            </section>
            <section>
                <h3>"Copy a line"</h3>
                <Line name="PyTorch" write=one_line_pytorch said />
                <Line name="Keras" write=one_line_keras said />
            </section>
            <p class="said" role="status">
                {move || match files.recorder.share.get() {
                    Some(share) => format!("Replaying the run, {:.0} % …", share * 100.0),
                    None => said.get(),
                }}
            </p>
        </div>
    }
}

/// A button that makes a file of the run as it stands.
#[component]
fn Save(
    kind: Kind,
    label: &'static str,
    #[prop(optional)] of: &'static str,
    said: RwSignal<String>,
    #[prop(optional)] is_primary: bool,
) -> impl IntoView {
    let files = expect_context::<Files>();
    let is_busy = RwSignal::new(false);
    let save = move |_| {
        if is_busy.get_untracked() {
            return;
        }
        is_busy.set(true);
        said.set(String::new());
        let busy = idle::hold(Source::Lazy);
        let tell = move |told: Result<String, String>| {
            // The dialog may be closed by then.
            said.try_set(told.unwrap_or_else(|error| error));
            is_busy.try_set(false);
            drop(busy);
        };
        files.run.hand_over(move |run| {
            let name = kind.file_name(run.scenario.data.source.id(), run.step);
            match kind {
                Kind::Of(format) => {
                    let events = files.run.log.with_untracked(|log| log.events.clone());
                    let bytes = format.bytes(&run, &events);
                    let bytes = bytes.map_err(|error| error.to_string());
                    tell(bytes.and_then(|bytes| keep(&name, &bytes)));
                }
                Kind::Events => files.recorder.record(
                    run.run,
                    Box::new(move |recorded| {
                        tell(recorded.and_then(|(bytes, n_left_out)| {
                            let kept = keep(&name, &bytes)?;
                            Ok(match n_left_out {
                                0 => kept,
                                n => format!(
                                    "{kept} {} values that are no numbers are left out.",
                                    count(n as u64)
                                ),
                            })
                        }));
                    }),
                ),
            }
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

/// Keeps a file, and says so.
fn keep(name: &str, bytes: &[u8]) -> Result<String, String> {
    disk::keep(name, bytes)?;
    Ok(size(name, bytes.len()))
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
    write: fn(&NetworkSpec, f64) -> Result<String, Inexpressible>,
    said: RwSignal<String>,
) -> impl IntoView {
    let run = expect_context::<Files>().run;
    let line = Memo::new(move |_| {
        run.scenario.with(|scenario| {
            let line = write(&scenario.network, scenario.training.dropout);
            line.unwrap_or_else(|error| error.to_string())
        })
    });
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
