use actiscope_core::observe::HistoryPoint;
use actiscope_core::protocol::Look;
use actiscope_core::scenario::Scenario;
use leptos::prelude::*;

use super::store::Map;
use crate::engine::Engine;
use crate::memo::Memo;
use crate::plot::charts::compare::{HealthPoint, health_scene};
use crate::plot::charts::field::{describe_field, field_scene};
use crate::plot::charts::layers::LayersData;
use crate::plot::charts::map::{cell_layers_scene, losses_scene};
use crate::plot::kit::geometry::Size;
use crate::plot::kit::scene::Scene;
use crate::plot::kit::theme::Theme;
use crate::portrait::{Portrait, Sitter};
use crate::text;
use crate::ui::kit::canvas::Canvas;
use crate::ui::kit::erased::{Show, effect};
use crate::ui::kit::throttle::throttled;
use crate::views::NOTHING;

/// As many networks of a cell are shown.
const MAX_SHOWN: usize = 4;
/// The crosshair is at rest.
const REST_MS: u64 = 120;
/// Cells a side of a boundary.
const FIELD_CELLS: usize = 32;

/// The networks of the cell under the crosshair, trained once more to be looked at.
#[component]
pub fn Networks() -> impl IntoView {
    let map = expect_context::<Map>();
    let engine = expect_context::<Engine>();
    let portraits: [Portrait; MAX_SHOWN] = std::array::from_fn(|_| engine.new_portrait());
    let n_shown = Memo::new(move |_| {
        map.shown
            .with(|shown| (shown.cells.seeds as usize).min(MAX_SHOWN))
    });
    // What is not on show is not trained.
    let wanted = throttled(REST_MS, move || {
        let is_here = map.is_here.get();
        let at = map.at.get();
        map.shown.with(|shown| {
            let is_trained = shown.cells.cell(at.0, at.1).next().is_some();
            (is_here && is_trained).then(|| (map.scenario_of(at), shown.spec.n_steps))
        })
    });
    effect(move || {
        let Some((scenario, n_steps)) = wanted.get() else {
            return;
        };
        let n_shown = n_shown.get();
        untrack(|| {
            for (k, portrait) in portraits.iter().enumerate() {
                if k < n_shown {
                    let seed = scenario.seed.wrapping_add(k as u32);
                    let network = Scenario {
                        seed,
                        ..scenario.clone()
                    };
                    portrait.show(network, n_steps, look());
                } else {
                    portrait.clear();
                }
            }
        });
    });
    let sitters = move || {
        portraits
            .iter()
            .filter_map(|portrait| portrait.sitter.get())
            .collect::<Vec<_>>()
    };
    let depends = move || {
        portraits
            .iter()
            .for_each(|portrait| portrait.sitter.track())
    };
    let losses = move |size: Size, theme: &Theme| {
        let sitters = untrack(sitters);
        let networks: Vec<&[HistoryPoint]> =
            sitters.iter().map(|sitter| &sitter.history[..]).collect();
        losses_scene(size, theme, &networks, n_steps_of(&sitters))
    };
    let health = move |size: Size, theme: &Theme| {
        let sitters = untrack(sitters);
        health_scene(
            size,
            theme,
            &health_of(&sitters),
            n_steps_of(&sitters),
            None,
        )
    };
    let layers = move |size: Size, theme: &Theme| {
        let sitters = untrack(sitters);
        let networks: Vec<_> = sitters
            .iter()
            .map(|sitter| LayersData::new(&sitter.snapshot.layers).rows)
            .collect();
        cell_layers_scene(size, theme, &networks)
    };
    let loss_label = throttled(2_000, move || {
        let last = sitters()
            .iter()
            .map(|sitter| text::number(f64::from(sitter.snapshot.loss), 2))
            .collect::<Vec<_>>();
        format!("Loss over steps, in the end {}", last.join(", "))
    });
    let health_label = throttled(2_000, move || {
        let told = sitters()
            .iter()
            .map(|sitter| {
                let (n_dead, n_saturated) = crate::run::health_counts(&sitter.snapshot);
                format!("{n_dead} dead, {n_saturated} saturated")
            })
            .collect::<Vec<_>>();
        format!("Health of units over steps, in the end {}", told.join("; "))
    });
    let layers_label = throttled(2_000, move || {
        let sitters = sitters();
        let first = sitters
            .first()
            .map(|sitter| LayersData::new(&sitter.snapshot.layers));
        first.map_or_else(String::new, |data| {
            crate::plot::charts::layers::describe_layers(&data)
        })
    });
    let boundaries = move || {
        (0..n_shown.get())
            .map(|k| view! { <Boundary portrait=portraits[k] k /> })
            .collect_view()
    };
    let is_known = Memo::new(move |_| portraits[0].sitter.with(Option::is_some));
    let ends = move || text::count(n_steps_of(&sitters()));
    view! {
        <div class="boundaries" aria-label="Boundaries" role="group">{boundaries}</div>
        <Show when=move || is_known.get()>
            <h3>"Loss and health over steps" <span class="aside">{move || if n_shown.get() > 1 { "thin: seeds, bold: median" } else { "" }}</span></h3>
            <div class="picture losses-of-cell">
                <Canvas label=loss_label depends=depends draw=losses />
            </div>
            <div class="picture health-of-cell">
                <Canvas label=health_label depends=depends draw=health />
            </div>
            <p class="ends" aria-hidden="true">
                <span>"0"</span>
                <span>{ends}</span>
            </p>
            <h3>"By layer" <span class="aside">"dead and saturated; RMS of ∂L/∂z, log"</span></h3>
            <div class="picture layers-of-cell">
                <Canvas label=layers_label depends=depends draw=layers />
            </div>
        </Show>
    }
}

