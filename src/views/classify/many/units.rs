use actiscope_core::health::Health;
use actiscope_core::protocol::RunCommand;
use actiscope_core::scenario::Edit;
use leptos::prelude::*;

use super::side;
use crate::memo::Memo;
use crate::plot::charts::classify::unit_picture_scene;
use crate::plot::kit::geometry::Size;
use crate::plot::kit::scene::Scene;
use crate::plot::kit::theme::Theme;
use crate::ui::kit::canvas::Canvas;
use crate::ui::kit::panel::Panel;
use crate::ui::kit::throttle::throttled;
use crate::views::classify::store::Classify;

/// How often the weights are painted while they change.
const EVERY_MS: u64 = 150;

/// The first layer's units as pictures of their incoming weights, with their health.
#[component]
pub fn Units() -> impl IntoView {
    let classify = expect_context::<Classify>();
    let run = classify.run;
    let snapshot = throttled(EVERY_MS, move || run.snapshot.get());
    let n_units = Memo::new(move |_| {
        snapshot.with(|snapshot| {
            let snapshot = snapshot.as_ref();
            snapshot
                .and_then(|s| s.layers.first())
                .map_or(0, |layer| layer.units.len())
        })
    });
    let counts = Memo::new(move |_| {
        snapshot.with(|snapshot| {
            let units = snapshot
                .iter()
                .filter_map(|s| s.layers.first())
                .flat_map(|l| &l.units);
            let mut counts = [0_usize; 3];
            for unit in units {
                counts[unit.health as usize] += 1;
            }
            counts
        })
    });
    let tile = move |unit: usize| {
        let draw = move |size: Size, theme: &Theme| {
            snapshot.with_untracked(|snapshot| {
                let layer = snapshot.as_ref().and_then(|s| s.layers.first());
                let side = untrack(|| side(classify));
                let Some((layer, side)) = layer.zip(side) else {
                    return Scene::new(size);
                };
                let n = side * side;
                let weights = layer
                    .weights
                    .get(unit * n..(unit + 1) * n)
                    .unwrap_or_default();
                let health = layer
                    .units
                    .get(unit)
                    .map_or(Health::Alive, |unit| unit.health);
                unit_picture_scene(size, theme, weights, side, health)
            })
        };
        let health = Memo::new(move |_| {
            snapshot.with(|snapshot| {
                let layer = snapshot.as_ref()?.layers.first()?;
                Some(layer.units.get(unit)?.health)
            })
        });
        let words = move || {
            let health = match health.get() {
                Some(Health::Dead) => "dead",
                Some(Health::Saturated) => "saturated",
                _ => "alive",
            };
            format!("Unit {}: {health}", unit + 1)
        };
        let is_chosen = move || {
            run.scenario
                .with(|s| s.view.layer == 0 && s.view.unit == Some(unit))
        };
        view! {
            <button
                type="button"
                class="weights-of-unit"
                aria-label=words
                title="Selects it in the Scope, too"
                aria-pressed=move || is_chosen().to_string()
                on:click=move |_| {
                    run.edit(Edit::Layer(0));
                    run.edit(Edit::Unit(Some(unit)));
                }
            >
                <span class="picture">
                    <Canvas label="" depends=move || snapshot.track() draw=draw />
                </span>
            </button>
        }
    };
    let has_dead = move || counts.with(|counts| counts[Health::Dead as usize] > 0);
    view! {
        <Panel
            name="units"
            title=Signal::derive(|| "Hidden units".to_owned())
            aside=Signal::derive(|| "incoming weights, negative to positive".to_owned())
        >
            <div class="gallery of-units" role="group" aria-label="Units of layer 1">
                {move || (0..n_units.get()).map(tile).collect_view()}
            </div>
            <p class="key">
                <span>{move || counts.with(|c| format!("○ alive {}", c[0]))}</span>
                <span>{move || counts.with(|c| format!("□ saturated {}", c[1]))}</span>
                <span>{move || counts.with(|c| format!("◇ dead {}", c[2]))}</span>
                <button
                    type="button"
                    class="quiet"
                    hidden=move || !has_dead()
                    on:click=move |_| run.dispatch(RunCommand::ReviveDead)
                >
                    "Revive dead units"
                </button>
            </p>
        </Panel>
    }
}
