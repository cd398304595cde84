use std::pin::Pin;

use actiscope_core::data::DataSpec;
use leptos::html;
use leptos::prelude::*;
use leptos::task::spawn_local;
use wasm_bindgen::JsCast;

use crate::app::App;
use crate::browser;
use crate::plot::kit::color::Color;
use crate::plot::kit::geometry::Rect;
use crate::plot::kit::scene::{Paint, Scene, Shape};
use crate::plot::kit::svg::svg;
use crate::run::Run;
use crate::trace::Traces;
use crate::ui::kit::erased::Show;
use crate::ui::kit::lazy::{NotLoaded, chunk};

/// Pixels of a saved picture to a CSS pixel.
#[cfg(target_arch = "wasm32")]
const PIXEL_RATIO: f64 = 2.0;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Format {
    Png,
    Svg,
    Csv,
}

impl Format {
    const ALL: [Self; 3] = [Self::Png, Self::Svg, Self::Csv];

    fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Svg => "svg",
            Self::Csv => "csv",
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Png => "PNG picture",
            Self::Svg => "SVG drawing",
            Self::Csv => "CSV table",
        }
    }
}

/// The text of a table, whose code is fetched when one saves it.
pub type Table = Pin<Box<dyn Future<Output = Result<String, NotLoaded>>>>;

/// What of a chart is saved.
pub struct Chart {
    /// For the file's name.
    pub panel: &'static str,
    /// The chart, and the ground to put it on. What is a table already has none.
    pub picture: Option<Box<dyn Fn() -> (Scene, Color)>>,
    pub table: Box<dyn Fn() -> Table>,
}

/// A button that opens a choice of formats, each of which saves the chart as a file.
#[component]
pub fn SaveMenu(title: Signal<String>, chart: Chart) -> impl IntoView {
    let app = expect_context::<App>();
    let run = expect_context::<Run>();
    let traces = use_context::<Traces>();
    let panel = chart.panel;
    let has_picture = chart.picture.is_some();
    let chart = StoredValue::new_local(chart);
    let is_open = RwSignal::new(false);
    let button = NodeRef::<html::Button>::new();
    let close = move || {
        is_open.set(false);
        if let Some(button) = button.get_untracked() {
            // Fails for no element that is in the page.
            let _ = button.focus();
        }
    };
    let save = move |format: Format| {
        let of_run = app.view.get_untracked().shows_run.then(|| {
            let of_trace = traces.filter(|traces| traces.is_shown.get_untracked());
            let step = of_trace.and_then(Traces::step).unwrap_or_else(|| {
                run.snapshot.with_untracked(|snapshot| {
                    snapshot.as_ref().map_or(0, |snapshot| snapshot.step)
                })
            });
            format!("-step{step}")
        });
        let of_run = of_run.unwrap_or_default();
        let name = format!("actiscope-{panel}{of_run}.{}", format.extension());
        spawn_local(async move {
            match url_of(chart, format).await {
                Ok(url) => download(&name, &url),
                Err(error) => app.notices.problem("save", error),
            }
        });
        close();
    };
    let item = move |format: Format| {
        view! {
            <button type="button" class="item" on:click=move |_| save(format)>
                {format.label()}
            </button>
        }
    };
    view! {
        <div
            class="save"
            on:keydown=move |event| {
                if event.key() == "Escape" && is_open.get_untracked() {
                    event.prevent_default();
                    close();
                }
            }
            on:focusout=move |event| {
                // Into the menu or back to its button is no leaving.
                let to = event.related_target().and_then(|to| to.dyn_into::<web_sys::Node>().ok());
                let stays = event
                    .current_target()
                    .and_then(|menu| menu.dyn_into::<web_sys::Node>().ok())
                    .is_some_and(|menu| menu.contains(to.as_ref()));
                if to.is_some() && !stays {
                    is_open.set(false);
                }
            }
        >
            <button
                node_ref=button
                type="button"
                class="quiet mini"
                aria-label=move || format!("Save {}", title.get())
                aria-expanded=move || if is_open.get() { "true" } else { "false" }
                title="Save as picture or table"
                on:click=move |_| is_open.update(|is_open| *is_open = !*is_open)
            >
                "Save"
            </button>
            <Show when=move || is_open.get()>
                <div class="menu">
                    {Format::ALL
                        .into_iter()
                        .filter(|format| has_picture || *format == Format::Csv)
                        .map(item)
                        .collect_view()}
                </div>
            </Show>
        </div>
    }
}

