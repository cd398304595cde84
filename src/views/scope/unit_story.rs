use actiscope_core::health::words::{self, Sentence, unit_name};
use actiscope_core::health::{Health, HealthEvent};
use actiscope_core::protocol::Snapshot;
use leptos::prelude::*;

use crate::memo::Memo;
use crate::plot::charts::network::{NetworkLayout, UnitAt};
use crate::plot::kit::geometry::Size;
use crate::run::{Run, RunLog};
use crate::text::{count, number};
use crate::ui::kit::erased::Show;
use crate::ui::kit::lazy::{chunk, lazy};
use crate::ui::kit::throttle::throttled;
use crate::views::scope::network::map_axes;

/// Weights that are listed; the rest is counted.
const N_WEIGHTS: usize = 8;

/// What there is to say of a unit.
#[derive(Clone, Debug, PartialEq)]
struct Told {
    at: UnitAt,
    name: String,
    health: Health,
    facts: Vec<(&'static str, String)>,
    last: Option<(u64, Sentence)>,
}

/// The story of the unit under the pointer or with the focus, beside its tile.
#[component]
pub fn UnitStory(
    hovered: RwSignal<Option<UnitAt>>,
    focused: RwSignal<Option<UnitAt>>,
    layout: Memo<NetworkLayout>,
    size: RwSignal<Size>,
) -> impl IntoView {
    let at = Memo::new(move |_| hovered.get().or(focused.get()));
    view! {
        <Show when=move || at.get().is_some()>{lazy(move || card(at, layout, size))}</Show>
    }
}

chunk! {
    card,
    fn card(at: Memo<Option<UnitAt>>, layout: Memo<NetworkLayout>, size: RwSignal<Size>) -> AnyView {
        view! { <Card at layout size /> }.into_any()
    }
}

#[component]
fn Card(
    at: Memo<Option<UnitAt>>,
    layout: Memo<NetworkLayout>,
    size: RwSignal<Size>,
) -> impl IntoView {
    let run = expect_context::<Run>();
    let told = throttled(100, move || {
        let at = at.get()?;
        let snapshot = run.snapshot.get()?;
        let last = |log: &RunLog| log.last_of_unit(at.layer, at.unit, snapshot.step).cloned();
        let last = run.log.with(last);
        let mut told = tell(&snapshot, at, last.as_ref())?;
        let axes = map_axes(run).map(|[right, up]| ("map over", format!("{right}, {up}")));
        told.facts.extend(axes);
        Some(told)
    });
    let tile = Memo::new(move |_| {
        at.get()
            .and_then(|at| layout.with(|layout| layout.tile(at)))
    });
    // Beside the tile, on the side with more room; at the height of the tile, within the panel.
    let left = move || match tile.get() {
        Some(tile) if tile.center().x < size.get().width / 2.0 => {
            format!("{:.0}px", tile.right() + 12.0)
        }
        _ => "auto".into(),
    };
    let right = move || match tile.get() {
        Some(tile) if tile.center().x >= size.get().width / 2.0 => {
            format!("{:.0}px", size.get().width - tile.x + 12.0)
        }
        _ => "auto".into(),
    };
    let is_low = move || {
        tile.get()
            .is_some_and(|tile| tile.center().y > size.get().height / 2.0)
    };
    let top = move || match tile.get() {
        Some(tile) if !is_low() => format!("{:.0}px", tile.y),
        _ => "auto".into(),
    };
    let bottom = move || match tile.get() {
        Some(tile) if is_low() => format!("{:.0}px", size.get().height - tile.bottom()),
        _ => "auto".into(),
    };
    let card = move || {
        let told = told.get().filter(|told| Some(told.at) == at.get())?;
        let facts = told.facts.into_iter().map(|(name, value)| {
            view! {
                <dt>{name}</dt>
                <dd>{value}</dd>
            }
        });
        let last = told.last.map(|(step, story)| {
            view! {
                <p>
                    {format!("Step {}: ", count(step))} <b>{story.subject}</b> " " {story.rest}
                </p>
            }
        });
        let (health, class) = match told.health {
            Health::Alive => ("alive", "is-alive"),
            Health::Saturated => ("saturated", "is-saturated"),
            Health::Dead => ("dead", "is-dead"),
        };
        Some(view! {
            <p>
                <b>{told.name}</b>
                " "
                <b class=class>{health}</b>
            </p>
            <dl>{facts.collect_view()}</dl>
            {last}
        })
    };
    view! {
        <div
            class="story"
            aria-hidden="true"
            style:left=left
            style:right=right
            style:top=top
            style:bottom=bottom
        >
            {card}
        </div>
    }
}

fn tell(snapshot: &Snapshot, at: UnitAt, last: Option<&HealthEvent>) -> Option<Told> {
    let layer = snapshot.layers.get(at.layer)?;
    let unit = layer.units.get(at.unit)?;
    let short = |value: f32| number(f64::from(value), 2);
    let mut facts = vec![
        (
            "z",
            format!("{} … {}", short(unit.z_min), short(unit.z_max)),
        ),
        (
            "mean, deviation",
            format!("{}, {}", short(unit.z_mean), short(unit.z_std)),
        ),
        (
            "z ≤ 0",
            format!("{:.0} % of samples", 100.0 * unit.negative_fraction),
        ),
        ("mean |f′|", short(unit.mean_abs_slope)),
    ];
    facts.extend(weights(snapshot, at));
    let n_hidden = snapshot.layers.len().saturating_sub(1);
    Some(Told {
        at,
        name: unit_name(at.layer, at.unit),
        health: unit.health,
        facts,
        last: last.map(|event| (event.step, words::sentence(event, n_hidden))),
    })
}

/// Incoming weights and bias, where the snapshot holds them.
fn weights(snapshot: &Snapshot, at: UnitAt) -> Vec<(&'static str, String)> {
    let bias = snapshot
        .layers
        .get(at.layer)
        .and_then(|layer| layer.biases.get(at.unit));
    let (Some(row), Some(bias)) = (snapshot.weights_of(at.layer, at.unit), bias) else {
        return Vec::new();
    };
    let short = |value: &f32| number(f64::from(*value), 2);
    let mut text = row
        .iter()
        .take(N_WEIGHTS)
        .map(short)
        .collect::<Vec<_>>()
        .join("  ");
    if row.len() > N_WEIGHTS {
        text.push_str(&format!("  and {} more", row.len() - N_WEIGHTS));
    }
    vec![("weights", text), ("bias", short(bias))]
}