#[component]
fn Boundary(portrait: Portrait, k: usize) -> impl IntoView {
    let map = expect_context::<Map>();
    let draw = move |size: Size, theme: &Theme| {
        portrait.sitter.with_untracked(|sitter| match sitter {
            Some(sitter) => sitter.with_field(|data| field_scene(size, theme, data)),
            None => Scene::new(size),
        })
    };
    let depends = move || portrait.sitter.track();
    let label = throttled(2_000, move || {
        portrait.sitter.with(|sitter| {
            let words = sitter
                .as_ref()
                .map(|sitter| sitter.with_field(describe_field));
            words.unwrap_or_else(|| "No answers yet.".into())
        })
    });
    let words = move || {
        let refusal = portrait.refusal.get();
        refusal.unwrap_or_else(|| {
            let seed = map
                .shown
                .with(|shown| shown.spec.base.seed.wrapping_add(k as u32));
            portrait.sitter.with(|sitter| match sitter.as_ref() {
                None => format!("seed {seed}"),
                Some(sitter) => {
                    let seed = sitter.scenario.seed;
                    let snapshot = &sitter.snapshot;
                    match (snapshot.has_diverged, snapshot.accuracy) {
                        (true, _) => format!("seed {seed}: diverged"),
                        (_, Some(share)) => format!("seed {seed}: {:.0} %", 100.0 * share),
                        (_, None) => {
                            format!("seed {seed}: {}", text::number(f64::from(snapshot.loss), 2))
                        }
                    }
                }
            })
        })
    };
    view! {
        <figure class:awaited=move || portrait.is_awaited.get()>
            <div class="picture">
                <Canvas label=label depends=depends draw=draw />
            </div>
            <figcaption>{words}</figcaption>
        </figure>
    }
}

fn look() -> Look {
    Look {
        field_cells: FIELD_CELLS,
        ..NOTHING
    }
}

fn n_steps_of(sitters: &[std::sync::Arc<Sitter>]) -> u64 {
    sitters.first().map_or(1, |sitter| sitter.step)
}

/// Of all networks together, at the steps at which the first was recorded.
fn health_of(sitters: &[std::sync::Arc<Sitter>]) -> Vec<HealthPoint> {
    let Some(longest) = sitters.iter().max_by_key(|sitter| sitter.history.len()) else {
        return Vec::new();
    };
    let n_units = |sitter: &Sitter| {
        sitter
            .snapshot
            .layers
            .iter()
            .map(|layer| layer.units.len())
            .sum::<usize>()
    };
    let n_units: usize = sitters.iter().map(|sitter| n_units(sitter)).sum();
    let point = |step: u64| {
        let then = sitters.iter().filter_map(|sitter| {
            let n_before = sitter.history.partition_point(|point| point.step <= step);
            sitter.history.get(n_before.checked_sub(1)?)
        });
        let (n_dead, n_saturated) = then.fold((0_u32, 0_u32), |(dead, saturated), point| {
            (
                dead + u32::from(point.dead),
                saturated + u32::from(point.saturated),
            )
        });
        let share = |n: u32| f64::from(n) / n_units.max(1) as f64;
        HealthPoint {
            step,
            dead: share(n_dead),
            saturated: share(n_saturated),
        }
    };
    longest.history.iter().map(|at| point(at.step)).collect()
}
