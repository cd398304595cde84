use std::sync::Arc;

use actiscope_core::activation::cost::elsewhere_ns;
use actiscope_core::activation::{Facts, Family, FarSlope, Framework, Function, Smoothness};
use actiscope_core::expr::print::{
    Library, mathml_definition, python_function, wgsl_function, wgsl_helpers,
};
use actiscope_core::scenario::{FunctionParam, function_params};
use leptos::prelude::*;

use super::copy::CopyButton;
use super::cost::Measured;
use super::list::{Thumb, letter};
use super::state::Id;
use super::store::{Atlas, Ready};
use crate::memo::Memo;
use crate::text;
use crate::ui::kit::fields::{Slider, Stops};

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
    // `focused` may be the next one already while this card is taken down.
    let ready = move || focused.with(|f| f.clone().filter(|f| f.id == Some(id)));
    let spec = Signal::derive(move || atlas.state.with(|state| state.spec(id)));
    let slot = Signal::derive(move || atlas.state.with(|state| state.slot_of(id)));
    let name = atlas.state.with_untracked(|state| state.name(id));
    let entry = ready().and_then(|f| f.activation.entry);
    let family = entry.map_or("Yours", |entry| Family::name(entry.family));
    let about = entry.map(|entry| {
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
            ("Saturation", greek(about.saturation)),
            ("Picture it", greek(about.intuition)),
            ("Use", greek(about.used_for)),
            ("For it", greek(about.strengths)),
            ("Against it", greek(about.weaknesses)),
        ];
        let texts = texts.map(|(term, text)| view! { <dt>{term}</dt><dd>{text}</dd> });
        view! {
            <dl class="texts">{texts.collect_view()}</dl>
            <dl class="texts">
                <dt>"Paper"</dt>
                <dd>{format!("{} ({}): {}", paper.authors, paper.year, paper.title)} {link}</dd>
                <Names id />
            </dl>
        }
    });
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
        {about}
        <Copies id />
    }
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

#[component]
fn Params(id: Id) -> impl IntoView {
    let atlas = expect_context::<Atlas>();
    let function = atlas.state.with_untracked(|state| state.spec(id).function);
    let params = function_params(&function).unwrap_or_default();
    let name = atlas.state.with_untracked(|state| state.name(id));
    let slider = |(index, param): (usize, FunctionParam)| {
        let value = Memo::new(move |_| {
            atlas
                .state
                .with(|state| state.spec(id).params.get(index).copied().unwrap_or(0.0))
        });
        let mut word = param.name.clone();
        if let Some(first) = word.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        let sign = letter(&param.name);
        let label = match sign == param.name {
            true => format!("{word} of {name}"),
            false => format!("{word} of {name}, {sign}"),
        };
        view! {
            <Slider
                label=label
                stops=Stops::of_range(&param.range)
                value=value
                text=Signal::derive(move || text::fixed(value.get(), 3))
                on_input=move |value: f64| atlas.state.update(|state| state.set_param(id, index, value))
                usual=Some(param.default)
            />
        }
    };
    params.into_iter().enumerate().map(slider).collect_view()
}