/// A URL that holds the file.
async fn url_of(chart: StoredValue<Chart, LocalStorage>, format: Format) -> Result<String, String> {
    let not_loaded = |error: NotLoaded| error.to_string();
    if format == Format::Csv {
        let text = chart.with_value(|chart| (chart.table)()).await;
        return Ok(text_url("text/csv", &text.map_err(not_loaded)?));
    }
    let picture = chart.with_value(|chart| chart.picture.as_ref().map(|picture| picture()));
    match picture {
        Some(picture) => picture_url(picture, format).await.map_err(not_loaded)?,
        None => Err("This is no picture: save it as a table.".into()),
    }
}

chunk! {
    saving,
    fn picture_url(picture: (Scene, Color), format: Format) -> Result<String, String> {
        if format == Format::Png {
            png_url(picture)
        } else {
            let (scene, ground) = picture;
            Ok(text_url("image/svg+xml", &svg(&scene, Some(ground))))
        }
    }
}

/// The picture on its ground.
fn on_ground((mut scene, ground): (Scene, Color)) -> Scene {
    let shape = Shape::Rect {
        rect: Rect::of_size(scene.size),
        radius: 0.0,
        paint: Paint::fill(ground),
    };
    scene.shapes.insert(0, shape);
    scene
}

#[cfg(target_arch = "wasm32")]
fn png_url(picture: (Scene, Color)) -> Result<String, String> {
    let canvas: web_sys::HtmlCanvasElement = browser::document()
        .create_element("canvas")
        .ok()
        .and_then(|canvas| canvas.dyn_into().ok())
        .ok_or("the browser makes no canvas to save the picture from")?;
    crate::plot::kit::canvas::paint(&canvas, &on_ground(picture), PIXEL_RATIO)
        .map_err(|error| error.to_string())?;
    canvas
        .to_data_url()
        .map_err(|error| format!("the picture cannot be saved: {}", browser::words(&error)))
}

/// Natively the page is compiled for its tests only.
#[cfg(not(target_arch = "wasm32"))]
fn png_url(picture: (Scene, Color)) -> Result<String, String> {
    let _ = on_ground(picture);
    Err("only a browser paints".into())
}

/// Saves the samples of a run as a table, as they are before anything is held out or standardised.
pub fn save_samples(app: App, run: Run) {
    let (data, seed) = run
        .scenario
        .with_untracked(|scenario| (scenario.data.clone(), scenario.seed));
    let name = format!("actiscope-{}.csv", data.source.id());
    spawn_local(async move {
        let text = match samples_csv(data, seed).await {
            Ok(text) => text,
            Err(error) => Err(error.to_string()),
        };
        match text {
            Ok(text) => download(&name, &text_url("text/csv", &text)),
            Err(error) => app.notices.problem("save", error),
        }
    });
}

chunk! {
    saving,
    fn samples_csv(data: DataSpec, seed: u32) -> Result<String, String> {
        data.to_csv(seed).map_err(|error| error.to_string())
    }
}

fn text_url(kind: &str, text: &str) -> String {
    let text = String::from(js_sys::encode_uri_component(text));
    format!("data:{kind};charset=utf-8,{text}")
}

/// Has the browser keep what a URL names as a file.
fn download(name: &str, url: &str) {
    let anchor = browser::document().create_element("a").ok();
    let Some(anchor) = anchor.and_then(|a| a.dyn_into::<web_sys::HtmlElement>().ok()) else {
        return;
    };
    // Neither fails: both are valid names of attributes.
    let _ = anchor.set_attribute("href", url);
    let _ = anchor.set_attribute("download", name);
    anchor.click();
}
