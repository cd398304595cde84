use leptos::prelude::*;

use crate::app::App;

/// The area of the view's grid that what is made here stands in. There is none within another's page, which arranges
/// panels by itself.
#[derive(Clone, Copy, Debug)]
pub struct Area(pub &'static str);

/// For `style:grid-area` of the element that fills it.
pub fn area() -> Option<&'static str> {
    use_context::<Area>().map(|area| area.0)
}

/// The number of a panel of which a lesson speaks, for `data-mark`.
pub fn mark(name: &'static str) -> impl Fn() -> Option<String> {
    let app = use_context::<App>();
    move || {
        let number = |marked: &Vec<String>| marked.iter().position(|marked| marked == name);
        Some((app?.marked.with(number)? + 1).to_string())
    }
}

/// One panel: its title, a word about what is shown, and the thing itself.
#[component]
pub fn Panel(
    /// For the style sheet, and for tests.
    name: &'static str,
    #[prop(into)] title: Signal<String>,
    #[prop(optional, into)] aside: Signal<String>,
    /// Buttons at the end of the heading's line.
    #[prop(optional)]
    tools: Option<AnyView>,
    children: Children,
) -> impl IntoView {
    let heading_id = format!("panel-{name}");
    let named_by = heading_id.clone();
    let heading = view! {
        <h2>
            <span class="title" id=heading_id>
                {title}
            </span>
            <span class="aside">{aside}</span>
        </h2>
    };
    let head = match tools {
        None => heading.into_any(),
        Some(tools) => view! {
            <div class="head">
                {heading} <div class="panel-tools">{tools}</div>
            </div>
        }
        .into_any(),
    };
    view! {
        <section
            class=format!("panel {name}")
            style:grid-area=area()
            data-mark=mark(name)
            aria-labelledby=named_by
        >
            {head}
            {children()}
        </section>
    }
}
