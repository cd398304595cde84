use actiscope_core::activation::softmax_naive_f32;
use leptos::prelude::*;

use super::{pixels, side};
use crate::memo::Memo;
use crate::plot::charts::classify::{
    PictureKind, SoftmaxData, describe_softmax, picture_scene, share_text, softmax_scene,
};
use crate::plot::kit::geometry::Size;
use crate::plot::kit::scene::Scene;
use crate::plot::kit::theme::Theme;
use crate::text;
use crate::ui::kit::canvas::Canvas;
use crate::ui::kit::fields::Toggle;
use crate::ui::kit::panel::Panel;
use crate::ui::kit::throttle::throttled;
use crate::views::classify::reliability::TemperatureSlider;
use crate::views::classify::store::Classify;

/// Logits are so many times as large where the naive form is to be seen overflowing.
const FAR: f64 = 100.0;

/// One sample as it goes from logits to shares.
#[derive(Clone, Debug, PartialEq)]
struct Told {
    index: usize,
    names: Vec<String>,
    logits: Vec<f64>,
    shares: Vec<f64>,
    shares_before: Vec<f64>,
    truth: usize,
    said: usize,
}

/// The sample that is looked at: the chosen one, or the surest mistake, or the first.
pub fn shown_sample(classify: Classify) -> Option<usize> {
    let chosen = classify.sample.get();
    classify
        .with_judged(|judged| {
            let many = judged.many()?;
            let is_there = |index: &usize| *index < many.n();
            let worst = || many.misread(1.0).first().map(|sample| sample.index);
            chosen.filter(is_there).or_else(worst).or(Some(0))
        })
        .flatten()
}

/// The chosen sample's logits, what softmax makes of them, and what its definition as written would.
#[component]
pub fn Chosen() -> impl IntoView {
    let classify = expect_context::<Classify>();
    let is_far = RwSignal::new(false);
    let told = Memo::new(move |_| {
        let index = shown_sample(classify)?;
        let temperature = classify.state.with(|state| state.temperature);
        let scale = if is_far.get() { FAR } else { 1.0 };
        classify
            .with_judged(|judged| {
                let many = judged.many()?;
                let logits: Vec<f64> = many.row(index).iter().map(|z| scale * z).collect();
                let squash = many.squash();
                let shares = squash.shares(&logits, temperature);
                let said = (0..logits.len())
                    .max_by(|a, b| logits[*a].total_cmp(&logits[*b]).then(b.cmp(a)))?;
                Some(Told {
                    index,
                    names: judged.names.clone(),
                    shares_before: squash.shares(&logits, 1.0),
                    shares,
                    truth: many.truth(index)?,
                    said,
                    logits,
                })
            })
            .flatten()
    });
    let is_softened = move || classify.state.with(|state| state.temperature != 1.0);
    let with_data = move |then: &mut dyn FnMut(&SoftmaxData)| {
        untrack(|| {
            told.with(|told| {
                if let Some(told) = told {
                    then(&SoftmaxData {
                        names: &told.names,
                        logits: &told.logits,
                        shares: &told.shares,
                        shares_before: is_softened().then_some(&told.shares_before),
                        truth: told.truth,
                        said: told.said,
                    });
                }
            });
        });
    };
    let draw = move |size: Size, theme: &Theme| {
        let mut scene = Scene::new(size);
        with_data(&mut |data| scene = softmax_scene(size, theme, data));
        scene
    };
    let label = throttled(1_000, move || {
        told.track();
        let mut words = "No answers yet.".to_owned();
        with_data(&mut |data| words = describe_softmax(data));
        words
    });
    let picture = move |size: Size, theme: &Theme| {
        let index = told.with_untracked(|told| told.as_ref().map(|told| told.index));
        match index.zip(untrack(|| side(classify))) {
            Some((index, side)) => {
                let pixels = untrack(|| pixels(classify, index));
                let darkest = pixels.iter().copied().fold(1e-6, f32::max);
                picture_scene(size, theme, &pixels, side, PictureKind::Ink { darkest })
            }
            None => Scene::new(size),
        }
    };
    let has_picture = Memo::new(move |_| side(classify).is_some());
    let sentence = move || {
        told.with(|told| {
            let told = told.as_ref()?;
            let name = |class: usize| told.names.get(class).cloned().unwrap_or_default();
            let sure = share_text(told.shares[told.said]);
            Some(match told.said == told.truth {
                true => format!("is {}, read rightly: {sure} sure", name(told.truth)),
                false => format!(
                    "is {}, said {}: {sure} sure; its own class gets {}",
                    name(told.truth),
                    name(told.said),
                    share_text(told.shares[told.truth])
                ),
            })
        })
    };
    let naive = move || {
        let temperature = classify.state.with(|state| state.temperature);
        told.with(|told| {
            let logits = &told.as_ref()?.logits;
            let naive = softmax_naive_f32(logits, temperature);
            let largest = logits.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            Some(match naive.iter().any(|p| p.is_nan()) {
                true => format!(
                    "exp({}) overflows in f32: as its definition is written softmax gives NaN. With the largest logit taken off first it does not.",
                    text::decimals(largest / temperature, 0)
                ),
                false => "As its definition is written softmax gives the same here; times 100 it would not.".to_owned(),
            })
        })
    };
    let step = move |by: i64| {
        let n = classify.with_judged(|judged| judged.n()).unwrap_or(0) as i64;
        if let Some(now) = untrack(|| shown_sample(classify)).filter(|_| n > 0) {
            classify
                .sample
                .set(Some((now as i64 + by).rem_euclid(n) as usize));
        }
    };
    let aside = Memo::new(move |_| {
        told.with(|told| {
            told.as_ref()
                .map_or_else(String::new, |told| format!("sample {}", told.index + 1))
        })
    });
    let tools = view! {
        <button type="button" class="quiet mini" aria-label="Sample before" on:click=move |_| step(-1)>"‹"</button>
        <button type="button" class="quiet mini" aria-label="Sample after" on:click=move |_| step(1)>"›"</button>
        <Toggle label="× 100" title="Logits a hundred times as large: where the naive form overflows" is_on=is_far />
    };
    view! {
        <Panel
            name="chosen"
            title=Signal::derive(|| "From logits to shares".to_owned())
            aside=aside
            tools=tools.into_any()
        >
            <div class="sample">
                <div class="picture thumb" hidden=move || !has_picture.get()>
                    <Canvas label="The sample's picture" depends=move || told.track() draw=picture />
                </div>
                <p>{sentence}</p>
            </div>
            <div class="picture bars">
                <Canvas label=label depends=move || told.track() draw=draw />
            </div>
            <p class="note">{naive}</p>
            <TemperatureSlider />
        </Panel>
    }
}
