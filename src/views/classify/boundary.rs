use actiscope_core::classify::probability;
use leptos::prelude::*;

use super::store::Classify;
use crate::memo::Memo;
use crate::plot::charts::classify::{WrongSample, wrong_scene};
use crate::plot::charts::field::{FieldData, describe_field, field_scene};
use crate::plot::kit::geometry::{Point, Size};
use crate::plot::kit::scene::Scene;
use crate::plot::kit::theme::Theme;
use crate::run::axes::{center, names, places_of};
use crate::ui::kit::canvas::Canvas;
use crate::ui::kit::panel::Panel;
use crate::ui::kit::throttle::throttled;

/// Where the samples that judge lie on the plane.
#[derive(Clone, Debug, PartialEq)]
struct Places {
    x: Vec<f32>,
    y: Vec<f32>,
    n_inputs: usize,
    center: [f32; 2],
    names: Option<[String; 2]>,
}

/// The plane of the inputs with the line of the threshold, and the samples that are told wrongly.
#[component]
pub fn Regions() -> impl IntoView {
    let classify = expect_context::<Classify>();
    let run = classify.run;
    let axes = Memo::new(move |_| run.scenario.with(|scenario| scenario.view.axes));
    let places = Memo::new(move |_| {
        let axes = axes.get();
        run.loaded.with(|loaded| {
            let loaded = loaded.as_ref()?;
            Some(Places {
                x: places_of(&loaded.judges.x, loaded, axes),
                y: loaded.judges.y.clone(),
                n_inputs: loaded.n_inputs.min(2),
                center: center(loaded, axes),
                names: names(loaded, axes),
            })
        })
    });
    let with_field = move |then: &mut dyn FnMut(&FieldData)| {
        untrack(|| {
            let Some(snapshot) = run.snapshot.get() else {
                return;
            };
            let extent = run.look.with(|look| look.extent);
            places.with(|places| {
                let Some(places) = places else { return };
                then(&FieldData {
                    field: &snapshot.field,
                    extent: f64::from(extent),
                    center: places.center.map(f64::from),
                    x: &places.x,
                    y: &places.y,
                    n_inputs: places.n_inputs,
                    n_train: places.y.len(),
                    n_classes: classify.n_classes.get(),
                    accuracy: None,
                    threshold: run.scenario.with(|scenario| scenario.view.threshold),
                    axes: places.names.as_ref().map(|[a, b]| [&**a, &**b]),
                });
            });
        });
    };
    // Those told wrongly, and those of the cell that is chosen.
    let wrong = Memo::new(move |_| {
        let threshold = classify.threshold.get();
        let cell = classify.cell.get();
        classify
            .with_judged(|judged| {
                let two = judged.two()?;
                let told = two.logits.iter().zip(&two.is_rare).enumerate();
                let of = |(index, (&logit, &is_rare)): (usize, (&f64, &bool))| {
                    let pair = (usize::from(is_rare), usize::from(logit > threshold));
                    let is_chosen = cell == Some(pair);
                    let is_wrong = pair.0 != pair.1;
                    // A choice leaves nothing else ringed.
                    let is_ringed = if cell.is_some() { is_chosen } else { is_wrong };
                    is_ringed.then_some(WrongSample {
                        index,
                        is_miss: is_rare,
                    })
                };
                Some(told.filter_map(of).collect::<Vec<_>>())
            })
            .flatten()
            .unwrap_or_default()
    });
    let draw = move |size: Size, theme: &Theme| {
        let mut drawn = Scene::new(size);
        with_field(&mut |data| {
            drawn = field_scene(size, theme, data);
            let rings = wrong.with_untracked(|wrong| wrong_scene(size, theme, data, wrong));
            drawn.append(rings, Point::default());
        });
        drawn
    };
    let depends = move || {
        run.snapshot.track();
        run.look.track();
        places.track();
        wrong.track();
        classify.threshold.track();
    };
    let label = throttled(2_000, move || {
        depends();
        let mut words = "No answers yet.".to_owned();
        with_field(&mut |data| words = describe_field(data));
        words
    });
    let aside = Memo::new(move |_| {
        classify
            .with_judged(|judged| format!("{} split", judged.split()))
            .unwrap_or_default()
    });
    let line = move || format!("line: p = {}", probability(classify.threshold.get()));
    view! {
        <Panel name="regions" title=Signal::derive(|| "Decision boundary".to_owned()) aside=aside>
            <div class="picture">
                <Canvas label=label depends=depends draw=draw />
            </div>
            <p class="key">
                <span class="miss">"◇ miss"</span>
                <span class="alarm">"○ false alarm"</span>
                <span>{line}</span>
            </p>
        </Panel>
    }
}
