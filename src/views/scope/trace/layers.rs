use actiscope_core::csv::{CsvWriter, field_f32};
use actiscope_core::health::words::health_name;
use actiscope_core::interop::trace::{Order, Trace};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Element, KeyboardEvent, PointerEvent};

use super::shown::Shown;
use crate::app::theme::Colours;
use crate::memo::Memo;
use crate::plot::charts::trace::rows::{
    N_ACROSS, RowPlace, RowsGeometry, describe_row, rows_scene,
};
use crate::plot::kit::geometry::{Rect, Size, point};
use crate::plot::kit::scene::Scene;
use crate::plot::kit::theme::Theme;
use crate::ui::kit::canvas::Canvas;
use crate::ui::kit::erased::{For, Show};
use crate::ui::kit::lazy::NotLoaded;
use crate::ui::kit::panel::Panel;
use crate::ui::kit::save::{Chart, SaveMenu};

const TITLE: &str = "Layers and units";

/// Layers as rows. One picture, and over it what is held by pointer and keys.
#[component]
pub fn LayersPanel() -> impl IntoView {
    let shown = expect_context::<Shown>();
    let colours = expect_context::<Colours>();
    let size = RwSignal::new(Size::default());
    let places = Memo::new(move |_| {
        let (theme, width) = (shown.theme(), size.get().width);
        shown.with_rows(|data| RowsGeometry::new(width, &theme, data))
    });
    let height =
        move || places.with(|places| places.as_ref().map(|places| format!("{}px", places.height)));
    let draw = move |size: Size, theme: &Theme| {
        let scene = untrack(|| shown.with_rows(|data| rows_scene(size, theme, data)));
        scene.unwrap_or_else(|| Scene::new(size))
    };
    let depends = move || {
        // All that the rows are drawn of is followed by reading it.
        shown.with_rows(|_| ());
    };
    let picture = move || {
        let theme = colours.drawn();
        let height =
            places.with_untracked(|places| places.as_ref().map_or(0.0, |places| places.height));
        let size = Size {
            height,
            ..size.get_untracked()
        };
        (draw(size, &theme), theme.bg)
    };
    let table = move || -> crate::ui::kit::save::Table {
        let base = shown.base.get_untracked();
        let record = shown.traces.record.get_untracked();
        Box::pin(async move {
            Ok::<_, NotLoaded>(base.map_or(String::new(), |base| csv(&base.opened.trace, record)))
        })
    };
    let chart = Chart {
        panel: "trace-layers",
        picture: Some(Box::new(picture)),
        table: Box::new(table),
    };
    let rows = move || {
        let folded = |places: &Option<RowsGeometry>| -> Vec<(usize, bool)> {
            let places = places.iter().flat_map(|places| &places.rows);
            places.map(|place| place.is_folded).enumerate().collect()
        };
        places.with(folded)
    };
    let row = move |(layer, is_folded): (usize, bool)| view! { <Row layer is_folded places /> };
    let says = Memo::new(move |_| {
        let (layer, tile) = shown.pointed.get()?;
        let words = shown.tile_line(layer, tile)?;
        let space =
            places.with(|places| places.as_ref().and_then(|places| places.tile(layer, tile)))?;
        Some(Says {
            words,
            x: space.x,
            y: space.bottom(),
            is_right: space.x > size.get().width / 2.0,
        })
    });
    let tools = view! {
        <OrderButtons />
        <SaveMenu title=Signal::derive(|| TITLE.to_owned()) chart=chart />
    };
    view! {
        <Panel name="trace-layers" title=TITLE aside="each tile is a unit; point at one" tools=tools.into_any()>
            <div class="layers-room">
                <div class="picture" style:height=height>
                    <Canvas label="" depends=depends draw=draw size=size />
                    <For each=rows key=|row| format!("{row:?}") children=row />
                    <Show when=move || says.with(Option::is_some)>
                        {move || says.get().map(Says::view)}
                    </Show>
                </div>
            </div>
        </Panel>
    }
}

/// What is said beside a tile.
#[derive(Clone, Debug, PartialEq)]
struct Says {
    words: String,
    x: f64,
    y: f64,
    /// The tile is at the right: it is said to the left of it.
    is_right: bool,
}

