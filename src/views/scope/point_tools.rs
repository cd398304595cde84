use actiscope_core::data::PointKind;
use actiscope_core::number::parse_f64;
use leptos::prelude::*;

use crate::memo::Memo;
use crate::run::Run;
use crate::run::points::{Points, Tool, complaint, kind};
use crate::text;
use crate::ui::kit::erased::Show;
use crate::ui::kit::lazy::chunk;

chunk! {
    points,
    pub fn point_tools() -> AnyView {
        view! { <PointTools /> }.into_any()
    }
}

/// What a press on the picture does, while points are edited.
#[component]
fn PointTools() -> impl IntoView {
    let run = expect_context::<Run>();
    let points = expect_context::<Points>();
    let kind = Memo::new(move |_| kind(run));
    let tools = move || {
        let n_classes = match kind.get() {
            Some(PointKind::Classes { n_classes }) => usize::from(n_classes),
            Some(PointKind::Numbers | PointKind::Curve) => 1,
            None => 0,
        };
        let adds = (0..n_classes).map(|class| {
            let (name, shown) = match n_classes {
                1 => ("Add point".to_owned(), "Add".to_owned()),
                2 => (format!("Add class {class}"), format!("class {class}")),
                _ => (format!("Add class {class}"), class.to_string()),
            };
            view! { <ToolButton tool=Tool::Add { class } name shown /> }
        });
        adds.collect_view()
    };
    let is_numbers = Memo::new(move |_| kind.get() == Some(PointKind::Numbers));
    let says = move || {
        if points.is_blank.get() {
            return "Empty: press on the picture to set the first point.";
        }
        let complaint = run
            .scenario
            .with(|scenario| complaint(&scenario.data.source));
        complaint.unwrap_or("Press on the picture. Every change begins the run anew.")
    };
    view! {
        <div class="point-tools">
            <div class="row" role="toolbar" aria-label="Your own points">
                {tools}
                <ToolButton tool=Tool::Remove name="Remove".to_owned() shown="Remove".to_owned() />
                <button
                    type="button"
                    class="quiet"
                    disabled=points.is_blank
                    title="Begin with an empty picture"
                    on:click=move |_| {
                        points.is_blank.set(true);
                        points.tool.set(Tool::Add { class: 0 });
                    }
                >
                    "Empty"
                </button>
                <button type="button" class="quiet" on:click=move |_| points.end()>
                    "Done"
                </button>
            </div>
            <Show when=move || is_numbers.get()>
                <label class="value">
                    <span>"Value of new points"</span>
                    <input
                        type="range"
                        min="-1"
                        max="1"
                        step="0.05"
                        prop:value=move || points.value.get().to_string()
                        on:input=move |event| {
                            if let Some(value) = parse_f64(&event_target_value(&event)) {
                                points.value.set(value);
                            }
                        }
                    />
                    <output>{move || text::decimals(points.value.get(), 2)}</output>
                </label>
            </Show>
            <p class="fine" role="status">
                {says}
            </p>
        </div>
    }
}

#[component]
fn ToolButton(tool: Tool, name: String, shown: String) -> impl IntoView {
    let points = expect_context::<Points>();
    let is_chosen = move || points.tool.get() == tool;
    view! {
        <button
            type="button"
            class="quiet"
            aria-label=name
            aria-pressed=move || is_chosen().to_string()
            on:click=move |_| points.tool.set(tool)
        >
            {shown}
        </button>
    }
}
