use actiscope_core::terms::path::is_low;
use actiscope_core::terms::words::{self, Saying, Stage};
use leptos::prelude::*;

use super::caption::part;
use super::card::walk;
use super::state::{Told, Trace};
use crate::memo::Memo;
use crate::plot::charts::terms::{Column, ProductData, describe_product, product_scene};
use crate::plot::kit::geometry::Size;
use crate::plot::kit::theme::Theme;
use crate::ui::kit::canvas::Canvas;
use crate::ui::kit::erased::Show;

/// So many other ways are named one by one.
const N_OTHERS: usize = 2;

/// The product along the path, factor by factor, and what other paths add to it.
#[component]
pub fn Chain() -> impl IntoView {
    let trace = expect_context::<Trace>();
    let title = Memo::new(move |_| {
        trace.told.get().map_or_else(
            |_| "Along the path".to_owned(),
            |told| {
                format!(
                    "Along the path: {}",
                    words::path_name(&told.pass.terms, &told.path)
                )
            },
        )
    });
    let is_back = Memo::new(move |_| trace.stage.get() >= Stage::Backward);
    let columns = Memo::new(move |_| {
        trace
            .told
            .get()
            .map_or_else(|_| Vec::new(), |told| columns(&told))
    });
    let draw = move |size: Size, theme: &Theme| {
        columns.with_untracked(|columns| product_scene(size, theme, &ProductData { columns }))
    };
    let label =
        Signal::derive(move || columns.with(|columns| describe_product(&ProductData { columns })));
    let factors = move || Some(factors(&*trace.told.get().ok()?));
    let n_columns = move || {
        let n = columns.with(Vec::len) + 1;
        format!("repeat({n}, minmax(76px, 1fr))")
    };
    let shares = move || Some(shares(&*trace.told.get().ok()?));
    let says = move || match (trace.says.get(), trace.told.get()) {
        (Some(says), _) => says.into_any(),
        (None, Ok(told)) if is_back.get() => {
            let said = words::story_of_slopes(&told.factors);
            let said = said.into_iter().map(part).collect_view();
            view! {
                {said}
                " Point at a term for its meaning; choose another unit for another path."
            }
            .into_any()
        }
        _ => "Point at a number for its meaning.".into_any(),
    };
    view! {
        <section class="panel terms-chain" aria-labelledby="chain-title">
            <h2>
                <span class="title" id="chain-title">
                    {move || title.get()}
                </span>
                <span class="aside">{move || is_back.get().then_some("height: size so far, log")}</span>
            </h2>
            <Show
                when=move || is_back.get()
                fallback=|| {
                    view! {
                        <p class="empty">
                            "The factors come with the backward pass. Press " <kbd>"3"</kbd>
                            " or the right arrow."
                        </p>
                    }
                }
            >
                <div class="product" role="group" aria-label="Factors" tabindex="0" on:keydown=walk>
                    <div class="factors" style:grid-template-columns=n_columns>
                        {factors}
                    </div>
                    <div class="picture steps-down">
                        <Canvas label=label depends=move || columns.track() draw=draw />
                        <dl class="shares">{shares}</dl>
                    </div>
                </div>
            </Show>
            <p class="say" aria-live="polite">
                {says}
            </p>
        </section>
    }
}

fn columns(told: &Told) -> Vec<Column> {
    let terms = &told.pass.terms;
    let mut so_far = 1.0;
    let factors = told.factors.iter();
    factors
        .map(|factor| {
            so_far *= factor.value;
            Column {
                name: words::factor_name(terms, &told.path, factor),
                so_far,
                is_low: factor.is_slope() && is_low(factor.value),
            }
        })
        .collect()
}

fn factors(told: &Told) -> AnyView {
    let terms = &told.pass.terms;
    let factors = told.factors.iter().enumerate().map(|(i, factor)| {
        let sign = if i == 0 { "" } else { "× " };
        let is_low = factor.is_slope() && is_low(factor.value);
        view! {
            <button
                type="button"
                class="factor"
                class:low=is_low
                data-says=words::factor_says(terms, factor)
            >
                {words::factor_name(terms, &told.path, factor)}
                <b>{format!("{sign}{}", words::factor(factor.value))}</b>
            </button>
        }
    });
    view! {
        {factors.collect_view()}
        <button type="button" class="factor whole" data-says=Saying::Product.text(terms, "")>
            "this path"
            <b>{format!("= {}", words::gradient(told.shares.path))}</b>
        </button>
    }
    .into_any()
}

/// What the other paths give, and the sum.
fn shares(told: &Told) -> AnyView {
    let (terms, shares) = (&told.pass.terms, &told.shares);
    let line = |name: String, value: f64, what: Saying| {
        let class = if what == Saying::Sum { "sum" } else { "" };
        view! {
            <div class=class tabindex="-1" data-says=what.text(terms, "")>
                <dt>{name}</dt>
                <dd>{words::gradient(value)}</dd>
            </div>
        }
        .into_any()
    };
    let n_others = shares.others.len();
    let others: Vec<AnyView> = match n_others {
        0 => Vec::new(),
        1..=N_OTHERS => {
            let others = shares.others.iter();
            others
                .map(|(unit, value)| {
                    let name = words::unit_short(terms, 1, *unit);
                    let name = if told.path.units[1] == *unit {
                        format!("else {name}")
                    } else {
                        name
                    };
                    line(name, *value, Saying::Others)
                })
                .collect()
        }
        _ => {
            let sum = shares.others.iter().map(|(_, value)| value).sum();
            vec![line("other paths".to_owned(), sum, Saying::Others)]
        }
    };
    let batch = shares
        .batch
        .map(|value| line("batch".to_owned(), value, Saying::Batch));
    view! {
        {others}
        {batch}
        {line("sum".to_owned(), shares.sum, Saying::Sum)}
    }
    .into_any()
}
