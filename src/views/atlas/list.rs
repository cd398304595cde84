use actiscope_core::activation::{Activation, ActivationSpec, Family, Function, catalogue};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;

use super::state::{Id, State};
use super::store::Atlas;
use crate::app::App;
use crate::app::theme::Colours;
use crate::held::Held;
use crate::memo::Memo;
use crate::plot::charts::atlas::thumb_path;
use crate::plot::kit::look::{DASHES, Look};
use crate::text;
use crate::views::View;

/// Size of a thumbnail, CSS pixels.
const THUMB: (f64, f64) = (32.0, 18.0);

/// Id of the field.
const SEARCH: &str = "atlas-search";

/// All functions by family: which are drawn, and which one is looked at.
#[component]
pub fn FunctionList() -> impl IntoView {
    let atlas = expect_context::<Atlas>();
    let search = RwSignal::new(String::new());
    let cursor = Held::new(atlas.state.with_untracked(|state| state.focused));
    let list = NodeRef::<html::Div>::new();
    focus_on_slash();
    // By family, the user's own on top.
    let groups = Memo::new(move |_| {
        let wanted = search.with(|text| text.trim().to_ascii_lowercase());
        let n_own = atlas.state.with(|state| state.own.len());
        let matches = |name: &str| name.to_ascii_lowercase().contains(&wanted);
        let own: Vec<Id> = (0..n_own)
            .map(Id::Own)
            .filter(|_| wanted.is_empty())
            .collect();
        let families = Family::ALL.map(|family| {
            let of_family = catalogue().iter().filter(|entry| entry.family == family);
            let shown = of_family.filter(|entry| matches(entry.name) || matches(entry.id));
            (
                family.name(),
                shown.map(|entry| Id::Known(entry.id)).collect::<Vec<_>>(),
            )
        });
        let all = [("Yours", own)].into_iter().chain(families);
        all.filter(|(_, ids)| !ids.is_empty()).collect::<Vec<_>>()
    });
    let step = move |by: isize| {
        let ids: Vec<Id> =
            groups.with_untracked(|groups| groups.iter().flat_map(|g| g.1.clone()).collect());
        let at = ids
            .iter()
            .position(|id| Some(*id) == cursor.get_untracked());
        let to = match at {
            Some(at) => at
                .saturating_add_signed(by)
                .min(ids.len().saturating_sub(1)),
            None => 0,
        };
        if let Some(id) = ids.get(to) {
            cursor.set(Some(*id));
            scroll_to(list, *id);
        }
    };
    let on_key = move |event: web_sys::KeyboardEvent| {
        let at = cursor.get_untracked();
        match (&*event.key(), at) {
            ("ArrowDown", _) => step(1),
            ("ArrowUp", _) => step(-1),
            ("Home", _) => step(-1000),
            ("End", _) => step(1000),
            ("Enter", Some(id)) => atlas.try_to(|state| state.focus(id)),
            (" ", Some(id)) => atlas.try_to(|state| state.toggle(id)),
            _ => return,
        }
        event.prevent_default();
    };
    let group = move |(name, ids): (&'static str, Vec<Id>)| {
        view! {
            <div role="group" aria-label=name>
                <div class="family" aria-hidden="true">{name}</div>
                {ids.into_iter().map(|id| view! { <Row id cursor /> }).collect_view()}
            </div>
        }
    };
    view! {
        <input
            id=SEARCH
            class="search"
            type="search"
            aria-label="Search functions"
            aria-keyshortcuts="/"
            placeholder=format!("Search {} functions", catalogue().len())
            on:input=move |event| search.set(event_target_value(&event))
            on:keydown=move |event: web_sys::KeyboardEvent| {
                if event.key() == "ArrowDown" || event.key() == "Enter" {
                    event.prevent_default();
                    let is_there = cursor.get_untracked().is_some_and(|id| {
                        groups.with_untracked(|groups| groups.iter().any(|g| g.1.contains(&id)))
                    });
                    if !is_there {
                        cursor.set(None);
                        step(0);
                    }
                    if let Some(list) = list.get_untracked() {
                        let _ = list.focus();
                    }
                }
            }
        />
        <div
            node_ref=list
            class="functions"
            role="listbox"
            tabindex="0"
            aria-label="Functions"
            aria-multiselectable="true"
            aria-activedescendant=move || cursor.get().map(row_id)
            on:keydown=on_key
        >
            {move || groups.get().into_iter().map(group).collect_view()}
        </div>
        <p class="empty" hidden=move || groups.with(|groups| !groups.is_empty())>
            "No function has that name. Write it as a formula above."
        </p>
    }
}

fn row_id(id: Id) -> String {
    match id {
        Id::Known(id) => format!("function-{id}"),
        Id::Own(i) => format!("function-own-{}", i + 1),
    }
}

