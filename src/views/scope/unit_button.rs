use actiscope_core::health::Health;
use leptos::html;
use leptos::prelude::*;

use crate::memo::Memo;
use crate::plot::charts::network::{NetworkLayout, UnitAt, describe_network_unit};
use crate::plot::kit::geometry::Rect;
use crate::run::Run;
use crate::ui::kit::throttle::throttled;
use crate::views::scope::network::look_at;

/// A unit as an element: for the keyboard and for screen readers. The drawing below is its looks.
#[component]
pub fn UnitButton(
    at: UnitAt,
    layout: Memo<NetworkLayout>,
    focused: RwSignal<Option<UnitAt>>,
    selected: Memo<Option<UnitAt>>,
    entry: RwSignal<UnitAt>,
) -> impl IntoView {
    let run = expect_context::<Run>();
    let node = NodeRef::<html::Button>::new();
    let tile = Memo::new(move |_| {
        layout
            .with(|layout| layout.tile(at))
            .unwrap_or(Rect::new(0.0, 0.0, 0.0, 0.0))
    });
    let px = |length: f64| format!("{length:.1}px");
    let unit = Memo::new(move |_| {
        run.snapshot.with(|snapshot| {
            let layer = snapshot.as_ref()?.layers.get(at.layer)?;
            layer.units.get(at.unit).copied()
        })
    });
    let health = Memo::new(move |_| unit.get().map_or(Health::Alive, |unit| unit.health));
    let words = move || {
        unit.get().map_or_else(
            || format!("Layer {} unit {}", at.layer + 1, at.unit + 1),
            |unit| describe_network_unit(at, &unit),
        )
    };
    // The focus follows the keys.
    Effect::new(move |_| {
        if entry.get() == at
            && focused.get() == Some(at)
            && let Some(node) = node.get()
        {
            // Nothing to do where an element cannot take the focus.
            let _ = node.focus();
        }
    });
    view! {
        <button
            node_ref=node
            type="button"
            class="unit"
            class:dead=move || health.get() == Health::Dead
            aria-label=throttled(1_000, words)
            aria-pressed=move || if selected.get() == Some(at) { "true" } else { "false" }
            tabindex=move || if entry.get() == at { "0" } else { "-1" }
            style:left=move || px(tile.get().x)
            style:top=move || px(tile.get().y)
            style:width=move || px(tile.get().width)
            style:height=move || px(tile.get().height)
            on:focus=move |_| {
                entry.set(at);
                focused.set(Some(at));
            }
            on:blur=move |_| {
                if focused.get_untracked() == Some(at) {
                    focused.set(None);
                }
            }
            // A pointer is handled by the whole field; what comes without one is a key.
            on:click=move |event| {
                if event.detail() == 0 {
                    look_at(run, at);
                }
            }
        ></button>
    }
}
