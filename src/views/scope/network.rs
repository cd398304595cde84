use actiscope_core::protocol::{Look, RunCommand, Snapshot};
use actiscope_core::scenario::Edit;
use leptos::html;
use leptos::prelude::*;
use web_sys::{KeyboardEvent, PointerEvent};

use crate::app::theme::Colours;
use crate::frame;
use crate::memo::Memo;
use crate::plot::charts::network::{
    Move, NetworkData, NetworkLayout, NetworkShape, UnitAt, describe_network, neighbour,
    network_scene,
};
use crate::plot::kit::geometry::{Point, Size, point};
use crate::plot::kit::theme::Theme;
use crate::run::{Run, axes};
use crate::ui::chrome::caption::Said;
use crate::ui::kit::canvas::Canvas;
use crate::ui::kit::erased::{For, Show};
use crate::ui::kit::lazy::lazy;
use crate::ui::kit::panel::Panel;
use crate::ui::kit::throttle::throttled;
use crate::views::scope::flashes::Flashes;
use crate::views::scope::unit_button::UnitButton;
use crate::views::scope::unit_story::UnitStory;
use crate::views::scope::unit_weights::{Picked, param_card};

/// With more units than this only those of one layer are elements of the page; the drawing shows
/// all, and a pointer reaches all.
const MAX_BUTTONS: usize = 200;

/// So many weights between two layers can be looked through while a pointer moves.
const MAX_WEIGHTS_UNDER_POINTER: usize = 1_100;

