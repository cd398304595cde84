//! Many classes: which are taken for which, one sample from logits to shares, those that are misread, and where inputs are
//! pictures what the first layer looks for, and a pad to draw on.

mod classes;
mod misread;
mod pad;
mod sample;
mod units;

use leptos::prelude::*;

use super::controls::picture_side;
use super::reliability::Reliability;
use super::store::Classify;
use crate::memo::Memo;

pub fn many() -> impl IntoView {
    let classify = expect_context::<Classify>();
    let has_pictures = Memo::new(move |_| side(classify).is_some());
    let shown = move || match has_pictures.get() {
        true => view! {
            <main class="classify many pictures" aria-label="Classify">
                <classes::ByClass />
                <units::Units />
                <sample::Chosen />
                <misread::Misread />
                <pad::Pad />
                <Reliability />
            </main>
        }
        .into_any(),
        false => view! {
            <main class="classify many" aria-label="Classify">
                <classes::ByClass />
                <super::boundary::Regions />
                <sample::Chosen />
                <misread::Misread />
                <Reliability />
            </main>
        }
        .into_any(),
    };
    shown.into_any()
}

/// Pixels a side of the inputs, where they are pictures.
fn side(classify: Classify) -> Option<usize> {
    let n_inputs = classify
        .run
        .loaded
        .with(|loaded| loaded.as_ref().map_or(0, |loaded| loaded.n_inputs));
    classify
        .run
        .scenario
        .with(|scenario| picture_side(&scenario.data.source, n_inputs))
}

/// The inputs of one of the samples that judge, as a picture shows them: from 0 up.
fn pixels(classify: Classify, index: usize) -> Vec<f32> {
    classify.run.loaded.with(|loaded| {
        let Some(loaded) = loaded.as_ref() else {
            return Vec::new();
        };
        let n = loaded.n_inputs;
        let x = loaded.judges.x.get(index * n..(index + 1) * n);
        x.map_or_else(Vec::new, |x| loaded.pixels(x))
    })
}
