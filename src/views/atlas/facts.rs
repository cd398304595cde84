use std::sync::Arc;

use actiscope_core::activation::cost::elsewhere_ns;
use actiscope_core::activation::{Facts, FarSlope, Function, Smoothness};
use actiscope_core::scenario::Chosen;
use leptos::prelude::*;

use super::measured::Measured;
use super::store::Ready;
use crate::memo::Memo;
use crate::text;

/// A term, what is so, and its class: `wide` takes the rest of the line.
type Fact = (&'static str, String, &'static str);

const WIDE: &str = "wide";

/// What is computed of a function, for the parameters of now.
#[component]
pub fn FactList(focused: Memo<Option<Arc<Ready>>>) -> impl IntoView {
    let measured = expect_context::<Measured>();
    let facts = Memo::new(move |_| {
        focused.with(|f| f.as_ref().map_or_else(Vec::new, |f| facts_of(f, measured)))
    });
    let shown = move || {
        let fact = |(term, text, class): Fact| view! { <dt>{term}</dt><dd class=class>{text}</dd> };
        facts.get().into_iter().map(fact).collect_view()
    };
    view! { <dl class="facts">{shown}</dl> }
}

fn facts_of(ready: &Ready, measured: Measured) -> Vec<Fact> {
    let facts = Facts::of(&ready.activation);
    let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
    let entry = ready.activation.entry;
    let initializer = entry.map_or("none known", |entry| entry.initializer.label());
    let mut all = vec![
        ("Range", facts.range_text(), ""),
        ("Monotonic", yes(facts.is_monotonic), ""),
        ("Largest |f′|", text::fixed(facts.max_abs_slope, 3), ""),
        ("Zero-centred", yes(facts.is_zero_centred), ""),
        ("Slope far left", far(facts.slope_below), ""),
        ("far right", far(facts.slope_above), ""),
        (
            "Smooth",
            Smoothness::name(facts.smoothness).to_owned(),
            WIDE,
        ),
        ("Initializer", initializer.to_owned(), WIDE),
        ("Cost of f, f′", cost_text(ready, measured), WIDE),
    ];
    if let Some(where_not) = undefined_text(&facts) {
        all.push(("Undefined", where_not, "wide bad"));
    }
    all
}

fn far(slope: FarSlope) -> String {
    match slope {
        FarSlope::Fading => "fades to 0".to_owned(),
        other => other.name().to_owned(),
    }
}

fn undefined_text(facts: &Facts) -> Option<String> {
    let stretches: Vec<String> = (facts.undefined.iter())
        .map(|(low, high)| match (*low <= -10.0, *high >= 10.0) {
            (true, true) => "everywhere".to_owned(),
            (true, false) => format!("for z up to {}", text::number(*high, 2)),
            (false, true) => format!("for z from {}", text::number(*low, 2)),
            (false, false) if low == high => format!("at z = {}", text::number(*low, 2)),
            _ => format!(
                "for z from {} to {}",
                text::number(*low, 2),
                text::number(*high, 2)
            ),
        })
        .collect();
    (!stretches.is_empty()).then(|| stretches.join(", "))
}

fn cost_text(ready: &Ready, measured: Measured) -> String {
    let Function::Catalogue(id) = &ready.spec.function else {
        return "known of the catalogue’s functions".to_owned();
    };
    let here = || measured.of(id).zip(measured.of("relu"));
    let elsewhere = || elsewhere_ns(id).zip(elsewhere_ns("relu"));
    let known = (here().map(|ns| (ns, "here"))).or_else(|| elsewhere().map(|ns| (ns, "elsewhere")));
    let Some(((ns, relu), place)) = known else {
        return "not measured".to_owned();
    };
    let ratio = ns / relu;
    format!("{ns:.2} ns {place}, {ratio:.1} × ReLU")
}
