use actiscope_core::terms::path::is_low;
use actiscope_core::terms::words::{self, Saying, Stage};
use actiscope_core::terms::{Norm, ShownTerms, Terms, UnitTerms};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement, KeyboardEvent, PointerEvent};

use super::layout::{Place, em};
use super::state::{Told, Trace};
use crate::text::decimals;

/// A unit, hidden or output: what goes in, what comes out, and what comes back.
pub fn unit_card(
    trace: Trace,
    told: &Told,
    (layer, unit): (usize, usize),
    place: Option<Place>,
) -> AnyView {
    let terms = &told.pass.terms;
    let stage = trace.stage.get();
    let is_on = told.path.units[layer] == unit;
    let is_output = layer == terms.n_hidden();
    let function = match is_output {
        true => words::squash_name(terms.made_of.squash).to_owned(),
        false => trace.function_of(layer),
    };
    let title = words::unit_title(terms, layer, unit);
    let n_beside = terms.layers[layer].len();
    let head = match is_output && n_beside == 1 {
        // There is no other.
        true => title.clone().into_any(),
        false => view! {
            <button type="button" class="pick" aria-pressed=is_on.to_string()>
                {title.clone()}
            </button>
        }
        .into_any(),
    };
    let beside = (place.is_none() && n_beside > 1).then(|| {
        let go = move |by: usize| {
            move |event: leptos::ev::MouseEvent| {
                event.stop_propagation();
                trace.choose(layer, (unit + by) % n_beside);
            }
        };
        let of = |what: &str| format!("{}: unit {what}", layer_name(terms, layer));
        view! {
            <span class="beside">
                <button type="button" class="quiet mini" aria-label=of("before") on:click=go(n_beside - 1)>"‹"</button>
                <button type="button" class="quiet mini" aria-label=of("after") on:click=go(1)>"›"</button>
            </span>
        }
    });
    let of = &terms.layers[layer][unit];
    let lines = Lines {
        terms,
        function: &function,
    };
    let rows = term_rows(&lines, told, layer, of, place.is_some());
    let norm = of.norm.map(|norm| norm_rows(&lines, of, norm));
    let comes_out = match is_output {
        true => output_line(&lines, unit, of),
        false => hidden_line(&lines, of, stage),
    };
    let comes_back = (stage >= Stage::Backward).then(|| match is_output {
        true => error_line(&lines, unit, of),
        false => view! {
            <span tabindex="-1" data-says=lines.says(Saying::DA)>"∂L/∂a " <b>{words::gradient(of.d_a)}</b></span>
            <span tabindex="-1" data-says=lines.says(Saying::DZ)>"∂L/∂z " <b>{words::gradient(of.d_z)}</b></span>
        }
        .into_any(),
    });
    let can_choose = n_beside > 1;
    let choose = move |event: leptos::ev::MouseEvent| {
        if can_choose && !is_tap_on_number(&event) {
            trace.choose(layer, unit);
        }
    };
    view! {
        <div
            class="card"
            class:on=is_on
            role="group"
            aria-label=title
            style:left=place.map(|place| em(place.x))
            style:top=place.map(|place| em(place.y))
            style:height=place.map(|place| em(place.height))
            on:click=choose
            on:keydown=walk
        >
            <h3>
                {head} {beside} <span>{function}</span>
            </h3>
            {rows}
            {norm}
            <div class="line sum">{comes_out}</div>
            <div class="line back">{comes_back}</div>
        </div>
    }
    .into_any()
}

fn layer_name(terms: &Terms, layer: usize) -> String {
    match layer < terms.n_hidden() {
        true => format!("Layer {}", layer + 1),
        false => "Output".into(),
    }
}

/// What the lines of a card are about.
struct Lines<'a> {
    terms: &'a Terms,
    function: &'a str,
}

impl Lines<'_> {
    fn says(&self, what: Saying) -> String {
        what.text(self.terms, self.function)
    }
}

/// Inputs times weights, and the bias. Of a unit of the path in a large network some of them, and the rest as one.
fn term_rows(lines: &Lines, told: &Told, layer: usize, of: &UnitTerms, is_whole: bool) -> AnyView {
    let terms = lines.terms;
    let inputs = terms.inputs_of(layer);
    let shown = match is_whole {
        true => ShownTerms {
            shown: (0..inputs.len()).collect(),
            n_more: 0,
            sum_of_more: 0.0,
        },
        false => terms.shown_terms(&told.path, layer),
    };
    let rows = shown.shown.iter().map(|&i| {
        let (w, a) = (of.weights[i], inputs[i]);
        view! {
            <div class="row" tabindex="-1" data-says=lines.says(Saying::Term)>
                <span>{format!("w × {}", words::term_name(layer, i))}</span>
                <span>{format!("{} × {}", words::plain(w), words::plain(a))}</span>
                <b>{words::plain(w * a)}</b>
            </div>
        }
    });
    let more = (shown.n_more > 0).then(|| {
        let name = match shown.n_more {
            1 => "and 1 more term".to_owned(),
            n => format!("and {n} more terms, sum"),
        };
        view! {
            <div class="row" tabindex="-1" data-says=lines.says(Saying::MoreTerms)>
                <span>{name}</span>
                <b>{words::plain(shown.sum_of_more)}</b>
            </div>
        }
    });
    view! {
        {rows.collect_view()}
        {more}
        <div class="row" tabindex="-1" data-says=lines.says(Saying::Bias)>
            <span>"+ b"</span>
            <b>{words::plain(of.bias)}</b>
        </div>
    }
    .into_any()
}

