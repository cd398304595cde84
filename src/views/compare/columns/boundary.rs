use leptos::prelude::*;

use super::store::Lane;
use crate::memo::Memo;
use crate::plot::charts::field::{describe_field, field_scene};
use crate::plot::kit::geometry::Size;
use crate::plot::kit::scene::Scene;
use crate::plot::kit::theme::Theme;
use crate::plot::kit::ticks::{percent, short};
use crate::portrait::Sitter;
use crate::text;
use crate::ui::kit::canvas::Canvas;
use crate::ui::kit::throttle::throttled;

/// What the lane's network answers, with the samples; and where there is room, how well.
#[component]
pub fn Boundary(lane: Lane, name: Memo<String>) -> impl IntoView {
    let portrait = lane.portrait;
    let draw = move |size: Size, theme: &Theme| {
        portrait.sitter.with_untracked(|sitter| match sitter {
            Some(sitter) => sitter.with_field(|data| field_scene(size, theme, data)),
            None => Scene::new(size),
        })
    };
    let depends = move || portrait.sitter.track();
    let label = throttled(2_000, move || {
        let words = portrait.sitter.with(|sitter| {
            let sitter = sitter.as_ref()?;
            Some(sitter.with_field(describe_field))
        });
        let words = words.unwrap_or_else(|| "No answers yet.".into());
        format!("{}. {words}", name.get())
    });
    let facts = Memo::new(move |_| {
        (portrait.sitter).with(|sitter| sitter.as_ref().map_or_else(Vec::new, |s| facts_of(s)))
    });
    let fact = |(name, value): (&'static str, String)| {
        view! {
            <div>
                <dt>{name}</dt>
                <dd>{value}</dd>
            </div>
        }
    };
    let over = move || {
        let refusal = portrait.refusal.get();
        refusal.or_else(|| {
            portrait.sitter.with(|sitter| match sitter {
                None => Some("This network is trained once more, to be seen.".to_owned()),
                Some(sitter) if sitter.snapshot.has_diverged => {
                    let step = text::count(sitter.snapshot.step);
                    Some(format!("diverged at step {step}"))
                }
                Some(_) => None,
            })
        })
    };
    view! {
        <div class="picture square">
            <Canvas label=label depends=depends draw=draw />
            <span class="over">{over}</span>
        </div>
        <dl class="facts">{move || facts.get().into_iter().map(fact).collect_view()}</dl>
    }
}

/// How well this network does, in a few numbers.
fn facts_of(sitter: &Sitter) -> Vec<(&'static str, String)> {
    let snapshot = &sitter.snapshot;
    let right = |share: f32| percent(f64::from(share));
    let mut facts = Vec::new();
    facts.extend(snapshot.accuracy.map(|share| ("train", right(share))));
    facts.extend(snapshot.test_accuracy.map(|share| ("test", right(share))));
    facts.push(("loss", short(f64::from(snapshot.loss))));
    let (n_dead, n_saturated) = crate::run::health_counts(snapshot);
    let n_units: usize = snapshot.layers.iter().map(|layer| layer.units.len()).sum();
    facts.push(("dead", format!("{n_dead} of {n_units}")));
    facts.push(("saturated", format!("{n_saturated} of {n_units}")));
    facts
}
