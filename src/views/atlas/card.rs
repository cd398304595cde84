use std::sync::Arc;

use actiscope_core::activation::{Entry, Family};
use actiscope_core::expr::print::mathml_definition;
use leptos::prelude::*;

use super::copies::Copies;
use super::facts::FactList;
use super::list::Thumb;
use super::names::Names;
use super::params::Params;
use super::state::Id;
use super::store::{Atlas, Ready};
use crate::memo::Memo;

/// Everything that is known of the focused function.
#[component]
pub fn Card() -> impl IntoView {
    let atlas = expect_context::<Atlas>();
    let focused = atlas.focused_memo();
    // Sliders that are held must stay: only another function makes another card.
    let of = Memo::new(move |_| focused.with(|f| f.as_ref().and_then(|f| f.id)));
    let card = move || match of.get() {
        Some(id) => view! { <CardOf id focused /> }.into_any(),
        None => view! { <p class="empty">"Choose a function to read about it."</p> }.into_any(),
    };
    view! { <section class="card" aria-label="About the function" tabindex="0">{card}</section> }
}

#[component]
fn CardOf(id: Id, focused: Memo<Option<Arc<Ready>>>) -> impl IntoView {
    let atlas = expect_context::<Atlas>();
    let spec = Memo::new(move |_| atlas.state.with(|state| state.spec(id)));
    let slot = Memo::new(move |_| atlas.state.with(|state| state.slot_of(id)));
    let name = atlas.state.with_untracked(|state| state.name(id));
    let entry = focused.with_untracked(|f| f.as_ref().and_then(|f| f.activation.entry));
    let family = entry.map_or("Yours", |entry| Family::name(entry.family));
    view! {
        <header>
            <h2>{name}</h2>
            <Thumb spec=spec place=slot />
            <span class="aside">{family}</span>
        </header>
        <Formulas focused />
        {entry.map(|entry| view! {
            <p class="derivation">
                <span>"How it follows: "</span>
                {entry.elsewhere().derivation}
            </p>
        })}
        <Params id />
        <FactList focused />
        {entry.map(|entry| about(entry, id))}
        <Copies id />
    }
}

/// Of a function of the catalogue: texts, paper, names elsewhere.
fn about(entry: &'static Entry, id: Id) -> AnyView {
    let about = entry.about();
    let paper = about.paper;
    let link = (!paper.arxiv.is_empty()).then(|| {
        view! {
            ", "
            <a href=format!("https://arxiv.org/abs/{}", paper.arxiv) target="_blank" rel="noreferrer">
                {format!("arXiv {}", paper.arxiv)}
            </a>
        }
    });
    let texts = [
        ("Saturation", about.saturation),
        ("Picture it", about.intuition),
        ("Use", about.used_for),
        ("For it", about.strengths),
        ("Against it", about.weaknesses),
    ];
    let texts = texts.map(|(term, text)| view! { <dt>{term}</dt><dd>{greek(text)}</dd> });
    view! {
        <dl class="texts">{texts.collect_view()}</dl>
        <dl class="texts">
            <dt>"Paper"</dt>
            <dd>{format!("{} ({}): {}", paper.authors, paper.year, paper.title)} {link}</dd>
            <Names entry id />
        </dl>
    }
    .into_any()
}

/// f and f' as in a book.
#[component]
fn Formulas(focused: Memo<Option<Arc<Ready>>>) -> impl IntoView {
    const LONG: u64 = 17;
    let set = move |n_primes: usize| {
        let of = Memo::new(move |_| {
            focused.with(|f| {
                f.as_ref().map(|f| {
                    let expr = if n_primes == 0 {
                        &f.activation.f
                    } else {
                        &f.activation.df
                    };
                    (mathml_definition(n_primes, expr), expr.tree_size() > LONG)
                })
            })
        });
        let markup = move || of.with(|of| of.as_ref().map_or(String::new(), |of| of.0.clone()));
        let is_long = move || of.with(|of| of.as_ref().is_some_and(|of| of.1));
        view! { <div class="set" class:long=is_long tabindex="0" role="group" aria-label="Formula" inner_html=markup></div> }
    };
    view! { <div class="formulas">{set(0)} {set(1)}</div> }
}

/// Parameters in prose by their letters, and true minus signs before numbers.
fn greek(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for (i, word) in text.split(' ').enumerate() {
        if i > 0 {
            out.push(' ');
        }
        let bare = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        let sign = match bare {
            "alpha" => "α",
            "beta" => "β",
            "omega" => "ω",
            _ => bare,
        };
        let word = if bare.is_empty() {
            word.to_owned()
        } else {
            word.replacen(bare, sign, 1)
        };
        match word.strip_prefix('-') {
            Some(rest) => out.extend(["−", rest]),
            None => out.push_str(&word),
        }
    }
    out.replace("<=", "≤").replace(">=", "≥")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prose_has_letters_and_true_signs() {
        let text = "Saturates at -alpha for z <= 0: at z = -3, 5 % of alpha. An alphabet with -beta / (2).";
        let expected = "Saturates at −α for z ≤ 0: at z = −3, 5 % of α. An alphabet with −β / (2).";
        assert_eq!(greek(text), expected);
    }
}