/// Batch normalization, step by step: the sum of the lines above goes on from line to line.
fn norm_rows(lines: &Lines, of: &UnitTerms, norm: Norm) -> AnyView {
    let centred = of.u - norm.mean;
    let scale_and_shift = format!("{}, {}", words::plain(norm.gamma), words::plain(norm.beta));
    let rows = [
        ("− mean", words::plain(norm.mean), centred),
        (
            "/ SD",
            words::plain(norm.deviation),
            centred / norm.deviation,
        ),
        ("× γ + β", scale_and_shift, of.z),
    ];
    let rows = rows.map(|(name, by, makes)| {
        view! {
            <div class="row" tabindex="-1" data-says=lines.says(Saying::Norm)>
                <span>{name}</span>
                <span>{by}</span>
                <b>{words::plain(makes)}</b>
            </div>
        }
    });
    rows.into_iter().collect_view().into_any()
}

fn hidden_line(lines: &Lines, of: &UnitTerms, stage: Stage) -> AnyView {
    let slope = (stage >= Stage::Backward).then(|| {
        view! {
            <span tabindex="-1" data-says=lines.says(Saying::Slope)>
                "f′ " <b class:low=is_low(of.slope)>{words::slope(of.slope)}</b>
            </span>
        }
    });
    view! {
        <span tabindex="-1" data-says=lines.says(Saying::Z)>"z " <b>{words::plain(of.z)}</b></span>
        <span tabindex="-1" data-says=lines.says(Saying::A)>"a " <b>{words::plain(of.a)}</b></span>
        {slope}
    }
    .into_any()
}

fn output_line(lines: &Lines, unit: usize, of: &UnitTerms) -> AnyView {
    let made_of = &lines.terms.made_of;
    let answer = made_of.answers[unit];
    let answer = match made_of.answer_name() {
        "p" => decimals(answer, 3),
        _ => words::plain(answer),
    };
    view! {
        <span tabindex="-1" data-says=lines.says(Saying::Output)>"z " <b>{words::plain(of.z)}</b></span>
        <span tabindex="-1" data-says=lines.says(Saying::Answer)>
            {made_of.answer_name()} " " <b>{answer}</b>
        </span>
    }
    .into_any()
}

fn error_line(lines: &Lines, unit: usize, of: &UnitTerms) -> AnyView {
    let made_of = &lines.terms.made_of;
    let formula = match made_of.error_formula(unit) {
        short if short == "∂L/∂z" => "∂L/∂z = ".to_owned(),
        // The slope of what squashes the output comes after it.
        error if made_of.factors(unit, of.z, of.d_z).len() > 1 => {
            format!("∂L/∂z = {error} × slope = ")
        }
        error => format!("∂L/∂z = {error} = "),
    };
    view! {
        <span tabindex="-1" data-says=lines.says(Saying::Error)>{formula} <b>{words::gradient(of.d_z)}</b></span>
    }
    .into_any()
}

/// An input of the sample.
pub fn input_card(trace: Trace, told: &Told, input: usize, place: Option<Place>) -> AnyView {
    let terms = &told.pass.terms;
    let is_on = told.path.input == input;
    let n = terms.x.len();
    let name = words::input_name(input);
    let beside = (place.is_none() && n > 1 && !terms.is_small()).then(|| {
        let go = move |by: usize| {
            move |event: leptos::ev::MouseEvent| {
                event.stop_propagation();
                trace.choose_input((input + by) % n);
            }
        };
        view! {
            <span class="beside">
                <button type="button" class="quiet mini" aria-label="Input before" on:click=go(n - 1)>"‹"</button>
                <button type="button" class="quiet mini" aria-label="Input after" on:click=go(1)>"›"</button>
            </span>
        }
    });
    view! {
        <div
            class="card input"
            class:on=is_on
            role="group"
            aria-label=format!("input {}", input + 1)
            style:left=place.map(|place| em(place.x))
            style:top=place.map(|place| em(place.y))
            style:height=place.map(|place| em(place.height))
            on:click=move |_| trace.choose_input(input)
        >
            <button type="button" class="pick" aria-pressed=is_on.to_string() data-says=Saying::Input.text(terms, "")>
                {name} " " <b>{words::plain(terms.x[input])}</b>
            </button>
            {beside}
        </div>
    }
    .into_any()
}