impl Says {
    fn view(self) -> AnyView {
        let x = format!("{:.0}px", self.x);
        let shift = if self.is_right {
            "translateX(-100%)"
        } else {
            "none"
        };
        view! {
            <p
                class="tile-says"
                aria-hidden="true"
                style:left=x
                style:top=format!("{:.0}px", self.y + 4.0)
                style:transform=shift
            >
                {self.words}
            </p>
        }
        .into_any()
    }
}

#[component]
fn OrderButtons() -> impl IntoView {
    let order = expect_context::<Shown>().traces.order;
    let button = move |of: Order, name: &'static str| {
        view! {
            <button
                type="button"
                class="quiet mini"
                aria-pressed=move || (order.get() == of).to_string()
                on:click=move |_| order.set(of)
            >
                {name}
            </button>
        }
    };
    view! {
        <div class="orders" role="group" aria-label="Order of the tiles">
            {button(Order::Sorted, "sorted")}
            {button(Order::Model, "in order")}
        </div>
    }
}

/// What lies over a layer's row.
#[component]
fn Row(layer: usize, is_folded: bool, places: Memo<Option<RowsGeometry>>) -> impl IntoView {
    let shown = expect_context::<Shown>();
    let place = Memo::new(move |_| {
        places.with(|places| {
            places
                .as_ref()
                .and_then(|places| places.rows.get(layer).cloned())
        })
    });
    let words = Memo::new(move |_| {
        shown.rows.with(|rows| {
            let row = rows.as_ref().and_then(|rows| rows.rows.get(layer));
            row.map_or(String::new(), describe_row)
        })
    });
    let is_unfolded = move || shown.unfolded.with(|unfolded| unfolded.contains(&layer));
    let toggle = move |_| {
        shown.unfolded.update(
            |unfolded| match unfolded.iter().position(|other| *other == layer) {
                Some(at) => _ = unfolded.remove(at),
                None => unfolded.push(layer),
            },
        );
    };
    let over = move |of: fn(&RowPlace) -> Rect| {
        let side = move |side: fn(Rect) -> f64| {
            move || {
                place.with(|place| {
                    place
                        .as_ref()
                        .map(|place| format!("{:.1}px", side(of(place))))
                })
            }
        };
        (
            side(|r| r.x),
            side(|r| r.y),
            side(|r| r.width),
            side(|r| r.height),
        )
    };
    let fold = move || {
        let (left, top, width, height) = over(match is_folded {
            true => |place| place.whole,
            false => |place| place.name,
        });
        view! {
            <button
                type="button"
                class="row-fold"
                aria-label=move || words.get()
                aria-expanded=(!is_folded).to_string()
                style:left=left
                style:top=top
                style:width=width
                style:height=height
                on:click=toggle
            ></button>
        }
    };
    let has_tiles = Memo::new(move |_| {
        shown.rows.with(|rows| {
            let row = rows.as_ref().and_then(|rows| rows.rows.get(layer));
            row.is_some_and(|row| !row.tiles.is_empty() && !row.is_output)
        })
    });
    view! {
        <Show when=move || is_folded || is_unfolded()>{fold()}</Show>
        <Show when=move || !is_folded && has_tiles.get()>
            <Tiles layer places place words />
        </Show>
        <Show when=move || !is_folded && !has_tiles.get()>
            <p class="unseen">{move || words.get()}</p>
        </Show>
    }
}