/// The network: every unit a tile, edges by weight.
#[component]
pub fn NetworkPanel() -> impl IntoView {
    let run = expect_context::<Run>();
    let colours = expect_context::<Colours>();
    let shape = Memo::new(move |_| shape_of(run));
    let size = RwSignal::new(Size::default());
    let layout = Memo::new(move |_| {
        colours.version.track();
        shape.with(|shape| NetworkLayout::new(size.get(), &colours.drawn(), shape))
    });
    let hovered = RwSignal::new(None::<UnitAt>);
    let focused = RwSignal::new(None::<UnitAt>);
    let selected = Memo::new(move |_| {
        let view = run.scenario.with(|scenario| scenario.view.clone());
        view.unit.map(|unit| UnitAt {
            layer: view.layer,
            unit,
        })
    });
    let flashes = Flashes::follow(run);
    let told = Memo::new(move |_| hovered.get().or(focused.get()).or(selected.get()));
    ask_for_details(run, layout, told);

    let draw = move |size: Size, theme: &Theme| {
        let flashing = flashes.now();
        if !flashing.is_empty() {
            frame::after_paint(move || flashes.go_on());
        }
        with_network(run, shape, |data| {
            let data = NetworkData {
                selected: selected.get_untracked(),
                hovered: hovered.get_untracked(),
                focused: focused.get_untracked(),
                flashes: &flashing,
                ..*data
            };
            network_scene(size, theme, &data)
        })
    };
    let depends = move || {
        run.snapshot.track();
        shape.track();
        selected.track();
        hovered.track();
        focused.track();
        flashes.track();
    };
    let label = throttled(2_000, move || {
        run.snapshot.track();
        shape.track();
        let mut words = with_network(run, shape, describe_network);
        if let Some([right, up]) = map_axes(run) {
            words +=
                &format!(" Tiles show activations over {right} to the right and {up} upwards.");
        }
        words
    });

    let field = NodeRef::<html::Div>::new();
    let picked = RwSignal::new(None::<Picked>);
    let is_on_line = RwSignal::new(false);
    // Of another network it is another weight.
    Effect::new(move |_| {
        shape.track();
        picked.set(None);
    });
    let position = move |event: &PointerEvent| {
        let field = field.get_untracked()?;
        let rect = field.get_bounding_client_rect();
        Some(point(
            f64::from(event.client_x()) - rect.left(),
            f64::from(event.client_y()) - rect.top(),
        ))
    };
    let point_at = move |event: PointerEvent| {
        let px = position(&event);
        let at = px.and_then(|px| layout.with_untracked(|layout| layout.unit_at(px)));
        if hovered.get_untracked() != at {
            hovered.set(at);
        }
        let param = px.filter(|_| at.is_none()).and_then(|px| {
            layout.with_untracked(|layout| layout.param_at(px, MAX_WEIGHTS_UNDER_POINTER))
        });
        is_on_line.set(param.is_some());
    };
    let press = move |event: PointerEvent| {
        let Some(px) = position(&event) else { return };
        picked.set(None);
        let (unit, param) = layout.with_untracked(|layout| {
            let unit = layout.unit_at(px);
            (unit, layout.param_at(px, usize::MAX))
        });
        match (unit, param) {
            (Some(at), _) => look_at(run, at),
            (None, Some(at)) => picked.set(Some(Picked { at, px })),
            (None, None) => {
                if let Some(layer) = layout.with_untracked(|layout| layer_at(layout, px)) {
                    run.edit(Edit::Layer(layer));
                }
            }
        }
    };

    // Which unit the tab key comes to.
    let entry = RwSignal::new(UnitAt { layer: 0, unit: 0 });
    let go_to = move |event: KeyboardEvent| {
        let Some(at) = focused.get_untracked() else {
            return;
        };
        let key = match &*event.key() {
            "ArrowLeft" => Move::Left,
            "ArrowRight" => Move::Right,
            "ArrowUp" => Move::Up,
            "ArrowDown" => Move::Down,
            "Home" => Move::Home,
            "End" => Move::End,
            "Escape" => {
                run.edit(Edit::Layer(at.layer));
                return;
            }
            _ => return,
        };
        event.prevent_default();
        entry.set(shape.with_untracked(|shape| neighbour(&shape.hidden, at, key)));
        focused.set(Some(entry.get_untracked()));
    };
    let shown = Memo::new(move |_| {
        shape.with(|shape| {
            let is_small = shape.hidden.iter().sum::<usize>() <= MAX_BUTTONS;
            let layers = 0..shape.hidden.len();
            let layer = entry.get().layer;
            layers
                .filter(|&l| is_small || l == layer)
                .flat_map(|layer| (0..shape.hidden[layer]).map(move |unit| (layer, unit)))
                .collect::<Vec<_>>()
        })
    });
    let button = move |(layer, unit): (usize, usize)| {
        view! { <UnitButton at=UnitAt { layer, unit } layout focused selected entry /> }
    };
    let layers = Signal::derive(move || shape.with(arrows));
    view! {
        <Panel name="network" title="Network" aside=layers>
            <div class="picture">
                <Canvas
                    label=label
                    depends=depends
                    draw=draw
                    size=size
                />
                <div
                    class="units-grid"
                    class:on-line=is_on_line
                    node_ref=field
                    role="group"
                    aria-label="Units"
                    on:pointermove=point_at
                    on:pointerleave=move |_| hovered.set(None)
                    on:pointerup=press
                    on:keydown=go_to
                >
                    <For each=move || shown.get() key=|at| format!("{at:?}") children=button />
                </div>
                <UnitStory hovered focused layout size />
                <Show when=move || picked.with(Option::is_some)>
                    {lazy(move || param_card(picked, size))}
                </Show>
            </div>
            <Key />
        </Panel>
    }
}

/// What the outlines mean, how many there are, and the way to revive the dead.
#[component]
fn Key() -> impl IntoView {
    let run = expect_context::<Run>();
    // Those of the caption and the line of health.
    let counts = expect_context::<Said>().counts;
    let n_alive = move || {
        let counts = counts.get();
        counts
            .n_units
            .saturating_sub(counts.n_dead + counts.n_saturated)
    };
    let none_is_dead = Memo::new(move |_| run.health_counts().0 == 0);
    view! {
        <div class="key">
            <span>
                <i class="alive"></i>
                {move || format!("alive {}", n_alive())}
            </span>
            <span>
                <i class="saturated"></i>
                {move || format!("saturated {}", counts.get().n_saturated)}
            </span>
            <span>
                <i class="dead"></i>
                {move || format!("dead {}", counts.get().n_dead)}
            </span>
            <button
                type="button"
                class="quiet end"
                aria-keyshortcuts="D"
                title="New incoming weights for every dead unit; the others are left alone (D)"
                disabled=move || none_is_dead.get()
                on:click=move |_| run.dispatch(RunCommand::ReviveDead)
            >
                "Revive dead units"
            </button>
        </div>
    }
}