/// What the answer costs. With several outputs each has a line, at which a path can start.
pub fn loss_card(trace: Trace, told: &Told, place: Option<Place>) -> AnyView {
    let terms = &told.pass.terms;
    let stage = trace.stage.get();
    let lines = Lines {
        terms,
        function: "",
    };
    let made_of = &terms.made_of;
    let names = trace.class_names();
    let is_number = made_of.answer_name() == "ŷ" && made_of.answers.len() == 1;
    let truth = match is_number {
        true => words::plain(terms.y),
        false => {
            let class = terms.y as usize;
            names
                .get(class)
                .cloned()
                .unwrap_or_else(|| class.to_string())
        }
    };
    let [formula, numbers] = words::loss_line(terms);
    let is_reached = stage >= Stage::Loss;
    let costs = match is_reached {
        true => view! {
            <span>{if numbers.is_empty() { String::new() } else { format!("{numbers} =") }}</span>
            <b>{words::loss(terms.loss)}</b>
        }
        .into_any(),
        false => view! { <span>"…"</span> }.into_any(),
    };
    view! {
        <div
            class="card loss"
            class:on=is_reached
            role="group"
            aria-label="loss L"
            style:left=place.map(|place| em(place.x))
            style:top=place.map(|place| em(place.y))
            style:height=place.map(|place| em(place.height))
            on:keydown=walk
        >
            <h3>
                "loss L" <span>{words::loss_name(made_of.loss)}</span>
            </h3>
            <div class="row" tabindex="-1" data-says=lines.says(Saying::Target)>
                <span>{if is_number { "target y" } else { "class y" }}</span>
                <b>{truth}</b>
            </div>
            <div class="row" tabindex="-1" data-says=lines.says(Saying::Loss)>
                <span>{formula}</span>
                {costs}
            </div>
        </div>
    }
    .into_any()
}

/// Each output of several: a line a class, at which the path can start.
pub fn classes_card(trace: Trace, told: &Told) -> AnyView {
    let terms = &told.pass.terms;
    let stage = trace.stage.get();
    let (layer, made_of) = (terms.n_hidden(), &terms.made_of);
    let names = trace.class_names();
    let rows = terms.outputs().iter().enumerate().map(|(k, output)| {
        let name = names.get(k).cloned().unwrap_or_else(|| k.to_string());
        let is_on = told.path.units[layer] == k;
        let is_truth = made_of.targets[k] == 1.0;
        let back = (stage >= Stage::Backward).then(|| words::gradient(output.d_z));
        view! {
            <button
                type="button"
                class="row class"
                class:truth=is_truth
                aria-pressed=is_on.to_string()
                data-says=Saying::Answer.text(terms, "")
                on:click=move |_| trace.choose(layer, k)
            >
                <span>{if is_truth { format!("{name}, its class") } else { name }}</span>
                <span>{format!("z {}", words::plain(output.z))}</span>
                <b>{format!("{} {}", made_of.answer_name(), decimals(made_of.answers[k], 3))}</b>
                <i>{back}</i>
            </button>
        }
    });
    view! {
        <div class="card on classes" role="group" aria-label="outputs">
            <h3>
                "outputs" <span>{words::squash_name(made_of.squash)}</span>
            </h3>
            {rows.collect_view()}
        </div>
    }
    .into_any()
}

/// A finger on a number asks what it is; it does not move the path.
fn is_tap_on_number(event: &leptos::ev::MouseEvent) -> bool {
    let is_touch = event
        .dyn_ref::<PointerEvent>()
        .is_some_and(|event| event.pointer_type() == "touch");
    let element = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    is_touch && element.is_some_and(|element| matches!(element.closest("[data-says]"), Ok(Some(_))))
}

/// All within an element that can be asked what it is, in their order.
fn collect_stops(within: &Element, stops: &mut Vec<HtmlElement>) {
    let mut next = within.first_element_child();
    while let Some(element) = next {
        if matches!(element.matches(".pick, [data-says]"), Ok(true)) {
            stops.extend(element.clone().dyn_into::<HtmlElement>());
        }
        collect_stops(&element, stops);
        next = element.next_element_sibling();
    }
}

/// Up and down go through the numbers of a card, or of another part.
pub fn walk(event: KeyboardEvent) {
    let by = match &*event.key() {
        "ArrowDown" => 1,
        "ArrowUp" => -1,
        _ => return,
    };
    let element = event
        .target()
        .and_then(|target| target.dyn_into::<Element>().ok());
    let Some(element) = element else { return };
    let Ok(Some(card)) = element.closest(".card, .product, .check-room") else {
        return;
    };
    let mut stops = Vec::new();
    collect_stops(&card, &mut stops);
    let now = stops
        .iter()
        .position(|stop| stop.is_same_node(Some(&element)));
    let next = now.map_or(0, |now| {
        (now as i64 + by).clamp(0, stops.len() as i64 - 1) as usize
    });
    if let Some(stop) = stops.get(next) {
        event.prevent_default();
        // What is there can take the focus.
        let _ = stop.focus();
    }
}
