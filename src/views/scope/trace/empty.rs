use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::recorder::Lines;
use super::shown::Shown;
use crate::files::Files;
use crate::trace::opened::Opened;
use crate::trace::reading::{self, Given};
use crate::ui::kit::erased::{For, Show};

/// The page's own: file, what it is of, steps.
const EXAMPLES: [(&str, &str, &str); 2] = [
    (
        "digits-lr-0.3.safetensors",
        "Digits, ReLU, learning rate 0.3",
        "2,000",
    ),
    ("digits-lr-0.03.safetensors", "The same at 0.03", "2,000"),
];

const ARROW: &str = "M20 4v22M10 17l10 10 10-10M3 28v9h34v-9";

/// Where a file is dropped, and how to record one.
pub fn empty() -> AnyView {
    view! {
        <div class="trace-empty">
            <svg viewBox="0 0 40 40" width="40" height="40" aria-hidden="true">
                <path d=ARROW></path>
            </svg>
            <h2>"Drop a trace here"</h2>
            <p>
                "A trace is one file that the recorder writes while your model trains: health of every unit, spreads, gradients, updates. No weights, no data. It is read on this device and sent nowhere."
            </p>
            <Lines />
            <p class="fine">
                "PyTorch 2 and Keras 3. A probe costs about as much as ten steps; they lie ever farther apart, and take no more than a tenth of the time."
            </p>
            <p class="fine">
                "In a notebook "
                <a href="./recorders/actiscope_widget.py" download="actiscope_widget.py">
                    "actiscope_widget.py"
                </a> " shows this page while the model trains."
            </p>
        </div>
    }
    .into_any()
}

/// Traces that were open before, and the page's own.
#[component]
pub fn Before() -> impl IntoView {
    let shown = expect_context::<Shown>();
    let traces = shown.traces;
    let before = move || {
        traces.before.with(|before| {
            let name = |(which, opened): (usize, &Opened)| {
                (which, opened.name.clone(), opened.view.chip.clone())
            };
            before.iter().enumerate().map(name).collect::<Vec<_>>()
        })
    };
    let again = move |(which, name, chip): (usize, String, String)| {
        let steps = chip
            .split_once(" · ")
            .map_or("", |(_, steps)| steps)
            .to_owned();
        pick(name, steps, Box::new(move || traces.open_again(which)))
    };
    let examples = EXAMPLES.map(|(file, name, steps)| {
        let open = move || {
            spawn_local(async move {
                // It tells by itself what goes wrong.
                let _ = reading::read(traces, shown.app, vec![Given::Example(file)]).await;
            });
        };
        pick(name.into(), format!("{steps} steps"), Box::new(open))
    });
    view! {
        <div class="group">
            <h2>"Opened before"</h2>
            <Show when=move || traces.before.with(Vec::is_empty)>
                <p class="fine">"None yet. Traces stay on this device."</p>
            </Show>
            <div class="trace-picks">
                <For
                    each=before
                    key=|(which, name, chip)| format!("{which} {name} {chip}")
                    children=again
                />
            </div>
        </div>
        <div class="group">
            <h2>"Or look at an example"</h2>
            <div class="trace-picks">{examples.collect_view()}</div>
        </div>
    }
}

fn pick(name: String, steps: String, open: Box<dyn Fn() + Send>) -> AnyView {
    view! {
        <button type="button" on:click=move |_| open()>
            <span>{name}</span>
            " "
            <i>{steps}</i>
        </button>
    }
    .into_any()
}

/// Asks for files.
#[component]
pub fn OpenButton(label: Signal<String>) -> impl IntoView {
    let files = expect_context::<Files>();
    let choose = move |event: leptos::ev::Event| {
        let input = event
            .target()
            .and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
        let Some(input) = input else { return };
        if let Some(given) = input.files() {
            files.take((0..given.length()).filter_map(|i| given.get(i)).collect());
        }
        // The same file may be chosen again.
        input.set_value("");
    };
    view! {
        <label class="quiet wide file">
            {label}
            <input type="file" multiple accept=".safetensors" on:change=choose />
        </label>
    }
}

/// Lies over the page while a file is dragged over it.
pub fn drop_zone() -> AnyView {
    view! {
        <div class="drop-zone" aria-hidden="true">
            <div>
                <svg viewBox="0 0 40 40" width="40" height="40">
                    <path d=ARROW></path>
                </svg>
                <p>"Drop it: a trace of your model, a run, a network, a table."</p>
            </div>
        </div>
    }
    .into_any()
}