/// Selects a unit, or lets go of it.
pub fn look_at(run: Run, at: UnitAt) {
    let view = run
        .scenario
        .with_untracked(|scenario| scenario.view.clone());
    if view.layer == at.layer && view.unit == Some(at.unit) {
        run.edit(Edit::Unit(None));
    } else {
        if view.layer != at.layer {
            run.edit(Edit::Layer(at.layer));
        }
        run.edit(Edit::Unit(Some(at.unit)));
    }
}

/// The network on show: that of the snapshot, for an edit takes a moment to come back from the engine.
fn shape_of(run: Run) -> NetworkShape {
    let (n_inputs, n_outputs, hidden) = run.scenario.with(|scenario| {
        let network = &scenario.network;
        (network.n_inputs, network.n_outputs, network.hidden.clone())
    });
    let hidden = run
        .snapshot
        .with(|snapshot| snapshot.as_deref().map(hidden_of))
        .unwrap_or(hidden);
    NetworkShape {
        n_inputs,
        hidden,
        n_outputs,
    }
}

fn hidden_of(snapshot: &Snapshot) -> Vec<usize> {
    let n_hidden = snapshot.layers.len().saturating_sub(1);
    let layers = snapshot.layers[..n_hidden].iter();
    layers.map(|layer| layer.units.len()).collect()
}

fn with_network<T>(run: Run, shape: Memo<NetworkShape>, then: impl FnOnce(&NetworkData) -> T) -> T {
    let snapshot = run.snapshot.get_untracked();
    shape.with_untracked(|shape| {
        then(&NetworkData {
            shape,
            layers: snapshot.as_ref().map_or(&[], |snapshot| &snapshot.layers),
            selected: None,
            hovered: None,
            focused: None,
            flashes: &[],
        })
    })
}

/// What the maps of the units lie over, where that is chosen among more than two inputs. Tracked.
pub fn map_axes(run: Run) -> Option<[String; 2]> {
    let axes = run.scenario.with(|scenario| scenario.view.axes);
    run.loaded
        .with(|loaded| axes::names(loaded.as_ref()?, axes))
}

/// Asks the engine for what is drawn: response maps as fine as the tiles show, and weights where edges
/// are drawn. Where none are, those of the unit that is told of.
fn ask_for_details(run: Run, layout: Memo<NetworkLayout>, told: Memo<Option<UnitAt>>) {
    let drawn = Memo::new(move |_| {
        layout.with(|layout| {
            let cells = layout.map_cells(crate::browser::pixel_ratio());
            (cells, layout.has_edges())
        })
    });
    Effect::new(move |_| {
        let (unit_map_cells, weights) = drawn.get();
        let told = told.get().filter(|_| !weights);
        run.set_look(Look {
            unit_map_cells,
            weights,
            weights_of: told.map(|at| (at.layer, at.unit)),
            ..run.look.get_untracked()
        });
    });
}

/// The layer whose column a point lies in.
fn layer_at(layout: &NetworkLayout, px: Point) -> Option<usize> {
    layout
        .layers
        .iter()
        .position(|layer| layer.frame.x <= px.x && px.x <= layer.frame.right())
}

/// "2 → 8 → 8 → 8 → 1", or how many layers where that would be long.
fn arrows(shape: &NetworkShape) -> String {
    if shape.hidden.len() > 8 {
        return format!(
            "{} → {} layers → {}",
            shape.n_inputs,
            shape.hidden.len(),
            shape.n_outputs
        );
    }
    let all = [shape.n_inputs].into_iter();
    let all = all
        .chain(shape.hidden.iter().copied())
        .chain([shape.n_outputs]);
    all.map(|n| n.to_string()).collect::<Vec<_>>().join(" → ")
}