/// The tiles of a layer. To a screen reader they are a slider whose value is what a unit has to say.
#[component]
fn Tiles(
    layer: usize,
    places: Memo<Option<RowsGeometry>>,
    place: Memo<Option<RowPlace>>,
    words: Memo<String>,
) -> impl IntoView {
    let shown = expect_context::<Shown>();
    let node = NodeRef::<html::Div>::new();
    let n_tiles = Memo::new(move |_| {
        shown.rows.with(|rows| {
            let row = rows.as_ref().and_then(|rows| rows.rows.get(layer));
            row.map_or(0, |row| row.tiles.len())
        })
    });
    let here = Memo::new(move |_| {
        let (of, tile) = shown.pointed.get()?;
        (of == layer).then_some(tile)
    });
    let point_at = move |event: &PointerEvent| {
        let at = place.with_untracked(|place| {
            let tiles = place.as_ref()?.tiles;
            Some(point(
                tiles.x + f64::from(event.offset_x()),
                tiles.y + f64::from(event.offset_y()),
            ))
        });
        let tile = places.with_untracked(|places| places.as_ref()?.tile_at(layer, at?));
        let tile = tile.filter(|tile| *tile < n_tiles.get_untracked());
        let pointed = tile.map(|tile| (layer, tile));
        if shown.pointed.get_untracked() != pointed {
            shown.pointed.set(pointed);
        }
    };
    let select = move || {
        let tile = here.get_untracked();
        if let Some(unit) = tile.and_then(|tile| shown.unit_of(layer, tile)) {
            shown.traces.select((layer, unit));
        }
    };
    let walk = move |event: KeyboardEvent| {
        let n = n_tiles.get_untracked();
        let now = here.get_untracked();
        let across = N_ACROSS as isize;
        let by = match &*event.key() {
            "ArrowRight" => 1,
            "ArrowLeft" => -1,
            "ArrowDown" => across,
            "ArrowUp" => -across,
            "Home" => isize::MIN / 2,
            "End" => isize::MAX / 2,
            "Enter" | " " => {
                event.prevent_default();
                select();
                return;
            }
            _ => return,
        };
        event.prevent_default();
        let to = match now {
            Some(tile) => (tile as isize).saturating_add(by).clamp(0, n as isize - 1),
            None => 0,
        };
        shown.pointed.set(Some((layer, to as usize)));
    };
    let side = move |side: fn(Rect) -> f64| {
        move || {
            place.with(|place| {
                place
                    .as_ref()
                    .map(|place| format!("{:.1}px", side(place.tiles)))
            })
        }
    };
    let value = move || match here.get() {
        Some(tile) => shown.tile_line(layer, tile).unwrap_or_default(),
        None => "no unit; arrow keys point at one, Enter opens it".into(),
    };
    view! {
        <div
            node_ref=node
            class="row-tiles"
            role="slider"
            tabindex="0"
            aria-label=move || format!("Units of {}", words.get())
            aria-valuemin="1"
            aria-valuemax=move || n_tiles.get().max(1).to_string()
            aria-valuenow=move || here.get().map_or(1, |tile| tile + 1).to_string()
            aria-valuetext=value
            style:left=side(|r| r.x)
            style:top=side(|r| r.y)
            style:width=side(|r| r.width)
            style:height=side(|r| r.height)
            on:pointermove=move |event| point_at(&event)
            on:pointerdown=move |event| point_at(&event)
            on:pointerleave=move |event: PointerEvent| {
                if event.pointer_type() == "mouse" {
                    shown.pointed.set(None);
                }
            }
            on:click=move |_| select()
            on:focus=move |_| {
                // By keys, and not by the press that points already.
                let is_by_keys = node
                    .get_untracked()
                    .and_then(|node| node.dyn_into::<Element>().ok())
                    .is_some_and(|node| matches!(node.matches(":focus-visible"), Ok(true)));
                if is_by_keys && here.get_untracked().is_none() {
                    shown.pointed.set(Some((layer, 0)));
                }
            }
            on:blur=move |_| shown.pointed.set(None)
            on:keydown=walk
        ></div>
    }
}

/// A line for each unit.
fn csv(trace: &Trace, record: usize) -> String {
    let mut csv = CsvWriter::new(["step", "layer", "unit", "health", "share_passing"]);
    let step = trace
        .steps
        .get(record)
        .copied()
        .unwrap_or_default()
        .to_string();
    for (layer, of) in trace.hidden() {
        for unit in 0..of.about.n_units {
            csv.row([
                step.clone(),
                of.about.name(),
                trace.number_of(layer, unit).to_string(),
                health_name(trace.health(layer, record, unit)).to_owned(),
                field_f32(trace.passing(layer, record, unit)),
            ]);
        }
    }
    csv.into_text()
}