/// Brings a row into view, as little as is needed.
fn scroll_to(list: NodeRef<html::Div>, id: Id) {
    let row = crate::browser::document().get_element_by_id(&row_id(id));
    let (Some(list), Some(row)) = (list.get_untracked(), row) else {
        return;
    };
    let (space, row) = (
        list.get_bounding_client_rect(),
        row.get_bounding_client_rect(),
    );
    let above = space.top() - row.top();
    let below = row.bottom() - space.bottom();
    let by = if above > 0.0 { -above } else { below.max(0.0) };
    list.set_scroll_top(list.scroll_top() + by.round() as i32);
}

/// `/` goes to the search as long as nothing else is typed into.
fn focus_on_slash() {
    let app = expect_context::<App>();
    let handle = window_event_listener(leptos::ev::keydown, move |event| {
        let is_here = View::of_id("atlas").is_some_and(|atlas| app.view.get_untracked() == atlas);
        let is_typing = event
            .target()
            .and_then(|target| target.dyn_into::<web_sys::Element>().ok())
            .is_some_and(|target| {
                matches!(
                    target.closest("input:not([type=range]), textarea, select, dialog"),
                    Ok(Some(_))
                )
            });
        if event.key() == "/"
            && is_here
            && !is_typing
            && !event.ctrl_key()
            && !event.meta_key()
            && let Some(field) = crate::browser::document().get_element_by_id(SEARCH)
            && let Ok(field) = field.dyn_into::<web_sys::HtmlElement>()
        {
            event.prevent_default();
            // Fails for no element that is in the page.
            let _ = field.focus();
        }
    });
    on_cleanup(move || handle.remove());
}

#[component]
fn Row(id: Id, cursor: Held<Option<Id>>) -> impl IntoView {
    let atlas = expect_context::<Atlas>();
    let slot = Memo::new(move |_| atlas.state.with(|state| state.slot_of(id)));
    let is_focused = Memo::new(move |_| atlas.state.with(|state| state.focused == Some(id)));
    let spec = Memo::new(move |_| atlas.state.with(|state| state.spec(id)));
    let params = Signal::derive(move || spec.with(params_text));
    let name = Signal::derive(move || match id {
        Id::Known(_) => atlas.state.with(|state| state.name(id)),
        Id::Own(_) => spec.with(|spec| match &spec.function {
            Function::Formula(text) | Function::Catalogue(text) => text.clone(),
        }),
    });
    view! {
        <div
            id=row_id(id)
            class="row"
            class:chosen=move || slot.get().is_some()
            class:focused=move || is_focused.get()
            class:at=move || cursor.get() == Some(id)
            role="option"
            aria-selected=move || if slot.get().is_some() { "true" } else { "false" }
            aria-current=move || is_focused.get().then_some("true")
            on:click=move |_| {
                cursor.set(Some(id));
                atlas.try_to(|state| state.focus(id));
            }
        >
            <i
                class="tick"
                title="Draw it or not"
                on:click=move |event| {
                    event.stop_propagation();
                    cursor.set(Some(id));
                    atlas.try_to(|state: &mut State| state.toggle(id));
                }
            ></i>
            <Thumb spec=spec place=slot />
            <span class="name" class:formula-text=matches!(id, Id::Own(_))>{name}</span>
            <span class="param">{params}</span>
        </div>
    }
}

/// A small picture of a function in the look of its slot.
#[component]
pub fn Thumb(spec: Memo<ActivationSpec>, place: Memo<Option<usize>>) -> impl IntoView {
    let colours = expect_context::<Colours>();
    let path = move || {
        let activation = spec.with(Activation::resolve);
        activation.map_or_else(
            |_| String::new(),
            |a| thumb_path(|z| a.f(z), THUMB.0, THUMB.1),
        )
    };
    let color = move || {
        colours.version.track();
        place
            .get()
            .map(|slot| Look::of(&colours.drawn(), Some(slot)).color.css())
    };
    let dash = move || {
        let dash = place.get().and_then(|slot| DASHES[slot]);
        dash.map(|[on, off]| format!("{} {}", 0.7 * on, 0.7 * off))
    };
    view! {
        <svg
            class="thumb"
            viewBox=format!("0 0 {} {}", THUMB.0, THUMB.1)
            width=THUMB.0
            height=THUMB.1
            aria-hidden="true"
            style:color=color
        >
            <path d=path stroke-dasharray=dash></path>
        </svg>
    }
}

/// `α 0.01`.
pub fn params_text(spec: &ActivationSpec) -> String {
    let names = spec.param_names();
    let pairs = names.iter().zip(&spec.params);
    let texts: Vec<String> = pairs
        .map(|(name, value)| format!("{} {}", letter(name), text::number(*value, 3)))
        .collect();
    texts.join(", ")
}

/// The Greek letter of a parameter that has one.
pub fn letter(name: &str) -> &str {
    match name {
        "alpha" => "α",
        "beta" => "β",
        "gamma" => "γ",
        "lambda" => "λ",
        "omega" => "ω",
        "theta" => "θ",
        "mu" => "μ",
        "sigma" => "σ",
        other => other,
    }
}
