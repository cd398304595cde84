use std::sync::Arc;

use actiscope_core::protocol::{FleetSpec, Look};
use leptos::prelude::*;

use super::store::{Columns, Lane, network};
use crate::memo::Memo;
use crate::plot::charts::compare::{seed_at, seeds_scene};
use crate::plot::charts::field::FieldData;
use crate::plot::kit::geometry::{Size, point};
use crate::plot::kit::theme::Theme;
use crate::portrait::Sitter;
use crate::run::samples::Samples;
use crate::ui::kit::canvas::Canvas;
use crate::ui::kit::erased::effect;
use crate::views::NOTHING;

const LOOK: Look = Look {
    field_cells: 20,
    ..NOTHING
};

/// Networks of one fleet at one step, as many as have come.
#[derive(Clone, Default)]
struct Gallery {
    of: Option<(Arc<FleetSpec>, u64)>,
    sitters: Vec<Option<Arc<Sitter>>>,
}

/// The boundaries of all seeds of a lane, small, one after the other when nothing trains. A press chooses a seed for all
/// columns. Where the style sheet leaves no room for it nothing is asked for.
#[component]
pub fn Seeds(lane: Lane, name: Memo<String>) -> impl IntoView {
    let columns = expect_context::<Columns>();
    let compare = columns.compare;
    let portrait = lane.one_of_all;
    let gallery = RwSignal::new(Gallery::default());
    let size = RwSignal::new(Size::default());
    let is_seen = Memo::new(move |_| size.get().width >= 1.0 && compare.is_here.get());
    let is_at_rest = Memo::new(move |_| {
        compare.shown.with(|shown| shown.is_done) || !compare.fleet.wants_training.get()
    });
    let of = Memo::new(move |_| {
        let wanted = columns.wanted.get()?;
        let is_there = lane.at < wanted.spec.lanes.len() && wanted.spec.seeds > 1;
        is_there.then_some((wanted.spec, wanted.step))
    });
    effect(move || {
        let of = of.get();
        if gallery.with_untracked(|gallery| gallery.of != of) {
            portrait.clear();
            let n = of.as_ref().map_or(0, |(spec, _)| spec.seeds as usize);
            let sitters = vec![None; n];
            gallery.set(Gallery { of, sitters });
        }
    });
    // What has come is taken, and the next that is missing is asked for.
    effect(move || {
        let come = portrait.sitter.get();
        gallery.track();
        // The columns are first.
        let may_ask = is_seen.get() && is_at_rest.get() && !lane.is_late.get();
        let missing = untrack(|| take(gallery, lane.at, come));
        if let Some((k, spec, step)) = missing.filter(|_| may_ask) {
            portrait.show(network(&spec, lane.at, k), step, LOOK);
        }
    });
    let chosen = Memo::new(move |_| {
        columns
            .wanted
            .with(|wanted| wanted.as_ref().map_or(0, |wanted| wanted.seed as usize))
    });
    let draw = move |size: Size, theme: &Theme| {
        gallery.with_untracked(|gallery| {
            let sitters = &gallery.sitters;
            let samples: Vec<Option<Samples>> = sitters
                .iter()
                .map(|sitter| {
                    let sitter = sitter.as_ref()?;
                    Some(Samples::new(&sitter.loaded, sitter.scenario.view.axes))
                })
                .collect();
            let fields: Vec<Option<FieldData>> = (samples.iter().zip(sitters))
                .map(|(samples, sitter)| {
                    let (samples, sitter) = (samples.as_ref()?, sitter.as_ref()?);
                    let threshold = sitter.scenario.view.threshold;
                    Some(samples.field(
                        &sitter.loaded,
                        &sitter.snapshot,
                        sitter.look.extent,
                        threshold,
                    ))
                })
                .collect();
            seeds_scene(size, theme, &fields, chosen.get_untracked())
        })
    };
    let depends = move || {
        gallery.track();
        chosen.track();
    };
    let press = move |event: leptos::ev::MouseEvent| {
        let at = point(f64::from(event.offset_x()), f64::from(event.offset_y()));
        let n = gallery.with_untracked(|gallery| gallery.sitters.len());
        if let Some(k) = seed_at(size.get_untracked(), n, at) {
            columns.chosen.set(Some(k as u32));
        }
    };
    let label = Signal::derive(move || {
        let n = gallery.with(|gallery| gallery.sitters.len());
        format!("{}: decision boundaries of all {n} seeds", name.get())
    });
    view! {
        <div class="picture all-seeds" title="Press one to show it in all columns" on:click=press>
            <Canvas label=label depends=depends draw=draw size=size />
        </div>
    }
}

/// Puts what has come in its place, and tells what is still missing.
fn take(
    gallery: RwSignal<Gallery>,
    lane: usize,
    come: Option<Arc<Sitter>>,
) -> Option<(u32, Arc<FleetSpec>, u64)> {
    let (spec, step) = gallery.with(|gallery| gallery.of.clone())?;
    if let Some(come) = come {
        let k = come.scenario.seed.wrapping_sub(spec.scenario(lane).seed);
        let is_free = gallery.with(|gallery| matches!(gallery.sitters.get(k as usize), Some(None)));
        if is_free && come.is_of(&network(&spec, lane, k), step) {
            gallery.update(|gallery| gallery.sitters[k as usize] = Some(come));
        }
    }
    let missing = gallery.with(|gallery| gallery.sitters.iter().position(Option::is_none));
    missing.map(|k| (k as u32, spec, step))
}
