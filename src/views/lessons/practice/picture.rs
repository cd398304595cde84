//! A function or a run as a small picture that gives no name and no cause. A large one is described to those who do not see
//! it; a small one stands beside words.

use actiscope_core::activation::{Activation, ActivationSpec};
use actiscope_core::lessons::{Picture, Place};
use leptos::prelude::*;

use super::gallery::Gallery;
use crate::plot::charts::lessons::{
    RunSeen, WORDS_FROM, curve_paths, describe_curve, describe_run, run_paths,
};
use crate::text::{count, number};

/// A picture in CSS pixels, with words where there is room for them.
#[component]
pub fn PictureView(picture: Picture, width: f64, height: f64) -> impl IntoView {
    match picture {
        Picture::Curve(place) => {
            let network = &place.scenario.network;
            curve(network.activation_of(0), width, height)
        }
        Picture::Run(place) => {
            expect_context::<Gallery>().want(&Picture::Run(place.clone()));
            run(place, width, height)
        }
    }
}

/// f, solid, and f', dashed, over z.
pub fn curve(spec: &ActivationSpec, width: f64, height: f64) -> AnyView {
    let Ok(activation) = Activation::resolve(spec) else {
        return empty(width, height, "This function cannot be drawn.");
    };
    let (f, slope) = (|z| activation.f(z), |z| activation.slope(z));
    let paths = curve_paths(f, slope, width, height);
    let numbers = paths.numbers.into_iter();
    let numbers = numbers.map(|(x, y, text)| view! { <text class="middle" x=x y=y>{text}</text> });
    let key = (height >= WORDS_FROM).then(|| {
        view! {
            <path class="f" d="M8 10H28" />
            <text x="33" y="14">"f"</text>
            <path class="slope" d="M50 10H70" />
            <text x="75" y="14">"f′"</text>
        }
    });
    let drawn = view! {
        <path class="axis" d=paths.axes />
        <path class="slope" d=paths.slope />
        <path class="f" d=paths.f />
        {key}
        {numbers.collect_view()}
    };
    framed(width, height, describe_curve(f, slope), drawn.into_any())
}

fn run(place: Place, width: f64, height: f64) -> AnyView {
    let gallery = expect_context::<Gallery>();
    let shown = move || match gallery.run(&place) {
        Some(Some(seen)) => of_run(&seen, width, height),
        Some(None) => empty(width, height, "This run cannot be trained here."),
        None => empty(width, height, "This run is being trained …"),
    };
    shown.into_any()
}

fn of_run(seen: &RunSeen, width: f64, height: f64) -> AnyView {
    let paths = run_paths(seen, width, height);
    let lines = paths.lines.map(|[over_loss, over_shares, under]| {
        let right = width - 0.5;
        view! {
            <text x="0" y=over_loss>"loss"</text>
            <text class="end" x=right y=over_loss>{format!("0 to {}", number(paths.top, 2))}</text>
            <text x="0" y=over_shares>
                <tspan class="dead">"dead"</tspan>
                ", "
                <tspan class="saturated">"saturated"</tspan>
            </text>
            <text class="end" x=right y=over_shares>{format!("of {} units", seen.n_units)}</text>
            <text x="0" y=under>"step 0"</text>
            <text class="end" x=right y=under>{count(seen.n_steps)}</text>
        }
    });
    let drawn = view! {
        <path class="saturated-area" d=paths.saturated.0 />
        <path class="saturated" d=paths.saturated.1 />
        <path class="dead-area" d=paths.dead.0 />
        <path class="dead" d=paths.dead.1 />
        <path class="axis" d=paths.grounds />
        <path class="f" d=paths.loss />
        {lines}
    };
    framed(width, height, describe_run(seen), drawn.into_any())
}

/// Takes the place of a picture that is not there.
fn empty(width: f64, height: f64, why: &'static str) -> AnyView {
    let ground = view! { <path class="axis" d=format!("M0 {:.1}H{width}", 0.6 * height) /> };
    framed(width, height, why.to_owned(), ground.into_any())
}

fn framed(width: f64, height: f64, words: String, drawn: AnyView) -> AnyView {
    let words = (height >= WORDS_FROM).then_some(words);
    view! {
        <svg
            class="lesson-picture"
            viewBox=format!("0 0 {width} {height}")
            width=width
            height=height
            role=words.is_some().then_some("img")
            aria-hidden=words.is_none().then_some("true")
            aria-label=words
        >
            {drawn}
        </svg>
    }
    .into_any()
}