/// What is computed of it, for the parameters of now.
#[component]
fn FactList(focused: Memo<Option<Arc<Ready>>>) -> impl IntoView {
    let facts = Memo::new(move |_| focused.with(|f| f.as_ref().map(|f| Facts::of(&f.activation))));
    let says = move |of: fn(&Facts) -> String| {
        move || facts.with(|facts| facts.as_ref().map_or(String::new(), of))
    };
    let yes = |is: bool| if is { "yes" } else { "no" }.to_owned();
    let undefined = move || facts.with(|facts| facts.as_ref().and_then(undefined_text));
    let initializer = move || {
        focused.with(|f| {
            let entry = f.as_ref().and_then(|f| f.activation.entry);
            entry
                .map_or("none known", |entry| initializer_name(entry.initializer))
                .to_owned()
        })
    };
    let measured = use_context::<Measured>();
    let cost =
        move || focused.with(|f| f.as_ref().map_or(String::new(), |f| cost_text(f, measured)));
    view! {
        <dl class="facts">
            <dt>"Range"</dt>
            <dd>{says(Facts::range_text)}</dd>
            <dt>"Monotonic"</dt>
            <dd>{says(|f| if f.is_monotonic { "yes" } else { "no" }.to_owned())}</dd>
            <dt>"Largest |f′|"</dt>
            <dd>{says(|f| text::fixed(f.max_abs_slope, 3))}</dd>
            <dt>"Zero-centred"</dt>
            <dd>{move || facts.with(|f| f.as_ref().map(|f| yes(f.is_zero_centred)))}</dd>
            <dt>"Slope far left"</dt>
            <dd>{says(|f| far(f.slope_below))}</dd>
            <dt>"far right"</dt>
            <dd>{says(|f| far(f.slope_above))}</dd>
            <dt>"Smooth"</dt>
            <dd class="wide">{says(|f| Smoothness::name(f.smoothness).to_owned())}</dd>
            <dt>"Initializer"</dt>
            <dd class="wide">{initializer}</dd>
            <dt>"Cost"</dt>
            <dd class="wide">{cost}</dd>
            {move || undefined().map(|text| view! { <dt>"Undefined"</dt><dd class="wide bad">{text}</dd> })}
        </dl>
    }
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

fn cost_text(ready: &Ready, measured: Option<Measured>) -> String {
    let Function::Catalogue(id) = &ready.spec.function else {
        return "measured for the functions of the catalogue".to_owned();
    };
    let here = measured.and_then(|measured| measured.of(id).zip(measured.of("relu")));
    let elsewhere = || elsewhere_ns(id).zip(elsewhere_ns("relu"));
    match here
        .map(|known| (known, "here"))
        .or(elsewhere().map(|known| (known, "elsewhere")))
    {
        Some(((ns, relu), place)) => {
            format!(
                "{ns:.2} ns for f and f′ of a value {place}, {:.1} × ReLU",
                ns / relu
            )
        }
        None => "not measured".to_owned(),
    }
}

pub fn initializer_name(initializer: actiscope_core::nn::spec::Initializer) -> &'static str {
    use actiscope_core::nn::spec::Initializer;
    match initializer {
        Initializer::HeNormal => "He normal",
        Initializer::HeUniform => "He uniform",
        Initializer::GlorotNormal => "Glorot normal",
        Initializer::GlorotUniform => "Glorot uniform",
        Initializer::LecunNormal => "LeCun normal",
        Initializer::LecunUniform => "LeCun uniform",
        Initializer::Uniform { .. } => "Uniform",
        Initializer::Zeros => "Zeros",
        Initializer::Orthogonal => "Orthogonal",
    }
}

/// Its name and a line of code in other libraries.
#[component]
fn Names(id: Id) -> impl IntoView {
    let atlas = expect_context::<Atlas>();
    let Id::Known(known) = id else {
        return ().into_any();
    };
    let name = move |framework: Framework| {
        let line =
            actiscope_core::activation::entry(known).map(|entry| entry.elsewhere().line(framework));
        line.map(|line| {
            let code = move || {
                let spec = atlas.state.with(|state| state.spec(id));
                line.with(&spec.param_names(), &spec.params)
            };
            view! {
                <dt>{framework.name()}</dt>
                <dd>
                    <code>{code}</code>
                    {(!line.note.is_empty()).then(|| view! { <span class="note">{line.note}</span> })}
                </dd>
            }
        })
    };
    Framework::ALL.map(name).collect_view().into_any()
}

#[component]
fn Copies(id: Id) -> impl IntoView {
    let atlas = expect_context::<Atlas>();
    let with = move |of: fn(&Ready) -> String| {
        move || {
            let drawn = atlas.drawn.get_untracked();
            let ready = drawn.iter().find(|ready| ready.id == Some(id));
            ready.map_or_else(String::new, |ready| of(ready))
        }
    };
    view! {
        <div class="copies" role="group" aria-label="Copy as">
            <span aria-hidden="true">"Copy as"</span>
            <CopyButton label="NumPy" text=with(|f| python(f, Library::NumPy)) />
            <CopyButton label="PyTorch" text=with(|f| python(f, Library::Torch)) />
            <CopyButton label="WGSL" text=with(wgsl) />
            <CopyButton label="Formula" text=with(|f| f.activation.f.to_string()) />
        </div>
    }
}

fn python(ready: &Ready, library: Library) -> String {
    let names: Vec<&str> = ready
        .activation
        .param_names
        .iter()
        .map(String::as_str)
        .collect();
    let import = match library {
        Library::NumPy => "import math\nimport numpy as np\n",
        Library::Torch => "import torch\n",
    };
    let f = python_function("f", &ready.activation.f, &names, library);
    let slope = python_function("slope", &ready.activation.df, &names, library);
    format!("{import}\n\n{f}\n\n{slope}")
}

fn wgsl(ready: &Ready) -> String {
    let a = &ready.activation;
    let names: Vec<&str> = a.param_names.iter().map(String::as_str).collect();
    let function = wgsl_function("f_and_slope", &[&a.f, &a.df], &names);
    format!("{}\n{function}", wgsl_helpers())
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
